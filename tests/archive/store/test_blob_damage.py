"""Damage is found by `gongkai verify` in every store, and repaired by adding the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.errors import DamagedOriginal
from archive.store.blobs.blob_store import stored_name
from archive.store.catalogue import Catalogue
from archive.store.verify import verify_catalogue, verify_originals
from tests.archive.store.blob_stores import STORES, Access, access_to, server_of
from tests.archive.store.test_damaged_records import FIRST, SECOND
from tests.cluster.object_store import ObjectStore

SHA256 = FIRST[0].source.sha256
NAME = stored_name(SHA256)
PAGE = FIRST[1]


@pytest.fixture(scope="module", params=STORES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore | None]:
    with server_of(request.param, tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def access(server: ObjectStore | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    access = access_to(tmp_path, server)
    for name, value in access.settings.items():
        monkeypatch.setenv(name, value)
    with Catalogue.open(tmp_path) as catalogue:
        for reading in (FIRST, SECOND):
            catalogue.add(*reading)
    return access


def found(home: Path) -> list[tuple[str, str, str]]:
    checks = (*verify_originals(home, lambda *_: None), *verify_catalogue(home, lambda *_: None))
    return [(each.part, each.code, each.where) for each in checks]


def test_a_whole_archive_has_no_damage(access: Access) -> None:
    assert found(access.home) == []
    assert access.names() == sorted(stored_name(page[0].source.sha256) for page in (FIRST, SECOND))
    assert ((access.home / "originals").exists()) == (not access.settings["GONGKAI_BLOBS"])


HARM: list[tuple[Callable[[Access], object], str, str]] = [
    (lambda access: access.put(NAME, bytes([PAGE[0] ^ 1, *PAGE[1:]])), "damaged", "one bit flipped"),
    (lambda access: access.put(NAME, PAGE[:-1]), "damaged", "the end is lost"),
    (lambda access: access.put(NAME, b""), "damaged", "the content is lost"),
    (lambda access: access.remove(SHA256), "missing", "the page is lost"),
]


@pytest.mark.parametrize(("harm", "code", "reason"), HARM)
def test_damage_is_found_never_returned_and_mended(
    access: Access, harm: Callable[[Access], object], code: str, reason: str
) -> None:
    harm(access)
    assert found(access.home) == [("originals", code, access.where(NAME))], reason
    with Catalogue.open(access.home) as catalogue:
        for ask in (catalogue.original, catalogue.check_original):
            with pytest.raises(DamagedOriginal):
                ask(SHA256)
        assert catalogue.keep_originals([(SHA256, PAGE)]) == [SHA256], reason
        assert catalogue.original(SHA256) == PAGE, reason
    assert found(access.home) == [], reason


def test_what_is_no_original_is_found(access: Access) -> None:
    access.put("ab/tmp1", b"")
    assert found(access.home) == [("originals", "stray_file", access.where("ab/tmp1"))]


def test_an_original_without_a_record_is_no_damage(access: Access) -> None:
    with Catalogue.open(access.home) as catalogue:
        catalogue.add(*FIRST)
    access.put(stored_name("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), b"")
    assert found(access.home) == []
