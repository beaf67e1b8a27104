"""Readers turn bytes into a page of blocks; which one reads a source is decided by its content, not by its name."""

from archive.readers._choose import read_page, read_pages
from archive.readers.warc import captures, is_warc

__all__ = ["captures", "is_warc", "read_page", "read_pages"]
