from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import DamagedOriginal
from archive.store.blobs import BlobStore

PAGE = b"page"
SHA256 = hashlib.sha256(PAGE).hexdigest()
FLIPPED = bytes([PAGE[0] ^ 1, *PAGE[1:]])
READ = [BlobStore.read, BlobStore.check]

Ask = Callable[[BlobStore, str], object]


@pytest.fixture
def originals(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "originals")


def test_a_page_is_written_once(originals: BlobStore, tmp_path: Path) -> None:
    assert originals.keep(SHA256, PAGE) == "missing"
    file = originals.path(SHA256).stat()
    assert originals.keep(SHA256, PAGE) == "whole"
    assert originals.path(SHA256).stat() == file
    assert originals.read(SHA256) == PAGE
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [originals.path(SHA256)]


def test_when_it_was_kept_is_the_time_of_its_file(originals: BlobStore) -> None:
    originals.keep(SHA256, PAGE)
    assert abs(datetime.now(UTC) - originals.kept_at(SHA256)) < timedelta(days=1)
    os.utime(originals.path(SHA256), (0, 0))
    originals.keep(SHA256, PAGE)
    assert originals.kept_at(SHA256) == datetime(1970, 1, 1, tzinfo=UTC), "adding it again does not make it newer"


DAMAGES = pytest.mark.parametrize(
    ("content", "reason"),
    [(FLIPPED, "one bit flipped"), (b"", "a file that lost its content"), (PAGE + b"\0", "zeros appended")],
)


@pytest.mark.parametrize("ask", READ)
@DAMAGES
def test_a_damaged_page_is_an_error(originals: BlobStore, ask: Ask, content: bytes, reason: str) -> None:
    originals.keep(SHA256, PAGE)
    originals.path(SHA256).write_bytes(content)
    with pytest.raises(DamagedOriginal) as caught:
        ask(originals, SHA256)
    assert caught.value.zh == f"原件 {SHA256} 已损坏，与它的 SHA-256 不符。请从备份恢复，或重新添加该页面。", reason
    assert caught.value.en == f"The original {SHA256} is damaged. Restore it from a backup, or add the page again."


@DAMAGES
def test_a_damaged_page_is_replaced_and_keeps_its_time(originals: BlobStore, content: bytes, reason: str) -> None:
    originals.keep(SHA256, PAGE)
    path = originals.path(SHA256)
    path.write_bytes(content)
    os.utime(path, (0, 0))
    assert originals.keep(SHA256, PAGE) == "damaged", reason
    assert originals.read(SHA256) == PAGE, reason
    assert originals.kept_at(SHA256) == datetime(1970, 1, 1, tzinfo=UTC), reason
    assert [*path.parent.iterdir()] == [path]


@pytest.mark.parametrize("ask", [*READ, BlobStore.kept_at])
def test_a_missing_page_is_an_error(originals: BlobStore, ask: Ask) -> None:
    with pytest.raises(DamagedOriginal) as caught:
        ask(originals, SHA256)
    assert caught.value.zh == f"原件 {SHA256} 不见了。请从备份恢复，或重新添加该页面。"
    assert caught.value.en == f"The original {SHA256} is gone. Restore it from a backup, or add the page again."


@pytest.mark.parametrize("ask", READ)
def test_a_folder_in_the_place_of_a_page_is_not_called_missing(originals: BlobStore, ask: Ask) -> None:
    originals.path(SHA256).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        ask(originals, SHA256)


@pytest.mark.parametrize("ask", READ)
def test_a_bad_sector_is_damage_and_is_replaced(
    originals: BlobStore, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    originals.keep(SHA256, PAGE)
    inode = originals.path(SHA256).stat().st_ino
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        with pytest.raises(DamagedOriginal, match="is damaged"):
            ask(originals, SHA256)
        assert originals.keep(SHA256, PAGE) == "damaged"
    assert originals.read(SHA256) == PAGE
    assert originals.path(SHA256).stat().st_ino != inode
