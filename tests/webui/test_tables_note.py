"""Text and tables: what a count of text leaves out, and the years in which the form of reports changes."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from archive.vocabulary import form_changes
from indexer.query.ast import scope_of
from indexer.query.parser import parse
from tests.webui.html import soup, text
from webui.render.line_chart import plot

PAGES = ("/search", "/concordance", "/trends")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "linked", "in_tables", "reason"),
    [
        ("不予公开", "requests", "不予公开 in:tables", "a label of a form"),
        ('"不予公开" year:2019..', "requests", '"不予公开" year:2019.. in:tables', "a phrase beside a field"),
        ("公开", None, "公开 in:tables", "a word that is no label"),
        ("不予公开 部分公开", None, "不予公开 部分公开 in:tables", "two labels name no row"),
        ("公开 OR 微博", None, "(公开 OR 微博) in:tables", "alternatives, which AND would divide"),
        ("不予公开 in:tables", "requests", None, "the query says where it looks"),
        ("公开 in:all", None, None, "the same"),
        ("section:problems", None, None, "no text is counted"),
    ],
)
def test_a_page_says_what_is_not_counted(
    client: FlaskClient, prefix: str, page: str, query: str, linked: str | None, in_tables: str | None, reason: str
) -> None:
    shown = soup(client, f"{prefix}{page}?q={query}&year=2016")
    links = [str(link["href"]) for link in shown.select(".tables-note a")]
    figures = [address for address in links if "/figures" in address]
    assert [parse_qs(urlsplit(address).query)["table"] for address in figures] == [[linked]] * bool(linked), reason
    assert all(client.get(address).status_code == 200 for address in figures)
    others = [parse_qs(urlsplit(address).query) for address in links if address not in figures]
    assert [(asked["q"], asked["year"]) for asked in others] == [([in_tables], ["2016"])] * bool(in_tables), reason
    if in_tables:
        assert scope_of(parse(in_tables)).where == "tables"


def test_the_figures_of_a_label_are_its_rows(client: FlaskClient) -> None:
    address = str(soup(client, "/search?q=不予公开").select(".tables-note a")[0]["href"])
    rows = parse_qs(urlsplit(address).query)["row"]
    assert len(rows) == 8 and all(row.startswith("refused.") for row in rows)


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("q=公开", [2019, 2021]),
        ("q=公开&year=2019..2020", []),
        ("q=公开&year=2017..2020", [2019]),
        ("q=公开&year=2020..", [2021]),
    ],
)
def test_a_change_of_form_is_marked(client: FlaskClient, asked: str, years: list[int]) -> None:
    page = soup(client, f"/trends?{asked}")
    lines = [int(str(line["data-year"])) for line in page.select("svg.plot .break")]
    assert lines == years if asked == "q=公开" else {*lines} <= {*years}, "a chart begins and ends with a value"
    heads = [head.get_text() for head in page.select(".counted thead .break")]
    assert [int(head) for head in heads] == years
    assert bool(page.select(".form-change")) is bool(years)
    assert all(f"{year} 年起" in text(page, ".form-change") for year in years)
    for number in range(len(page.select(".counted tbody tr:not(.title)"))):
        row = page.select(".counted tbody tr:not(.title)")[number]
        assert len(row.select("td.break")) == len(years)


@pytest.mark.parametrize(
    ("cut", "pieces", "reason"),
    [
        (False, [[2017, 2018, 2019]], "a count of text counts the same thing before and after"),
        (True, [[2017, 2018], [2019]], "a figure does not"),
    ],
)
def test_a_line_goes_on_or_is_cut_where_the_form_changes(cut: bool, pieces: list[list[int]], reason: str) -> None:  # noqa: FBT001
    values = {2017: 1.0, 2018: 2.0, 2019: 3.0}
    drawn = plot({"a": values}, lambda line, year: "", {2019: "form"}, cut=cut)
    assert drawn is not None and [gap.year for gap in drawn.breaks] == [2019]
    assert [[dot.year for dot in piece] for piece in drawn.strokes[0].pieces] == pieces, reason


def test_the_file_notes_the_change(client: FlaskClient) -> None:
    rows = [*csv.DictReader(io.StringIO(client.get("/trends.csv?q=公开").text.removeprefix("\ufeff")))]
    noted = {int(row["year"]): row["note"] for row in rows if row["note"]}
    assert noted.keys() == form_changes().keys() & {int(row["year"]) for row in rows if row["year"]}
    assert noted[2019].startswith("报告格式改变：")
