"""OpenSearch, sitemaps, robots, readiness, conditional requests and compression."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.webui.model_reports import AGENCIES, ORIGINAL, READING, SHOWN
from webui.app import create_app
from webui.http import crawlers

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
WATER = "/reports/yunxi-shui-wu-ju/2016"


def xml(client: FlaskClient, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.data)  # noqa: S314 (we made it)


def test_a_browser_can_add_the_search(client: FlaskClient) -> None:
    for prefix, name in (("", "公开"), ("/en", "Gongkai")):
        page = BeautifulSoup(client.get(f"{prefix}/").text, "lxml")
        link = page.select_one("link[rel=search]")
        assert link is not None and link["type"] == "application/opensearchdescription+xml"
        root = xml(client, str(link["href"]))
        space = root.tag.partition("}")[0] + "}"
        assert root.findtext(f"{space}ShortName") == name and len(name) <= 16, "OpenSearch 1.1 allows 16"
        urls = {url.get("type"): str(url.get("template")) for url in root.findall(f"{space}Url")}
        assert urls["text/html"] == f"http://localhost{prefix}/search?q={{searchTerms}}"
        asked = urls["application/atom+xml"].replace("{searchTerms}", "公开").removeprefix("http://localhost")
        assert client.get(asked).status_code == 200


def test_the_sitemap_has_every_report_in_both_languages(client: FlaskClient) -> None:
    root = xml(client, "/sitemap.xml")
    addresses = [str(url.findtext(f"{MAP}loc")).removeprefix("http://localhost") for url in root]
    assert {f"/reports/{report.agency}/{report.key}" for report in SHOWN} <= set(addresses)
    assert {f"/agencies/{agency.id}" for agency in AGENCIES} <= set(addresses)
    assert len(addresses) == len(set(addresses))
    for url in root:
        for link in url.findall(LINK):
            assert client.get(urlsplit(str(link.get("href"))).path).status_code == 200
        assert [link.get("hreflang") for link in url.findall(LINK)] == ["zh-Hans", "en"]


def test_a_sitemap_has_the_address_of_the_site(client: FlaskClient) -> None:
    root = xml(client, "/sitemap.xml")
    of_home = [str(link.get("href")) for link in root[0].findall(LINK)]
    assert of_home == ["http://localhost/", "http://localhost/en/"]


def test_a_big_archive_has_several_sitemaps(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {url.findtext(f"{MAP}loc") for url in xml(create_app(home).test_client(), "/sitemap.xml")}
    monkeypatch.setattr(crawlers, "MOST_ADDRESSES", 9)
    client = create_app(home).test_client()  # the other one has cached the whole sitemap
    parts = [urlsplit(str(part.findtext(f"{MAP}loc"))).path for part in xml(client, "/sitemap.xml")]
    found = [url.findtext(f"{MAP}loc") for part in parts for url in xml(client, part)]
    assert set(found) == whole and len(found) == len(whole)
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


@pytest.mark.parametrize(
    ("address", "open_", "reason"),
    [
        (WATER, True, "reports are to be found"),
        (f"/en{WATER}", True, "in both languages"),
        ("/agencies", True, "agencies too"),
        ("/search?q=公开", False, "searches lead to searches without end"),
        ("/en/search?q=公开", False, "in both languages"),
        ("/search.csv?q=公开", False, "a file of the same"),
        ("/api/coverage", False, "programs know what they want"),
    ],
)
def test_crawlers_are_told(client: FlaskClient, address: str, open_: bool, reason: str) -> None:  # noqa: FBT001
    rules = RobotFileParser()
    text = client.get("/robots.txt").text
    rules.parse(text.splitlines())
    assert rules.can_fetch("*", f"http://localhost{address}") is open_, reason
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]


def test_readyz_names_revision_and_generation(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "ready", "revision": 1, "generation": 1}


def test_without_an_index_readyz_is_503(tmp_path: Path) -> None:
    response = create_app(tmp_path).test_client().get("/readyz")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.headers["Retry-After"]


@pytest.fixture
def changing(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        build_index(tmp_path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return tmp_path


@pytest.mark.parametrize(
    "address", ["/", WATER, "/search?q=公开", "/search.csv?q=公开", "/api/coverage", "/aggregates", "/sitemap.xml"]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_unchanged_page_is_not_sent_again(changing: Path, address: str, encoding: str) -> None:
    client = create_app(changing).test_client()
    asked = {"Accept-Encoding": encoding}
    tag = client.get(address, headers=asked, buffered=True).headers["ETag"]
    again = client.get(address, headers=asked | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address, headers=asked | {"If-None-Match": 'W/"other"'}, buffered=True).status_code == 200
    with Catalogue.open(changing) as catalogue:
        catalogue.add(replace(READING, source=replace(READING.source, sha256="0" * 64), reports=()), b"")
    assert client.get(address, headers=asked | {"If-None-Match": tag}).status_code == 200, "the catalogue changed"


def test_a_new_index_is_a_new_state(changing: Path) -> None:
    client = create_app(changing).test_client()
    tag = client.get("/search?q=公开").headers["ETag"]
    with Catalogue.open(changing) as catalogue:
        build_index(changing, catalogue.shown(), catalogue.agencies(), catalogue.revision, rebuild=True)
    assert client.get("/search?q=公开", headers={"If-None-Match": tag}).status_code == 200


def test_an_unchanged_page_is_not_computed(changing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(changing).test_client()
    tag = client.get(WATER).headers["ETag"]
    monkeypatch.setattr("webui.views.reports.lay_out", None)  # would fail
    assert client.get(WATER, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/nowhere", '/search?q="', "/reports/nobody/1"])
def test_a_mistake_has_no_tag(client: FlaskClient, address: str) -> None:
    assert "ETag" not in client.get(address).headers


@pytest.mark.parametrize("address", [WATER, "/search?q=公开", "/api/coverage", "/search.csv?q=公开"])
def test_pages_are_compressed_for_clients_that_accept_it(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers


def test_static_files_are_cached_under_a_name_with_their_digest(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/").text, "lxml")
    address = str(page.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index]
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", address)
    with client.get(address) as response:
        assert response.mimetype == "text/css"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["site.css", "site.000000000000.css"], ids=["without a mark", "of another content"])
def test_a_name_with_another_digest_is_not_cached(client: FlaskClient, name: str) -> None:
    with client.get(f"/static/{name}") as response:
        assert response.status_code == 200 and "immutable" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["nothing.css", "../app.py", "site.000000000000.js"])
def test_no_other_file_is_static(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
