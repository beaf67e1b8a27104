"""The tables of the catalogue, and the transaction that writes to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from archive.store import row_hash
from archive.store.dialects.registry import dialect_of

VERSION = 5
"""Version 2 added the tables `figures` and `notices` and the columns of `reports` from `agency_name` to `digest`.
Version 3 added the columns `digest` of `sources` and `agencies`, version 4 the columns `row_hash`.
Version 5 gave reports of unknown agencies keys of their own.
"""


class _Encoded(sa.sql.functions.FunctionElement[bytes]):
    """A text of the catalogue in UTF-8."""

    type = sa.LargeBinary()
    inherit_cache = True


@compiles(_Encoded)
def _cast(element: _Encoded, compiler: sa.sql.compiler.SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BLOB)"


@compiles(_Encoded, "postgresql")
def _convert(element: _Encoded, compiler: sa.sql.compiler.SQLCompiler, **options: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **options)}, 'UTF8')"


class Document(sa.types.TypeDecorator[bytes]):
    """A document as text in the catalogue and as UTF-8 bytes in the program.

    SQLite would refuse a whole query for one text that is no longer UTF-8; a digest finds the damaged one.
    """

    impl = sa.Text
    cache_ok = True

    def column_expression(self, column: sa.ColumnElement[bytes]) -> sa.ColumnElement[bytes]:
        return _Encoded(column)


# Texts are ordered by code points, as in Python.
_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata = sa.MetaData()
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("sha256", _TEXT, primary_key=True),
    sa.Column("source", Document, nullable=False),
    sa.Column("notices", Document, nullable=False),
    sa.Column("digest", _TEXT, nullable=False),
)
# `digest` is the hash of the documents of a row (`serialization.digest`).
# `document` is last: SQLite reads the pages that a long text overflows to only for the columns in and behind it.
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("agency", _TEXT, nullable=False),
    sa.Column("key", _TEXT, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("sha256", sa.ForeignKey("sources.sha256"), nullable=False),
    sa.Column("capture", _NUMBER, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("fingerprint", _TEXT, nullable=False),
    sa.Column("duplicate", sa.Boolean, nullable=False),
    sa.Column("agency_name", _TEXT),
    sa.Column("agency_as_printed", _TEXT),
    sa.Column("form", _TEXT),
    sa.Column("state", _TEXT, nullable=False),
    sa.Column("digest", _TEXT, nullable=False),
    row_hash.column(),
    sa.Column("document", Document, nullable=False),
    sa.Index("reports_by_agency", "agency", "key", "duplicate", "capture", "position"),
    sa.Index("reports_by_source", "sha256"),
)
# In reading order by `id`; one row for each figure of each version of a report.
figures = sa.Table(
    "figures",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("report", sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("table", _TEXT, nullable=False),
    sa.Column("row", _TEXT, nullable=False),
    sa.Column("column", _TEXT),
    sa.Column("value", _TEXT),
    sa.Column("printed", _TEXT, nullable=False),
    sa.Column("state", _TEXT, nullable=False),
    sa.Column("basis", _TEXT, nullable=False),  # `table`, `prose`, or `ocr:0.973` with the confidence
    sa.Column("unit", _TEXT),
    sa.Column("label", _TEXT),
    sa.Column("sentence", sa.Text),
    sa.Column("first_line", sa.Integer),
    sa.Column("last_line", sa.Integer),
    sa.Column("check", _TEXT),
    row_hash.column(),
    sa.Index("figures_by_report", "report", "table", "row", "column"),
)
# Notices on reports; those on whole pages stand in `sources`.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("report", sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("code", _TEXT, nullable=False),
    sa.Column("severity", _TEXT, nullable=False),
    sa.Column("first_line", sa.Integer),
    sa.Column("last_line", sa.Integer),
    sa.Column("facts", sa.Text, nullable=False),
    row_hash.column(),
    sa.Index("notices_by_report", "report"),
)
agencies = sa.Table(
    "agencies",
    metadata,
    sa.Column("id", _TEXT, primary_key=True),
    sa.Column("document", Document, nullable=False),
    sa.Column("digest", _TEXT, nullable=False),
)
# `former` is the id of an agency that was joined with another, or the address (id/key) of a report that is not held any
# more since its page was read again; `agency` is the id, or the address, that it leads to.
joins = sa.Table(
    "joins", metadata, sa.Column("former", _TEXT, primary_key=True), sa.Column("agency", _TEXT, nullable=False)
)
state = sa.Table(
    "state",
    metadata,
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("revision", _NUMBER, nullable=False),
)


@contextmanager
def writing(connection: sa.Connection, lock: Callable[[sa.Connection], None] | None = None) -> Iterator[None]:
    """A transaction that locks out other writers from its start; `lock` can lock out fewer."""
    connection.rollback()  # a query before it began a transaction that only reads
    with connection.begin(), _held(connection):
        (lock or dialect_of(connection).lock)(connection)
        yield


@contextmanager
def snapshot(connection: sa.Connection) -> Iterator[None]:
    """A transaction whose queries all read the same state; within another one it is a part of that.

    It must be short: a writer of SQLite waits for it. No other query may be open when it begins.
    """
    if connection.info.get(_HELD):
        yield
        return
    connection.rollback()
    with _held(connection):
        try:
            dialect_of(connection).begin_snapshot(connection)
            yield
        finally:
            connection.rollback()


_HELD = "transaction"


@contextmanager
def _held(connection: sa.Connection) -> Iterator[None]:
    """Notes that a transaction is open: SQLAlchemy begins one with every query, SQLite does not."""
    notes = connection.info  # a connection that is lost meanwhile has none
    notes[_HELD] = True
    try:
        yield
    finally:
        notes[_HELD] = False
