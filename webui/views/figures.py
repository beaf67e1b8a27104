"""`/figures`: figures and measures of agencies by year, with breaks in series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask_babel import gettext

from archive.analysis.codebook import HEAD, rows_of_codebook
from archive.analysis.measures import measure
from archive.export.csv import csv_lines
from archive.export.provenance import program
from archive.model import Agency, Figure, ReportSummary
from archive.vocabulary import column_codes
from webui.data_access import agencies_stating, agency_table
from webui.http.i18n import agency_text, language, link
from webui.http.streaming import streamed
from webui.params.basket_params import figure_item
from webui.params.figure_params import KINDS, FigureParams, read_figure_params, row_codes
from webui.render.figures.figure_records import figure_table
from webui.render.figures.figure_series import (
    FigureBlock,
    FigureLine,
    FigurePanel,
    SeriesRow,
    address,
    column_name,
    figure_label,
    kind_label,
    line_of,
    panels,
    row_name,
    span,
)
from webui.render.pagination import last_page, on_page
from webui.render.pictures.charts import PicturePanel, panel_chart
from webui.render.pictures.files import drawn, listed, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import described, filter_fields
from webui.render.references import state_of_catalogue
from webui.render.statutory_grid import is_failed

figures = Blueprint("figures", __name__)

AGENCIES_A_PAGE = 25
LINES_A_PAGE = 50
"""Most lines on a page, which limits its agencies."""
# Agencies that the form offers to choose among; of more, it offers those of the page and those chosen.
_MOST_OFFERED = 200


@figures.get("/figures")
def page() -> str | Response:
    """Shows the selection as a form and its figures as a table; without a selection, leads to the aggregates."""
    if not request.args:
        return redirect(link("aggregates.page"))  # type: ignore[return-value]
    choice = read_figure_params(request.args)
    of = _stating(choice)
    here = _here(choice, of)
    blocks, years = _shown(choice, here)
    charts = panels(blocks, years)
    csv = link("figures.csv_file", **choice.arguments())
    csv_rows, is_exact = choice.count(tuple(choice.of()))
    title = _title(choice, blocks)
    return render_template(
        "figures/page.html",
        choice=choice,
        kinds=[(kind, kind_label(kind), _address(replace(choice, table=kind, rows=(), columns=()))) for kind in KINDS],
        filters=filter_fields(choice.where),
        rows=[(code, row_name(choice.table, code)) for code in row_codes(choice.table)],
        columns=[(code, column_name(choice.table, code)) for code in column_codes(choice.table)],
        agencies=_offered(choice, here),
        total=len(of),
        years=years,
        blocks=blocks,
        panels=charts,
        files=picture_files("figures.page", _arguments(choice), title, _drawn(choice, blocks, charts), csv)
        if charts
        else None,
        measures=choice.measures() if choice.of_measures else (),
        page=choice.page,
        last=last_page(len(of), _agencies_a_page(choice)),
        at=lambda wanted: link("figures.page", **choice.arguments(), page=wanted),
        aggregates=link("aggregates.page", **choice.of_agencies(), **{"from": choice.first, "to": choice.last}),
        ranking=link("ranking.page", **{**choice.arguments(), "from": None, "to": None, "year": choice.last}),
        csv=csv,
        csv_rows=csv_rows,
        is_exact=is_exact,
        api=link("api.figures_json", **choice.arguments()),
        address=address,
        figure_item=figure_item,
        is_failed=is_failed,
        as_of=state_of_catalogue(language()),
    )


@figures.get("/figures.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends the charts of the page as one picture; 404 if it has none."""
    choice = read_figure_params(request.args)
    blocks, years = _shown(choice, _here(choice, _stating(choice)))
    charts = panels(blocks, years)
    if not charts:
        abort(404)
    return send_picture(_drawn(choice, blocks, charts), suffix, "gongkai-figures")


@figures.get("/figures.csv")
def csv_file() -> Response:
    """Streams the selected figures one a line, undated reports included."""
    choice = read_figure_params(request.args)
    return streamed(csv_lines(*figure_table(choice)), "text/csv", f"gongkai-{choice.table}.csv")


@figures.get("/figures/codebook.csv")
def codebook() -> Response:
    """Sends all rows, columns, units, forms, measures and sources."""
    head = (*HEAD, "as_of")
    lines = csv_lines(head, ((*row, program()) for row in rows_of_codebook()))
    response = Response("".join(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-codebook.csv")
    return response


def _stating(choice: FigureParams) -> dict[str, Agency]:
    """The selected agencies that state figures of the table."""
    stating = agencies_stating(choice.tables, choice.first, choice.last)
    return {code: agency for code, agency in choice.of().items() if code in stating}


def _agencies_a_page(choice: FigureParams) -> int:
    return max(1, min(AGENCIES_A_PAGE, LINES_A_PAGE // choice.lines))


def _here(choice: FigureParams, of: dict[str, Agency]) -> dict[str, Agency]:
    return dict(list(of.items())[on_page(choice.page, _agencies_a_page(choice))])


def _shown(choice: FigureParams, here: dict[str, Agency]) -> tuple[tuple[FigureBlock, ...], tuple[int, ...]]:
    """The blocks of the agencies of one page, and their years."""
    reports = tuple(report for report in choice.reports(here) if report.year is not None)
    return _trimmed(tuple(_blocks(choice, here, reports, span(reports))), span(reports))


def _drawn(choice: FigureParams, blocks: tuple[FigureBlock, ...], charts: tuple[FigurePanel, ...]) -> Picture:
    shown = [PicturePanel(panel.row.label, panel.plot, panel.row.unit) for panel in charts]
    return drawn(
        "figures.page",
        _arguments(choice),
        gettext("统计数据"),
        _title(choice, blocks),
        panel_chart(shown, with_key=len(blocks) > 1),
        gettext("每图一项指标，纵轴刻度各不相同；虚线处统计口径变化，前后不可比。"),
    )


def _title(choice: FigureParams, blocks: tuple[FigureBlock, ...]) -> str:
    years = f"{choice.first or ''}–{choice.last or ''}" if choice.first or choice.last else ""
    return listed(
        [
            kind_label(choice.table),
            *described(choice.where),
            *(agency_text(block.agency.name) for block in blocks),
            years,
        ]
    )


def _arguments(choice: FigureParams) -> dict[str, object]:
    return {**choice.arguments(), **({"page": choice.page} if choice.page > 1 else {})}


def _offered(choice: FigureParams, here: dict[str, Agency]) -> list[Agency]:
    every = agency_table().select(choice.where)
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
