"""Writes files and folders that survive a power cut: the content reaches the disk before the name that refers to it."""

from __future__ import annotations

import errno
import os
import tempfile
from io import FileIO
from pathlib import Path

_WITHOUT_NAME = hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir()
# A file of that name is there; the file system or the kernel has no files without a name.
_NO_SUCH_FILES = (errno.EEXIST, errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)


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
    try:
        if not (_WITHOUT_NAME and _create(path, data, modified)):
            _replace(path, data, modified)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # an error while writing names no file
        raise
    fsync_directory(path.parent)


def _create(path: Path, data: bytes, modified: int | None) -> bool:
    """Writes a file that has no name before it is whole, so that a process that is killed leaves nothing.

    Returns False where a file is already there, and on file systems without such files.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        descriptor = os.open(path.parent, os.O_WRONLY | os.O_TMPFILE, 0o600)
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 (a descriptor)
            _write(file, data, modified)
            # Only with the descriptor of a folder does Python call linkat, which follows the link of /proc.
            os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_SUCH_FILES:
            return False
        raise
    finally:
        os.close(folder)
    return True


def _replace(path: Path, data: bytes, modified: int | None) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 (a descriptor)
            _write(file, data, modified)
        os.replace(temporary, path)  # noqa: PTH105 (a name, not a Path)
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108
        raise


def _write(file: FileIO, data: bytes, modified: int | None) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())
    if modified is not None:
        os.utime(file.fileno(), ns=(modified, modified))


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
