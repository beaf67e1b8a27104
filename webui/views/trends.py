"""`/trends`: occurrences by year as a chart and a table, with the totals of each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request
from flask_babel import LazyString, lazy_gettext

from archive.export.csv import csv_lines
from archive.vocabulary import form_changes
from indexer.answers.tables_note import tables_note
from indexer.answers.trends import TrendPoint, TrendSeries, form_note, trend_table
from webui.data_access import index
from webui.http.errors import ParameterError
from webui.http.i18n import language, link
from webui.params.count_params import MOST_QUERIES, CountParams, read_count_params
from webui.params.validators import read_one
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.labels import form_label
from webui.render.line_chart import plot

trends = Blueprint("trends", __name__)

RATE, OCCURRENCES, SECTIONS, REPORTS, SHARE = BY = ("rate", "occurrences", "sections", "reports", "share")
BY_NAMES: dict[str, LazyString] = {
    RATE: lazy_gettext("每万字频次"),
    OCCURRENCES: lazy_gettext("频次"),
    SECTIONS: lazy_gettext("章节数"),
    REPORTS: lazy_gettext("报告数"),
    SHARE: lazy_gettext("占当年报告的百分比"),
}


@dataclass(frozen=True, slots=True)
class PointLink:
    """One year of one query, None without a report of that year, and the URL of its hits."""

    point: TrendPoint | None
    address: str


@dataclass(frozen=True, slots=True)
class TrendBlock:
    """The row of one query."""

    series: TrendSeries
    places: tuple[PointLink, ...]


@dataclass(frozen=True, slots=True)
class FormChange:
    """The first year of a form, and its name."""

    year: int
    form: str


@trends.get("/trends")
def page() -> str:
    """Shows the queries by year, or examples without a query."""
    question = read_count_params(request.args, MOST_QUERIES)
    if not question.queries:
        return render_template("trends/empty.html", question=question, examples=EXAMPLES)
    found = series(question)
    # A query without text has no occurrences, so sections are compared.
    usual = RATE if all(_has_text(each) for each in found) else SECTIONS
    by = read_one(request.args, "by", (usual, *(code for code in BY if code != usual)))
    years = _years(found)

    def address(wanted: CountParams, by: str = by) -> str:
        return link("trends.page", **wanted.arguments(), **({} if by == usual else {"by": by}))

    held = [year for year in years if year is not None]
    gaps = {year: str(form_note(year, language())) for year in form_changes() if year in held[1:]}
    note = tables_note(question.queries)
    lines = {each.query: _line(each, by) for each in found}
    return render_template(
        "trends/page.html",
        question=question,
        blocks=[_block(question, each, years) for each in found],
        years=years,
        plot=plot(lines, lambda query, year: question.one(query).of("year", year).hits(), gaps, cut=False),
        changes=[FormChange(year, form_label(form_changes()[year], language())) for year in gaps],
        breaks=[years.index(year) for year in gaps],
        note=note,
        to_tables=address(replace(question, queries=note.in_tables)),
        by=by,
        by_name=BY_NAMES[by],
        choices=[(name, code == by, address(question, code)) for code, name in BY_NAMES.items()],
        spelled_by=() if by == usual else (("by", by),),
        without=[
            (
                query,
                address(CountParams(tuple(other for other in question.queries if other != query), question.filters)),
            )
            for query in question.queries
        ],
        more=len(question.queries) < MOST_QUERIES,
        chips=chips(question, address),
        as_of=found[0].as_of,
        csv=link("trends.csv_file", **question.arguments()),
        api=link("api.trends_json", **question.arguments()),
    )


@trends.get("/trends.csv")
def csv_file() -> Response:
    """Sends a row for each query and year, undated reports included."""
    table = trend_table(series(read_count_params(request.args, MOST_QUERIES)), language())
    response = Response("".join(csv_lines(*table)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-trends.csv")
    return response


def series(question: CountParams) -> tuple[TrendSeries, ...]:
    """Each query by year, from one generation of the index.

    Raises:
        ParameterError: without a query.
    """
    if not question.queries:
        raise ParameterError(
            "没有要数的说法。请用参数 q 给出，可以有几个。",
            "There is nothing to count. Give it with the parameter q, or several of them.",
        )
    engine = index()
    return tuple(engine.series(request) for request in question.requests(language()))


def _has_text(found: TrendSeries) -> bool:
    return all(point.occurrences is not None for point in found.points)


def _years(found: Sequence[TrendSeries]) -> tuple[int | None, ...]:
    """Every year from the first to the last, and None at the end for reports without a year."""
    held = {point.year for each in found for point in each.points}
    dated = sorted(year for year in held if year is not None)
    return (*(range(dated[0], dated[-1] + 1) if dated else ()), *([None] if None in held else []))


def _block(question: CountParams, found: TrendSeries, years: Sequence[int | None]) -> TrendBlock:
    points = {point.year: point for point in found.points}
    asked = question.one(found.query)
    return TrendBlock(found, tuple(PointLink(points.get(year), asked.of("year", year).hits()) for year in years))


def _line(found: TrendSeries, by: str) -> dict[int, float]:
    values = {point.year: value_of(point, by) for point in found.points}
    return {year: value for year, value in values.items() if year is not None and value is not None}


def value_of(point: TrendPoint, by: str) -> float | None:
    """The value of a chart point; None without occurrences or reports."""
    match by:
        case "rate":
            return point.per_10000
        case "occurrences":
            return point.occurrences
        case "sections":
            return point.sections
        case "reports":
            return point.reports
        case _:
            return round(100 * point.reports / point.all_reports, 2) if point.all_reports else None
