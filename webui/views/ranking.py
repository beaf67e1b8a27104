"""`/figures/ranking`: agencies by one figure or measure of one year, the largest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from archive.analysis.computed import Name
from archive.analysis.measures import Measure, Measured, measure
from archive.model import Agency, Figure, ReportSummary
from archive.vocabulary import column_codes
from webui.data_access import values_to_rank, years_to_rank
from webui.http.i18n import language, link
from webui.params.figure_params import KINDS, MEASURES, FigureParams, read_figure_params, row_codes
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number
from webui.render.figures.figure_series import SeriesCell, address, column_name, kind_label, row_name
from webui.render.pagination import last_page, on_page, pages_near
from webui.render.pictures.charts import PictureBar, bar_chart
from webui.render.pictures.files import drawn, listed, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import described, filter_fields
from webui.render.references import state_of_catalogue
from webui.render.statutory_grid import is_failed

ranking = Blueprint("ranking", __name__)

AGENCIES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class RankedAgency:
    """An agency in the ranking. Equal values share a rank; `width` is percent of the largest."""

    rank: int
    agency: Agency
    cell: SeriesCell
    width: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The agencies with a value, the largest first, with rank and value, and those without; their figures are not read.

    `stated` is the number of rows of the file: reports with the figure, also without a value.
    """

    places: tuple[tuple[int, Agency, Decimal], ...]
    without: tuple[Agency, ...]
    stated: int


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
    here = _shown(choice, found, number)
    without = found.without[on_page(number, AGENCIES_A_PAGE)]
    cells = _cells(choice, without)
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
        without=[(agency, cells.get(agency.id)) for agency in without],
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
        csv_rows=found.stated,
        csv=csv,
        as_of=state_of_catalogue(language()),
    )


@ranking.get("/figures/ranking.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends one page of the ranking as bars; 404 if there are none."""
    asked = _asked()
    if not (here := _shown(asked.choice, ranked(asked.choice), asked.page)):
        abort(404)
    return send_picture(asked.picture(here), suffix, "gongkai-ranking")


def _asked() -> RankingRequest:
    choice = _of_one_row(read_figure_params(request.args))
    years = _years(choice)
    year = read_number(request.args, "year", max(years, default=date.today().year), 9999)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    row, column = choice.rows[0], next(iter(choice.columns), None)
    return RankingRequest(replace(choice, first=year, last=year), row, column, year, tuple(years), number)


def _of_one_row(choice: FigureParams) -> FigureParams:
    row = choice.rows[0] if choice.rows else row_codes(choice.table)[0]
    columns = column_codes(choice.table)
    column = choice.columns[0] if choice.columns else ("total" if "total" in columns else next(iter(columns), None))
    return replace(choice, rows=(row,), columns=(column,) if column else ())


def _value(place: RankedAgency) -> str:
    """The value as the table shows it; a measure in percent."""
    value = place.cell.value or 0.0
    return f"{value:.1f}%" if isinstance(place.cell.found, Measured) else f"{value:,.10g}"


def ranked(choice: FigureParams) -> Ranking:
    """Ranks the selected agencies by the row and column of the selection."""
    of = choice.of()
    found = values_to_rank(_figure(choice), choice.last, ocr=choice.ocr)
    reports = {each.agency: each for each in found if each.year == choice.last}
    values = [(agency, held.value) for agency in of.values() if (held := reports.get(agency.id))]
    with_value = [(agency, value) for agency, value in values if value is not None]
    with_value.sort(key=lambda each: (-each[1], each[0].id))
    places: list[tuple[int, Agency, Decimal]] = []
    rank, before = 0, None
    for number, (agency, value) in enumerate(with_value, 1):
        rank, before = (rank if value == before else number), value
        places.append((rank, agency, value))
    ranked_ids = {agency.id for agency, _ in with_value}
    without = tuple(agency for agency in of.values() if agency.id not in ranked_ids)
    return Ranking(tuple(places), without, sum(reports[agency.id].is_stated for agency, _ in values))


def _shown(choice: FigureParams, found: Ranking, page: int) -> tuple[RankedAgency, ...]:
    """The ranked agencies of a page with their cells."""
    here = found.places[on_page(page, AGENCIES_A_PAGE)]
    largest = max(abs(value) for _, _, value in (found.places[0], found.places[-1])) if found.places else Decimal(0)
    cells = _cells(choice, [agency for _, agency, _ in here])
    return tuple(
        RankedAgency(rank, agency, cell, float(100 * abs(value) / largest) if largest else 0.0)
        for rank, agency, value in here
        if (cell := cells.get(agency.id))
    )


def _cells(choice: FigureParams, agencies: Iterable[Agency]) -> dict[str, SeriesCell]:
    """The cells of the agencies with a report."""
    reports = choice.reports(agency.id for agency in agencies)
    return {report.agency: SeriesCell(report.key, _found(choice, report), ()) for report in reports}


def _found(choice: FigureParams, report: ReportSummary) -> Figure | Measured | None:
    if choice.of_measures:
        found = measure(choice.measures()[0], report)
        return None if found.standing == "missing" else found
    return next(iter(report.figures), None)


def _figure(choice: FigureParams) -> Measure | Name:
    return (
        choice.measures()[0] if choice.of_measures else (choice.table, choice.rows[0], next(iter(choice.columns), None))
    )


def _years(choice: FigureParams) -> frozenset[int]:
    """The years of the reports that have a value of the selected row and column."""
    agencies = choice.of().keys() if choice.where else choice.agencies or None
    return years_to_rank(_figure(choice), agencies, ocr=choice.ocr)


def load_ranking() -> None:
    """Caches the values of the ranking that the page shows first, and of the first row of requests."""
    for table in (MEASURES, "requests"):
        values_to_rank(_figure(_of_one_row(FigureParams(table))))
