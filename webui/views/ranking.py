"""`/figures/ranking`: agencies by one figure or measure of one year, the largest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, render_template, request

from archive.analysis.computed import ReportValues, row_of
from archive.analysis.measures import Measure, Measured, figures_of, measure
from archive.model import Agency, Figure, ReportSummary
from archive.store.figures_table import FigureSelection
from archive.vocabulary import column_codes
from webui.data_access import catalogue
from webui.http.i18n import language, link
from webui.params.figure_params import KINDS, FigureParams, read_figure_params, row_codes
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number
from webui.render.figure_series import SeriesCell, address, column_name, kind_label, row_name
from webui.render.pagination import last_page, on_page, pages_near
from webui.render.references import state_of_catalogue
from webui.render.statutory_grid import is_failed

ranking = Blueprint("ranking", __name__)

AGENCIES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class RankedAgency:
    """An agency in the ranking. Equal values share a rank; `width` is percent of the largest."""

    rank: int
    agency: Agency
    cell: SeriesCell
    width: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranked agencies, and those without a value with their cell, or None without a report."""

    places: tuple[RankedAgency, ...]
    without: tuple[tuple[Agency, SeriesCell | None], ...]


@ranking.get("/figures/ranking")
def page() -> str:
    """Shows the ranking as a table with bars; the default is the newest year with the figure."""
    choice = read_figure_params(request.args)
    row = choice.rows[0] if choice.rows else row_codes(choice.table)[0]
    columns = column_codes(choice.table)
    column = choice.columns[0] if choice.columns else ("total" if "total" in columns else next(iter(columns), None))
    asked = replace(choice, rows=(row,), columns=(column,) if column else ())
    years = _years(asked)
    year = read_number(request.args, "year", max(years, default=date.today().year), 9999)
    asked = replace(asked, first=year, last=year)
    found = ranked(asked)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    last = last_page(max(len(found.places), len(found.without)), AGENCIES_A_PAGE)
    spelled = {"table": choice.table, "row": row, "column": column, "year": year}
    return render_template(
        "ranking/page.html",
        choice=choice,
        row=row,
        column=column,
        year=year,
        years=sorted({*years, year}, reverse=True),
        kinds=[(kind, kind_label(kind), link("ranking.page", table=kind, year=year)) for kind in KINDS],
        rows=[(code, row_name(choice.table, code)) for code in row_codes(choice.table)],
        columns=[(code, column_name(choice.table, code)) for code in columns],
        places=found.places[on_page(number, AGENCIES_A_PAGE)],
        without=found.without[on_page(number, AGENCIES_A_PAGE)],
        unranked=len(found.without),
        measures=asked.measures() if choice.of_measures else (),
        address=address,
        is_failed=is_failed,
        page=number,
        last=last,
        pages=pages_near(number, last),
        at=lambda wanted: link("ranking.page", **spelled, page=wanted),
        back=link("figures.page", **replace(asked, first=None, last=None).arguments()),
        csv=link("figures.csv_file", **asked.arguments()),
        as_of=state_of_catalogue(language()),
    )


def ranked(choice: FigureParams) -> Ranking:
    """Ranks the selected agencies by the row and column of the selection."""
    cells = list(_cells(choice))
    with_value = [(agency, cell, cell.value) for agency, cell in cells if cell and cell.value is not None]
    with_value.sort(key=lambda each: (-each[2], each[0].id))
    largest = max((abs(value) for _, _, value in with_value), default=0.0)
    places: list[RankedAgency] = []
    for number, (agency, cell, value) in enumerate(with_value, 1):
        rank = places[-1].rank if places and places[-1].cell.value == value else number
        places.append(RankedAgency(rank, agency, cell, 100 * abs(value) / largest if largest else 0.0))
    return Ranking(tuple(places), tuple((a, cell) for a, cell in cells if cell is None or cell.value is None))


def _cells(choice: FigureParams) -> Iterator[tuple[Agency, SeriesCell | None]]:
    of = choice.of()
    reports = {report.agency: report for report in choice.reports(of)}
    for agency in of.values():
        held = reports.get(agency.id)
        yield agency, SeriesCell(held.key, _found(choice, held), ()) if held else None


def _found(choice: FigureParams, report: ReportSummary) -> Figure | Measured | None:
    if choice.of_measures:
        found = measure(choice.measures()[0], report)
        return None if found.standing == "missing" else found
    return next(iter(report.figures), None)


def _years(choice: FigureParams) -> set[int]:
    """The years of the reports that have a value of the selected row and column."""
    wanted = choice.measures()[0] if choice.of_measures else None
    names = figures_of(wanted) if wanted else ((choice.table, choice.rows[0], next(iter(choice.columns), None)),)
    found = catalogue().values(FigureSelection(choice.agencies), [row_of(name) for name in names])
    return {report.year for report in found if report.year is not None and _has_value(wanted, report)}


def _has_value(wanted: Measure | None, report: ReportValues) -> bool:
    if wanted is None:
        return any(figure.value is not None for figure in report.figures.values())
    figures = tuple(Figure(*name, each.value, "", each.state) for name, each in report.figures.items())
    summary = ReportSummary(report.agency, None, None, report.key, report.year, report.form, "", figures)
    return measure(wanted, summary).value is not None
