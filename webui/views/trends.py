"""`/trends`: occurrences by year as a chart and a table, with the totals of each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import LazyString, gettext, lazy_gettext

from archive.export.csv import csv_lines
from archive.vocabulary import form_changes
from indexer.answers.tables_note import tables_note
from indexer.answers.trends import TrendPoint, TrendSeries, form_note, trend_table
from webui.data_access import index
from webui.http.i18n import language, link
from webui.params.agency_filter_params import AGENCY_FILTERS
from webui.params.count_params import MOST_QUERIES, CountParams, read_count_params, read_counted_params
from webui.params.validators import read_one
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.labels import form_label
from webui.render.line_chart import Plot, plot
from webui.render.pictures.charts import line_chart
from webui.render.pictures.files import PictureFiles, counted_text, drawn, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import fields_of

trends = Blueprint("trends", __name__)

RATE, OCCURRENCES, SECTIONS, REPORTS, SHARE = BY = ("rate", "occurrences", "sections", "reports", "share")
BY_NAMES: dict[str, LazyString] = {
    RATE: lazy_gettext("每万字频次"),
    OCCURRENCES: lazy_gettext("频次"),
    SECTIONS: lazy_gettext("章节数"),
    REPORTS: lazy_gettext("报告数"),
    SHARE: lazy_gettext("占当年报告的百分比"),
}
TOTALS: dict[str, LazyString] = {
    "characters": lazy_gettext("当年总字数"),
    "all_sections": lazy_gettext("当年章节总数"),
    "all_reports": lazy_gettext("当年报告总数"),
}
CHOSEN, _ = ROWS = ("chosen", "all")
"""Rows of the table: what the chart draws, or every number."""


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


@dataclass(frozen=True, slots=True)
class TrendChart:
    """What a request draws: its series, by what they are compared, and the first years of another form with a note."""

    question: CountParams
    found: tuple[TrendSeries, ...]
    years: tuple[int | None, ...]
    by: str
    usual: str

    @property
    def form_changes(self) -> dict[int, str]:
        held = [year for year in self.years if year is not None]
        return {year: str(form_note(year, language())) for year in form_changes() if year in held[1:]}

    @property
    def unit(self) -> str:
        return "%" if self.by == SHARE else ""

    def arguments(self, by: str | None = None) -> dict[str, object]:
        by = by or self.by
        return {**self.question.arguments(), **({} if by == self.usual else {"by": by})}

    def plot(self) -> Plot | None:
        lines = {each.query: _line(each, self.by) for each in self.found}

        def address(query: str, year: int) -> str:
            return self.question.one(query).of("year", year).hits()

        return plot(lines, address, self.form_changes, unit=self.unit, cut=False)

    def picture(self, plot: Plot) -> Picture:
        return drawn(
            "trends.page",
            self.arguments(),
            f"{gettext('历年趋势')} · {BY_NAMES[self.by]}",
            counted_text(self.question),
            line_chart(plot, self.unit),
            gettext("虚线处报告格式改变，前后不可直接相比。") if plot.breaks else "",
            self.found[0].as_of.sentence(language()),
        )

    def files(self, plot: Plot) -> PictureFiles:
        title = f"{gettext('历年趋势')} · {counted_text(self.question)}"
        csv = link("trends.csv_file", **self.question.arguments())
        return picture_files("trends.page", self.arguments(), title, self.picture(plot), csv)


@trends.get("/trends")
def page() -> str:
    """Shows the queries by year, or examples without a query; the table has every number with `?rows=all`."""
    question = read_count_params(request.args, MOST_QUERIES)
    if not question.queries:
        return render_template("trends/empty.html", question=question, examples=EXAMPLES)
    chart = _chart(question)
    rows = read_one(request.args, "rows", ROWS)
    kept = {} if rows == CHOSEN else {"rows": rows}

    def address(wanted: CountParams, by: str = chart.by) -> str:
        return link("trends.page", **replace(chart, question=wanted).arguments(by), **kept)

    note = tables_note(question.queries)
    drawing = chart.plot()
    by = chart.by
    spelled_by = [(name, value) for name, value in (chart.arguments() | kept).items() if name in ("by", "rows")]
    return render_template(
        "trends/page.html",
        question=question,
        blocks=[_block(question, each, chart.years) for each in chart.found],
        years=chart.years,
        plot=drawing,
        unit=chart.unit,
        files=drawing and chart.files(drawing),
        changes=[FormChange(year, form_label(form_changes()[year], language())) for year in chart.form_changes],
        breaks=[chart.years.index(year) for year in chart.form_changes],
        note=note,
        to_tables=address(replace(question, queries=note.in_tables)),
        by=by,
        by_name=BY_NAMES[by],
        names=BY_NAMES.items(),
        rows=rows,
        other_rows=link("trends.page", **chart.arguments(), **({"rows": "all"} if rows == CHOSEN else {})),
        value_of=value_of,
        totals=[*_totals(chart)],
        choices=[(name, code == by, address(question, code)) for code, name in BY_NAMES.items()],
        spelled_by=spelled_by,
        without=[
            (
                query,
                address(CountParams(tuple(other for other in question.queries if other != query), question.filters)),
            )
            for query in question.queries
        ],
        more=len(question.queries) < MOST_QUERIES,
        chips=chips(question, address),
        filters=fields_of(question.filters),
        beside_filters=[*question.hidden_beside(AGENCY_FILTERS), *spelled_by],
        as_of=chart.found[0].as_of,
        csv_rows=sum(len(each.points) for each in chart.found),
        csv=link("trends.csv_file", **question.arguments()),
        api=link("api.trends_json", **question.arguments()),
    )


@trends.get("/trends.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends the chart of the page with these parameters as a file; 404 if it has none."""
    chart = _chart(read_counted_params(request.args, MOST_QUERIES))
    if (drawing := chart.plot()) is None:
        abort(404)
    return send_picture(chart.picture(drawing), suffix, "gongkai-trends")


@trends.get("/trends.csv")
def csv_file() -> Response:
    """Sends a row for each query and year, undated reports included."""
    table = trend_table(series(read_counted_params(request.args, MOST_QUERIES)), language())
    response = Response("".join(csv_lines(*table)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-trends.csv")
    return response


def series(question: CountParams) -> tuple[TrendSeries, ...]:
    """Each query by year, from one generation of the index."""
    engine = index()
    return tuple(engine.series(request) for request in question.requests(language()))


def _chart(question: CountParams) -> TrendChart:
    found = series(question)
    # A query without text has no occurrences, so sections are compared.
    usual = RATE if all(_has_text(each) for each in found) else SECTIONS
    by = read_one(request.args, "by", (usual, *(code for code in BY if code != usual)))
    return TrendChart(question, found, _years(found), by, usual)


def _totals(chart: TrendChart) -> Iterator[tuple[str, list[int | None]]]:
    """The totals of each year, once; those of characters for each query if they count in different places."""
    held = [{point.year: point for point in each.points} for each in chart.found]
    for field, name in TOTALS.items():
        rows = [[getattr(points.get(year), field, None) for year in chart.years] for points in held]
        alike = all(row == rows[0] for row in rows)
        for query, row in zip(chart.question.queries, rows[:1] if alike else rows, strict=False):
            yield str(name) if alike else f"{name} · {query}", row


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
