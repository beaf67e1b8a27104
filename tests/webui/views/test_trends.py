"""`/trends` and `/matrix`: the numbers of the index, as table, picture and files; every number leads to its hits."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from indexer.answers.trends import MARKS, TrendSeries
from indexer.index import open_index
from indexer.query.request import Request
from webui.http.security_headers import POLICY
from webui.params.count_params import MOST_QUERIES
from webui.render.line_chart import WIDE, nice_step, plot, spelled
from webui.views import matrix
from webui.views.trends import BY, value_of

ROWS = ("occurrences", "per_10000", "sections", "reports", "characters", "all_sections", "all_reports")


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


def text(tag: Tag, selector: str) -> str:
    found = tag.select_one(selector)
    assert found is not None, selector
    return found.get_text(strip=True)


def series(home: Path, query: str) -> TrendSeries:
    return open_index(home).series(Request(query))


def cell(value: float | None, name: str) -> str:
    if value is None:
        return "·"
    return f"{value:.2f}" if name == "per_10000" else str(value)


def test_the_table_has_every_number(client: FlaskClient, home: Path) -> None:
    page = soup(client, "/trends?q=公开&q=微博")
    years = [head.get_text() for head in page.select(".counted thead th")[1:]]
    for body, query in zip(page.select(".counted tbody"), ("公开", "微博"), strict=True):
        assert text(body, ".title") == query
        points = {str(point.year or "年份不明"): point for point in series(home, query).points}
        assert set(points) < set(years), "years without a report are seen too"
        for name, row in zip(ROWS, body.select("tr:not(.title)"), strict=True):
            for year, place in zip(years, row.select("td"), strict=True):
                point = points.get(year)
                wanted = "没有收录这一年的报告" if point is None else cell(getattr(point, name), name)
                assert place.get_text(strip=True) == wanted, (query, name, year)


def test_headers_have_a_scope(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=公开")
    assert {head["scope"] for head in page.select(".counted th")} == {"col", "row", "rowgroup"}
    assert {head["scope"] for head in soup(client, "/matrix?q=公开").select("table th")} == {"col", "row"}


def test_every_point_opens_its_hits(client: FlaskClient, home: Path) -> None:
    page = soup(client, "/trends?q=公开&q=保密审查&section=overview")
    links = page.select(".counted tr:nth-of-type(2) td a")
    assert len(links) > 10
    for link in links:
        found = soup(client, str(link["href"]))
        assert found.select(".totals b")[2].get_text() == link.get_text(), link["href"]
    in_table = {str(link["href"]) for link in page.select(".counted tr:nth-of-type(4) td a")}
    in_picture = [str(link["href"]) for link in page.select("svg.plot a")]
    assert len(in_picture) == len(set(in_picture))
    assert {address for address in in_table if "year=none" not in address} <= set(in_picture)


@pytest.mark.parametrize("by", BY)
def test_the_picture_has_a_point_for_each_value(client: FlaskClient, home: Path, by: str) -> None:
    page = soup(client, f"/trends?q=公开&by={by}")
    values = [(p.year, value_of(p, by)) for p in series(home, "公开").points if p.year is not None]
    told = [title.get_text() for title in page.select("svg.plot title")]
    assert told == [
        f"{year} 公开 {round(value, 2) if value % 1 else int(value):,}{'%' * (by == 'share')}"
        for year, value in values
        if value is not None
    ]
    assert page.select(f".order [aria-current][href*='by={by}']") or by == "rate", "what is as always is not spelled"


def test_a_line_breaks_where_a_year_is_missing() -> None:
    drawn = plot({"甲": {2008: 1, 2009: 3, 2011: 2, 2013: 0}}, lambda line, year: f"{line}/{year}")
    assert drawn is not None
    (stroke,) = drawn.strokes
    assert [[dot.year for dot in piece] for piece in stroke.pieces] == [[2008, 2009], [2011], [2013]]
    assert [dot.address for piece in stroke.pieces for dot in piece] == ["甲/2008", "甲/2009", "甲/2011", "甲/2013"]
    assert [tick.label for tick in drawn.values] == ["0", "1", "2", "3"]
    highest, lowest = stroke.pieces[0][1], stroke.pieces[2][0]
    assert (highest.y, lowest.y) == (drawn.values[-1].at, drawn.values[0].at)


def test_two_lines_of_one_name_are_two_lines() -> None:
    drawn = plot({"a-1": {2019: 4}, "a-2": {2019: 9}}, lambda key, year: key, names={"a-1": "财政局", "a-2": "财政局"})
    assert drawn is not None
    assert [(stroke.name, stroke.pieces[0][0].address) for stroke in drawn.strokes] == [
        ("财政局", "a-1"),
        ("财政局", "a-2"),
    ]


def test_a_line_breaks_where_numbers_mean_something_else() -> None:
    drawn = plot(
        {"甲": {2019: 4, 2020: 5, 2021: 5, 2022: 6}},
        lambda line, year: "",
        breaks=dict.fromkeys((2019, 2021, 2024), "口径有变"),
    )
    assert drawn is not None
    assert [[dot.year for dot in piece] for piece in drawn.strokes[0].pieces] == [[2019, 2020], [2021, 2022]]
    (mark,) = drawn.breaks  # before the first year and after the last one there is nothing to part
    assert (mark.year, mark.reason) == (2021, "口径有变")
    assert drawn.strokes[0].pieces[0][1].x < mark.at < drawn.strokes[0].pieces[1][0].x


@pytest.mark.parametrize(
    "line", [{2016: 0.0}, {2016: 5}, {1: 1, 9999: 2}, {2016: 1e-4, 2017: 1e9}, {2016: -2, 2017: 3}, {2016: -7}]
)
def test_no_value_is_outside_the_picture(line: dict[int, float]) -> None:
    drawn = plot({"甲": line}, lambda line, year: "")
    assert drawn is not None
    dots = [dot for stroke in drawn.strokes for piece in stroke.pieces for dot in piece]
    assert all(0 <= dot.x <= WIDE.width and 0 <= dot.y <= WIDE.height for dot in dots)
    assert 2 <= len(drawn.values) <= 6 and 1 <= len(drawn.years) <= 20


def test_nothing_to_draw_is_no_picture(client: FlaskClient) -> None:
    assert plot({"甲": {}, "乙": {}}, lambda line, year: "") is None
    page = soup(client, "/trends?q=公开&by=rate&year=2020")
    assert not page.select("svg.plot") and page.select(".counted td")


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 0.2), (5, 1), (5.1, 2), (391.75, 100), (0.003, 0.001), (11, 5), (1e6, 2e5)]
)
def test_steps_are_round(most: float, step: float) -> None:
    assert nice_step(most, 5) == pytest.approx(step)


def test_what_is_counted_has_no_halves() -> None:
    assert nice_step(1, 5, whole=True) == 1


@pytest.mark.parametrize(
    ("value", "label"), [(0.1 + 0.2, "0.3"), (1000.0, "1,000"), (0.0, "0"), (2.5e7, "25,000,000"), (0.004, "0.004")]
)
def test_axes_are_named_shortly(value: float, label: str) -> None:
    assert spelled(value) == label


def test_queries_without_text_are_counted_by_sections(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=year:2014..&q=公开")
    assert text(page, ".order:not(.tabs) [aria-current]") == "栏目数"
    page = soup(client, "/trends?q=year:2014..&by=rate")
    assert not page.select("svg.plot") and "没有要找的文字" in text(page, "main")


def test_a_query_can_be_taken_away_and_another_added(client: FlaskClient) -> None:
    page = soup(client, "/trends?q=公开&q=微博&year=2016..2017&by=share")
    fields = [(field["name"], field.get("value")) for field in page.select("form.several input")]
    assert fields == [("q", "公开"), ("q", "微博"), ("q", None), ("year", "2016..2017"), ("by", "share")]
    after = soup(client, str(page.select(".several .one a")[0]["href"]))
    assert [head.get_text(strip=True) for head in after.select(".counted .title")] == ["微博"]
    assert len(after.select(".chips a")) == 1 and not after.select(".several .one a")
    full = soup(client, "/trends?" + "&".join(f"q=公开{n}" for n in range(MOST_QUERIES)))
    assert len(full.select("form.several input[name=q]")) == MOST_QUERIES, "there is no room for another"


def test_the_picture_keeps_the_policy(client: FlaskClient) -> None:
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
def test_without_a_question_they_say_how_to_ask(client: FlaskClient, address: str) -> None:
    for example in soup(client, address).select(".examples a"):
        assert str(example["href"]).partition("?")[0] == address.partition("?")[0]
        soup(client, str(example["href"]))


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


def test_a_cell_opens_its_hits(client: FlaskClient) -> None:
    links = soup(client, "/matrix?q=保密审查&section=overview").select(".matrix a.said")
    assert len(links) > 5
    for link in links:
        found = soup(client, str(link["href"]))
        assert found.select(".totals b")[2].get_text() == link.get_text()
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


VIEWS = ("/search", "/concordance", "/trends", "/matrix", "/distinctive")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_views_keep_the_question(client: FlaskClient, prefix: str) -> None:
    """By links, but from a page of hits to the last one by the form, which has the state already."""
    for address in VIEWS:
        page = soup(client, f"{prefix}{address}?q=公开&year=2016&section=overview")
        tabs = page.select(".tabs :is(a, button)")
        leads = [str(tab.get("href", tab.get("formaction", f"{prefix}{address}"))) for tab in tabs]
        assert [lead.partition("?")[0] for lead in leads] == [f"{prefix}{path}" for path in VIEWS]
        asked = {lead.partition("?")[2] for tab, lead in zip(tabs, leads, strict=True) if tab.get("href")}
        assert asked == {"q=公开&year=2016&section=overview"}
        assert all(page.select_one(f"form#{tab['form']}") for tab in tabs if tab.name == "button")
        (here,) = [tab for tab in tabs if tab.get("aria-current")]
        assert not here.get("href"), "nobody goes where he is"
