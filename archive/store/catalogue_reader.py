"""Reads a catalogue: reports, figures, notices, agencies and originals."""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from archive.analysis.aggregates import Aggregate, AggregateRequest, aggregate, grouping
from archive.analysis.computed import ComputedRow, ReportValues, row_of
from archive.analysis.coverage import CoverageCell, cells
from archive.analysis.year_over_year import compared_figures, year_over_year_notices
from archive.errors import DamagedRecord
from archive.model import UNKNOWN_AGENCY, Agency, Notice, Report, ReportSummary, Source
from archive.store import schema
from archive.store.blobs.blob_store import BlobStore
from archive.store.computed_figures import (
    count_figures,
    count_summaries,
    select_values,
    select_with_computed,
    select_years,
)
from archive.store.figures_table import (
    FigureSelection,
    batches,
    in_years,
    report_rows,
    select_figures,
    select_notices,
    select_stating,
    shown,
)
from archive.store.listing import ListedReport
from archive.store.page_records import decode, moved_to, select_rows
from archive.store.report_counts import ReportCounts, count_reports
from archive.store.row_hash import is_whole
from archive.store.serialization import damaged_report, digest, load_agency, load_report, load_source

_P = ParamSpec("_P")
_R = TypeVar("_R")
# Documents that a listing holds in memory.
_LISTED_AT_ONCE = 100


