"""Resolves agency names to the agencies of the archive, over time and as people type them."""
