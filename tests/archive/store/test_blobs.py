"""Every store of originals keeps, returns, refuses and replaces pages alike."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import DamagedOriginal
from archive.store.blobs.blob_store import BlobStore, Stored, stored_name
from archive.store.blobs.folder_blobs import FolderBlobs
from archive.store.blobs.location import originals_of
from tests.archive.store.blob_stores import LONG_AGO, STORES, Access, access_to, server_of
from tests.cluster.object_store import ObjectStore

PAGE = b"page"
SHA256 = hashlib.sha256(PAGE).hexdigest()
NAME = stored_name(SHA256)
FLIPPED = bytes([PAGE[0] ^ 1, *PAGE[1:]])

Ask = Callable[[BlobStore, str], object]
READ: list[Ask] = [lambda store, sha256: store.read(sha256), lambda store, sha256: store.check(sha256)]
KEPT_AT: Ask = lambda store, sha256: store.kept_at(sha256)  # noqa: E731


@pytest.fixture(scope="module", params=STORES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore | None]:
    with server_of(request.param, tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def access(server: ObjectStore | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    access = access_to(tmp_path, server)
    for name, value in access.settings.items():
        monkeypatch.setenv(name, value)
    return access


@pytest.fixture
def originals(access: Access) -> BlobStore:
    return originals_of(access.home)


def test_a_page_is_written_once(originals: BlobStore, access: Access) -> None:
    assert originals.keep(SHA256, PAGE) == "missing"
    assert access.names() == [NAME], "nothing else is left"
    access.put(NAME, PAGE)
    assert originals.keep(SHA256, PAGE) == "whole"
    assert originals.kept_at(SHA256) == LONG_AGO, "it is not written again"
    assert (originals.read(SHA256), originals.state(SHA256)) == (PAGE, "whole")
    assert originals.where(SHA256) == access.where(NAME)


@pytest.mark.parametrize(
    ("page", "reason"),
    [(b"", "an empty page"), (bytes(12_000_000), "a page of more than one part of a multipart upload")],
)
def test_pages_of_any_size_come_back(originals: BlobStore, access: Access, page: bytes, reason: str) -> None:
    sha256 = hashlib.sha256(page).hexdigest()
    assert originals.keep(sha256, page) == "missing"
    assert originals.read(sha256) == page, reason
    originals.check(sha256)
    assert access.names() == [stored_name(sha256)]


def test_when_it_was_kept_is_now(originals: BlobStore) -> None:
    originals.keep(SHA256, PAGE)
    assert abs(datetime.now(UTC) - originals.kept_at(SHA256)) < timedelta(days=1)


DAMAGES = pytest.mark.parametrize(
    ("content", "reason"),
    [(FLIPPED, "one bit flipped"), (b"", "the content is lost"), (PAGE + b"\0", "zeros appended")],
)


@pytest.mark.parametrize("ask", READ)
@DAMAGES
def test_a_damaged_page_is_an_error(
    originals: BlobStore, access: Access, ask: Ask, content: bytes, reason: str
) -> None:
    originals.keep(SHA256, PAGE)
    access.put(NAME, content)
    with pytest.raises(DamagedOriginal) as caught:
        ask(originals, SHA256)
    assert caught.value.zh == f"原件 {SHA256} 已损坏，与它的 SHA-256 不符。请从备份恢复，或重新添加该页面。", reason
    assert caught.value.en == f"The original {SHA256} is damaged. Restore it from a backup, or add the page again."


@DAMAGES
def test_a_damaged_page_is_replaced_and_keeps_its_time(
    originals: BlobStore, access: Access, content: bytes, reason: str
) -> None:
    access.put(NAME, content)
    assert originals.keep(SHA256, PAGE) == "damaged", reason
    assert originals.read(SHA256) == PAGE, reason
    assert originals.kept_at(SHA256) == LONG_AGO, reason
    assert access.names() == [NAME]


@pytest.mark.parametrize("ask", [*READ, KEPT_AT])
def test_a_missing_page_is_an_error(originals: BlobStore, ask: Ask) -> None:
    assert originals.state(SHA256) == "missing"
    with pytest.raises(DamagedOriginal) as caught:
        ask(originals, SHA256)
    assert caught.value.zh == f"原件 {SHA256} 不见了。请从备份恢复，或重新添加该页面。"
    assert caught.value.en == f"The original {SHA256} is gone. Restore it from a backup, or add the page again."


def test_everything_is_listed_in_the_order_of_hashes(originals: BlobStore, access: Access) -> None:
    assert [*originals.listed()] == []
    pages = {hashlib.sha256(page).hexdigest(): page for page in (b"%d" % number for number in range(40))}
    for sha256, page in pages.items():
        originals.keep(sha256, page)
    for stray in ("ab/tmp1", "zz", "ab/cd/ef"):
        access.put(stray, b"")
    listed = [*originals.listed()]
    expected = [Stored(access.where(stored_name(sha256)), sha256) for sha256 in sorted(pages)]
    assert [each for each in listed if each.sha256] == expected
    assert {access.where("ab/tmp1"), access.where("zz")} <= {each.where for each in listed if each.sha256 is None}


@pytest.fixture
def folder(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "originals")


def test_when_it_was_kept_is_the_time_of_its_file(folder: FolderBlobs) -> None:
    folder.keep(SHA256, PAGE)
    os.utime(folder.path(SHA256), (0, 0))
    folder.keep(SHA256, PAGE)
    assert folder.kept_at(SHA256) == LONG_AGO, "adding it again does not make it newer"


@pytest.mark.parametrize("ask", READ)
def test_a_folder_in_the_place_of_a_page_is_not_called_missing(folder: FolderBlobs, ask: Ask) -> None:
    folder.path(SHA256).mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        ask(folder, SHA256)


@pytest.mark.parametrize("ask", READ)
def test_a_bad_sector_is_damage_and_is_replaced(folder: FolderBlobs, monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    folder.keep(SHA256, PAGE)
    inode = folder.path(SHA256).stat().st_ino
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        with pytest.raises(DamagedOriginal, match="is damaged"):
            ask(folder, SHA256)
        assert folder.keep(SHA256, PAGE) == "damaged"
    assert folder.read(SHA256) == PAGE
    assert folder.path(SHA256).stat().st_ino != inode
