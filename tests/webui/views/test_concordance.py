"""`/concordance`: the lines of the index in every order, linked to their paragraphs, and as files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import Tag
from flask.testing import FlaskClient

from indexer.answers.concordance import ConcordanceLine, ConcordanceOrder
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import soup, text
from tests.webui.model_reports import SHOWN
from webui.app import create_app
from webui.views import concordance

ASKED = "q=公开&year=2016&year=2017"
LIMITED = Request("公开", filters={"year": ("2016", "2017")})


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance, "PAGE_SIZE", 7)


def shown(client: FlaskClient, address: str) -> list[tuple[str, str, str]]:
    """The lines of this page and all that follow it."""
    lines = []
    following: str | None = address
    while following:
        page = soup(client, following)
        for row in page.select(".kwic tbody tr"):
            lines.append((text(row, ".left"), text(row, ".word"), text(row, ".right")))
        later = page.select_one(".paging [rel=next]")
        following = str(later["href"]) if later else None
    return lines


def parts(line: ConcordanceLine) -> tuple[str, str, str]:
    return line.left, line.hit, line.right


@pytest.mark.parametrize("order", list(concordance.ORDER_NAMES))
def test_every_line_of_the_index_is_on_some_page_in_order(
    client: FlaskClient, home: Path, order: ConcordanceOrder
) -> None:
    found = list(open_index(home).concordance(LIMITED, order, concordance.CONTEXT))
    assert len(found) > 2 * concordance.PAGE_SIZE, "more than two pages, or nothing is tested"
    assert shown(client, f"/concordance?{ASKED}&sort={order}") == [*map(parts, found)]


def test_the_orders_differ(client: FlaskClient) -> None:
    assert (
        len({tuple(shown(client, f"/concordance?{ASKED}&sort={order}")) for order in ("agency", "left", "right")}) == 3
    )


def test_the_total_is_that_of_the_search(client: FlaskClient) -> None:
    page, search = soup(client, f"/concordance?{ASKED}"), soup(client, f"/search?{ASKED}")
    assert text(page, ".totals b") == text(search, ".totals b[data-of=occurrences]")
    assert text(page, ".reading") == text(search, ".reading")


def test_a_line_leads_to_its_paragraph_and_its_section(client: FlaskClient) -> None:
    rows = soup(client, "/concordance?q=保密审查&year=2016").select(".kwic tbody tr")
    assert rows
    for row in rows:
        to = [str(link["href"]) for link in row.select("a")]
        report = soup(client, to[0])
        paragraph, section = (report.find(id=urlsplit(address).fragment) for address in to)
        assert isinstance(paragraph, Tag) and isinstance(section, Tag)
        assert paragraph.name == "p" and paragraph in section.descendants
        words = text(row, ".left") + text(row, ".word") + text(row, ".right")
        assert words in paragraph.get_text() and paragraph.select("mark")


def test_words_in_a_heading_lead_to_the_section(client: FlaskClient) -> None:
    row = soup(client, "/concordance?q=「二、政府信息主动公开」&year=2016").select(".kwic tbody tr")[0]
    assert {urlsplit(str(link["href"])).fragment for link in row.select("a")} == {"proactive"}


def test_filters_are_chips_and_stay_when_order_or_page_change(client: FlaskClient) -> None:
    page = soup(client, f"/concordance?{ASKED}&section=overview&sort=right")
    assert [chip.get_text(" ", strip=True) for chip in page.select(".chips a")] == [
        *("移除 年份 2016", "移除 年份 2017", "移除 章节 总体情况")
    ]
    for link in page.select(".order:not(.tabs) a, .paging a"):
        assert "year=2016&year=2017&section=overview" in str(link["href"])
    without = soup(client, str(page.select(".chips a")[2]["href"]))
    assert int(text(without, ".totals b")) > int(text(page, ".totals b"))
    assert text(without, ".order:not(.tabs) [aria-current]") == "按右侧语境", "the order is kept"
    kept = [(field["name"], field["value"]) for field in page.select("form[role=search] input")]
    assert kept == [("q", "公开"), ("year", "2016"), ("year", "2017"), ("section", "overview"), ("sort", "right")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("q=没有人这样写过", "未找到"),
        ("q=year:2016", "检索式中没有检索词"),
        (f"{ASKED}&page=99", "没有第 99 页"),
    ],
    ids=["not said", "a query without text", "past the last page"],
)
def test_a_page_without_lines_gives_the_reason(client: FlaskClient, asked: str, said: str) -> None:
    assert text(soup(client, f"/concordance?{asked}"), ".nothing h2") == said


@pytest.mark.parametrize("address", ["/concordance", "/concordance?q=&year=2016", "/en/concordance?q=%20"])
def test_without_a_query_it_shows_examples(client: FlaskClient, address: str) -> None:
    page = soup(client, address)
    for example in page.select(".examples a")[:3]:
        assert urlsplit(str(example["href"])).path.endswith("/concordance")
        soup(client, str(example["href"]))


def test_a_file_has_the_lines_after_the_last_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance, "MOST_PAGES", 2)
    client = create_app(home).test_client()  # one that has kept no page
    assert not soup(client, f"/concordance?{ASKED}").select(".gloss")
    assert "CSV" in text(soup(client, f"/concordance?{ASKED}&page=2"), ".gloss")
    assert client.get(f"/concordance?{ASKED}&page=3").status_code == 400


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.content_type == "text/csv; charset=utf-8" and response.is_streamed
    assert response.headers["Content-Disposition"] == "attachment; filename=gongkai-concordance.csv"
    assert response.text.startswith("\ufeff"), "or spreadsheets take it for another encoding"
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def test_csv_has_every_line_with_whole_sentences(client: FlaskClient, home: Path) -> None:
    page = soup(client, f"/concordance?{ASKED}&sort=left&page=2")
    (link,) = page.select(".exports a[download]")
    given = rows(client, str(link["href"]))
    found = list(open_index(home).concordance(LIMITED, "left"))
    assert [(row["left"], row["hit"], row["right"]) for row in given] == [*map(parts, found)]
    assert [row["url"] for row in given] == [f"http://localhost{line.url}" for line in found]
    assert {row["query"] for row in given} == {"公开"}
    assert given[0]["as_of"].startswith("索引版本 1，")
    reports = {f"{report.agency}/{report.key}" for report in SHOWN}
    assert {row["report"] for row in given} <= reports


def test_a_limited_file_states_its_limit(client: FlaskClient) -> None:
    given = rows(client, f"/concordance.csv?{ASKED}&width=2&limit=3")
    assert len(given) == 3 and all(len(row["left"]) <= 2 and len(row["right"]) <= 2 for row in given)
    whole = len(rows(client, f"/concordance.csv?{ASKED}"))
    assert given[0]["as_of"].endswith(f"；只列出 {whole} 处中的 3 处")
    english = rows(client, f"/en/concordance.csv?{ASKED}&limit=3")
    assert english[0]["as_of"].endswith(f"; 3 of {whole} occurrences are listed")


def test_csv_cells_are_disarmed(client: FlaskClient) -> None:
    given = rows(client, "/concordance.csv?q=-没有人这样写过 公开&limit=2")
    assert {row["query"] for row in given} == {"'-没有人这样写过 公开"}, "a spreadsheet would run it"


def test_the_api_gives_the_document_of_the_command_line(client: FlaskClient, home: Path) -> None:
    response = client.get(f"/api/concordance?{ASKED}&sort=-year")
    assert response.is_streamed
    given = json.loads(response.text)
    found = list(open_index(home).concordance(LIMITED, "-year"))
    assert given["total"] == given["shown"] == len(found)
    assert [(line["left"], line["hit"], line["right"]) for line in given["lines"]] == [*map(parts, found)]
    assert [line["url"] for line in given["lines"]] == [line.url for line in found]


@pytest.mark.parametrize("asked", ['q=甲"', "q=甲&q=乙", "q=甲&sort=up", "q=甲&section=nowhere", "q=甲&year=x"])
@pytest.mark.parametrize("path", ["/concordance", "/concordance.csv", "/api/concordance"])
def test_mistakes(client: FlaskClient, path: str, asked: str) -> None:
    response = client.get(f"{path}?{asked}")
    assert response.status_code == 400 and "Content-Disposition" not in response.headers


def test_a_page_is_a_number_and_a_file_has_none(client: FlaskClient) -> None:
    assert client.get("/concordance?q=公开&page=0").status_code == 400
    assert client.get("/api/concordance?q=公开&page=2").status_code == 400


def test_text_is_escaped(client: FlaskClient) -> None:
    page = soup(client, "/concordance?q=照样保存")
    assert page.select(".kwic tbody tr") and not page.select(".kwic b")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("公开", "many short sentences"),
        ('"信息公开"', "a phrase"),
        (" OR ".join(["公开", *(f"信息{number}" for number in range(40))]), "a query that is longer than its lines"),
    ],
)
def test_the_page_states_the_size_of_the_file(client: FlaskClient, query: str, reason: str) -> None:
    asked = urlencode({"q": query})
    stated = re.search(r"（约 ([0-9.]+) ([KM])B", client.get(f"/concordance?{asked}").text)
    assert stated, reason
    size = float(stated[1]) * {"K": 1_000, "M": 1_000_000}[stated[2]]
    assert 0.85 < size / len(client.get(f"/concordance.csv?{asked}").data) < 1.15, reason
