"""Readers turn bytes into a page of blocks; which one reads a source is decided by its content, not by its name."""

from archive.readers._choose import read_page
from archive.readers.warc import Capture, captures, is_warc

__all__ = ["Capture", "captures", "is_warc", "read_page"]
