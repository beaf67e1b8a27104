"""Opens the catalogue once a request and caches what many pages read from it; opens the published index."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from flask import Flask, current_app, g

from archive.adding.job_list import JobList, list_jobs
from archive.adding.job_table import job_connection
from archive.agencies.agency_filter import AgencyFilter, AgencyTable
from archive.agencies.division_tree import DivisionNode, division_tree
from archive.agencies.name_search import AgencySearch
from archive.analysis.agency_ranking import StatedValue, stated_values, value_of
from archive.analysis.aggregates import (
    Aggregate,
    AggregateRequest,
    RegionsOf,
    aggregate,
    region_lookup,
    usual_figures,
)
from archive.analysis.computed import Name, ReportValues, row_of, with_shared_figures
from archive.analysis.coverage import CoverageCell
from archive.analysis.measures import Measure, figures_of
from archive.errors import GongkaiError
from archive.export.notice_list import ListedNotice
from archive.model import Notice, Report, ReportSummary, Source
from archive.store.catalogue import Catalogue
from archive.store.curation.notice_reviews import FILE_NAME as REVIEWS_FILE
from archive.store.curation.notice_reviews import NO_REVIEWS, NoticeReview, NoticeReviews, read_reviews, report_address
from archive.store.dialects.registry import database_url
from archive.store.figures_table import FigureSelection
from archive.store.page_search import PageNames, typed_page
from archive.store.report_counts import ReportCounts
from indexer.answers.engine import Engine
from indexer.index import open_index
from indexer.sized_cache import SizedCache

_NEWEST = 60
"""Reports that were added last, enough for the home page, where those of one agency are one line."""
_TREES = 50
"""Trees of divisions: one for each level and kind, and for both."""
_REPORT_BYTES = 64 << 20
# Measured on reports in memory: a paragraph, a figure and a cell are objects of this size beside their text.
_OBJECT_BYTES = 500
_SELECTIONS = 20
"""Tables and ranges of years whose agencies are cached: a set of ids, shared by the pages of a list."""
_RANKINGS = 12
"""Figures and measures whose values are cached to rank agencies: some 100 bytes for each report."""
MOST_OFFERED = 20
"""Reports of a page that a search lists; a page has one to fifteen, a common file name more."""
_MOST_PAGES = 100
"""Pages with one file name whose reports are counted."""
_AGGREGATES = 20_000
"""Sums and medians that are cached for the page, the picture, the file and the API of a request: about 1 KB each."""
MANY_REPORTS = 50_000
"""Reports whose series and sources are cached: about 1 KB each. Reading the series of 12,000 takes three seconds."""


@dataclass(frozen=True, slots=True)
class About:
    """The report that a notice is about, without text and figures."""

    agency: str
    key: str
    agency_name: str | None
    year: int | None
    has_notices: bool
    """Whether the page of the report lists notices."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice with its report, or None if it is about the page as a whole, and the state that a curator gave it."""

    report: About | None
    source: Source
    notice: Notice
    review: NoticeReview | None

    def listed(self) -> ListedNotice:
        about = self.report
        address, name = (f"{about.agency}/{about.key}", about.agency_name) if about else (None, None)
        return ListedNotice(address, name, self.source, self.notice, self.review)


@dataclass(frozen=True, slots=True)
class PageReports:
    """The first of `total` reports that were read from a page: name of the agency, id and key of each."""

    page: str
    total: int
    listed: tuple[tuple[str | None, str, str], ...]


def reports_size(reports: tuple[Report, ...]) -> int:
    """An estimate of the bytes that reports take in memory."""
    sections = [section for report in reports for section in report.sections]
    texts = [paragraph.text for section in sections for paragraph in section.paragraphs]
    cells = sum(len(row) for section in sections for table in section.tables for row in table.rows)
    objects = len(texts) + cells + sum(len(report.figures) for report in reports)
    return 1 + 2 * sum(map(len, texts)) + _OBJECT_BYTES * objects


