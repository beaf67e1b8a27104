"""Stores of originals that tests damage behind the back of the archive: a folder, and the bucket of a server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import obstore
import pytest

from archive.store.blobs.blob_store import stored_name
from tests.cluster.object_store import ObjectStore, names, running

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

STORES = [
    "folder",
    pytest.param("moto", marks=[pytest.mark.slow]),
    pytest.param("gofakes3", marks=[pytest.mark.cluster]),
]


class Access(Protocol):
    """What a test does to the originals of the home `home`, as another program could."""

    settings: Mapping[str, str]
    """Environment variables that name the store; an empty value unsets one."""
    home: Path

    def put(self, name: str, content: bytes) -> None:
        """Replaces a file or object; its time becomes 1970."""

    def remove(self, sha256: str) -> None: ...

    def names(self) -> list[str]: ...

    def where(self, name: str) -> str: ...


class FolderAccess:
    settings: Mapping[str, str] = {"GONGKAI_BLOBS": ""}

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "originals"

    def put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (0, 0))

    def remove(self, sha256: str) -> None:
        (self._folder / stored_name(sha256)).unlink()

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self._folder)) for path in self._folder.rglob("*") if path.is_file())

    def where(self, name: str) -> str:
        return str(self._folder / name)


class BucketAccess:
    def __init__(self, home: Path, server: ObjectStore) -> None:
        prefix = f"archive-{uuid4().hex}/originals"
        self.home = home
        self.settings = server.environment(prefix)
        self._objects = server.objects(prefix)

    def put(self, name: str, content: bytes) -> None:
        attributes = {"gongkai-kept": LONG_AGO.isoformat()}
        obstore.put(self._objects, name, content, attributes=attributes, use_multipart=False)

    def remove(self, sha256: str) -> None:
        obstore.delete(self._objects, stored_name(sha256))

    def names(self) -> list[str]:
        return names(self._objects)

    def where(self, name: str) -> str:
        return f"{self.settings['GONGKAI_BLOBS']}/{name}"


@contextmanager
def server_of(kind: str, folder: Path) -> Iterator[ObjectStore | None]:
    """Yields the server of a kind of store; a folder has none."""
    if kind == "moto":
        pytest.importorskip("moto", reason="moto is not installed: pip install '.[test]'")
        with running("moto", folder) as store:
            yield store
    elif kind == "gofakes3":
        with running("gofakes3", folder) as store:
            yield store
    else:
        yield None


def access_to(home: Path, server: ObjectStore | None) -> Access:
    return BucketAccess(home, server) if server else FolderAccess(home)
