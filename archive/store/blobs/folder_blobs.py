"""The originals in files of the home."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from archive.store.blobs.blob_store import State, Stored, damaged_original, stored_name
from archive.store.durable import durable_write

_STATES: dict[int | None, State] = {errno.ENOENT: "missing", errno.EIO: "damaged"}
"""Errors of a lost file and of a bad sector; others, such as a lack of permission, are no damage."""


class FolderBlobs:
    """The folder of originals of a home. Its methods are those of `BlobStore`; they raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sha256: str, data: bytes) -> State:
        path, before = self.path(sha256), self.state(sha256)
        if before != "whole":
            durable_write(path, data, path.stat().st_mtime_ns if before == "damaged" else None)
        return before

    def read(self, sha256: str) -> bytes:
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            if error.errno not in _STATES:
                raise
            raise damaged_original(sha256, _STATES[error.errno]) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise damaged_original(sha256, "damaged")
        return data

    def check(self, sha256: str) -> None:
        if (state := self.state(sha256)) != "whole":
            raise damaged_original(sha256, state)

    def state(self, sha256: str) -> State:
        try:
            with self.path(sha256).open("rb") as file:
                return "whole" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "damaged"
        except OSError as error:
            if error.errno not in _STATES:
                raise
            return _STATES[error.errno]

    def kept_at(self, sha256: str) -> datetime:
        """When the page was first kept: the time of its file."""
        try:
            return datetime.fromtimestamp(self.path(sha256).stat().st_mtime, UTC)
        except FileNotFoundError as error:
            raise damaged_original(sha256, "missing") from error

    def where(self, sha256: str) -> str:
        return str(self.path(sha256))

    def listed(self) -> Iterator[Stored]:
        """Yields the files in the order of names; the names of one folder are in memory at a time."""
        for path in self._files():
            if path == self.path(path.name):
                yield Stored(str(path), path.name)
                continue
            try:
                stray = Stored(str(path), None, path.stat().st_mtime)
            except FileNotFoundError:  # a temporary file that became an original
                continue
            yield stray

    def path(self, sha256: str) -> Path:
        return self._folder / stored_name(sha256)

    def _files(self) -> Iterator[Path]:
        if self._folder.exists():
            for folder in sorted(self._folder.iterdir()):
                yield from sorted(folder.iterdir()) if folder.is_dir() else (folder,)