@dataclass(frozen=True, slots=True)
class CatalogueCache:
    """Values read from the catalogue of one application. Keys hold the revision, so a change is seen at once."""

    reports: SizedCache[tuple[Report, ...]] = field(default_factory=lambda: SizedCache(_REPORT_BYTES, reports_size))
    notices: SizedCache[tuple[Noticed, ...]] = field(default_factory=lambda: SizedCache(1))
    reviews: SizedCache[NoticeReviews] = field(default_factory=lambda: SizedCache(1))
    coverage: SizedCache[tuple[CoverageCell, ...]] = field(default_factory=lambda: SizedCache(1))
    agencies: SizedCache[AgencySearch] = field(default_factory=lambda: SizedCache(1))
    pages: SizedCache[PageNames] = field(default_factory=lambda: SizedCache(1))
    table: SizedCache[AgencyTable] = field(default_factory=lambda: SizedCache(1))
    keys: SizedCache[Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: SizedCache(1))
    counts: SizedCache[ReportCounts] = field(default_factory=lambda: SizedCache(1))
    trees: SizedCache[tuple[DivisionNode, ...]] = field(default_factory=lambda: SizedCache(_TREES))
    values: SizedCache[tuple[ReportValues, ...]] = field(default_factory=lambda: SizedCache(2))
    stated: SizedCache[tuple[StatedValue, ...]] = field(default_factory=lambda: SizedCache(_RANKINGS))
    aggregates: SizedCache[tuple[Aggregate, ...]] = field(
        default_factory=lambda: SizedCache(_AGGREGATES, lambda found: 1 + len(found))
    )
    regions: SizedCache[RegionsOf] = field(default_factory=lambda: SizedCache(1))
    stating: SizedCache[frozenset[str]] = field(default_factory=lambda: SizedCache(_SELECTIONS))
    ocr: SizedCache[bool] = field(default_factory=lambda: SizedCache(1))
    sources: SizedCache[Mapping[str, Source]] = field(
        default_factory=lambda: SizedCache(MANY_REPORTS, lambda known: 1 + len(known))
    )


def install(app: Flask) -> None:
    """Gives the application its cache, and closes what a request opened when it ends."""
    app.extensions["gongkai.catalogue"] = CatalogueCache()
    app.jinja_env.globals["has_ocr"] = has_ocr
    app.teardown_appcontext(_close)


def catalogue() -> Catalogue:
    """The catalogue, open until the request ends."""
    if "catalogue" not in g:
        g.opened = ExitStack()
        g.catalogue = g.opened.enter_context(Catalogue.open(current_app.config["HOME"]))
    opened: Catalogue = g.catalogue
    return opened


def keep_open() -> Callable[[], None]:
    """Keeps what the request opened for a stream, which is read after the request ends; returns what closes it."""
    opened: ExitStack = g.pop("opened", ExitStack())
    g.pop("catalogue", None)
    return opened.close


def revision() -> int:
    """The catalogue's revision, read once a request."""
    if "revision" not in g:
        g.revision = catalogue().revision
    found: int = g.revision
    return found


def report(agency: str, key: str) -> Report | None:
    opened = catalogue()

    def read() -> tuple[Report, ...]:
        found = opened.report(agency, key)
        return (found,) if found else ()

    return next(iter(_cache().reports.get((revision(), "shown", agency, key), read)), None)


def sources(agencies: Collection[str]) -> Mapping[str, Mapping[str, Source]]:
    """The sources of the shown reports of agencies, by agency and key."""
    cache, at = _cache().sources, revision()
    found = {agency: cache.find((at, agency)) for agency in agencies}
    read = defaultdict[str, dict[str, Source]](dict)
    if missing := [agency for agency, known in found.items() if known is None]:
        for (agency, key), source in catalogue().sources(missing).items():
            read[agency][key] = source
        for agency in missing:
            cache.keep((at, agency), read[agency])
    return {agency: read[agency] if known is None else known for agency, known in found.items()}


def versions(agency: str, key: str) -> tuple[Report, ...]:
    """Every version of a report, newest first."""
    opened = catalogue()
    return _cache().reports.get((revision(), "every", agency, key), lambda: opened.versions(agency, key))


