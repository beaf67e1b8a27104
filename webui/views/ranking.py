"""`/figures/ranking`: agencies by one figure or measure of one year, the largest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from archive.analysis.agency_ranking import value_of
from archive.analysis.computed import row_of
from archive.analysis.measures import Measured, figures_of, measure
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
from webui.render.pictures.charts import PictureBar, bar_chart
from webui.render.pictures.files import drawn, listed, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import described, filter_fields
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


@dataclass(frozen=True, slots=True)
class RankingRequest:
    """One row and column of one year. `years` are those in which reports have it."""

    choice: FigureParams
    row: str
    column: str | None
    year: int
    years: tuple[int, ...]
    page: int

    def arguments(self) -> dict[str, object]:
        spelled: dict[str, object] = {
            "table": self.choice.table,
            "row": self.row,
            "column": self.column,
            "year": self.year,
        }
        return spelled | self.choice.of_agencies() | ({"page": self.page} if self.page > 1 else {})

    def picture(self, places: tuple[RankedAgency, ...]) -> Picture:
        return drawn(
            "ranking.page",
            self.arguments(),
            gettext("机关排名"),
            self.title(),
            bar_chart(
                [PictureBar(f"{each.rank} {each.agency.name}", _value(each), each.width / 100) for each in places]
            ),
            gettext("数相同的名次相同。名次只反映这一项数据，不代表工作优劣：各机关的申请数量和办理口径不同。"),
        )

    def title(self) -> str:
        column = self.column and column_name(self.choice.table, self.column)
        return listed(
            [
                kind_label(self.choice.table),
                row_name(self.choice.table, self.row),
                column,
                self.year,
                *described(self.choice.where),
            ]
        )


@ranking.get("/figures/ranking")
def page() -> str:
    """Shows the ranking as a table with bars; the default is the newest year with the figure."""
    asked = _asked()
    choice, number = asked.choice, asked.page
    found = ranked(choice)
    last = last_page(max(len(found.places), len(found.without)), AGENCIES_A_PAGE)
    here = found.places[on_page(number, AGENCIES_A_PAGE)]
    csv = link("figures.csv_file", **choice.arguments())
    return render_template(
        "ranking/page.html",
        choice=choice,
        row=asked.row,
        column=asked.column,
        year=asked.year,
        years=sorted({*asked.years, asked.year}, reverse=True),
        kinds=[
            (kind, kind_label(kind), link("ranking.page", table=kind, year=asked.year, **choice.of_agencies()))
            for kind in KINDS
        ],
        filters=filter_fields(choice.where),
        rows=[(code, row_name(choice.table, code)) for code in row_codes(choice.table)],
        columns=[(code, column_name(choice.table, code)) for code in column_codes(choice.table)],
        places=here,
        files=here and picture_files("ranking.page", asked.arguments(), asked.title(), asked.picture(here), csv),
        without=found.without[on_page(number, AGENCIES_A_PAGE)],
        unranked=len(found.without),
        measures=choice.measures() if choice.of_measures else (),
        address=address,
        is_failed=is_failed,
        page=number,
        last=last,
        pages=pages_near(number, last),
        at=lambda wanted: link("ranking.page", **{**asked.arguments(), "page": wanted}),
        aggregates=link("aggregates.page", **choice.of_agencies()),
        back=link("figures.page", **replace(choice, first=None, last=None).arguments()),
        csv_rows=len(found.places)
        + sum(bool(cell and (choice.of_measures or cell.found)) for _, cell in found.without),
        csv=csv,
        as_of=state_of_catalogue(language()),
    )


@ranking.get("/figures/ranking.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends one page of the ranking as bars; 404 if there are none."""
    asked = _asked()
    if not (here := ranked(asked.choice).places[on_page(asked.page, AGENCIES_A_PAGE)]):
        abort(404)
    return send_picture(asked.picture(here), suffix, "gongkai-ranking")


def _asked() -> RankingRequest:
    choice = read_figure_params(request.args)
    row = choice.rows[0] if choice.rows else row_codes(choice.table)[0]
    columns = column_codes(choice.table)
    column = choice.columns[0] if choice.columns else ("total" if "total" in columns else next(iter(columns), None))
    choice = replace(choice, rows=(row,), columns=(column,) if column else ())
    years = _years(choice)
    year = read_number(request.args, "year", max(years, default=date.today().year), 9999)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    return RankingRequest(replace(choice, first=year, last=year), row, column, year, tuple(years), number)


def _value(place: RankedAgency) -> str:
    """The value as the table shows it; a measure in percent."""
    value = place.cell.value or 0.0
    return f"{value:.1f}%" if isinstance(place.cell.found, Measured) else f"{value:,.10g}"


def ranked(choice: FigureParams) -> Ranking:
    """Ranks the selected agencies by the row and column of the selection."""
    cells = [(agency, cell, cell.value if cell else None) for agency, cell in _cells(choice)]
    with_value = [(agency, cell, value) for agency, cell, value in cells if cell and value is not None]
    with_value.sort(key=lambda each: (-each[2], each[0].id))
    largest = max((abs(value) for _, _, value in with_value), default=0.0)
    places: list[RankedAgency] = []
    rank, before = 0, None
    for number, (agency, cell, value) in enumerate(with_value, 1):
        rank, before = (rank if value == before else number), value
        places.append(RankedAgency(rank, agency, cell, 100 * abs(value) / largest if largest else 0.0))
    return Ranking(tuple(places), tuple((agency, cell) for agency, cell, value in cells if value is None))


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


def _years(choice: FigureParams) -> frozenset[int]:
    """The years of the reports that have a value of the selected row and column."""
    wanted = choice.measures()[0] if choice.of_measures else None
    names = figures_of(wanted) if wanted else ((choice.table, choice.rows[0], next(iter(choice.columns), None)),)
    agencies = tuple(choice.of()) if choice.where else choice.agencies
    if choice.where and not agencies:  # an empty selection would select all
        return frozenset()
    rows = [row_of(name) for name in names]
    return catalogue().years(
        FigureSelection(agencies, ocr=choice.ocr), rows, lambda report: value_of(report, wanted) is not None
    )
