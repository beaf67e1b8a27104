"""Builds and queries the full-text index. Import names from the modules that define them."""
