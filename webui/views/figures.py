"""`/figures`: figures and measures of agencies by year, with breaks in series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter

from flask import Blueprint, Response, redirect, render_template, request

from archive.analysis.codebook import HEAD, rows_of_codebook
from archive.analysis.computed import ComputedFigure
from archive.analysis.measures import measure
from archive.export.csv import csv_lines
from archive.export.json import FIGURE, MEASURE, figure_json, measured_json
from archive.export.json_types import Json, record, shape
from archive.export.provenance import program
from archive.model import Agency, Figure, ReportSummary
from archive.vocabulary import SERIES, column_codes
from webui.data_access import catalogue
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.figure_params import KINDS, FigureParams, read_figure_params, row_codes
from webui.render.figure_series import (
    FigureBlock,
    FigureLine,
    SeriesRow,
    address,
    breaks,
    column_name,
    figure_label,
    kind_label,
    label_of,
    line_of,
    panels,
    row_name,
    span,
)
from webui.render.labels import column_label
from webui.render.pagination import last_page, on_page
from webui.render.references import state_of_catalogue
from webui.render.statutory_grid import is_failed

figures = Blueprint("figures", __name__)

AGENCIES_A_PAGE = 25
LINES_A_PAGE = 60
"""Lines of a page; the agencies are as many as can have them together, at least one."""
# Agencies that the form offers to choose among; of more, it offers those of the page and those chosen.
_MOST_OFFERED = 200
FIGURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "table", "row", "row_label", "column", "column_label"),
    *("value", "unit", "printed", "state", "basis", "check", "breaks", "parts", "sha256", "as_of"),
)
MEASURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "measure", "label", "value", "numerator", "denominator"),
    *("standing", "doubtful", "breaks", "formula", "sha256", "as_of"),
)


_OF = shape("figure_of", ReportSummary, "agency year form sha256", agency_name=str, report=str, as_of=str, breaks=[str])
FIGURE_ROW = shape("figure_row", FIGURE, **_OF.__annotations__, row_label=str, column_label=str, parts=[str])
MEASURE_ROW = shape("measure_row", MEASURE, **_OF.__annotations__, label=str, formula=str)
"""A figure or a measure with its report; `breaks` part it from the agency's report before."""


