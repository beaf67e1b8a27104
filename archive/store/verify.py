"""Verifies the originals and the catalogue of a home: reads everything, changes nothing, in constant memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from archive.errors import DamagedRecord, GongkaiError, Language
from archive.model import UNKNOWN_AGENCY
from archive.store import schema
from archive.store.blobs.blob_store import BlobStore, State, Stored, damaged_original
from archive.store.blobs.location import originals_of
from archive.store.connection import connect, place
from archive.store.dialects.registry import dialect_of
from archive.store.figures_table import batches, differing_tables
from archive.store.serialization import load_agency, load_report, load_source
from archive.system_errors import translated

Part = Literal["originals", "catalogue", "index"]
Progress = Callable[[str, int, int], None]
"""Called with what is counted (`originals`, `reports` …), how many are verified, and how many there are."""

_BATCH = 100
"""Rows in memory at a time."""
_STRAY_AFTER = 3600
"""Seconds after which a temporary file is not one that `gongkai add` is writing."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged or missing part of an archive.

    `code` names the kind of damage, `where` the file, report, page or agency. `zh` and `en` say what is damaged and
    what to do.
    """

    part: Part
    code: str
    where: str
    zh: str
    en: str

    @classmethod
    def of(cls, part: Part, code: str, where: str, error: GongkaiError) -> Damage:
        """Returns the damage that an error reports."""
        return cls(part, code, where, error.zh, error.en)

    def message(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


def verify_originals(home: Path, progress: Progress) -> Iterator[Damage]:
    """Yields the originals that are damaged or missing, and the files that are no originals.

    A page without a record in the catalogue is no damage: `gongkai add` was ended between the two.
    """
    originals = originals_of(home)
    total = sum(1 for _ in originals.listed())
    for done, stored in enumerate(originals.listed(), 1):
        if stored.sha256 is None:
            yield from _stray_file(stored)
        else:
            yield from _read_original(originals, stored.sha256, home)
        progress("originals", done, total)
    for sha256 in _not_listed(_page_hashes(home), originals):
        if originals.state(sha256) == "missing":  # it may have been added since
            yield _original_damage(originals, sha256, "missing")


def _page_hashes(home: Path) -> Iterator[str]:
    """Yields the hashes of the pages in the catalogue, in order; `verify_catalogue` reports its errors."""
    with suppress(GongkaiError), connect(home) as connection:
        for rows in _batches(connection, schema.sources.c.sha256):
            yield from (sha256 for (sha256,) in rows)


def _not_listed(hashes: Iterator[str], originals: BlobStore) -> Iterator[str]:
    """Yields the hashes that a store does not list. Both are in order, so that one listing serves all of them."""
    listed = (stored.sha256 for stored in originals.listed() if stored.sha256 is not None)
    at = next(listed, None)
    for sha256 in hashes:
        while at is not None and at < sha256:
            at = next(listed, None)
        if at != sha256:
            yield sha256


def _read_original(originals: BlobStore, sha256: str, home: Path) -> Iterator[Damage]:
    try:
        if originals.state(sha256) == "damaged":
            yield _original_damage(originals, sha256, "damaged")
    except OSError as error:
        if (reported := translated(error, home)) is None:
            raise
        yield Damage.of("originals", "unreadable", originals.where(sha256), reported)


def _original_damage(originals: BlobStore, sha256: str, state: State) -> Damage:
    return Damage.of("originals", state, originals.where(sha256), damaged_original(sha256, state))


def _stray_file(stored: Stored) -> Iterator[Damage]:
    """Yields what is not named by a hash, unless `gongkai add` may still be writing it."""
    if stored.changed >= time.time() - _STRAY_AFTER:
        return
    where = stored.where
    zh, en = (
        f"{where} 不是原件，可能是中断的 gongkai add 留下的。可以删除。",
        f"{where} is no original; an interrupted gongkai add may have left it. It can be deleted.",
    )
    if where.startswith("s3://"):  # where `gongkai add` leaves nothing
        zh = f"{where} 不是原件，却在 GONGKAI_BLOBS 的前缀下。如果没有别的程序使用它，可以删除。"
        en = (
            f"{where} is no original, but under the prefix of GONGKAI_BLOBS. Unless another program uses it, delete it."
        )
    yield Damage("originals", "stray_file", where, zh, en)


def verify_catalogue(home: Path, progress: Progress) -> Iterator[Damage]:
    """Yields what is damaged in the catalogue: the file, references, records, and tables that differ from documents."""
    with connect(home) as connection:
        yield from _database_damage(connection, place(home))
        count = sa.select(sa.func.count())
        total = connection.execute(count.select_from(schema.reports)).scalar_one()
        done = 0
        for rows in _batches(connection, *schema.reports.c):
            for row in rows:
                yield from _report_damage(connection, row)
                done += 1
            progress("reports", done, total)
        for rows in _batches(connection, *schema.sources.c):
            yield from _records(rows, "page", _load_source)
        for rows in _batches(connection, *schema.agencies.c):
            yield from _records(rows, "agency", _load_agency)


def _database_damage(connection: sa.Connection, where: str) -> Iterator[Damage]:
    for code, text in dialect_of(connection).integrity(connection, schema.metadata):
        yield _file_damage(code, where, text)
    known = sa.select(schema.agencies.c.id)
    for table, column in ((schema.reports, schema.reports.c.agency), (schema.joins, schema.joins.c.agency)):
        stray = sa.select(column).where(column.not_in(known), column != UNKNOWN_AGENCY).distinct()
        found = connection.execute(stray).scalars().all()
        # the address of a report, id/key, has the id of an agency in front
        ids = {agency.partition("/")[0] for agency in found}
        held = {UNKNOWN_AGENCY}
        for some in batches([*ids]):
            held |= {*connection.execute(known.where(schema.agencies.c.id.in_(some))).scalars()}
        for agency in found:
            if agency.partition("/")[0] not in held:
                yield _file_damage("reference", where, f"{table.name} → {agency}")


def _file_damage(code: str, where: str, text: str) -> Damage:
    return Damage(
        "catalogue",
        code,
        where,
        f"{where} 已损坏（{text}）。请从备份恢复它。",
        f"{where} is damaged ({text}). Restore it from a backup.",
    )


def _report_damage(connection: sa.Connection, row: sa.Row[Any]) -> list[Damage]:
    """Returns the damage of a report; what is found is read again in one transaction, with no writer in between."""
    if not any(True for _ in _differences(connection, row)):
        return []
    with schema.snapshot(connection):
        again = connection.execute(sa.select(schema.reports).where(schema.reports.c.id == row.id)).one_or_none()
        return [*_differences(connection, again)] if again else []


def _differences(connection: sa.Connection, row: sa.Row[Any]) -> Iterator[Damage]:
    address = f"{row.agency}/{row.key}"
    try:
        report = load_report(row.document, row.digest, address)
    except DamagedRecord as error:
        yield Damage.of("catalogue", "report", address, error)
        return
    for table in differing_tables(connection, row, report):
        yield Damage(
            "catalogue",
            table,
            address,
            f"目录的表 {table} 与报告 {address} 不一致。请重新添加它的页面（SHA-256 {row.sha256}），或从备份恢复目录。",
            f"The table {table} of the catalogue differs from the report {address}. "
            f"Add its page (SHA-256 {row.sha256}) again, or restore a backup of the catalogue.",
        )


def _load_source(row: sa.Row[Any]) -> None:
    load_source(row.source, row.notices, row.digest, row.sha256)


def _load_agency(row: sa.Row[Any]) -> None:
    load_agency(row.document, row.digest, row.id)


def _records(rows: list[sa.Row[Any]], code: str, decode: Callable[[sa.Row[Any]], object]) -> Iterator[Damage]:
    for row in rows:
        try:
            decode(row)
        except DamagedRecord as error:
            yield Damage.of("catalogue", code, str(row[0]), error)


def _batches(connection: sa.Connection, *columns: sa.Column[Any]) -> Iterator[list[sa.Row[Any]]]:
    """Yields the rows of a table in the order of their key, the first column; no lock is held between batches."""
    query = sa.select(*columns).order_by(columns[0]).limit(_BATCH)
    rows = [*connection.execute(query)]
    while rows:
        yield rows
        rows = [*connection.execute(query.where(columns[0] > rows[-1][0]))]
