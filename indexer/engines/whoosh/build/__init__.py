"""Builds an index as a new generation of shards and publishes it."""
