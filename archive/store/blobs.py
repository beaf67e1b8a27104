"""The originals: pages as captured, in files named by their SHA-256.

A file is replaced only if its content is not the page with that hash.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from archive.errors import DamagedOriginal
from archive.store.durable import durable_write

State = Literal["whole", "damaged", "missing"]
_STATES: dict[int | None, State] = {errno.ENOENT: "missing", errno.EIO: "damaged"}
"""Errors of a lost file and of a bad sector; others, such as a lack of permission, are no damage."""


class BlobStore:
    """The folder of originals of a home: `ab/abcd…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sha256: str, data: bytes) -> State:
        """Keeps a page under its hash; returns the state of the file before.

        A damaged file is replaced in one step and keeps its time. A file that is whole is not touched.

        Raises:
            OSError: if the file cannot be read or written.
        """
        path, before = self.path(sha256), self.state(sha256)
        if before != "whole":
            durable_write(path, data, path.stat().st_mtime_ns if before == "damaged" else None)
        return before

    def read(self, sha256: str) -> bytes:
        """Returns the page as captured.

        Raises:
            DamagedOriginal: if the file is gone, or its content does not have that hash.
        """
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
        """Reads the page in pieces.

        Raises:
            DamagedOriginal: as `read`.
        """
        if (state := self.state(sha256)) != "whole":
            raise damaged_original(sha256, state)

    def state(self, sha256: str) -> State:
        """Returns whether the file of a page is there and has the content that its name promises."""
        try:
            with self.path(sha256).open("rb") as file:
                return "whole" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "damaged"
        except OSError as error:
            if error.errno not in _STATES:
                raise
            return _STATES[error.errno]

    def kept_at(self, sha256: str) -> datetime:
        """When the page was first kept: the time of its file.

        Raises:
            DamagedOriginal: if the file is gone.
        """
        try:
            return datetime.fromtimestamp(self.path(sha256).stat().st_mtime, UTC)
        except FileNotFoundError as error:
            raise damaged_original(sha256, "missing") from error

    def files(self) -> Iterator[Path]:
        """Yields every file in the folder, in the order of names; one folder is in memory at a time."""
        if self._folder.exists():
            for folder in sorted(self._folder.iterdir()):
                yield from sorted(folder.iterdir()) if folder.is_dir() else (folder,)

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def damaged_original(sha256: str, state: State) -> DamagedOriginal:
    """Returns the error for an original that is damaged or missing."""
    zh, en = ("不见了", "is gone") if state == "missing" else ("已损坏，与它的 SHA-256 不符", "is damaged")
    return DamagedOriginal(
        f"原件 {sha256} {zh}。请从备份恢复，或重新添加该页面。",
        f"The original {sha256} {en}. Restore it from a backup, or add the page again.",
    )