def _of_one_state(
    read: Callable[Concatenate[CatalogueReader, _P], _R],
) -> Callable[Concatenate[CatalogueReader, _P], _R]:
    """Makes the queries of a method read the same state, whatever other processes write in between."""

    @functools.wraps(read)
    def in_snapshot(self: CatalogueReader, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with schema.snapshot(self._connection):
            return read(self, *args, **kwargs)

    return in_snapshot


class CatalogueReader:
    """What the archive holds. Each method reads one state; one that yields reports, the state at each report."""

    def __init__(self, connection: sa.Connection, originals: BlobStore) -> None:
        self._connection = connection
        self._originals = originals

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        # a row for each of the writers of PostgreSQL that have written at the same time
        return int(self._connection.execute(sa.select(sa.func.sum(schema.state.c.revision))).scalar_one())

    def shown(self) -> Iterator[Report]:
        """Each report once: the newest version, the first copy; agencies in order, years ascending."""
        return (each.read() for each in self.listed())

    def listed(self, on_damage: Callable[[DamagedRecord], None] | None = None) -> Iterator[ListedReport]:
        """The same reports, not decoded, fetched in batches.

        Damaged reports are left out and passed to `on_damage`; without it, reading them raises `DamagedRecord`.
        """
        c, last = schema.reports.c, ("", "")
        while True:
            batch = self._connection.execute(
                sa.select(schema.reports)
                .where(shown(), sa.tuple_(c.agency, c.key) > last)
                .order_by(c.agency, c.key)
                .limit(_LISTED_AT_ONCE)
            ).all()
            for row in batch:
                address = f"{row.agency}/{row.key}"
                expected = row.digest if is_whole(schema.reports, row._asdict()) else ""
                if on_damage and digest(row.document) != expected:
                    on_damage(damaged_report(address))
                    continue
                yield ListedReport(address, row.digest, functools.partial(load_report, row.document, expected, address))
            if len(batch) < _LISTED_AT_ONCE:
                return
            last = (batch[-1].agency, batch[-1].key)

    def figures(self, selection: FigureSelection = FigureSelection()) -> Iterator[ReportSummary]:  # noqa: B008 (frozen)
        """Yields the shown reports of a selection with the selected figures, decoding no document."""
        return select_figures(self._connection, selection)

    def computed_figures(self, selection: FigureSelection = FigureSelection()) -> Iterator[ReportSummary]:  # noqa: B008
        """Yields the same reports with the computed rows of the selection behind their figures."""
        return select_with_computed(self._connection, selection)

    def count_summaries(self, selection: FigureSelection) -> int:
        """The number of reports that `figures` yields."""
        return count_summaries(self._connection, selection)

    @_of_one_state
    def count_figures(self, selection: FigureSelection) -> int:
        """The number of figures of the reports that `computed_figures` yields."""
        return count_figures(self._connection, selection)

    def values(self, selection: FigureSelection, wanted: Sequence[ComputedRow]) -> Iterator[ReportValues]:
        """Yields the shown reports of the agencies and years of a selection with the rows that are wanted."""
        return select_values(self._connection, selection, wanted)

    @_of_one_state
    def years(
        self, selection: FigureSelection, wanted: Sequence[ComputedRow], is_stating: Callable[[ReportValues], object]
    ) -> frozenset[int]:
        """The years in which any report of `values` passes a test, reading few reports of most years."""
        return select_years(self._connection, selection, wanted, is_stating)

    def aggregates(
        self, request: AggregateRequest, agencies: Mapping[str, Agency] | None = None
    ) -> tuple[Aggregate, ...]:
        """Sums, medians and quartiles of figures by year and group, decoding no document.

        `agencies` are all agencies by id, if they are known.
        """
        agencies = {agency.id: agency for agency in self.agencies()} if agencies is None else agencies
        selection = FigureSelection(request.agencies, request.first, request.last, ocr=request.ocr)
        rows = [row_of(name) for name in request.names]
        is_selected = grouping(request, agencies) if request.where else None
        return aggregate(select_values(self._connection, selection, rows, is_selected), request, agencies)

    def count(self) -> int:
        """The number of shown reports, for progress; `listed` compares rows with their hashes."""
        query = sa.select(sa.func.count()).select_from(schema.reports).where(shown())
        return int(self._connection.execute(query).scalar_one())

    def duplicates(self) -> int:
        """The number of reports that are a later copy on their page, which are kept and not shown.

        A damaged row is counted, too, so that `gongkai index` goes on; `listed` names it.
        """
        c = schema.reports.c
        copies = sa.select(c.agency, c.key).where(c.duplicate.is_(True)).distinct().subquery()
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(copies)).scalar_one())

    def report_counts(self, newest: int) -> ReportCounts:
        """Counts the shown reports by agency and year, and lists the `newest` ones that were added last."""
        return count_reports(self._connection, newest)

    @_of_one_state
    def sources(self, agencies: Collection[str]) -> Mapping[tuple[str, str], Source]:
        """The sources of the shown reports of agencies, by agency and key, decoding no report."""
        pages: dict[tuple[str, str], str] = {}
        for named in batches(tuple(agencies)):
            query = sa.select(schema.reports).where(schema.reports.c.agency.in_(named), shown())
            pages |= {(row.agency, row.key): row.sha256 for row in report_rows(self._connection, query)}
        sources: dict[str, Source] = {}
        for hashes in batches([*{*pages.values()}]):
            query = sa.select(schema.sources).where(schema.sources.c.sha256.in_(hashes))
            for row in self._connection.execute(query).all():
                sources[row.sha256], _ = load_source(row.source, row.notices, row.digest, row.sha256)
        return {address: sources[sha256] for address, sha256 in pages.items() if sha256 in sources}

    def pages(self) -> tuple[Source, ...]:
        """The source of every page that was added, by hash."""
        rows = self._connection.execute(sa.select(schema.sources).order_by(schema.sources.c.sha256))
        return tuple(load_source(row.source, row.notices, row.digest, row.sha256)[0] for row in rows)

    def reports_from(self, pages: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Agency and key of each report that was read from pages with these hashes, in order."""
        query = sa.select(schema.reports).where(schema.reports.c.sha256.in_(pages))
        return tuple(sorted({(row.agency, row.key) for row in report_rows(self._connection, query)}))

    @_of_one_state
    def report(self, agency: str, key: str) -> Report | None:
        """The report shown for an agency and a year (or `undated-…`).

        Of unknown agencies, the last one that was added on a year: earlier versions of the program showed that one.
        """
        c = schema.reports.c
        named = c.key.startswith(f"{key}-") if agency == UNKNOWN_AGENCY and key.isdecimal() else c.key == key
        found = (c.agency == self._present(agency)) & named & c.duplicate.is_(False)
        rows = select_rows(self._connection, found)
        return decode(rows[0]) if rows else None

    @_of_one_state
    def moved(self, agency: str, key: str) -> Report | None:
        """The report that had an address until its page was read again, None if there was none or it is gone."""
        for asked in dict.fromkeys((agency, self._present(agency))):
            for address in moved_to(self._connection, f"{asked}/{key}"):
                if found := self.report(*address):
                    return found
        return None

    @_of_one_state
    def keys(self, agency: str) -> tuple[str, ...]:
        """The last parts of the addresses of an agency's reports, in order."""
        c = schema.reports.c
        query = sa.select(schema.reports).where(c.agency == self._present(agency)).order_by(c.key)
        return tuple(dict.fromkeys(row.key for row in report_rows(self._connection, query)))

    def keys_by_agency(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the reports of all agencies that have any, as `keys` gives those of one."""
        c = schema.reports.c
        rows = report_rows(self._connection, sa.select(schema.reports).order_by(c.agency, c.key))
        grouped = groupby(rows, key=lambda row: row.agency)
        return {agency: tuple(dict.fromkeys(sys.intern(row.key) for row in group)) for agency, group in grouped}

    def agencies(self) -> tuple[Agency, ...]:
        """Every agency, by id, each name with the report years in which it was seen."""
        rows = self._connection.execute(sa.select(schema.agencies).order_by(schema.agencies.c.id))
        return tuple(load_agency(row.document, row.digest, row.id) for row in rows)

    @_of_one_state
    def agency(self, agency: str) -> Agency | None:
        """One agency by its id; a former id leads to the agency that it was joined with."""
        found = sa.select(schema.agencies).where(schema.agencies.c.id == self._present(agency))
        row = self._connection.execute(found).one_or_none()
        return load_agency(row.document, row.digest, row.id) if row else None

    def coverage(self) -> tuple[CoverageCell, ...]:
        """The state of each agency's reports, year by year (see `archive.analysis.coverage`)."""
        rows = report_rows(self._connection, sa.select(schema.reports))
        return cells((row.agency, row.year, row.state, row.duplicate) for row in rows if row.year is not None)

    @_of_one_state
    def notices(self) -> tuple[tuple[ReportSummary | None, Source, Notice], ...]:
        """All notices: on pages as a whole (without a report), on each report, and on consecutive reports."""
        found: list[tuple[ReportSummary | None, Source, Notice]] = []
        sources: dict[str, Source] = {}
        for row in self._connection.execute(sa.select(schema.sources).order_by(schema.sources.c.sha256)):
            source, on_page = load_source(row.source, row.notices, row.digest, row.sha256)
            sources[row.sha256] = source
            found += [(None, source, notice) for notice in on_page]
        across_years = itertools.chain.from_iterable(
            year_over_year_notices(list(reports))
            for agency, reports in groupby(self.figures(_compared()), key=lambda report: report.agency)
            if agency != UNKNOWN_AGENCY
        )
        for report, notice in itertools.chain(select_notices(self._connection), across_years):
            found.append((report, sources[report.sha256], notice))
        return tuple(found)

    def reports_with_notices(self) -> frozenset[tuple[str, str]]:
        """Agency and key of each report whose shown version has notices."""
        query = sa.select(schema.reports).where(schema.reports.c.id.in_(sa.select(schema.notices.c.report)), shown())
        return frozenset((row.agency, row.key) for row in report_rows(self._connection, query))

    def has_notice(self, code: str) -> bool:
        """Whether a report, of any version, has a notice of a code."""
        query = sa.select(sa.exists().where(schema.notices.c.code == code))
        return bool(self._connection.execute(query).scalar())

    @_of_one_state
    def agencies_stating(self, tables: Collection[str], first: int | None, last: int | None) -> frozenset[str]:
        """The ids of the agencies that have figures of tables in a shown report with a year in a range."""
        return select_stating(self._connection, tables, in_years(FigureSelection(first=first, last=last)))

    @_of_one_state
    def breaks(self, agency: str) -> tuple[tuple[ReportSummary, Notice], ...]:
        """The reports of an agency that do not follow from the year before, each with a notice."""
        if agency == UNKNOWN_AGENCY:
            return ()
        selection = replace(_compared(), agencies=(self._present(agency),))
        return tuple(year_over_year_notices(list(self.figures(selection))))

    def reports_on_page(self, sha256: str) -> int:
        """The number of reports read from a page, repeated ones included."""
        query = sa.select(schema.reports).where(schema.reports.c.sha256 == sha256)
        return sum(1 for _ in report_rows(self._connection, query))

    def original(self, sha256: str) -> bytes:
        """The page as captured.

        Raises:
            DamagedOriginal: if the file is gone, or its content is not the page with that hash.
        """
        return self._originals.read(sha256)

    def check_original(self, sha256: str) -> None:
        """Reads a page that is going to be cited; raises as `original`."""
        self._originals.check(sha256)

    @_of_one_state
    def versions(self, agency: str, key: str) -> tuple[Report, ...]:
        """Every version of a report that was captured, newest first; a second printing on one page is none."""
        found = (
            (schema.reports.c.agency == self._present(agency))
            & (schema.reports.c.key == key)
            & schema.reports.c.duplicate.is_(False)
        )
        newest: dict[str, Report] = {}
        for row in select_rows(self._connection, found):
            newest.setdefault(row.fingerprint, decode(row))
        return tuple(newest.values())

    def kept_at(self, sha256: str) -> datetime:
        """When a page was first kept: the time of its file.

        Raises:
            DamagedOriginal: if the file is gone.
        """
        return self._originals.kept_at(sha256)

    def _present(self, agency: str) -> str:
        """The id that an id leads to: itself, unless it was joined with another."""
        found = sa.select(schema.joins.c.agency).where(schema.joins.c.former == agency)
        return self._connection.execute(found).scalar_one_or_none() or agency


def _compared() -> FigureSelection:
    """The figures that the identities across years use, and few others."""
    tables, rows, columns = zip(*(name.split(".") for name in sorted(compared_figures())), strict=True)
    return FigureSelection(tables=tuple({*tables}), rows=tuple({*rows}), columns=tuple({*columns}))