@figures.get("/figures")
def page() -> str | Response:
    """Shows the selection as a form and its figures as a table; without a selection, leads to the aggregates."""
    if not request.args:
        return redirect(link("aggregates.page"))  # type: ignore[return-value]
    choice = read_figure_params(request.args)
    every, number = choice.of(), choice.page
    stating = catalogue().agencies_stating(choice.tables, choice.first, choice.last)
    of = {code: agency for code, agency in every.items() if code in stating}
    size = max(1, min(AGENCIES_A_PAGE, LINES_A_PAGE // choice.lines))
    here = dict(list(of.items())[on_page(number, size)])
    reports = tuple(report for report in choice.reports(here) if report.year is not None)
    blocks, years = _trimmed(tuple(_blocks(choice, here, reports, span(reports))), span(reports))
    return render_template(
        "figures/page.html",
        choice=choice,
        kinds=[
            (kind, kind_label(kind), _address(FigureParams(kind, (), (), choice.agencies, choice.first, choice.last)))
            for kind in KINDS
        ],
        rows=[(code, row_name(choice.table, code)) for code in row_codes(choice.table)],
        columns=[(code, column_name(choice.table, code)) for code in column_codes(choice.table)],
        agencies=_offered(choice, here),
        total=len(of),
        years=years,
        blocks=blocks,
        panels=panels(blocks, years),
        measures=choice.measures() if choice.of_measures else (),
        page=number,
        last=last_page(len(of), size),
        at=lambda wanted: link("figures.page", **choice.arguments(), page=wanted),
        ranking=link("ranking.page", **{**choice.arguments(), "from": None, "to": None, "year": choice.last}),
        csv=link("figures.csv_file", **choice.arguments()),
        api=link("api.figures_json", **choice.arguments()),
        address=address,
        is_failed=is_failed,
        as_of=state_of_catalogue(language()),
    )


@figures.get("/figures.csv")
def csv_file() -> Response:
    """Streams the selected figures one a line, undated reports included."""
    choice = read_figure_params(request.args)
    head = MEASURE_HEAD if choice.of_measures else FIGURE_HEAD
    *cells, _ = head
    counted_on = state_of_catalogue(language())
    values = itemgetter(*cells)
    lines = csv_lines(head, ((*values(_flat(row)), counted_on) for row in rows(choice)))
    return streamed(lines, "text/csv", f"gongkai-{choice.table}.csv")


@figures.get("/figures/codebook.csv")
def codebook() -> Response:
    """Sends all rows, columns, units, forms, measures and sources."""
    head = (*HEAD, "as_of")
    lines = csv_lines(head, ((*row, program()) for row in rows_of_codebook()))
    response = Response("".join(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-codebook.csv")
    return response


def rows(choice: FigureParams) -> Iterator[Json]:
    """The selected figures or measures as records of CSV and the API; the whole table if no row is selected."""
    code = language()
    as_of, of = state_of_catalogue(code), choice.of()
    # labels and breaks that a report repeats, looked up once
    labels: dict[tuple[str | None, ...], tuple[str, str]] = {}
    parted: dict[object, tuple[str, ...]] = {}
    for agency, held in groupby(choice.reports(of, every=True), key=lambda report: report.agency):
        for before, report in pairwise((None, *held)):
            if report is None:
                continue
            shared = {"agency_name": of[agency].name, "report": f"{agency}/{report.key}", "as_of": as_of}
            if choice.of_measures:
                for each in choice.measures():
                    yield record(
                        MEASURE_ROW,
                        report,
                        **shared,
                        **measured_json(measure(each, report)),
                        label=each.label(language()),
                        formula=each.codes,
                        breaks=breaks(each.table, before, report, language()),
                    )
                continue
            earlier = {figure.row: figure for figure in before.figures} if before and choice.table == SERIES else {}
            of_report = {"agency": agency, "year": report.year, "form": report.form, "sha256": report.sha256, **shared}
            for figure in report.figures:
                named = report.form, figure.table, figure.row, figure.column, figure.label
                if named not in labels:
                    column = column_label(report.form, figure.table, figure.column, code)
                    labels[named] = label_of(report.form, figure), column
                row_name, column_name = labels[named]
                broken = before and (figure.table, before.form, before.year, report.form, report.year)
                if choice.table == SERIES or broken not in parted:
                    parted[broken] = breaks(figure.table, before, report, code, earlier.get(figure.row), figure)
                yield {
                    **figure_json(figure),
                    **of_report,
                    "row_label": row_name,
                    "column_label": column_name,
                    "parts": figure.parts if isinstance(figure, ComputedFigure) else (),
                    "breaks": parted[broken],
                }


def _offered(choice: FigureParams, here: dict[str, Agency]) -> list[Agency]:
    every = catalogue().agencies()
    return [each for each in every if len(every) <= _MOST_OFFERED or each.id in choice.agencies or each.id in here]


def _trimmed(
    blocks: tuple[FigureBlock, ...], years: tuple[int, ...]
) -> tuple[tuple[FigureBlock, ...], tuple[int, ...]]:
    """The blocks without the years before the first figure and after the last one."""
    lines = [line for block in blocks for line in block.lines]
    told = [place for place in range(len(years)) if any((cell := line.cells[place]) and cell.found for line in lines)]
    if not told:
        return (), ()
    kept = slice(told[0], told[-1] + 1)
    return (
        tuple(
            replace(block, lines=tuple(replace(line, cells=line.cells[kept]) for line in block.lines))
            for block in blocks
        ),
        years[kept],
    )


def _blocks(
    choice: FigureParams, of: dict[str, Agency], reports: tuple[ReportSummary, ...], years: tuple[int, ...]
) -> Iterator[FigureBlock]:
    for agency, group in groupby(reports, key=lambda report: report.agency):
        held = list(group)
        lines = tuple(_measure_lines(choice, held, years) if choice.of_measures else _lines(choice, held, years))
        if lines:
            yield FigureBlock(of[agency], lines)


def _measure_lines(choice: FigureParams, held: list[ReportSummary], years: tuple[int, ...]) -> Iterator[FigureLine]:
    for each in choice.measures():
        measured = ((report.key, measure(each, report)) for report in held)
        if found := {key: one for key, one in measured if one.standing != "missing"}:
            yield line_of(SeriesRow(each.table, each.code, each.label(language()), "%"), held, years, found)


def _lines(choice: FigureParams, held: list[ReportSummary], years: tuple[int, ...]) -> Iterator[FigureLine]:
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    labels: dict[tuple[str, str], str] = {}
    for report in held:
        for figure in report.figures:
            name = (figure.row, figure.column or "")
            found.setdefault(name, {}).setdefault(report.key, figure)
            labels[name] = figure_label(report.form, figure)
    order = row_codes(choice.table)
    for name in sorted(found, key=lambda name: order.index(name[0]) if name[0] in order else len(order)):
        yield line_of(SeriesRow(choice.table, ".".join(name), labels[name]), held, years, found[name])


def _address(choice: FigureParams) -> str:
    return link("figures.page", **choice.arguments())


def _flat(row: Json) -> Json:
    """The record with its lists as text."""
    for name in ("breaks", "parts"):
        if name in row:
            row[name] = "; ".join(row[name])
    if row.get("check"):
        row["check"] = "; ".join(f"{name}={result}" for name, result in row["check"].items())
    elif "check" in row:
        row["check"] = ""
    return row
