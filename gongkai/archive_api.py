"""Opens an archive for programs and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from archive.agencies.agency_filter import AgencyFilter
from archive.analysis.aggregates import Grouping
from archive.errors import Language
from archive.export.provenance import data_version
from archive.store.catalogue import Catalogue
from archive.store.curation.notice_reviews import read_reviews
from gongkai.results import (
    AggregateResult,
    CollocatesResult,
    ComparisonResult,
    ConcordanceResult,
    CoverageResult,
    FigureTable,
    MatrixResult,
    ReportResult,
    SearchResult,
    TrendResult,
)
from gongkai.selection import (
    aggregate_figures,
    compare_years,
    find_report,
    search_once,
    select_coverage,
    select_figures,
)
from indexer.answers.collocates import (
    MOST_WINDOW,
    SIDES,
    WINDOW,
    CollocateFilter,
    CollocateOptions,
    CollocateOrder,
    Side,
    Window,
)
from indexer.answers.concordance import ConcordanceOrder
from indexer.index import open_index
from indexer.query.fields import FIELDS
from indexer.query.request import Request, Sort

Years = int | str | tuple[int | None, int | None]
"""A year, a range as in a query (`2014..2018`), or the two ends of a range, None for an open end."""
Values = str | Sequence[str]
"""A value of a filter, or several that are alternatives."""


class ReportArchive:
    """The archive of a home. Its catalogue is opened on first use and closed with the archive.

    Every method raises `GongkaiError`, with a sentence in Chinese and English, for what the caller can correct.
    """

    def __init__(self, home: Path, language: Language = "zh") -> None:
        self.home = home
        self.language = language
        self._stack = ExitStack()
        self._opened: Catalogue | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the catalogue; a later call opens it again."""
        self._opened = None
        self._stack.close()

    def search(
        self,
        query: str,
        *,
        years: Years | None = None,
        sections: Values = (),
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        sample: int | None = None,
        seed: int = 1,
        collapse: bool = False,
        **filters: Values,
    ) -> SearchResult:
        """Returns the sections that match a query, with exact totals and facets.

        Args:
            query: the query as typed on the command line.
            years: the years of the reports.
            sections: section codes or names.
            sort: `relevance`, `year` or `-year`.
            limit: sections returned.
            offset: sections skipped.
            sample: the number of sections to draw at random instead.
            seed: the seed of the sample.
            collapse: whether sections with identical sentences are listed once; not with a sample.
            filters: the other fields of the query language: `agency` (name, short name, pinyin or id), `place` …
        """
        page = {"sort": sort, "limit": limit, "offset": offset, "sample": sample, "seed": seed}
        request = self._request(query, years, sections, filters, **page)
        engine = open_index(self.home)
        if collapse:
            return search_once(engine, request, self.language)
        return SearchResult(engine.search(request), self.language)

    def concordance(
        self,
        query: str,
        *,
        years: Years | None = None,
        sections: Values = (),
        sort: ConcordanceOrder = "agency",
        width: int | None = None,
        limit: int | None = None,
        collocate: str | None = None,
        window: int | None = None,
        side: Side | None = None,
        **filters: Values,
    ) -> ConcordanceResult:
        """Returns every occurrence with `width` characters of context on each side, or with its sentence.

        With `collocate`, it returns that word near the occurrences, as often as `collocates` counts it, within `window`
        words (5 by default) on a `side` (both by default).
        """
        if collocate is None and (window, side) != (None, None):
            raise ValueError("window and side are used with collocate only")
        request = self._request(query, years, sections, filters)
        near = (
            None
            if collocate is None
            else CollocateFilter.typed(collocate, _window(WINDOW if window is None else window, side or "both"))
        )
        found = open_index(self.home).concordance(request, sort, width, limit, near)
        return ConcordanceResult(replace(found, lines=tuple(found)), self.language)

    def collocates(
        self,
        query: str,
        *,
        years: Years | None = None,
        sections: Values = (),
        window: int = 5,
        side: Side = "both",
        order: CollocateOrder = "attracted",
        by_year: bool = False,
        limit: int = 30,
        **filters: Values,
    ) -> CollocatesResult:
        """Returns the words near the occurrences of a query, compared with all words of the texts.

        Args:
            query: the query as typed on the command line.
            years: the years of the reports.
            sections: section codes or names.
            window: words on each side, 1 to 10, in the same sentence.
            side: `both`, `left` or `right`.
            order: `attracted` (more than expected first), `repelled` (less than expected first) or `count`.
            by_year: whether words are counted by year, too.
            limit: words returned.
            filters: the other fields of the query language.
        """
        request = self._request(query, years, sections, filters)
        options = CollocateOptions(_window(window, side), order, limit, by_year)
        return CollocatesResult(open_index(self.home).collocates(request, options), self.language, by_year)

    def trend(self, *queries: str, years: Years | None = None, sections: Values = (), **filters: Values) -> TrendResult:
        """Returns occurrences, sections and reports of each query by year, with the totals to divide by."""
        request = self._request("", years, sections, filters)
        engine = open_index(self.home)
        found = tuple(engine.series(replace(request, query=query)) for query in queries)
        return TrendResult(found, self.language)

    def matrix(
        self, query: str, *, years: Years | None = None, sections: Values = (), **filters: Values
    ) -> MatrixResult:
        """Returns the counts of a query by agency and year."""
        request = self._request(query, years, sections, filters)
        return MatrixResult(open_index(self.home).matrix(request), self.language)

    def report(self, agency: str, year: int | str) -> ReportResult:
        """Returns the report of an agency on a year (or `undated-…`)."""
        report = find_report(self._catalogue, agency, str(year))
        return ReportResult(report, self._version(), self.language, read_reviews(self.home))

    def figures(
        self,
        agency: str | None = None,
        year: Years | None = None,
        table: str | None = None,
        row: str | None = None,
        column: str | None = None,
        *,
        place: str | None = None,
        level: str | None = None,
        kind: str | None = None,
        ocr: bool = True,
    ) -> FigureTable:
        """Returns figures of statutory tables and of sentences (`table="prose"`), also of the agencies of a place.

        Without `ocr`, figures that were read by OCR are left out.
        """
        return select_figures(
            self._catalogue,
            self.language,
            agency=agency,
            year=None if year is None else _year_range(year),
            table=table,
            row=row,
            column=column,
            where=AgencyFilter(place, level, kind),
            ocr=ocr,
        )

    def aggregates(
        self,
        *figures: str,
        by: Grouping = "year",
        of: str | None = None,
        years: Years | None = None,
        agencies: Values = (),
        place: str | None = None,
        kind: str | None = None,
        level: str | None = None,
        ocr: bool = True,
    ) -> AggregateResult:
        """Returns sum, median, quartiles and share of figures over agencies, the series since 2008 by default.

        Args:
            figures: names of figures, such as `requests.refused.total`.
            by: `year`, or groups in each year: `division`, `kind`, `level`.
            of: the figure that shares are computed of.
            years: the years of the reports.
            agencies: names of agencies; all by default.
            place: only agencies in this province, city or county.
            kind: only agencies of this kind.
            level: only agencies of this level.
            ocr: whether figures that were read by OCR count.
        """
        return aggregate_figures(
            self._catalogue,
            self.language,
            figures,
            by=by,
            of=of,
            year=None if years is None else _year_range(years),
            agencies=(agencies,) if isinstance(agencies, str) else agencies,
            where=AgencyFilter(place, level, kind),
            ocr=ocr,
        )

    def compare(self, agency: str, year: int | str, other_year: int | str) -> ComparisonResult:
        """Returns what was kept, changed, added and removed from the earlier of two reports to the later."""
        comparison = compare_years(self._catalogue, agency, str(year), str(other_year))
        return ComparisonResult(comparison, self._version(), self.language)

    def coverage(
        self, *, place: str | None = None, level: str | None = None, kind: str | None = None
    ) -> CoverageResult:
        """Returns the state of each agency and year between its first and its last report, also of a place only."""
        return CoverageResult(select_coverage(self._catalogue, AgencyFilter(place, level, kind)), self._version())

    @property
    def _catalogue(self) -> Catalogue:
        if self._opened is None:
            self._opened = self._stack.enter_context(Catalogue.open_existing(self.home))
        return self._opened

    def _version(self) -> str:
        return data_version(self._catalogue.revision, self.language)

    def _request(
        self, query: str, years: Years | None, sections: Values, filters: dict[str, Values], **options: Any
    ) -> Request:
        values: dict[str, Values] = {"section": sections, **filters}
        if years is not None:
            values["year"] = _year_range(years)
        if unknown := sorted(set(values) - set(FIELDS)):
            raise TypeError(f"unknown filters: {', '.join(unknown)}; the archive has {', '.join(FIELDS)}")
        chosen = {name: (each,) if isinstance(each, str) else tuple(each) for name, each in values.items() if each}
        return Request(query, filters=chosen, language=self.language, **options)


def _window(size: int, side: Side) -> Window:
    if not 1 <= size <= MOST_WINDOW or side not in SIDES:
        raise ValueError(f"a window has 1 to {MOST_WINDOW} words, and its side is one of {', '.join(SIDES)}")
    return Window(size, side)


def _year_range(years: Years) -> str:
    if isinstance(years, tuple):
        first, last = years
        return f"{'' if first is None else first}..{'' if last is None else last}"
    return str(years)
