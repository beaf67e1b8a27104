"""`/agencies` and `/agencies/AGENCY`: names over time, reports, missing years and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from flask import Blueprint, Response, render_template, request

from archive.agencies.agency_filter import AgencyFilter
from archive.agencies.english_names import english_name
from archive.agencies.name_search import AgencyMatch
from archive.export.csv import csv_lines
from archive.model import UNKNOWN_AGENCY, Agency, Figure, ReportSummary
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES, row_codes
from webui import data_access
from webui.data_access import agency_search, agency_table, catalogue, coverage, report_counts, report_keys
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.agency_filter_params import read_agency_filter
from webui.params.path_params import known_agency
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number, read_optional
from webui.render.figures.figure_series import (
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
from webui.render.pagination import last_page, on_page, pages_near
from webui.render.places.agency_list import LETTERS, agency_lines, letter_of, letters
from webui.render.places.filter_fields import filter_fields
from webui.render.references import state_of_catalogue
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


AGENCIES_A_PAGE = 50
HEAD = ("agency", "name", "english_name", "place", "level", "kind", "names", "years", "reports", "as_of")
_TABLES = tuple(dict.fromkeys(table for table, _, _ in FOLLOWED))


@dataclass(frozen=True, slots=True)
class Series:
    """The lines of one table and their charts."""

    title: str
    block: FigureBlock
    panels: tuple[FigurePanel, ...]


@agencies.get("/agencies")
def index() -> str:
    """Lists agencies from A to Z, or those that `?q=` finds, the best first and a tolerated difference last."""
    query = request.args.get("q", "").strip()
    where, letter = read_agency_filter(request.args), read_optional(request.args, "letter", LETTERS)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    found = _found(query, where)
    csv_rows, lettered = len(found), letters(match.agency for match in found)
    found = [match for match in found if letter in (None, letter_of(match.agency))]
    last = last_page(len(found), AGENCIES_A_PAGE)
    spelled = {**({"q": query} if query else {}), **where.arguments()}
    return render_template(
        "agencies/index.html",
        lines=agency_lines(found[on_page(number, AGENCIES_A_PAGE)], report_counts().spans),
        total=len(found),
        query=query,
        filters=filter_fields(where),
        hidden=[("q", query)] if query else [],
        letter=letter,
        letters=[(each, count, link("agencies.index", **spelled, letter=each)) for each, count in lettered],
        every_letter=link("agencies.index", **spelled),
        every=len(agency_table().agencies),
        tolerance_name=tolerance_name,
        page=number,
        last=last,
        pages=pages_near(number, last),
        at=lambda wanted: link("agencies.index", **spelled, letter=letter, page=wanted),
        csv=link("agencies.csv_file", **spelled),
        csv_rows=csv_rows,
        api=link("api.agencies", **spelled),
    )


@agencies.get("/agencies.csv")
def csv_file() -> Response:
    """Streams the agencies one a line with the years of their reports, in the order of the page."""
    found = _found(request.args.get("q", "").strip(), read_agency_filter(request.args))
    keys, as_of = report_keys(), state_of_catalogue(language())
    rows = (_row(match.agency, keys.get(match.agency.id, ()), as_of) for match in found)
    return streamed(csv_lines(HEAD, rows), "text/csv", "gongkai-agencies.csv")


def _found(query: str, where: AgencyFilter) -> list[AgencyMatch]:
    selected = {agency.id for agency in agency_table().select(where)}
    if query:
        return [match for match in agency_search().find_all(query) if match.agency.id in selected]
    return [AgencyMatch(agency, 0) for agency in agency_table().in_pinyin_order if agency.id in selected]


def _row(agency: Agency, keys: Sequence[str], as_of: str) -> tuple[object, ...]:
    return (
        agency.id,
        agency.name,
        english_name(agency.name),
        agency.place,
        agency.level,
        agency.kind,
        "; ".join(name.text for name in agency.names),
        "; ".join(key for key in keys if key.isdecimal()),
        "; ".join(f"{agency.id}/{key}" for key in keys),
        as_of,
    )


@agencies.get("/agencies/<agency>")
def page(agency: str) -> str:
    known, keys = known_agency(agency)
    is_one = agency != UNKNOWN_AGENCY  # reports of unknown agencies have nothing to do with each other
    held = tuple(report for key in keys if (report := data_access.report(agency, key)))
    figures = tuple(catalogue().computed_figures(FigureSelection((agency,), tables=_TABLES))) if is_one else ()
    newest = max((report for report in held if report.year is not None), key=lambda each: each.year or 0, default=None)
    cells = {cell.year: cell for cell in coverage() if cell.agency == agency and is_one}
    years = span(held)
    return render_template(
        "agencies/page.html",
        agency=known,
        is_one=is_one,
        held=held,
        cells=[cells[year] for year in sorted(cells)],
        missing=[year for year, cell in sorted(cells.items()) if cell.state == "missing"],
        years=years,
        series=tuple(_series(known, figures, years)),
        newest=newest,
        strip=key_figures(agency)[newest.key] if newest and is_one else (),
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
