"""Tests that rendered pages are cached until the archive changes, and are answered like new ones."""

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
from webui.http.settings import SiteSettings

CACHED = [
    ("/search?q=公开", "a page"),
    ("/en/search?q=公开", "in the other language"),
    ("/aggregates", "a page without a query"),
]


@pytest.fixture
def empty(home: Path) -> FlaskClient:
    """A site with an empty cache."""
    return create_app(home).test_client()


@pytest.fixture
def rendered(empty: FlaskClient) -> Iterator[list[str]]:
    """The names of the templates that are rendered during the test."""
    names: list[str] = []

    def record(_: object, template: flask.Template, **__: object) -> None:
        names.append(str(template.name))

    with flask.template_rendered.connected_to(record, empty.application):
        yield names


def _body(response: TestResponse) -> bytes:
    """The body without compression: the header of a gzip stream holds the time at which it was made."""
    return gzip.decompress(response.data) if response.headers.get("Content-Encoding") == "gzip" else response.data


@pytest.mark.parametrize("compression", ["identity", "gzip", "br"])
@pytest.mark.parametrize(("address", "reason"), CACHED, ids=[case[1] for case in CACHED])
def test_a_page_is_rendered_once(
    empty: FlaskClient, rendered: list[str], address: str, compression: str, reason: str
) -> None:
    headers = {"Accept-Encoding": compression, "X-Request-ID": "0123456789"}
    first, second = (empty.get(address, headers=headers) for _ in range(2))
    assert len(rendered) == 1, reason
    head = empty.head(address, headers=headers)
    for response in (first, second, head):
        response.headers.pop("Date", None)  # the clock may move on between two requests
    assert (first.status, _body(first), [*first.headers]) == (second.status, _body(second), [*second.headers])
    assert first.headers.get("Content-Encoding", "identity") == compression
    assert (head.data, [*head.headers]) == (b"", [*first.headers])


def test_a_page_is_cached_by_host(home: Path) -> None:
    names = ("one.example", "two.example")
    empty = create_app(home, SiteSettings(trusted_hosts=names)).test_client()
    for name in names:
        feed = empty.get("/feed.atom?q=公开", base_url=f"https://{name}/below").text
        assert f"https://{name}/below/reports/" in feed


def test_a_changed_archive_is_rendered_again(home: Path, tmp_path: Path) -> None:
    changing = shutil.copytree(home, tmp_path / "home")
    client = create_app(changing).test_client()
    before = client.get("/search?q=公开").text
    with Catalogue.open(changing) as catalogue:
        build_index(changing, [*catalogue.shown()][:1], catalogue.agencies(), catalogue.revision + 1)
    assert client.get("/search?q=公开").text != before


def test_errors_and_files_are_not_cached(empty: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "CachedPage", None)
    assert empty.get('/search?q="').status_code == 400
    assert empty.get("/nowhere").status_code == 404
    assert empty.get("/search.csv?q=公开", buffered=True).status_code == 200


def test_a_large_page_is_not_cached(empty: FlaskClient, rendered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_LARGEST", 1000)
    for _ in range(2):
        assert empty.get("/help").status_code == 200
    assert len(rendered) == 2


def test_english_is_offered_to_its_readers_only_from_the_same_cache(empty: FlaskClient) -> None:
    for accepted, offers in [("zh-CN", False), ("en-US,en;q=0.9", True), ("zh-CN", False), ("en", True)]:
        page = empty.get("/search?q=公开", headers={"Accept-Language": accepted})
        assert (b'class="offer"' in page.data) is offers, accepted
        again = empty.get(
            "/search?q=公开", headers={"Accept-Language": accepted, "If-None-Match": page.headers["ETag"]}
        )
        assert again.status_code == 304
        assert "Accept-Language" in page.headers["Vary"] and "Accept-Language" in again.headers["Vary"]
    other = empty.get("/search?q=公开", headers={"Accept-Language": "zh", "If-None-Match": page.headers["ETag"]})
    assert other.status_code == 200, "a page with the offer is another one"
