"""The catalogue: what has been read, in SQLite, and the originals, in files named by their SHA-256.

Every page is added in one transaction: a kill leaves the state before it or the state after it. A report is kept as
one document beside the columns by which it is found; what nobody asks SQL for needs no table.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from archive.document import dump, load
from archive.errors import GongkaiError
from archive.home import own_home
from archive.model import Agency, Name, Notice, Reading, Report, Source

Outcome = Literal["added", "new_version", "reread", "unchanged"]
CoverageState = Literal["held", "tables_only", "image_only", "missing"]

_SCHEMA = 1
_metadata = sa.MetaData()
_sources = sa.Table(
    "sources",
    _metadata,
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("notices", sa.Text, nullable=False),
)
_reports = sa.Table(
    "reports",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("agency", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("sha256", sa.ForeignKey("sources.sha256"), nullable=False),
    sa.Column("capture", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("duplicate", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("reports_by_agency", "agency", "key"),
    sa.Index("reports_by_source", "sha256"),
)
_agencies = sa.Table(
    "agencies", _metadata, sa.Column("id", sa.String, primary_key=True), sa.Column("document", sa.Text, nullable=False)
)
_state = sa.Table(
    "state",
    _metadata,
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """What is held of one agency for one year; `duplicate` where a page printed the report twice."""

    agency: str
    year: int
    state: CoverageState
    duplicate: bool = False


class Catalogue:
    """What the archive holds. Open it with `Catalogue.open(home)` in a `with` statement."""

    def __init__(self, connection: sa.Connection, originals: Path) -> None:
        self._connection = connection
        self._originals = originals

    @classmethod
    @contextmanager
    def open(cls, home: Path) -> Iterator[Catalogue]:
        """The catalogue of a home, made where there is none yet.

        Raises:
            GongkaiError: for a home of another user, a damaged catalogue, or one that a newer version wrote.
        """
        own_home(home)
        engine = sa.create_engine(f"sqlite:///{home / 'catalogue.sqlite'}", poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                _prepare(connection, home)
                yield cls(connection, home / "originals")
        except sa.exc.DatabaseError as error:
            raise GongkaiError(
                f"{home / 'catalogue.sqlite'} 读写不了({error.orig})。请检查磁盘,或从备份恢复。",
                f"{home / 'catalogue.sqlite'} cannot be used ({error.orig}). Check the disk, or restore a backup.",
            ) from error
        finally:
            engine.dispose()

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        return int(self._connection.execute(sa.select(_state.c.revision)).scalar_one())

    def add(self, reading: Reading, original: bytes) -> tuple[tuple[Report, Outcome], ...]:
        """Keeps what one page says, and the page; what became of each report, in page order.

        A report already held with the same text is `unchanged`, one whose text differs a `new_version`, and one of a
        page that was read otherwise before is `reread`.
        """
        self._keep_original(reading.source.sha256, original)
        self._connection.rollback()  # looking up the agencies began a transaction; the one that writes is its own
        with self._connection.begin():
            return self._add(reading)

    def _add(self, reading: Reading) -> tuple[tuple[Report, Outcome], ...]:
        sha256 = reading.source.sha256
        before = self._rows(_reports.c.sha256 == sha256)
        documents = [dump(report) for report in reading.reports]
        reread = bool(before) and [row.document for row in before] != documents
        changed = self._keep_source(reading) | self._keep_agencies(reading) | reread
        if reread:
            self._connection.execute(_reports.delete().where(_reports.c.sha256 == sha256))
        capture = before[0].capture if before else self.revision + 1
        outcomes: list[tuple[Report, Outcome]] = []
        for position, (report, document) in enumerate(zip(reading.reports, documents, strict=True)):
            outcome = "reread" if reread else "unchanged" if before else self._outcome(report)
            outcomes.append((report, outcome))
            if outcome != "unchanged":
                changed = True
                self._connection.execute(_reports.insert().values(_row(report, document, capture, position)))
        if changed:
            self._connection.execute(_state.update().values(revision=_state.c.revision + 1))
        return tuple(outcomes)

    def shown(self) -> Iterator[Report]:
        """Each report once: the newest version, the first copy; agencies in order, years ascending."""
        newest: dict[tuple[str, str], str] = {}
        for row in self._rows(_reports.c.duplicate.is_(False)):
            newest.setdefault((row.agency, row.key), row.document)
        for _, document in sorted(newest.items()):
            yield load(document, Report)

    def report(self, agency: str, key: str) -> Report | None:
        """The report shown for an agency and a year (or `undated-…`)."""
        found = (_reports.c.agency == agency) & (_reports.c.key == key) & _reports.c.duplicate.is_(False)
        rows = self._rows(found)
        return load(rows[0].document, Report) if rows else None

    def keys(self, agency: str) -> tuple[str, ...]:
        """The last parts of the addresses of an agency's reports, in order."""
        keys = sa.select(_reports.c.key).where(_reports.c.agency == agency).distinct().order_by(_reports.c.key)
        return tuple(self._connection.execute(keys).scalars())

    def agencies(self) -> tuple[Agency, ...]:
        """Every agency, by id, each name with the report years in which it was seen."""
        rows = self._connection.execute(sa.select(_agencies.c.document).order_by(_agencies.c.id)).scalars()
        return tuple(load(document, Agency) for document in rows)

    def agency(self, agency: str) -> Agency | None:
        """One agency by its id."""
        found = sa.select(_agencies.c.document).where(_agencies.c.id == agency)
        document = self._connection.execute(found).scalar_one_or_none()
        return load(document, Agency) if document else None

    def coverage(self) -> tuple[CoverageCell, ...]:
        """One cell for each agency and each year between its first and its last report; the best copy counts."""
        states: dict[str, dict[int, list[tuple[CoverageState, bool]]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows(_reports.c.year.is_not(None)):
            states[row.agency][row.year].append((_coverage(load(row.document, Report)), row.duplicate))
        cells = []
        for agency, years in sorted(states.items()):
            for year in range(min(years), max(years) + 1):
                copies = years.get(year, [("missing", False)])
                best = min((state for state, _ in copies), key=_BEST.index)
                cells.append(CoverageCell(agency, year, best, any(duplicate for _, duplicate in copies)))
        return tuple(cells)

    def notices(self) -> tuple[tuple[Report | None, Source, Notice], ...]:
        """All notices: those on pages as a whole (without a report), and those on each report."""
        found: list[tuple[Report | None, Source, Notice]] = []
        for row in self._connection.execute(sa.select(_sources).order_by(_sources.c.sha256)):
            source = load(row.source, Source)
            found += [(None, source, notice) for notice in load(row.notices, tuple[Notice, ...])]
        for row in sorted(self._rows(sa.true()), key=lambda row: (row.agency, row.key)):
            report = load(row.document, Report)
            found += [(report, report.source, notice) for notice in report.notices]
        return tuple(found)

    def original(self, sha256: str) -> bytes:
        """The page as captured.

        Raises:
            GongkaiError: where the file is gone.
        """
        try:
            return self._original_path(sha256).read_bytes()
        except OSError as error:
            raise GongkaiError(
                f"原件 {sha256} 不见了。请从备份恢复,或重新添加该页面。",
                f"The original {sha256} is gone. Restore it from a backup, or add the page again.",
            ) from error

    def _rows(self, which: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """Rows of reports, the capture added last in front, in page order within it."""
        rows = sa.select(_reports).where(which).order_by(_reports.c.capture.desc(), _reports.c.position)
        return self._connection.execute(rows).all()

    def _keep_source(self, reading: Reading) -> bool:
        values = {"source": dump(reading.source), "notices": dump(reading.notices)}
        found = _sources.c.sha256 == reading.source.sha256
        held = self._connection.execute(sa.select(_sources.c.source, _sources.c.notices).where(found)).one_or_none()
        if held is None:
            self._connection.execute(_sources.insert().values(sha256=reading.source.sha256, **values))
        elif held._asdict() != values:
            self._connection.execute(_sources.update().where(found).values(values))
        else:
            return False
        return True

    def _outcome(self, report: Report) -> Outcome:
        held = sa.select(_reports.c.fingerprint).where(
            _reports.c.agency == report.agency, _reports.c.key == report.key, _reports.c.duplicate.is_(False)
        )
        fingerprints = set(self._connection.execute(held).scalars())
        if not fingerprints or report.duplicate_of:
            return "added"
        return "unchanged" if report.fingerprint in fingerprints else "new_version"

    def _keep_agencies(self, reading: Reading) -> bool:
        changed = False
        for agency in reading.agencies:
            held = self.agency(agency.id)
            merged = _with_names(held or agency, reading)
            if merged != held:
                changed = True
                values = {"id": agency.id, "document": dump(merged)}
                self._connection.execute(_agencies.delete().where(_agencies.c.id == agency.id))
                self._connection.execute(_agencies.insert().values(values))
        return changed

    def _keep_original(self, sha256: str, data: bytes) -> None:
        path = self._original_path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def _original_path(self, sha256: str) -> Path:
        return self._originals / sha256[:2] / sha256


_BEST: tuple[CoverageState, ...] = ("held", "tables_only", "image_only", "missing")


def _prepare(connection: sa.Connection, home: Path) -> None:
    """Tables made where there are none; a catalogue of another schema is refused rather than guessed at."""
    with connection.begin():
        _metadata.create_all(connection)
        schema = connection.execute(sa.select(_state.c.schema)).scalar_one_or_none()
        if schema is None:
            connection.execute(_state.insert().values(schema=_SCHEMA, revision=0))
        elif schema != _SCHEMA:
            raise GongkaiError(
                f"{home} 中的目录由另一版本的程序写成(格式 {schema},本版为 {_SCHEMA})。请升级,或换文件夹重新添加。",
                f"The catalogue in {home} was written by another version (format {schema}, this one has {_SCHEMA}). "
                "Upgrade the program, or add the pages again to another folder.",
            )


def _row(report: Report, document: str, capture: int, position: int) -> dict[str, object]:
    return {
        "agency": report.agency,
        "key": report.key,
        "year": report.year,
        "sha256": report.source.sha256,
        "capture": capture,
        "position": position,
        "fingerprint": report.fingerprint,
        "duplicate": report.duplicate_of is not None,
        "document": document,
    }


def _coverage(report: Report) -> CoverageState:
    if any(section.paragraphs for section in report.sections):
        return "held"
    return "tables_only" if any(section.tables for section in report.sections) else "image_only"


def _with_names(agency: Agency, reading: Reading) -> Agency:
    """The agency with the years in which this page's reports print each of its names."""
    names = {name.text: name for name in agency.names}
    for report in reading.reports:
        printed = report.agency_as_printed
        if report.agency != agency.id or printed is None or report.year is None:
            continue
        name = names.get(printed, Name(printed))
        first = min(year for year in (name.first_year, report.year) if year is not None)
        last = max(year for year in (name.last_year, report.year) if year is not None)
        names[printed] = replace(name, first_year=first, last_year=last)
    return replace(agency, names=tuple(sorted(names.values(), key=lambda name: (name.first_year or 0, name.text))))
