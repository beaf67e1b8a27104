"""Trends and matrices, counted again by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from msgspec import to_builtins

from archive.export.csv import write_csv
from archive.text.normalize import normal_form
from indexer.answers.trends import MatrixCell, matrix_table, trend_table
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.request import Request
from tests.conformance.reports import CITY, REPORTS, SCHOOL, TOWN

FILTERS: list[dict[str, tuple[str, ...]]] = [{}, {"section": ("problems", "overview")}, {"year": ("2014", "none")}]


def of_year(year: int | None, filters: dict[str, tuple[str, ...]]) -> list[str]:
    """The running texts of a year that the filters let through."""
    if "year" in filters and (str(year) if year else "none") not in filters["year"]:
        return []
    wanted = filters.get("section")
    sections = [s for report in REPORTS if report.year == year for s in report.sections]
    return [section.text for section in sections if not wanted or section.code in wanted]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("phrase", ["微博", "公开", "舆情", "月球"])
def test_a_point_counts_what_the_year_says_and_what_there_is(
    index: WhooshEngine, phrase: str, filters: dict[str, tuple[str, ...]]
) -> None:
    series = index.series(Request(f'"{phrase}"', filters=filters))
    years = [year for year in (2014, 2016, 2018, 2021, None) if of_year(year, filters)]
    assert [point.year for point in series.points] == years
    for point in series.points:
        texts = of_year(point.year, filters)
        counts = [normal_form(text).count(phrase) for text in texts]
        assert point.occurrences == sum(counts)
        assert point.sections == sum(map(bool, counts))
        assert point.all_sections == len(texts)
        assert point.characters == sum(len(text.replace("\n", "")) for text in texts)
        assert point.per_10000 == round(10_000 * sum(counts) / point.characters, 4)


def test_reports_are_counted_once(index: WhooshEngine) -> None:
    series = index.series(Request('"公开"'))
    counted = Counter(r.year for r in REPORTS if any("公开" in normal_form(s.text) for s in r.sections))
    assert {point.year: point.reports for point in series.points} == counted
    assert {point.year: point.all_reports for point in series.points} == Counter(r.year for r in REPORTS)


def test_a_query_without_text_has_no_occurrences(index: WhooshEngine) -> None:
    series = index.series(Request("section:problems"))
    assert {point.occurrences for point in series.points} == {point.per_10000 for point in series.points} == {None}
    assert sum(point.sections for point in series.points) == 4


def test_cells_are_divided_by_cells(index: WhooshEngine) -> None:
    series = index.series(Request("微博 in:tables"))
    point = next(point for point in series.points if point.year == 2018)
    cells = [c.text for r in REPORTS if r.year == 2018 for s in r.sections for t in s.tables for c in t.cells()]
    assert point.characters == sum(map(len, cells))
    assert point.occurrences == 3


def test_several_queries_stand_side_by_side(index: WhooshEngine) -> None:
    trend = [index.series(Request(query)) for query in ("微博", "微信")]
    assert [series.query for series in trend] == ["微博", "微信"]
    assert len({tuple(point.year for point in series.points) for series in trend}) == 1


def test_a_matrix_tells_not_said_from_no_report_from_no_text(index: WhooshEngine) -> None:
    matrix = index.matrix(Request("微博", filters={"section": ("overview", "appendix")}))
    assert matrix.years == (2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, None)
    shown = {row.agency: {cell.year: (cell.state, cell.count) for cell in row.cells} for row in matrix.rows}
    assert shown[CITY][2014] == ("said", 1)
    assert shown[CITY][2016] == ("not_said", 0)
    assert shown[CITY][2015] == ("no_report", None)
    assert shown[TOWN][2021] == ("said", 1)
    assert shown[SCHOOL][None] == ("not_said", 0)
    text_alone = index.matrix(Request("微博", filters={"section": ("appendix",)}))
    (town,) = text_alone.rows
    assert town.cells == (MatrixCell(2014, "no_text", None, 2),)


@pytest.mark.parametrize("query", ["微博", '"公开"', "section:problems", "微博 in:tables", "NOT 微博"])
def test_the_cells_of_a_matrix_add_up_to_the_answer(index: WhooshEngine, query: str) -> None:
    total = index.search(Request(query)).total
    matrix = index.matrix(Request(query))
    assert all(len(row.cells) == len(matrix.years) for row in matrix.rows)
    counted = sum(cell.count or 0 for row in matrix.rows for cell in row.cells)
    assert counted == (total.sections if total.occurrences is None else total.occurrences)


def test_the_files_say_what_they_were_counted_on(index: WhooshEngine) -> None:
    trend, matrix = io.StringIO(), io.StringIO()
    write_csv(trend, *trend_table([index.series(Request(query)) for query in ("微博", "微信")], "en"))
    write_csv(matrix, *matrix_table([index.matrix(Request("微博"))], "en"))
    rows = [*csv.DictReader(io.StringIO(trend.getvalue().removeprefix("\ufeff")))]
    assert len(rows) == 10
    assert (rows[0]["query"], rows[0]["occurrences"]) == ("微博", "2")
    assert all(row["as_of"].startswith("index version 1, 6 reports") for row in rows)
    cells = next(csv.DictReader(io.StringIO(matrix.getvalue().removeprefix("\ufeff"))))
    assert (cells["2014"], cells["2015"], cells["2018"], cells["undated"]) == ("2", "-", "0", "-")
    assert cells["as_of"].startswith("index version 1")


def test_json(index: WhooshEngine) -> None:
    series = index.series(Request("微博"))
    assert to_builtins(series)["points"][0] == {
        "year": 2014,
        "occurrences": 2,
        "sections": 2,
        "reports": 1,
        "characters": 257,
        "all_sections": 8,
        "all_reports": 2,
        "per_10000": 77.821,
    }
    document = to_builtins(index.matrix(Request("微博")))
    assert list(document) == ["query", "reading", "as_of", "years", "rows"]
