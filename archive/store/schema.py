"""The tables of the catalogue, and the transaction that writes to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from archive.store import row_hash

VERSION = 4
"""Version 2 added the tables `figures` and `notices` and the columns of `reports` from `agency_name` to `digest`.
Version 3 added the columns `digest` of `sources` and `agencies`, version 4 the columns `row_hash`.
"""


class Document(sa.types.TypeDecorator[bytes]):
    """A document as text in the catalogue and as UTF-8 bytes in the program.

    SQLite would refuse a whole query for one text that is no longer UTF-8; a digest finds the damaged one.
    """

    impl = sa.Text
    cache_ok = True

    def column_expression(self, column: sa.ColumnElement[bytes]) -> sa.ColumnElement[bytes]:
        return sa.cast(column, sa.LargeBinary)


metadata = sa.MetaData()
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("source", Document, nullable=False),
    sa.Column("notices", Document, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
)
# `digest` is the hash of the documents of a row (`serialization.digest`).
# `document` is last: SQLite reads the pages that a long text overflows to only for the columns in and behind it.
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("agency", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("sha256", sa.ForeignKey("sources.sha256"), nullable=False),
    sa.Column("capture", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("duplicate", sa.Boolean, nullable=False),
    sa.Column("agency_name", sa.String),
    sa.Column("agency_as_printed", sa.String),
    sa.Column("form", sa.String),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    row_hash.column(),
    sa.Column("document", Document, nullable=False),
    sa.Index("reports_by_agency", "agency", "key", "duplicate", "capture", "position"),
    sa.Index("reports_by_source", "sha256"),
)
# In reading order by `id`; one row for each figure of each version of a report.
figures = sa.Table(
    "figures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("report", sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("table", sa.String, nullable=False),
    sa.Column("row", sa.String, nullable=False),
    sa.Column("column", sa.String),
    sa.Column("value", sa.String),
    sa.Column("printed", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("basis", sa.String, nullable=False),
    sa.Column("unit", sa.String),
    sa.Column("label", sa.String),
    sa.Column("sentence", sa.Text),
    sa.Column("first_line", sa.Integer),
    sa.Column("last_line", sa.Integer),
    sa.Column("check", sa.String),
    row_hash.column(),
    sa.Index("figures_by_report", "report", "table", "row", "column"),
)
# Notices on reports; those on whole pages stand in `sources`.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("report", sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("severity", sa.String, nullable=False),
    sa.Column("first_line", sa.Integer),
    sa.Column("last_line", sa.Integer),
    sa.Column("facts", sa.Text, nullable=False),
    row_hash.column(),
    sa.Index("notices_by_report", "report"),
)
agencies = sa.Table(
    "agencies",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("document", Document, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
)
joins = sa.Table(
    "joins", metadata, sa.Column("former", sa.String, primary_key=True), sa.Column("agency", sa.String, nullable=False)
)
state = sa.Table(
    "state",
    metadata,
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)


@contextmanager
def writing(connection: sa.Connection) -> Iterator[None]:
    """A transaction that locks out other writers from its start."""
    connection.rollback()  # a query before it began a transaction that only reads
    with connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
