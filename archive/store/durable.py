"""Writes files and folders that survive a power cut: the content reaches the disk before the name that refers to it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


def durable_write(path: Path, data: bytes, modified: int | None = None) -> None:
    """Creates or replaces a file in one step; a failure leaves what was there before, and no temporary file.

    Args:
        path: the file; missing folders above it are created.
        data: its content.
        modified: its time of modification, in nanoseconds; now if None.

    Raises:
        OSError: with the path, if the file cannot be written.
    """
    make_directory(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 (a descriptor)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(descriptor)
            if modified is not None:
                os.utime(descriptor, ns=(modified, modified))
        os.replace(temporary, path)  # noqa: PTH105 (a name, not a Path)
    except BaseException as error:
        os.unlink(temporary)  # noqa: PTH108
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None  # an error while writing names no file
        raise
    fsync_directory(path.parent)


def make_directory(directory: Path) -> None:
    """Creates a folder, and the folders above it, where there are none; each reaches the disk."""
    if directory.is_dir():
        return
    if directory.parent != directory:
        make_directory(directory.parent)
    directory.mkdir(exist_ok=True)
    fsync_directory(directory.parent)


def fsync_directory(directory: Path) -> None:
    """Writes the names in a folder to the disk, on file systems that can do so."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a network file system that flushes names by itself
            raise
    finally:
        os.close(descriptor)
