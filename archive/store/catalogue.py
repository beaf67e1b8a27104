"""Stores readings in SQLite or PostgreSQL, and the captured pages in files named by their SHA-256.

Pages are added in transactions: a kill leaves the state before one or the state after it. A report is stored as
one JSON document, and its figures and notices also as rows of tables of their own (`figures_table`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from archive.agencies.decisions import renamed, without_agency
from archive.agencies.name_history import joined_names, name_texts, names_seen
from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import brings_names, resolve_agencies
from archive.errors import InvalidRequest
from archive.model import UNKNOWN_AGENCY, Agency, Reading, Report
from archive.store import page_records, schema
from archive.store.blobs.blob_store import BlobStore
from archive.store.blobs.location import originals_of
from archive.store.catalogue_reader import CatalogueReader
from archive.store.connection import connect, require_home
from archive.store.dialects.registry import dialect_of
from archive.store.figures_table import (
    agency_columns,
    delete_reports,
    insert_report,
)
from archive.store.page_records import Outcome, decode, select_rows
from archive.store.row_hash import with_hash
from archive.store.serialization import dump

Outcomes = tuple[tuple[Report, Outcome], ...]
"""The reports of a page, each with what became of it."""


class Catalogue(CatalogueReader):
    """What the archive holds. Open it with `Catalogue.open(home)` in a `with` statement."""

    def __init__(self, connection: sa.Connection, originals: BlobStore) -> None:
        super().__init__(connection, originals)
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

    @classmethod
    def open_existing(cls, home: Path) -> AbstractContextManager[Catalogue]:
        """The catalogue of a home for those who only read it.

        Raises:
            UnusableHome: there is no such folder.
            GongkaiError: as `archive.store.connection.connect`.
        """
        require_home(home)
        return cls.open(home)

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

    def add_parsed(
        self, pages: Sequence[tuple[Reading, bytes]], on_restored: Callable[[str], None] | None = None
    ) -> list[tuple[Reading, Outcomes]]:
        """Resolves the agencies of pages that were parsed, and keeps the pages in one transaction.

        On PostgreSQL, several processes do so at the same time. `on_restored` is called with the hash of each page in
        the catalogue whose original was damaged or gone, and is replaced.
        """
        if not pages:
            return []
        restored = self.keep_originals([(reading.source.sha256, original) for reading, original in pages])
        if on_restored:
            for sha256 in restored:
                on_restored(sha256)
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
        if reread:
            page_records.record_moves(self._connection, before, reading.reports)
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
            self._move(later, joined, lambda report: replace(report, agency=joined.id, agency_name=joined.name))
        return joined

    def reassign(self, former: Agency, agency: Agency | None) -> None:
        """Moves the reports of an agency to another one, to which its id redirects, or to no agency."""

        def moved(report: Report) -> Report:
            if agency is None:
                return replace(without_agency(report), agency=UNKNOWN_AGENCY, agency_name=None, agency_basis="unknown")
            return replace(renamed(report, agency.name), agency=agency.id)

        with self.writing():
            self._move(former, agency, moved)

    def _move(self, former: Agency, agency: Agency | None, change: Callable[[Report], Report]) -> None:
        """Changes the reports of an agency, and deletes it unless it is the other one under a new name."""
        for row in select_rows(self._connection, schema.reports.c.agency == former.id):
            moved = change(decode(row))
            values = with_hash(schema.reports, {**row._asdict(), **agency_columns(moved, dump(moved))})
            self._connection.execute(schema.reports.update().where(schema.reports.c.id == row.id).values(values))
        ids = [former.id, *([agency.id] if agency else [])]
        joins, redirects = schema.joins, schema.joins.c.agency == former.id
        self._connection.execute(schema.agencies.delete().where(schema.agencies.c.id.in_(ids)))
        if agency is None:
            self._connection.execute(joins.delete().where(redirects))
        else:
            self._connection.execute(schema.agencies.insert().values(page_records.agency_row(agency)))
            if agency.id != former.id:
                self._connection.execute(joins.update().where(redirects).values(agency=agency.id))
                self._connection.execute(joins.insert().values(former=former.id, agency=agency.id))
        page_records.move_records(self._connection, former.id, agency.id if agency else None)
        self._dialect.increase_revision(self._connection)
        self._dialect.record_register_change(self._connection, None)

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

    def keep_originals(self, pages: Sequence[tuple[str, bytes]]) -> list[str]:
        """Keeps pages as captured, before the transaction that adds them: an object store can be slow.

        Returns the hashes of the pages in the catalogue whose original was damaged or missing.
        """
        written = [sha256 for sha256, original in pages if self._originals.keep(sha256, original) != "whole"]
        if not written:
            return []
        c = schema.sources.c
        held = {*self._connection.execute(sa.select(c.sha256).where(c.sha256.in_(written))).scalars()}
        if not self._is_writing:
            self._connection.rollback()  # the query has begun a transaction
        return [sha256 for sha256 in written if sha256 in held]

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
    return names | {report.key if report.agency == UNKNOWN_AGENCY else report.agency for report in reports}


_PAGES_AT_ONCE = 50
_ATTEMPTS = 3
"""After which a batch of pages is added while no other process writes."""
