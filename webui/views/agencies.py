"""`/agencies` and `/agencies/AGENCY`: names over time, reports, missing years and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from flask import Blueprint, render_template, request

from archive.agencies.name_search import AgencyMatch
from archive.model import Agency, Figure, ReportSummary
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES, row_codes
from webui import data_access
from webui.data_access import agency_search, catalogue, coverage
from webui.http.i18n import language
from webui.params.path_params import known_agency
from webui.render.figure_series import (
    FigureBlock,
    FigureLine,
    FigurePanel,
    SeriesRow,
    address,
    figure_label,
    key_figures,
    label_of,
    line_of,
    panels,
    span,
)
from webui.render.labels import form_label, table_label, tolerance_name
from webui.render.statutory_grid import is_failed

agencies = Blueprint("agencies", __name__)

# Figures shown by year: table, row, column. The reports have all others.
FOLLOWED: tuple[tuple[str, str, str | None], ...] = (
    *((SERIES, row, None) for row in row_codes(SERIES)),
    ("prose", "disclosed", None),
    ("prose", "requests_received", None),
    ("requests", "new", "total"),
    ("requests", "carried_in", "total"),
    ("requests", "granted", "total"),
    ("requests", "partly_granted", "total"),
    ("requests", "refused", "total"),
    ("requests", "unavailable", "total"),
    ("requests", "not_processed", "total"),
    ("requests", "handled_total", "total"),
    ("requests", "carried_out", "total"),
    ("review", "reconsideration", "total"),
    ("review", "litigation_direct", "total"),
    ("review", "litigation_after_reconsideration", "total"),
    ("proactive", "normative_documents", "disclosed"),
    ("proactive", "normative_documents", "issued"),
    ("proactive", "licences", "decisions"),
    ("proactive", "penalties", "decisions"),
)


_TABLES = tuple(dict.fromkeys(table for table, _, _ in FOLLOWED))


@dataclass(frozen=True, slots=True)
class Series:
    """The lines of one table and their charts."""

    title: str
    block: FigureBlock
    panels: tuple[FigurePanel, ...]


@agencies.get("/agencies")
def index() -> str:
    """Lists agencies, or those that `?q=` finds; those with a tolerated difference are marked and come last."""
    query = request.args.get("q", "").strip()
    every = agency_search()
    found = every.find_all(query) if query else [AgencyMatch(agency, 0) for agency in every.agencies.values()]
    listed = [(match, catalogue().keys(match.agency.id)) for match in found]
    return render_template(
        "agencies/index.html", listed=listed, query=query, every=len(every.agencies), tolerance_name=tolerance_name
    )


@agencies.get("/agencies/<agency>")
def page(agency: str) -> str:
    known, keys = known_agency(agency)
    held = tuple(report for key in keys if (report := data_access.report(agency, key)))
    figures = tuple(catalogue().computed_figures(FigureSelection((agency,), tables=_TABLES)))
    newest = max((report for report in held if report.year is not None), key=lambda each: each.year or 0, default=None)
    cells = {cell.year: cell for cell in coverage() if cell.agency == agency}
    years = span(held)
    return render_template(
        "agencies/page.html",
        agency=known,
        held=held,
        cells=[cells[year] for year in sorted(cells)],
        missing=[year for year, cell in sorted(cells.items()) if cell.state == "missing"],
        years=years,
        series=tuple(_series(known, figures, years)),
        newest=newest,
        strip=key_figures(agency)[newest.key] if newest else (),
        form_label=form_label,
        address=address,
        is_failed=is_failed,
    )


def _series(agency: Agency, held: tuple[ReportSummary, ...], years: tuple[int, ...]) -> Iterator[Series]:
    for table, wanted in groupby(FOLLOWED, key=itemgetter(0)):
        lines = tuple(_lines(table, [(row, column) for _, row, column in wanted], held, years))
        if lines:
            block = FigureBlock(agency, lines)
            yield Series(table_label(table, language()), block, panels([block], years))


def _lines(
    table: str, wanted: list[tuple[str, str | None]], held: tuple[ReportSummary, ...], years: tuple[int, ...]
) -> Iterator[FigureLine]:
    for row, column in wanted:
        found: dict[str, Figure] = {}
        label = ""
        for report in held:
            for figure in report.figures:
                if (figure.table, figure.row, figure.column) == (table, row, column):
                    found.setdefault(report.key, figure)
                    label = label_of(report.form, figure) if column == "total" else figure_label(report.form, figure)
        if found:
            yield line_of(SeriesRow(table, ".".join(filter(None, [row, column])), label), held, years, found)
