"""Every hit of a search as a file, and the newest as a feed."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from flask.testing import FlaskClient

from tests.webui.html import leads_to
from tests.webui.model_reports import PAGE
from webui.views import export

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "q=公开&year=2016&year=2017"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 3)


def answer(client: FlaskClient, asked: str = SEARCH) -> dict[str, object]:
    given = client.get(f"/api/search?{asked}&limit=100").json
    assert isinstance(given, dict)
    return given


def hits(client: FlaskClient, asked: str = SEARCH) -> list[dict[str, object]]:
    found = answer(client, asked)["hits"]
    assert isinstance(found, list) and len(found) > 2 * export.BATCH, "more than two batches, or nothing is tested"
    return found


def test_csv_has_every_hit_in_order(client: FlaskClient) -> None:
    response = client.get(f"/search.csv?{SEARCH}&page=2&limit=1")
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=gongkai-search.csv"
    assert response.text.startswith("\ufeff"), "or spreadsheets take it for another encoding"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [row["url"].removeprefix("http://localhost") for row in rows] == [hit["url"] for hit in hits(client)]
    assert {row["sha256"] for row in rows} == {PAGE.sha256}
    assert {row["query"] for row in rows} == {"公开"}
    assert {row["as_of"] for row in rows} == {rows[0]["as_of"]}
    assert re.match(r"索引版本 1，\d+ 份报告、\d+ 个章节；词典 \w{8}，程序 ", rows[0]["as_of"])


def test_csv_cells_are_disarmed(client: FlaskClient) -> None:
    response = client.get("/search.csv", query_string={"q": "-没有人这样写过"})
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert {row["query"] for row in rows} == {"'-没有人这样写过"}, "a spreadsheet would run it"


def test_json_is_the_answer_without_pages(client: FlaskClient) -> None:
    given = json.loads(client.get(f"/search.json?{SEARCH}&page=2").text)
    assert given == answer(client)


@pytest.mark.parametrize(
    ("suffix", "sign"), [("ris", "TY  - CHAP"), ("bib", "@incollection{"), ("csl.json", '"type": "chapter"')]
)
def test_references_of_every_hit(client: FlaskClient, suffix: str, sign: str) -> None:
    text = client.get(f"/search.{suffix}?{SEARCH}").text
    assert text.count(sign) == len(hits(client))
    assert text.count("index version 1") >= len(hits(client)), "each says what it was found in"
    assert text.count(PAGE.sha256) >= len(hits(client))


def test_files_are_streamed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    response = client.get(f"/search.csv?{SEARCH}")
    assert response.is_streamed and response.content_length is None


@pytest.mark.parametrize("suffix", export.FORMATS)
def test_a_file_without_hits_is_valid(client: FlaskClient, suffix: str) -> None:
    text = client.get(f"/search.{suffix}?q=没有人这样写过").text
    if suffix.endswith("json"):
        json.loads(text)
    if suffix == "csv":
        assert [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))] == []


@pytest.mark.parametrize(
    ("address", "status"),
    [("/search.csv?q=甲%22", 400), ("/search.xls?q=甲", 404), ("/search.csv?q=甲&section=nowhere", 400)],
)
def test_mistakes_are_no_files(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status and "Content-Disposition" not in response.headers


def test_the_page_leads_to_every_file(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get(f"/search?{SEARCH}&page=2").text, "lxml")
    links = [leads_to(each) for each in page.select(".exports button, .exports a")]
    assert [urlsplit(link).path for link in links] == [
        *(f"/search.{suffix}" for suffix in export.FORMATS),
        "/feed.atom",
    ]
    assert all("page=" not in link and "year=2016&year=2017" in link for link in links)
    head = page.select_one("link[type='application/atom+xml']")
    assert head is not None and parse_qs(urlsplit(str(head["href"])).query) == parse_qs(urlsplit(links[-1]).query)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_feed(client: FlaskClient, prefix: str) -> None:
    response = client.get(f"{prefix}/feed.atom?{SEARCH}")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)  # noqa: S314 (we made it)
    for one in ("id", "title", "updated"):
        assert len(feed.findall(ATOM + one)) == 1, "RFC 4287, 4.1.1"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert urlsplit(str(links["self"])).path == f"{prefix}/feed.atom"
    assert urlsplit(str(links["alternate"])).path == f"{prefix}/search"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(hits(client))
    for entry in entries:
        for one in ("id", "title", "updated", "summary"):
            assert len(entry.findall(ATOM + one)) == 1, "RFC 4287, 4.1.2"
        when = datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated")))
        assert when.tzinfo is not None and when <= datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated")))
        assert client.get(urlsplit(str(entry.findtext(f"{ATOM}id"))).path).status_code == 200
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    years = [int(str(address).split("/")[-1][:4]) for address in ids]
    assert years == sorted(years, reverse=True), "the newest first"


def test_a_feed_is_xml_for_every_query(client: FlaskClient) -> None:
    response = client.get("/feed.atom", query_string={"q": "公开\x01\x0b<&>"})
    if response.status_code == 200:
        ElementTree.fromstring(response.data)  # noqa: S314
    else:
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/en/trends?q=公开&q=微博", "/trends.csv"),
        ("/en/matrix?q=公开", "/matrix.csv"),
        ("/en/figures/ranking?table=requests&row=new&column=total", "/figures.csv"),
        ("/en/figures/ranking", "/figures.csv"),
        ("/en/aggregates", "/aggregates.csv"),
        ("/en/concordance?q=公开", "/concordance.csv"),
        ("/en/figures?table=measures", "/figures.csv"),
        ("/en/figures?table=series", "/figures.csv"),
        ("/en/figures?table=requests&row=refused&row=new&from=2019", "/figures.csv"),
        ("/en/figures?table=prose&agency=yunxi-shui-wu-ju", "/figures.csv"),
        ("/en/collocates?q=公开", "/collocates.csv"),
        ("/en/collocates?q=公开&by=year", "/collocates.csv"),
        ("/en/divisions", "/divisions.csv"),
        ("/en/agencies", "/agencies.csv"),
        ("/en/coverage", "/coverage.csv"),
    ],
)
def test_a_page_states_the_rows_and_the_size_of_its_file(address: str, file: str, client: FlaskClient) -> None:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    line = page.select_one(".exports")
    assert line
    said = line.get_text(" ", strip=True)
    counted = re.search(r"([\d,]+) (?:row|occurrence)s? ?\(about \d+ [KM]B\)", said)
    assert counted, said
    links = [str(link["href"]) for link in line.select("a") if file in str(link["href"])]
    assert len(links) == 1, links
    lines = csv.reader(io.StringIO(client.get(links[0]).text))
    assert sum(1 for _ in lines) - 1 == int(counted[1].replace(",", ""))


@pytest.mark.parametrize(
    ("rows", "said", "reason"),
    [
        (3, "(about 3 KB)", "a small file"),
        (20_000, "(about 17 MB)", "a second is not worth saying"),
        (100_000, "(about 85 MB, 5 s)", "a long export"),
    ],
)
def test_estimates(rows: int, said: str, reason: str, client: FlaskClient) -> None:
    with client.application.test_request_context("/en/search"):
        template = '{% from "macros/common.html" import export_estimate with context %}{{ export_estimate(rows, 850) }}'
        assert render_template_string(template, rows=rows).strip() == said, reason
