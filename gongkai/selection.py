"""Finds reports and figures in the catalogue by what a user types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archive.agencies.agency_filter import AgencyFilter, AgencyTable
from archive.agencies.search import one_agency, one_report
from archive.analysis.aggregates import AggregateRequest, Grouping, figure_named, usual_figures
from archive.analysis.coverage import CoverageCell
from archive.errors import InvalidRequest, Language
from archive.export.provenance import data_version
from archive.model import Report, ReportSummary
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from gongkai.results import AggregateResult, FigureTable


def find_report(catalogue: Catalogue, agency: str, year: str) -> Report:
    """Returns a report with its own notices and those on the year before.

    Raises:
        GongkaiError: if the agency or the year is not in the archive, or several agencies fit.
    """
    report = one_report(agency, year, catalogue)
    breaks = [notice for other, notice in catalogue.breaks(report.agency) if other.key == report.key]
    return replace(report, notices=(*report.notices, *breaks))


def select_figures(
    catalogue: Catalogue,
    language: Language,
    *,
    agency: str | None = None,
    year: str | None = None,
    table: str | None = None,
    row: str | None = None,
    column: str | None = None,
    where: AgencyFilter = AgencyFilter(),  # noqa: B008 (frozen)
    watch: Callable[[Iterator[ReportSummary], int], Iterator[ReportSummary]] = lambda reports, _count: reports,
) -> FigureTable:
    """Returns the figures of an agency or of those that `where` selects, of a year or range, table, row and column.

    `watch` is given the reports and the number of reports of the archive, and passes the reports on.

    Raises:
        GongkaiError: if no agency or several fit, a place is not known, or the year cannot be read.
    """
    agencies: tuple[str, ...] = (one_agency(agency, catalogue.agencies()).id,) if agency else ()
    if where:
        chosen = [each.id for each in AgencyTable(catalogue.agencies()).select(where)]
        agencies = tuple(each for each in chosen if not agencies or each in agencies)
    tables, rows, columns = ((name,) if name else () for name in (table, row, column))
    selection = FigureSelection(agencies, *_year_range(year), tables, rows, columns)
    # an empty selection of agencies would be all of them
    of = catalogue.computed_figures(selection) if agencies or not where else iter(())
    reports = watch(of, catalogue.count())
    found = tuple((report, figure) for report in reports for figure in report.figures)
    return FigureTable(found, data_version(catalogue.revision, language))


def select_coverage(catalogue: Catalogue, where: AgencyFilter) -> tuple[CoverageCell, ...]:
    """Returns the state of each year of the agencies that `where` selects.

    Raises:
        GongkaiError: if a place is not known.
    """
    cells = catalogue.coverage()
    if not where:
        return cells
    chosen = {each.id for each in AgencyTable(catalogue.agencies()).select(where)}
    return tuple(cell for cell in cells if cell.agency in chosen)


def aggregate_figures(
    catalogue: Catalogue,
    language: Language,
    figures: Sequence[str] = (),
    *,
    by: Grouping = "year",
    of: str | None = None,
    year: str | None = None,
    agencies: Sequence[str] = (),
    where: AgencyFilter = AgencyFilter(),  # noqa: B008 (frozen)
) -> AggregateResult:
    """Returns sums, medians, quartiles and shares of figures by name (`requests.refused.total`), by year and group.

    Raises:
        GongkaiError: if a figure, an agency or a division is not known, or the year cannot be read.
    """
    known = catalogue.agencies() if agencies else ()
    request = AggregateRequest(
        tuple(map(figure_named, figures)) or usual_figures(),
        by,
        figure_named(of) if of else None,
        where,
        tuple(one_agency(each, known).id for each in agencies),
        *_year_range(year),
    )
    return AggregateResult(request, catalogue.aggregates(request), data_version(catalogue.revision, language))


def _year_range(year: str | None) -> tuple[int | None, int | None]:
    """Returns the first and the last year of `2018`, `2018..2020`, `2018..` or `..2020`."""
    if year is None:
        return None, None
    first, dots, last = year.partition("..")
    if not all(part.isdecimal() or not part for part in (first, last)) or not (first or last):
        raise InvalidRequest(
            f"“{year}”不是年份。请写 2018 或 2018..2020。", f"“{year}” is no year. Write 2018 or 2018..2020."
        )
    low = int(first or 0)
    return low, int(last or 9999) if dots else low
