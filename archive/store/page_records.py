"""Compares a page that is added with the rows that the catalogue has of it, damaged ones included.

Records also where a report of a page went that was read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import sqlalchemy as sa

from archive.errors import UnreadableSource
from archive.model import Agency, Reading, Report, Source
from archive.store import schema
from archive.store.figures_table import differing_tables
from archive.store.row_hash import is_whole
from archive.store.serialization import damaged_report, digest, dump, load_report

Outcome = Literal["added", "new_version", "reread", "unchanged"]


def select_rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    """Returns rows of reports, the capture added last in front, in page order within it."""
    rows = sa.select(schema.reports).where(which).order_by(schema.reports.c.capture.desc(), schema.reports.c.position)
    return connection.execute(rows).all()


def decode(row: sa.Row[Any]) -> Report:
    if not is_whole(schema.reports, row._asdict()):
        raise damaged_report(f"{row.agency}/{row.key}")
    return load_report(row.document, row.digest, f"{row.agency}/{row.key}")


def is_written(connection: sa.Connection, row: sa.Row[Any], reading: Reading, documents: Sequence[str]) -> bool:
    """Returns whether a report of a page is in the catalogue as this reading gives it, with its figures and notices."""
    document = documents[row.position].encode()
    is_equal = (row.document, row.digest) == (document, digest(document))
    return is_equal and not any(differing_tables(connection, row, reading.reports[row.position]))


def misplaced(connection: sa.Connection, reading: Reading) -> set[str]:
    """Returns the hashes in damaged rows of the reports of a page that no page has: nothing else can replace them."""
    c, known = schema.reports.c, sa.select(schema.sources.c.sha256)
    addresses = {(report.agency, report.key) for report in reading.reports}
    rows = connection.execute(
        sa.select(schema.reports).where(c.sha256.not_in(known), sa.tuple_(c.agency, c.key).in_(addresses))
    )
    return {row.sha256 for row in rows if not is_whole(schema.reports, row._asdict())}


def new_outcome(connection: sa.Connection, report: Report) -> Outcome:
    """Returns what a report is beside those of other pages."""
    held = sa.select(schema.reports.c.fingerprint).where(
        schema.reports.c.agency == report.agency,
        schema.reports.c.key == report.key,
        schema.reports.c.duplicate.is_(report.duplicate_of is not None),
    )
    fingerprints = set(connection.execute(held).scalars())
    if report.fingerprint in fingerprints:
        return "unchanged"
    return "new_version" if fingerprints and not report.duplicate_of else "added"


def record_moves(connection: sa.Connection, before: Sequence[sa.Row[Any]], reports: Sequence[Report]) -> None:
    """Records where the reports of a page that was read again are now, if no report has their former address."""
    shown = [report for report in reports if not report.duplicate_of]
    rows = [row for row in before if not row.duplicate and is_whole(schema.reports, row._asdict())]
    for place, row in enumerate(rows):
        # with as many reports as before, each is in its place; else the year tells
        same = (
            shown[place : place + 1] if len(shown) == len(rows) else [each for each in shown if each.year == row.year]
        )
        c, former = schema.reports.c, f"{row.agency}/{row.key}"
        held = sa.select(c.id).where(c.agency == row.agency, c.key == row.key).limit(1)
        if len(same) != 1 or connection.execute(held).first():
            continue
        connection.execute(schema.joins.delete().where(schema.joins.c.former == former))
        connection.execute(schema.joins.insert().values(former=former, agency=f"{same[0].agency}/{same[0].key}"))


def move_records(connection: sa.Connection, former: str, agency: str | None) -> None:
    """Makes the addresses that lead to reports of an agency lead to those of another one, or nowhere."""
    c, prefix = schema.joins.c, f"{former}/"
    leading = c.agency.startswith(prefix, autoescape=True)
    if agency is None:
        connection.execute(schema.joins.delete().where(leading))
    else:
        moved = sa.literal(f"{agency}/") + sa.func.substr(c.agency, len(prefix) + 1)
        connection.execute(schema.joins.update().where(leading).values(agency=moved))


def moved_to(connection: sa.Connection, address: str) -> Iterator[tuple[str, str]]:
    """Yields the agencies and keys that the address of a report led to, one after the other."""
    seen: set[str] = set()
    c = schema.joins.c
    while address not in seen:
        seen.add(address)
        found = connection.execute(sa.select(c.agency).where(c.former == address)).scalar_one_or_none()
        if found is None:
            return
        agency, _, key = found.partition("/")
        yield agency, key
        address = found


def keep_source(connection: sa.Connection, reading: Reading) -> bool:
    """Inserts or updates the record of a page; returns whether it changed."""
    documents = {"source": dump(reading.source), "notices": dump(reading.notices)}
    encoded = {name: document.encode() for name, document in documents.items()}
    checked = digest(*encoded.values())
    values = {**documents, "digest": checked}
    found = schema.sources.c.sha256 == reading.source.sha256
    c = schema.sources.c
    held = connection.execute(sa.select(c.source, c.notices, c.digest).where(found)).one_or_none()
    if held is None:
        connection.execute(schema.sources.insert().values(sha256=reading.source.sha256, **values))
    elif held._asdict() != {**encoded, "digest": checked}:
        connection.execute(schema.sources.update().where(found).values(values))
    else:
        return False
    return True


def not_text(source: Source) -> UnreadableSource:
    """Returns the error for a page with lone surrogates, which no encoding has and neither database can keep."""
    path = source.path.encode("utf-8", "backslashreplace").decode()
    return UnreadableSource(
        f"{path} 的文字含有无效字符（单独的代理项），不能收录。请检查它的来源。",
        f"The text of {path} has invalid characters (lone surrogates) and cannot be kept. Check where it comes from.",
    )


def agency_row(agency: Agency) -> dict[str, object]:
    document = dump(agency)
    return {"id": agency.id, "document": document, "digest": digest(document.encode())}
