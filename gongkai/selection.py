"""Finds reports and figures in the catalogue by names, years and codes as typed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archive.agencies.agency_filter import AgencyFilter, AgencyTable
from archive.agencies.search import one_agency, one_report
from archive.analysis.aggregates import AggregateRequest, Grouping, figure_named, usual_figures
from archive.analysis.compare import Comparison, compare
from archive.analysis.coverage import CoverageCell
from archive.errors import InvalidRequest, Language, NotFound
from archive.export.provenance import data_version
from archive.model import Report, ReportSummary, Section
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES, TABLES, column_codes, row_codes
from gongkai.results import AggregateResult, FigureTable, SearchResult
from indexer.answers.engine import Engine
from indexer.query.query_errors import QueryError
from indexer.query.request import Request
from indexer.query.values import years


def search_once(engine: Engine, request: Request, language: Language) -> SearchResult:
    """Returns the sections that match, those with identical sentences once.

    Raises:
        InvalidRequest: for a sample, which draws from all sections.
    """
    if request.sample is not None:
        raise InvalidRequest(
            "合并相同句子不能与抽样同用。请去掉一个。", "Collapsing does not go with a sample. Leave one out."
        )
    return SearchResult(engine.search(replace(request, limit=0)), language, engine.collapsed(request))


def find_report(catalogue: Catalogue, agency: str, year: str) -> Report:
    """Returns a report with its own notices and those on the year before.

    Raises:
        GongkaiError: if the agency or the year is not in the archive, or several agencies fit.
    """
    report = one_report(agency, year, catalogue)
    breaks = [notice for other, notice in catalogue.breaks(report.agency) if other.key == report.key]
    return replace(report, notices=(*report.notices, *breaks))


def compare_years(catalogue: Catalogue, agency: str, *years: str) -> Comparison:
    """Returns the comparison of two reports of an agency, the earlier one first.

    Raises:
        GongkaiError: if the agency or a year is not in the archive, or both are one report.
    """
    before, after = sorted((one_report(agency, year, catalogue) for year in years), key=lambda report: report.key)
    return compare(before, after)


def find_section(report: Report, code: str | None) -> Section | None:
    """Returns a section by its anchor or code, None without one.

    Raises:
        NotFound: if the report has no such section.
    """
    if code is None:
        return None
    for section in report.sections:
        if code in (section.anchor, section.code, *section.also):
            return section
    codes = [each.anchor for each in report.sections]
    raise NotFound(
        f"这份报告没有“{code}”章节。它有：{'、'.join(codes)}。",
        f"The report has no section “{code}”. It has: {', '.join(codes)}.",
    )


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
    ocr: bool = True,
    watch: Callable[[Iterator[ReportSummary], int], Iterator[ReportSummary]] = lambda reports, _count: reports,
) -> FigureTable:
    """Returns the figures of an agency or of those that `where` selects, of a year or range, table, row and column.

    Without `ocr`, those that were read by OCR are left out. `watch` is given the reports and the largest number that
    there can be, and passes the reports on.

    Raises:
        GongkaiError: if no agency or several fit, a place is not known, the year cannot be read, or no report and no
            form has the row or the column.
    """
    agencies: tuple[str, ...] = (one_agency(agency, catalogue.agencies()).id,) if agency else ()
    if where:
        chosen = [each.id for each in AgencyTable(catalogue.agencies()).select(where)]
        agencies = tuple(each for each in chosen if not agencies or each in agencies)
    tables, rows, columns = ((name,) if name else () for name in (table, row, column))
    selection = FigureSelection(agencies, *_year_range(year), tables, rows, columns, ocr)
    # an empty selection of agencies would be all of them
    of = catalogue.computed_figures(selection) if agencies or not where else iter(())
    reports = watch(of, _most_reports(catalogue, selection))
    found = tuple((report, figure) for report in reports for figure in report.figures)
    if not found:
        tables_named = (table,) if table else (*TABLES, "prose", SERIES)
        _check_code(row, [code for each in tables_named for code in row_codes(each)], "行", "row")
        _check_code(column, [code for each in tables_named for code in column_codes(each)], "列", "column")
    return FigureTable(found, data_version(catalogue.revision, language))


def _most_reports(catalogue: Catalogue, selection: FigureSelection) -> int:
    """The number of reports of the agencies or the years of a selection, the smaller one."""
    counts = catalogue.report_counts(0)
    spans = [counts.spans[agency].reports for agency in selection.agencies or counts.spans if agency in counts.spans]
    first, last = selection.first or 0, selection.last or 9999
    dated = sum(count for year, count in counts.years.items() if first <= year <= last)
    return sum(spans) if (selection.first, selection.last) == (None, None) else min(sum(spans), dated)


def _check_code(code: str | None, known: Sequence[str], zh: str, en: str) -> None:
    """Refuses a code that no form has; a row or column without a rule has a code of its own and would be found."""
    if code is None or code in known:
        return
    nearest = difflib.get_close_matches(code[:100], dict.fromkeys(known), 3, 0.4) or [*dict.fromkeys(known)][:10]
    near_zh, near_en = f"您是不是找：{'、'.join(nearest)}？", f"Did you mean: {', '.join(nearest)}?"
    if not known:
        near_zh, near_en = f"这个表没有{zh}代码。", f"The table has no {en} codes."
    raise InvalidRequest(f"没有“{code[:60]}”这一{zh}。{near_zh}", f"There is no {en} “{code[:60]}”. {near_en}")


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
    ocr: bool = True,
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
        ocr,
    )
    return AggregateResult(request, catalogue.aggregates(request), data_version(catalogue.revision, language))


def _year_range(year: str | None) -> tuple[int | None, int | None]:
    """Returns the first and the last year of a year or range as in a query, None for an open end.

    Raises:
        FilterError: for another text, or a range that ends before it begins.
    """
    if year is None:
        return None, None
    try:
        asked = years(year)
    except QueryError as error:
        raise error.in_filter("year") from None
    return asked.first, asked.last
