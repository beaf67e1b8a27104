"""Readers turn bytes into a page of blocks; which one reads a source is decided by its content, not by its name."""

from archive.readers._choose import read_page

__all__ = ["read_page"]
