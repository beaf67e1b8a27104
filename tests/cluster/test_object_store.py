"""An object store that goes away: nothing is lost, nothing wrong is returned, and all goes on when it is back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.store.blobs.blob_store import State
from archive.store.blobs.location import originals_of
from archive.store.blobs.s3_blobs import S3Blobs
from archive.store.catalogue import Catalogue
from archive.store.verify import verify_catalogue, verify_originals
from tests.archive.pages import prose_report
from tests.cluster.object_store import ObjectStore, names, running
from tests.gongkai.command_line import counts, run, write
from webui.app import create_app

pytestmark = pytest.mark.cluster

PAGES = 50
KILLED_AT = 20


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    folder = tmp_path / "server"
    folder.mkdir()
    with running("gofakes3", folder) as store:
        for name, value in store.environment("archive").items():
            monkeypatch.setenv(name, value)
        yield store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for number in range(PAGES):
        page = prose_report("泉州市教育局", 1970 + number, body=f"收到政府信息公开申请{number}件。")
        write(tmp_path / "pages" / f"{number:02}.txt", page)
    return tmp_path / "pages"


def damage(home: Path) -> list[str]:
    return [each.en for check in (verify_originals, verify_catalogue) for each in check(home, lambda *_: None)]


@pytest.mark.parametrize(
    ("moment", "kept"), [("before the page is written", KILLED_AT - 1), ("after the page is written", KILLED_AT)]
)
def test_a_store_killed_in_an_add(
    moment: str, kept: int, store: ObjectStore, home: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, calls = S3Blobs.keep, []

    def keep_or_kill(self: S3Blobs, sha256: str, data: bytes) -> State:
        calls.append(sha256)
        if len(calls) == KILLED_AT and moment.startswith("before"):
            store.kill()
        state = keep(self, sha256, data)
        if len(calls) == KILLED_AT:
            store.kill()
        return state

    with monkeypatch.context() as patch:
        patch.setattr(S3Blobs, "keep", keep_or_kill)
        result = run(home, "add", pages, language="en")
    assert result.exit_code == 1
    assert f"The connection to the object store {store.endpoint} failed or was cut." in result.stderr
    assert counts(result)[0] == str(kept), "what was kept is counted"
    store.start()
    assert len(names(store.objects("archive"))) == kept
    assert damage(home) == []
    with Catalogue.open(home) as catalogue:
        assert catalogue.count() == kept
    assert run(home, "add", pages).exit_code == 0
    with Catalogue.open(home) as catalogue:
        assert catalogue.count() == PAGES
    assert len(names(store.objects("archive"))) == PAGES, "each page once, and nothing else"
    assert damage(home) == []


def test_an_add_without_a_store_changes_nothing(store: ObjectStore, home: Path, pages: Path) -> None:
    store.kill()
    result = run(home, "add", pages, language="en")
    assert (result.exit_code, result.stderr.count("object store")) == (1, 1), "one sentence, not one for each page"
    store.start()  # a catalogue is created only where the store has no originals
    with Catalogue.open(home) as catalogue:
        assert (catalogue.count(), catalogue.revision) == (0, 0)


def test_the_site_without_its_store(store: ObjectStore, home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "page.txt", prose_report("泉州市教育局", 2015))
    assert run(home, "add", page).exit_code == 0
    assert run(home, "index").exit_code == 0
    client = create_app(home).test_client()
    report = "/reports/quanzhoushi-jiaoyuju/2015"
    needing = [f"{report}/original", f"{report}/original/lines", f"{report}/cite", f"{report}/versions"]
    store.kill()
    for address in needing:
        answer = client.get(address)
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True), address
        assert "与对象存储" in answer.text
    for address in (report, "/search?q=公开", "/coverage"):
        assert client.get(address).status_code == 200, address
    store.start()
    for address in needing:
        assert client.get(address).status_code == 200, f"{address} recovers by itself"
    assert client.get(f"{report}/original").data == page.read_bytes()


def test_more_objects_than_one_answer_lists(store: ObjectStore, home: Path) -> None:
    originals = originals_of(home)
    hashes = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(1100)]
    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(originals.keep, hashes, (b"%d" % number for number in range(1100)))} == {"missing"}
    assert [each.sha256 for each in originals.listed()] == sorted(hashes)


def test_writers_of_one_page_at_once(store: ObjectStore, home: Path) -> None:
    page = bytes(100_000)
    sha256 = hashlib.sha256(page).hexdigest()
    with ThreadPoolExecutor(8) as threads:
        states = [*threads.map(lambda _: originals_of(home).keep(sha256, page), range(32))]
    assert sorted(states) == ["missing", *["whole"] * 31], "only one of them creates it"
    assert originals_of(home).read(sha256) == page
