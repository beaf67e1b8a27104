"""Pages that were made are kept as long as the archive stands as it does, and are answered like new ones."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from webui.app import create_app
from webui.http import page_cache

MADE = [
    ("/search?q=公开", "a page"),
    ("/en/search?q=公开", "in the other language"),
    ("/aggregates", "a page that is not asked a query"),
]


@pytest.fixture
def kept(home: Path) -> FlaskClient:
    """A site that has kept nothing so far."""
    return create_app(home).test_client()


@pytest.fixture
def drawn(kept: FlaskClient) -> Iterator[list[str]]:
    """The templates that are drawn during the test."""
    names: list[str] = []

    def draw(_: object, template: flask.Template, **__: object) -> None:
        names.append(str(template.name))

    with flask.template_rendered.connected_to(draw, kept.application):
        yield names


def _body(response: TestResponse) -> bytes:
    """The body without compression: the header of a gzip stream holds the time at which it was made."""
    return gzip.decompress(response.data) if response.headers.get("Content-Encoding") == "gzip" else response.data


@pytest.mark.parametrize("compression", ["identity", "gzip", "br"])
@pytest.mark.parametrize(("address", "reason"), MADE, ids=[case[1] for case in MADE])
def test_a_page_is_made_once_and_answered_alike(
    kept: FlaskClient, drawn: list[str], address: str, compression: str, reason: str
) -> None:
    asked = {"Accept-Encoding": compression, "X-Request-ID": "0123456789"}
    first, second = (kept.get(address, headers=asked) for _ in range(2))
    assert len(drawn) == 1, reason
    head = kept.head(address, headers=asked)
    for response in (first, second, head):
        response.headers.pop("Date", None)  # the clock may move on between two requests
    assert (first.status, _body(first), [*first.headers]) == (second.status, _body(second), [*second.headers])
    assert first.headers.get("Content-Encoding", "identity") == compression
    assert (head.data, [*head.headers]) == (b"", [*first.headers])


def test_who_asks_under_another_name_is_answered_under_it(kept: FlaskClient) -> None:
    for name in ("one.example", "two.example"):
        feed = kept.get("/feed.atom?q=公开", base_url=f"https://{name}/below").text
        assert f"https://{name}/below/reports/" in feed


def test_a_changed_archive_is_shown_at_once(home: Path, tmp_path: Path) -> None:
    changing = shutil.copytree(home, tmp_path / "home")
    client = create_app(changing).test_client()
    before = client.get("/search?q=公开").text
    with Catalogue.open(changing) as catalogue:
        build_index(changing, [*catalogue.shown()][:1], catalogue.agencies(), catalogue.revision + 1)
    assert client.get("/search?q=公开").text != before


def test_mistakes_and_files_are_not_kept(kept: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "CachedPage", None)
    assert kept.get('/search?q="').status_code == 400
    assert kept.get("/nowhere").status_code == 404
    assert kept.get("/search.csv?q=公开", buffered=True).status_code == 200


def test_a_page_too_large_is_made_again(kept: FlaskClient, drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_LARGEST", 1000)
    for _ in range(2):
        assert kept.get("/help").status_code == 200
    assert len(drawn) == 2
