"""Converts bytes into a page of blocks. `registry` selects the reader by content."""
