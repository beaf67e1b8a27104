"""Writes reports as JSON, CSV and citations."""