def notices() -> tuple[Noticed, ...]:
    """Every notice of the archive."""
    opened, given = catalogue(), reviews()

    def read() -> tuple[Noticed, ...]:
        noted = opened.reports_with_notices()
        return tuple(
            Noticed(
                _about(of, noted) if of else None,
                source,
                notice,
                given.of(report_address(of), source, notice),
            )
            for of, source, notice in opened.notices()
        )

    return _cache().notices.get((revision(), reviews_version()), read)


def reviews() -> NoticeReviews:
    """The states that a curator gave notices; none, and an entry in the log, while the file has a mistake."""

    def read() -> NoticeReviews:
        try:
            return read_reviews(current_app.config["HOME"])
        except GongkaiError as error:
            current_app.logger.error("%s", error.en)
            return NO_REVIEWS

    return _cache().reviews.get(reviews_version(), read)


def reviews_version() -> tuple[int, int]:
    """Modification time and size of the curator's file, read once a request; pages depend on them."""
    if "reviews_version" not in g:
        try:
            found = (current_app.config["HOME"] / REVIEWS_FILE).stat()
            g.reviews_version = found.st_mtime_ns, found.st_size
        except OSError:
            g.reviews_version = 0, 0
    version: tuple[int, int] = g.reviews_version
    return version


def unmatched_reviews() -> tuple[NoticeReview, ...]:
    """The reviews whose notice is gone."""
    matched = {each.review for each in notices()}
    return tuple(each for each in reviews().every if each not in matched)


def page_reports(query: str) -> PageReports | None:
    """The reports of the page whose file name or address the query is; None for any other query."""
    if (name := typed_page(query)) is None:
        return None
    opened = catalogue()
    pages = _cache().pages.get(revision(), lambda: PageNames(opened.pages())).find(name)
    reports = opened.reports_from(pages[:_MOST_PAGES]) if pages else ()
    if not reports:
        return None
    agencies = agency_search().agencies
    listed = ((agencies[agency].name if agency in agencies else None, agency, key) for agency, key in reports)
    return PageReports(name, len(reports), tuple(itertools.islice(listed, MOST_OFFERED)))


def has_ocr() -> bool:
    """Whether OCR read a report of the archive."""
    opened = catalogue()
    return _cache().ocr.get(revision(), lambda: opened.has_notice("ocr_read"))


def coverage(where: AgencyFilter = AgencyFilter()) -> tuple[CoverageCell, ...]:  # noqa: B008 (frozen)
    """The state of every agency and year of the archive, or of the agencies that a filter selects."""
    cells = _cache().coverage.get(revision(), catalogue().coverage)
    if not where:
        return cells
    chosen = {agency.id for agency in agency_table().select(where)}
    return tuple(cell for cell in cells if cell.agency in chosen)


def agency_search() -> AgencySearch:
    """The names of all agencies of the archive."""
    opened = catalogue()
    return _cache().agencies.get(revision(), lambda: AgencySearch(opened.agencies()))


def agency_table() -> AgencyTable:
    """The agencies of the archive with their regions."""
    return _cache().table.get(revision(), lambda: AgencyTable(agency_search().agencies.values()))


def report_counts() -> ReportCounts:
    """The reports by agency and year, and those that were added last."""
    opened = catalogue()
    return _cache().counts.get(revision(), lambda: opened.report_counts(_NEWEST))


def report_keys() -> Mapping[str, tuple[str, ...]]:
    """The keys of the reports of all agencies that have any."""
    opened = catalogue()
    return _cache().keys.get(revision(), opened.keys_by_agency)


def divisions(level: str | None = None, kind: str | None = None) -> tuple[DivisionNode, ...]:
    """The divisions of the agencies of a level and a kind, with counts of agencies and reports."""
    table, spans = agency_table(), report_counts().spans

    def count() -> tuple[DivisionNode, ...]:
        reports = {agency: span.reports for agency, span in spans.items()}
        return division_tree(table.select(AgencyFilter(None, level, kind)), table.regions, reports)

    return _cache().trees.get((revision(), level, kind), count)


def aggregates(asked: AggregateRequest) -> tuple[Aggregate, ...]:
    """The aggregates of a request, cached."""
    return _cache().aggregates.get((revision(), asked), lambda: _aggregates(asked))


