"""Stores readings in SQLite or PostgreSQL, and the captured pages in files named by their SHA-256.

Pages are added in transactions: a kill leaves the state before one or the state after it. A report is stored as
one JSON document, and its figures and notices also as rows of tables of their own (`figures_table`).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from archive.agencies.name_history import joined_names, name_texts, names_seen
from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import UNKNOWN, brings_names, resolve_agencies
from archive.analysis.aggregates import Aggregate, AggregateRequest, aggregate, grouping
from archive.analysis.computed import ComputedRow, ReportValues, row_of
from archive.analysis.coverage import CoverageCell, cells
from archive.analysis.year_over_year import compared_figures, year_over_year_notices
from archive.errors import DamagedRecord, InvalidRequest
from archive.model import Agency, Notice, Reading, Report, ReportSummary, Source
from archive.store import page_records, schema
from archive.store.blobs.blob_store import BlobStore
from archive.store.blobs.location import originals_of
from archive.store.computed_figures import (
    count_figures,
    count_summaries,
    select_values,
    select_with_computed,
    select_years,
)
from archive.store.connection import connect
from archive.store.dialects.registry import dialect_of
from archive.store.figures_table import (
    FigureSelection,
    agency_columns,
    batches,
    delete_reports,
    in_years,
    insert_report,
    report_rows,
    select_figures,
    select_notices,
    select_stating,
    shown,
)
from archive.store.listing import ListedReport
from archive.store.page_records import Outcome, decode, select_rows
from archive.store.report_counts import ReportCounts, count_reports
from archive.store.row_hash import is_whole, with_hash
from archive.store.serialization import damaged_report, digest, dump, load_agency, load_report, load_source

Outcomes = tuple[tuple[Report, Outcome], ...]
"""The reports of a page, each with what became of it."""


class Catalogue:
    """What the archive holds. Open it with `Catalogue.open(home)` in a `with` statement."""

    def __init__(self, connection: sa.Connection, originals: BlobStore) -> None:
        self._connection = connection
        self._originals = originals
        self._dialect = dialect_of(connection)
        self._is_writing = self._is_alone = False
        self._register: tuple[int, AgencyRegistry] | None = None  # with the version that it is of

    @classmethod
    @contextmanager
    def open(cls, home: Path) -> Iterator[Catalogue]:
        """The catalogue of a home, made where there is none yet.

        Raises:
            GongkaiError: as `archive.store.connection.connect`.
        """
        with connect(home) as connection:
            yield cls(connection, originals_of(home))

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        # a row for each of the writers of PostgreSQL that have written at the same time
        return int(self._connection.execute(sa.select(sa.func.sum(schema.state.c.revision))).scalar_one())

    def add(self, reading: Reading, original: bytes) -> Outcomes:
        """Keeps what one page says, and the page; what became of each report, in page order.

        A report already held with the same text is `unchanged`, one whose text differs a `new_version`, and one of a
        page that was read otherwise before is `reread`.
        """
        self._originals.keep(reading.source.sha256, original)
        with self.writing():
            return self._add(reading)

    @property
    def pages_at_once(self) -> int:
        """The number of pages to pass to `add_parsed`: other writers wait for a batch in SQLite only."""
        return _PAGES_AT_ONCE if self._dialect.writes_side_by_side else 1

    def add_parsed(self, pages: Sequence[tuple[Reading, bytes]]) -> list[tuple[Reading, Outcomes]]:
        """Resolves the agencies of pages that were parsed, and keeps the pages in one transaction.

        On PostgreSQL, several processes do so at the same time.
        """
        if not pages:
            return []
        for reading, original in pages:
            self._originals.keep(reading.source.sha256, original)
        parsed = [reading for reading, _ in pages]
        if self._dialect.writes_side_by_side and not self._is_writing:
            for _ in range(_ATTEMPTS):
                if (added := self._add_beside_others(parsed)) is not None:
                    return added
                self._add_names(parsed)
        with self.writing():
            return self._add_resolved(resolve_agencies(reading, self.register()) for reading in parsed)

    def _add_beside_others(self, parsed: Sequence[Reading]) -> list[tuple[Reading, Outcomes]] | None:
        """Adds pages unless one has a new name, beside writers of other pages and agencies."""
        with self._transaction(self._dialect.lock_shared, alone=False):
            register = self.register()
            if any(brings_names(reading, register) for reading in parsed):
                return None
            resolved = [resolve_agencies(reading, register) for reading in parsed]
            self._dialect.lock_names(self._connection, _written(resolved))
            return self._add_resolved(resolved)

    def _add_names(self, parsed: Sequence[Reading]) -> None:
        """Adds the new agencies and names of pages, so that other processes know them before the pages are added."""
        with self._transaction(self._dialect.lock_shared, alone=False):
            self._dialect.lock_register(self._connection)
            register = self.register()
            resolved = [resolve_agencies(reading, register) for reading in parsed if brings_names(reading, register)]
            self._dialect.lock_names(self._connection, _written(resolved))
            for reading in resolved:
                if self._keep_agencies(reading):
                    self._dialect.increase_revision(self._connection)
            self._register = self._register_version(), register

    def _add_resolved(self, readings: Iterable[Reading]) -> list[tuple[Reading, Outcomes]]:
        return [(reading, self._add(reading)) for reading in readings]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that locks writing from its start, so that two writers wait for each other.

        What is looked up in it is still true when it writes. A transaction within it is a part of it.
        """
        with self._transaction(self._dialect.lock, alone=True):
            yield

    @contextmanager
    def _transaction(self, lock: Callable[[sa.Connection], None], *, alone: bool) -> Iterator[None]:
        if self._is_writing:
            yield
            return
        with schema.writing(self._connection, lock):
            self._is_writing, self._is_alone = True, alone
            try:
                yield
            except BaseException:
                self._register = None  # it may hold what was not kept
                raise
            finally:
                self._is_writing = False

    def _add(self, reading: Reading) -> Outcomes:
        try:
            return self._write(reading)
        except UnicodeEncodeError as error:
            raise page_records.not_text(reading.source) from error

    def _write(self, reading: Reading) -> Outcomes:
        sha256, version = reading.source.sha256, self._register_version()
        before = select_rows(self._connection, schema.reports.c.sha256 == sha256)
        documents = [dump(report) for report in reading.reports]
        # a report that another page had already has no row of this page
        held = {row.position for row in before}
        reread = not all(
            row.position < len(documents) and page_records.is_written(self._connection, row, reading, documents)
            for row in before
        )
        changed = page_records.keep_source(self._connection, reading) | self._keep_agencies(reading) | reread
        if reread:
            delete_reports(self._connection, sha256)
        for other in page_records.misplaced(self._connection, reading):
            delete_reports(self._connection, other)
            changed = True
        capture = before[0].capture if before else self._dialect.next_capture(self._connection)
        outcomes: list[tuple[Report, Outcome]] = []
        for position, (report, document) in enumerate(zip(reading.reports, documents, strict=True)):
            outcome = (
                "reread"
                if reread
                else "unchanged"
                if position in held
                else page_records.new_outcome(self._connection, report)
            )
            outcomes.append((report, outcome))
            if outcome != "unchanged":
                changed = True
                insert_report(self._connection, report, document, capture, position)
        if changed:
            self._dialect.increase_revision(self._connection)
            if self._is_alone and self._register and self._register[0] == version:
                self._register = self._register_version(), self._register[1]
        return tuple(outcomes)

    def join(self, earlier: Agency, later: Agency, from_year: int) -> Agency:
        """Says that two agencies are one, which took the later one's names in that year; what has become of it.

        The earlier id stays, the later one redirects to it permanently, and its reports move over.

        Raises:
            GongkaiError: for an agency joined with itself.
        """
        if earlier.id == later.id:
            raise InvalidRequest(
                f"{earlier.name}和它自己已经是同一个机关。", f"{earlier.name} is one agency with itself already."
            )
        joined = joined_names(earlier, later, from_year)
        with self.writing():
            for row in select_rows(self._connection, schema.reports.c.agency == later.id):
                moved = replace(decode(row), agency=joined.id, agency_name=joined.name)
                values = with_hash(schema.reports, {**row._asdict(), **agency_columns(moved, dump(moved))})
                self._connection.execute(schema.reports.update().where(schema.reports.c.id == row.id).values(values))
            self._connection.execute(schema.agencies.delete().where(schema.agencies.c.id.in_([earlier.id, later.id])))
            self._connection.execute(schema.agencies.insert().values(page_records.agency_row(joined)))
            self._connection.execute(
                schema.joins.update().where(schema.joins.c.agency == later.id).values(agency=joined.id)
            )
            self._connection.execute(schema.joins.insert().values(former=later.id, agency=joined.id))
            self._dialect.increase_revision(self._connection)
            self._dialect.record_register_change(self._connection, None)
        return joined

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

    def count_figures(self, selection: FigureSelection) -> int:
        """The number of figures of the reports that `computed_figures` yields."""
        return count_figures(self._connection, selection)

    def values(self, selection: FigureSelection, wanted: Sequence[ComputedRow]) -> Iterator[ReportValues]:
        """Yields the shown reports of the agencies and years of a selection with the rows that are wanted."""
        return select_values(self._connection, selection, wanted)

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
        selection = FigureSelection(request.agencies, request.first, request.last)
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

    def report(self, agency: str, key: str) -> Report | None:
        """The report shown for an agency and a year (or `undated-…`)."""
        found = (
            (schema.reports.c.agency == self._present(agency))
            & (schema.reports.c.key == key)
            & schema.reports.c.duplicate.is_(False)
        )
        rows = select_rows(self._connection, found)
        return decode(rows[0]) if rows else None

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
        return {agency: tuple(dict.fromkeys(row.key for row in group)) for agency, group in grouped}

    def agencies(self) -> tuple[Agency, ...]:
        """Every agency, by id, each name with the report years in which it was seen."""
        rows = self._connection.execute(sa.select(schema.agencies).order_by(schema.agencies.c.id))
        return tuple(load_agency(row.document, row.digest, row.id) for row in rows)

    def register(self) -> AgencyRegistry:
        """The agencies, found by their names: read once, and again after another process has changed them."""
        version = self._register_version()
        held, register = self._register or (None, AgencyRegistry())
        if held != version:
            changed = None if held is None else self._dialect.changed_agencies(self._connection, held)
            if changed is None:
                register = AgencyRegistry(self.agencies())
            for agency in changed or ():
                if found := self.agency(agency):
                    register.add(found)
            self._register = version, register
        return register

    def agency(self, agency: str) -> Agency | None:
        """One agency by its id; a former id leads to the agency that it was joined with."""
        found = sa.select(schema.agencies).where(schema.agencies.c.id == self._present(agency))
        row = self._connection.execute(found).one_or_none()
        return load_agency(row.document, row.digest, row.id) if row else None

    def coverage(self) -> tuple[CoverageCell, ...]:
        """The state of each agency's reports, year by year (see `archive.analysis.coverage`)."""
        rows = report_rows(self._connection, sa.select(schema.reports))
        return cells((row.agency, row.year, row.state, row.duplicate) for row in rows if row.year is not None)

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
            for _, reports in groupby(self.figures(_compared()), key=lambda report: report.agency)
        )
        for report, notice in itertools.chain(select_notices(self._connection), across_years):
            found.append((report, sources[report.sha256], notice))
        return tuple(found)

    def reports_with_notices(self) -> frozenset[tuple[str, str]]:
        """Agency and key of each report whose shown version has notices."""
        query = sa.select(schema.reports).where(schema.reports.c.id.in_(sa.select(schema.notices.c.report)), shown())
        return frozenset((row.agency, row.key) for row in report_rows(self._connection, query))

    def agencies_stating(self, tables: Collection[str], first: int | None, last: int | None) -> frozenset[str]:
        """The ids of the agencies that have figures of tables in a shown report with a year in a range."""
        return select_stating(self._connection, tables, in_years(FigureSelection(first=first, last=last)))

    def breaks(self, agency: str) -> tuple[tuple[ReportSummary, Notice], ...]:
        """The reports of an agency that do not follow from the year before, each with a notice."""
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

    def restore_original(self, sha256: str, original: bytes) -> bool:
        """Replaces the damaged or missing original of a page in the catalogue; whether there was one to replace."""
        is_held = sa.select(schema.sources.c.sha256).where(schema.sources.c.sha256 == sha256)
        if self._connection.execute(is_held).one_or_none() is None:
            return False
        return self._originals.keep(sha256, original) != "whole"

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

    def _register_version(self) -> int:
        return self._dialect.register_version(self._connection)

    def _keep_agencies(self, reading: Reading) -> bool:
        changed = False
        for agency in reading.agencies:
            held = self.agency(agency.id)
            merged = names_seen(held or agency, reading)
            if merged != held:
                changed = True
                self._connection.execute(schema.agencies.delete().where(schema.agencies.c.id == agency.id))
                self._connection.execute(schema.agencies.insert().values(page_records.agency_row(merged)))
                if held is None or name_texts(held) != name_texts(merged):
                    self._dialect.record_register_change(self._connection, agency.id)
                if self._register:
                    self._register[1].add(merged)
        return changed


def _written(readings: Sequence[Reading]) -> set[str]:
    """Returns names of the pages and agencies of which these readings change records."""
    names = {reading.source.sha256 for reading in readings}
    names |= {agency.id for reading in readings for agency in reading.agencies}
    # reports without an agency do not wait for each other
    reports = (report for reading in readings for report in reading.reports)
    return names | {report.key if report.agency == UNKNOWN else report.agency for report in reports}


_PAGES_AT_ONCE = 50
_ATTEMPTS = 3
"""After which a batch of pages is added while no other process writes."""
# Documents that a listing holds in memory.
_LISTED_AT_ONCE = 100


def _compared() -> FigureSelection:
    """The figures that the identities across years use, and few others."""
    tables, rows, columns = zip(*(name.split(".") for name in sorted(compared_figures())), strict=True)
    return FigureSelection(tables=tuple({*tables}), rows=tuple({*rows}), columns=tuple({*columns}))
