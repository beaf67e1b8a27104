"""`/trends`: the numbers of the index as table, chart and files; every number links to its hits."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.answers.trends import TrendSeries
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import soup, text
from webui.http.security_headers import POLICY
from webui.params.count_params import MOST_QUERIES
from webui.render.line_chart import plot
from webui.views.trends import BY, value_of

TOTALS = ("characters", "all_sections", "all_reports")


def series(home: Path, query: str) -> TrendSeries:
    return open_index(home).series(Request(query))


def cell(value: float | None, by: str = "") -> str:
    if value is None:
        return "·"
    return f"{value:.2f}" if by == "rate" else f"{value:,}{'%' * (by == 'share')}"


def test_the_table_has_every_number(client: FlaskClient, home: Path) -> None:
    page = soup(client, "/trends?q=公开&q=微博&rows=all")
    years = [head.get_text() for head in page.select(".counted thead th")[1:]]
    *bodies, totals = page.select(".counted tbody")
    for body, query in zip(bodies, ("公开", "微博"), strict=True):
        assert text(body, ".title") == query
        points = {str(point.year or "年份不明"): point for point in series(home, query).points}
        assert set(points) < set(years), "years without a report are seen too"
        for by, row in zip(BY, body.select("tr:not(.title)"), strict=True):
            for year, place in zip(years, row.select("td"), strict=True):
                point = points.get(year)
                wanted = "没有收录这一年的报告" if point is None else cell(value_of(point, by), by)
                assert place.get_text(strip=True) == wanted, (query, by, year)
    for name, row in zip(TOTALS, totals.select("tr"), strict=True):
        for year, place in zip(years, row.select("td"), strict=True):
            wanted = cell(getattr(points[year], name)) if year in points else "没有收录这一年的报告"
            assert place.get_text(strip=True) == wanted, (name, year)


def test_the_table_has_the_chosen_measure_and_the_totals_once(client: FlaskClient) -> None:
    for by, name in (("", "每万字频次"), ("&by=reports", "报告数")):
        page = soup(client, f"/trends?q=公开&q=微博{by}")
        heads = [head.get_text() for head in page.select(".counted tbody th")]
        assert heads == [name, "公开", "微博", "当年总字数", "当年章节总数", "当年报告总数"]
        more = page.select_one("a[href*='rows=all']")
        assert more is not None
        every = soup(client, str(more["href"]))
        assert len(every.select(".counted tbody th")) == 2 * (1 + len(BY)) + 3
        less = every.select_one(".counted + .gloss a")
        assert less is not None and text(soup(client, str(less["href"])), ".counted .title") == name


def test_characters_are_given_for_each_query_that_counts_elsewhere(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=公开&q=公开 in:tables")
    heads = [head.get_text() for head in page.select(".counted .of-all th")]
    assert heads == ["当年总字数 · 公开", "当年总字数 · 公开 in:tables", "当年章节总数", "当年报告总数"]


def test_headers_have_a_scope(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=公开")
    assert {head["scope"] for head in page.select(".counted th")} == {"col", "row", "rowgroup"}
    assert {head["scope"] for head in soup(client, "/matrix?q=公开").select("table th")} == {"col", "row"}


def test_every_point_links_to_its_hits(client: FlaskClient, home: Path) -> None:
    page = soup(client, "/trends?q=公开&q=保密审查&section=overview&rows=all")
    links = page.select(".counted tr:nth-of-type(3) td a")
    assert len(links) > 10
    for link in links:
        found = soup(client, str(link["href"]))
        assert text(found, ".totals b[data-of=occurrences]") == link.get_text(), link["href"]
    in_table = {str(link["href"]) for link in page.select(".counted tr:nth-of-type(4) td a")}
    in_picture = [str(link["href"]) for link in page.select("svg.plot a")]
    assert len(in_picture) == len(set(in_picture))
    assert {address for address in in_table if "year=none" not in address} <= set(in_picture)


@pytest.mark.parametrize("by", BY)
def test_the_chart_has_a_point_for_each_value(client: FlaskClient, home: Path, by: str) -> None:
    page = soup(client, f"/trends?q=公开&by={by}")
    values = [(p.year, value_of(p, by)) for p in series(home, "公开").points if p.year is not None]
    told = [title.get_text() for title in page.select("svg.plot a title")]
    assert told == [
        f"{year} 公开 {round(value, 2) if value % 1 else int(value):,}{'%' * (by == 'share')}"
        for year, value in values
        if value is not None
    ]
    assert page.select(f".order [aria-current][href*='by={by}']") or by == "rate", "what is as always is not spelled"


def test_without_values_there_is_no_chart(client: FlaskClient) -> None:
    assert plot({"甲": {}, "乙": {}}, lambda line, year: "") is None
    page = soup(client, "/trends?q=公开&by=rate&year=2020")
    assert not page.select("svg.plot") and page.select(".counted td")


def test_queries_without_text_are_counted_by_sections(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=year:2014..&q=公开")
    assert text(page, ".order:not(.tabs) [aria-current]") == "章节数"
    page = soup(client, "/trends?q=year:2014..&by=rate")
    assert not page.select("svg.plot") and "没有检索词" in text(page, "main")


def test_a_query_can_be_removed_and_another_added(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=公开&q=微博&year=2016..2017&by=share")
    fields = [(field["name"], field.get("value")) for field in page.select("form.several input")]
    assert fields == [("q", "公开"), ("q", "微博"), ("q", None), ("year", "2016..2017"), ("by", "share")]
    after = soup(client, str(page.select(".several .one a")[0]["href"]))
    assert [head.get_text(strip=True) for head in after.select(".counted [lang]")] == ["微博"]
    assert len(after.select(".chips a")) == 1 and not after.select(".several .one a")
    full = soup(client, "/trends?" + "&".join(f"q=公开{n}" for n in range(MOST_QUERIES)))
    assert len(full.select("form.several input[name=q]")) == MOST_QUERIES, "no field for another query"


def test_the_chart_keeps_the_content_security_policy(client: FlaskClient) -> None:
    assert "unsafe" not in POLICY
    for address in ("/trends?q=公开&q=微博", "/matrix?q=公开", "/concordance?q=公开", "/search?q=公开"):
        page = soup(client, address)
        assert not page.select("[style], script:not([src]), style, [onclick]"), "nothing inline would be applied"


def test_csv_and_api_of_trends(client: FlaskClient, home: Path) -> None:
    response = client.get("/trends.csv?q=公开&q=微博")
    assert response.headers["Content-Disposition"] == "attachment; filename=gongkai-trends.csv"
    given = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    found = [open_index(home).series(Request(query)) for query in ("公开", "微博")]
    points = [(each.query, point) for each in found for point in each.points]
    assert [(row["query"], row["year"], row["occurrences"]) for row in given] == [
        (query, str(point.year or ""), str(point.occurrences)) for query, point in points
    ]
    answer = client.get("/api/trends?q=公开&q=微博").json
    assert answer is not None
    told = [(each["query"], point["year"], point["per_10000"]) for each in answer["trends"] for point in each["points"]]
    assert told == [(query, point.year, point.per_10000) for query, point in points]


def test_the_mistake_of_a_later_query_is_shown_in_it(client: FlaskClient) -> None:
    response = client.get('/trends?q=公开&q=微博"')
    page = BeautifulSoup(response.text, "lxml")
    assert response.status_code == 400
    assert text(page, ".pointed").startswith("微博") and page.select_one("#q")["value"] == '微博"'  # type: ignore[index]


@pytest.mark.parametrize(
    "address",
    [
        "/trends?" + "&".join(f"q={n}" for n in range(MOST_QUERIES + 1)),
        *(
            "/trends?q=甲&by=nothing",
            "/trends?q=甲&section=nowhere",
            '/trends.csv?q=甲"',
            "/trends.csv",
            '/api/trends?q=甲"',
        ),
        *('/matrix?q=甲"', "/matrix?q=甲&q=乙", "/matrix?q=甲&page=0", "/matrix.csv?q=甲&year=x", "/api/matrix?by=x"),
    ],
)
def test_mistakes(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/trends", "/en/trends?q=", "/matrix", "/en/matrix?q=%20&year=2016"])
def test_without_a_query_they_show_examples(client: FlaskClient, address: str) -> None:
    for example in soup(client, address).select(".examples a"):
        assert str(example["href"]).partition("?")[0] == address.partition("?")[0]
        soup(client, str(example["href"]))