def _aggregates(asked: AggregateRequest) -> tuple[Aggregate, ...]:
    """The aggregates of a request from values; those of the usual figures, and of the last request, are cached."""
    opened, agencies, cached = catalogue(), agency_search().agencies, _cache().values
    regions = _cache().regions.get(revision(), lambda: region_lookup(agencies))
    names = asked.names if {*asked.names} - {*usual_figures()} else usual_figures()
    values = cached.find((revision(), names)) if asked.ocr else None
    if values is None:
        is_part = asked.agencies or asked.where or asked.first or asked.last or not asked.ocr
        if is_part or report_counts().total > MANY_REPORTS:
            return opened.aggregates(asked, agencies)
        rows = [row_of(name) for name in names]
        values = cached.get((revision(), names), lambda: with_shared_figures(opened.values(FigureSelection(), rows)))
    return aggregate(values, asked, agencies, regions)


def values_to_rank(figure: Measure | Name, year: int | None = None, *, ocr: bool = True) -> tuple[StatedValue, ...]:
    """The value of a figure or measure in each report, by agency and key; of many reports only those of a year.

    Without `ocr` no figure that OCR read.
    """
    year = year if report_counts().total > MANY_REPORTS else None
    opened, rows, wanted = catalogue(), [*map(row_of, _names(figure))], _measure(figure)
    selection = FigureSelection(first=year, last=year, ocr=ocr)
    return _cache().stated.get(
        (revision(), figure, year, ocr), lambda: tuple(stated_values(opened.values(selection, rows), wanted))
    )


def years_to_rank(figure: Measure | Name, agencies: Collection[str] | None, *, ocr: bool = True) -> frozenset[int]:
    """The years in which a report of the agencies has a value; None are all agencies. `ocr` as in `values_to_rank`."""
    if report_counts().total > MANY_REPORTS:
        if agencies is not None and not agencies:  # an empty selection would select all
            return frozenset()
        selection, wanted = FigureSelection(tuple(agencies or ()), ocr=ocr), _measure(figure)
        return catalogue().years(
            selection, [*map(row_of, _names(figure))], lambda report: value_of(report, wanted) is not None
        )
    found = (each for each in values_to_rank(figure, ocr=ocr) if each.value is not None)
    return frozenset(each.year for each in found if each.year and (agencies is None or each.agency in agencies))


def agencies_stating(tables: tuple[str, ...], first: int | None, last: int | None) -> frozenset[str]:
    """The ids of the agencies that have figures of tables in a report with a year in a range."""
    opened = catalogue()
    key = revision(), frozenset(tables), first, last
    return _cache().stating.get(key, lambda: opened.agencies_stating(tables, first, last))


def jobs() -> JobList | None:
    """The queue of files to read, which is in PostgreSQL; None if the catalogue is a file."""
    if database_url() is None:
        return None
    with job_connection(current_app.config["HOME"]) as connection:
        return list_jobs(connection)


def index() -> Engine:
    """Returns the published generation of the index. A page calls this once, so that its parts agree.

    Raises:
        IndexMissing: if there is no index, or one of another version.
    """
    return open_index(current_app.config["HOME"])


def _about(report: ReportSummary, noted: frozenset[tuple[str, str]]) -> About:
    name = report.agency_name or report.agency_as_printed
    return About(report.agency, report.key, name, report.year, (report.agency, report.key) in noted)


def _names(figure: Measure | Name) -> tuple[Name, ...]:
    return figures_of(figure) if isinstance(figure, Measure) else (figure,)


def _measure(figure: Measure | Name) -> Measure | None:
    return figure if isinstance(figure, Measure) else None


def _cache() -> CatalogueCache:
    cache: CatalogueCache = current_app.extensions["gongkai.catalogue"]
    return cache


def _close(_error: BaseException | None) -> None:
    for name in (
        "catalogue",
        "revision",
        "reviews_version",
    ):  # an answer that is streamed comes back after this and opens its own
        g.pop(name, None)
    if (opened := g.pop("opened", None)) is not None:
        opened.close()
