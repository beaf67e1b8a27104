"""The originals: pages as captured, in files named by their SHA-256 and never rewritten."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import DamagedArchive


class BlobStore:
    """The folder of originals of a home: `ab/abcd…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sha256: str, data: bytes) -> None:
        """Keeps a page under its hash, whole or not at all; one that is held already stays as it is."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def read(self, sha256: str) -> bytes:
        """The page as captured.

        Raises:
            GongkaiError: where the file is gone.
        """
        try:
            return self._path(sha256).read_bytes()
        except OSError as error:
            raise _gone(sha256) from error

    def kept_at(self, sha256: str) -> datetime:
        """When the page was first kept: the time of its file.

        Raises:
            GongkaiError: where the file is gone.
        """
        try:
            return datetime.fromtimestamp(self._path(sha256).stat().st_mtime, UTC)
        except OSError as error:
            raise _gone(sha256) from error

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _gone(sha256: str) -> DamagedArchive:
    return DamagedArchive(
        f"原件 {sha256} 不见了。请从备份恢复，或重新添加该页面。",
        f"The original {sha256} is gone. Restore it from a backup, or add the page again.",
    )
