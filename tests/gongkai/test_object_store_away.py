"""Without its object store, a command ends with one sentence and the site answers 503, and nothing is lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store.catalogue import Catalogue
from tests.archive.pages import prose_report
from tests.cluster.object_store import settings
from tests.gongkai.command_line import ID, run, write
from webui.app import create_app


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for year in range(2015, 2020):
        write(tmp_path / "pages" / f"{year}.txt", prose_report("泉州市教育局", year))
    return tmp_path / "pages"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a store that does not run: nobody listens on its port, and nobody else can take it."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
        for name, value in settings(endpoint).items():
            monkeypatch.setenv(name, value)
        yield endpoint


def test_an_add_ends_with_one_sentence_and_is_repeated(
    home: Path, pages: Path, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(home, "add", pages, language="en")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1, "one sentence, not one for each page"
    assert f"The connection to the object store {away} failed or was cut. Check that it runs" in result.stderr
    monkeypatch.setenv("GONGKAI_BLOBS", "")  # a catalogue is created only where the store has no originals
    with Catalogue.open(home) as catalogue:
        assert (catalogue.count(), catalogue.revision) == (0, 0), "no record without its original"
    assert run(home, "add", pages).exit_code == 0
    with Catalogue.open(home) as catalogue:
        assert catalogue.count() == 5


def test_the_site_shows_what_needs_no_original(
    home: Path, pages: Path, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setenv("GONGKAI_BLOBS", "")
        assert run(home, "add", pages).exit_code == 0
        assert run(home, "index").exit_code == 0
    client = create_app(home).test_client()
    report = f"/reports/{ID}/2015"
    for address in (report, "/search?q=公开", f"/agencies/{ID}"):
        assert client.get(address).status_code == 200, address
    for address in (f"{report}/original", f"{report}/cite.ris", f"/api{report}/versions"):
        answer = client.get(address)
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True), address
    assert away in client.get(f"{report}/cite").text


def test_verify_names_the_store_and_goes_on(
    home: Path, pages: Path, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setenv("GONGKAI_BLOBS", "")
        assert run(home, "add", pages).exit_code == 0
    result = run(home, "verify", language="en")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"The connection to the object store {away} failed")
    assert result.stdout.endswith("Verified 0 originals, 5 reports: damage: 1.\n"), "the catalogue is verified, too"
