"""`/collocates`: the words of the index, each count linked to as many lines, and as files."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import Tag
from flask.testing import FlaskClient

from indexer.answers.collocates import CollocateOptions, Window
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import soup, text

ASKED = "q=公开&section=proactive"
REQUEST = Request("公开", filters={"section": ("proactive",)})


def cells(row: Tag) -> list[str]:
    return [cell.get_text(strip=True) for cell in row.select("th, td")]


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ("", CollocateOptions(most=50)),
        ("&window=2&side=left", CollocateOptions(Window(2, "left"), most=50)),
        ("&side=right&order=repelled", CollocateOptions(Window(5, "right"), "repelled", 50)),
        ("&window=10&order=count", CollocateOptions(Window(10), "count", 50)),
    ],
    ids=["as it opens", "words on the left", "rarer than expected", "the most frequent"],
)
def test_the_words_are_those_of_the_index(
    client: FlaskClient, home: Path, asked: str, options: CollocateOptions
) -> None:
    found = open_index(home).collocates(REQUEST, options)
    assert found.words, "there is something to show"
    page = soup(client, f"/collocates?{ASKED}{asked}")
    assert [cells(row) for row in page.select(".collocates tbody tr")] == [
        [
            *(each.word, f"{each.observed:,}", f"{each.expected:,.1f}", f"{each.frequency:,}"),
            *(f"{each.score:,.1f}", f"{each.log_ratio:,.2f}"),
        ]
        for each in found.words
    ]
    counts = (found.occurrences, found.window_words, found.all_words)
    assert [each.get_text() for each in page.select(".totals b")] == [f"{each:,}" for each in counts]
    sides = [[cells(row) for row in each.select("tbody tr")] for each in page.select(".adjacent table")]
    assert sides == [[[each.word, f"{each.count:,}"] for each in side] for side in (found.left, found.right) if side]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("asked", ["", "&window=3&side=left&order=count", "&by=year", "&order=repelled&window=10"])
def test_a_count_links_to_as_many_lines_of_its_word(client: FlaskClient, prefix: str, asked: str) -> None:
    page = soup(client, f"{prefix}/collocates?{ASKED}{asked}")
    links = [*page.select(".collocates td a")[:12], *page.select(".adjacent tr:first-child td a")]
    assert links, "there is something to follow"
    for link in links:
        lines = soup(client, str(link["href"]))
        word = parse_qs(urlsplit(str(link["href"])).query)["collocate"][0]
        assert text(lines, ".totals b") == link.get_text()
        assert {hit.get_text() for hit in lines.select(".kwic mark")} == {word}


def test_the_lines_of_a_word_keep_it_in_every_order_and_file(client: FlaskClient) -> None:
    address = "/concordance?q=公开&collocate=信息&window=3&side=left"
    page = soup(client, address)
    kept = "collocate=信息&window=3&side=left"
    leads = [str(link["href"]) for link in page.select(".order:not(.tabs) a, .exports a")]
    assert leads and all(kept in lead for lead in leads)
    fields = {field["name"]: field["value"] for field in page.select("form[role=search] input")}
    assert fields == {"q": "公开", "collocate": "信息", "window": "3", "side": "left"}
    assert "左边 3 个词以内的词“信息”" in text(page, ".reading")
    back = page.select_one(".cite-count")
    assert back is not None and str(back["href"]) == "/collocates?q=公开&window=3&side=left"
    listed = [*csv.DictReader(io.StringIO(client.get(address.replace("e?", "e.csv?")).text.removeprefix("\ufeff")))]
    answer = client.get(f"/api{address}").json
    assert answer is not None
    assert [line["left"] for line in answer["lines"]] == [row["left"] for row in listed]
    assert f"{len(listed):,}" == text(page, ".totals b")


def test_files_have_every_word_of_the_index(client: FlaskClient, home: Path) -> None:
    found = open_index(home).collocates(REQUEST, CollocateOptions(Window(2), "count", 1000, by_year=True))
    answer = client.get(f"/api/collocates?{ASKED}&window=2&order=count&by=year").json
    assert answer is not None and len(answer["words"]) == found.total > 5
    assert answer["words"][0]["years"][0]["observed"] == found.words[0].years[0].observed
    table = client.get(f"/collocates.csv?{ASKED}&window=2&order=count&by=year")
    rows = [*csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))]
    years = [(each.word, str(year.year or ""), str(year.observed)) for each in found.words for year in each.years]
    assert [(row["word"], row["year"], row["observed"]) for row in rows] == years
    plain = client.get(f"/collocates.csv?{ASKED}&window=2&order=count")
    rows = [*csv.DictReader(io.StringIO(plain.text.removeprefix("\ufeff")))]
    assert [(row["word"], row["frequency"]) for row in rows] == [(w.word, str(w.frequency)) for w in found.words]
    assert {(row["window"], row["side"], row["query"]) for row in rows} == {("2", "both", "公开")}


@pytest.mark.parametrize(
    ("asked", "heading"),
    [("q=没有人这样写过", "没有搭配词"), ("q=year:2016", "没有要查找的文字")],
    ids=["not said", "a query without text"],
)
def test_a_page_without_words_gives_the_reason(client: FlaskClient, asked: str, heading: str) -> None:
    assert text(soup(client, f"/collocates?{asked}"), ".nothing h2") == heading


def test_without_a_query_it_shows_examples(client: FlaskClient) -> None:
    for example in soup(client, "/collocates").select(".examples a")[:3]:
        assert urlsplit(str(example["href"])).path == "/collocates"
        soup(client, str(example["href"]))


@pytest.mark.parametrize(
    "address",
    [
        *("/collocates?q=公开&window=11", "/collocates?q=公开&side=above", "/collocates?q=公开&order=x"),
        *("/concordance?q=公开&window=3", "/concordance.csv?q=公开&side=left", "/api/concordance?q=公开&side=left"),
    ],
)
def test_what_cannot_be_applied_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400
