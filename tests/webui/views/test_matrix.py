"""`/matrix`: the numbers of the index as table and files; every cell leads to its hits."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.answers.trends import MARKS
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import soup, text
from webui.views import matrix


def test_the_matrix_has_every_cell(client: FlaskClient, home: Path) -> None:
    found = open_index(home).matrix(Request("微博"))
    page = soup(client, "/matrix?q=微博")
    assert len(page.select(".matrix thead th")) == len(found.years) + 1
    states = set()
    for row, line in zip(found.rows, page.select(".matrix tbody tr"), strict=True):
        assert text(line, "th") == row.name, "a hostile name stays text"
        for told, square in zip(row.cells, line.select("td > *"), strict=True):
            states.add(told.state)
            assert told.state in square["class"]
            sign = square.find(string=True)
            assert sign == MARKS.get(told.state, str(told.count))
    assert states == {"said", *MARKS}, "every mark is on the page, or nothing is tested"
    assert len(set(MARKS.values())) == 3


def test_a_cell_links_to_its_hits(client: FlaskClient) -> None:
    links = soup(client, "/matrix?q=保密审查&section=overview").select(".matrix a.said")
    assert len(links) > 5
    for link in links:
        found = soup(client, str(link["href"]))
        assert text(found, ".totals b[data-of=occurrences]") == link.get_text()
        assert "section=overview" in str(link["href"])


def test_the_legend_counts_the_marks(client: FlaskClient) -> None:
    page = soup(client, "/matrix?q=微博")
    for state, number in zip(MARKS, page.select(".marks b"), strict=True):
        assert int(number.get_text()) == len(page.select(f".matrix .{state}"))
    assert int(text(page, ".totals b")) == len(page.select(".matrix .said"))


def test_the_matrix_has_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row.get_text() for row in soup(client, "/matrix?q=公开").select(".matrix tbody th")]
    monkeypatch.setattr(matrix, "AGENCIES_A_PAGE", 2)
    pages = [soup(client, f"/matrix?q=公开&page={number}") for number in (1, 2, 3)]
    assert [row.get_text() for page in pages[:2] for row in page.select(".matrix tbody th")] == whole
    assert text(pages[2], ".nothing h2") == "没有第 3 页"
    assert text(pages[0], ".totals") == text(pages[1], ".totals"), "the totals are of all agencies"


def test_csv_and_api_of_the_matrix(client: FlaskClient, home: Path) -> None:
    found = open_index(home).matrix(Request("微博"))
    given = list(csv.reader(io.StringIO(client.get("/matrix.csv?q=微博").text.removeprefix("\ufeff"))))
    assert [row[2] for row in given[1:]] == [row.name for row in found.rows]
    assert {"0", "-", "/", "1"} <= {mark for row in given[1:] for mark in row[3:-1]}
    answer = client.get("/api/matrix?q=微博").json
    assert answer is not None and answer["years"] == list(found.years)
    assert [[told["state"] for told in row["cells"]] for row in answer["rows"]] == [
        [told.state for told in row.cells] for row in found.rows
    ]
