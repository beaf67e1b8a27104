"""The tables of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from archive.errors import GongkaiError

VERSION = 1
"""Another number refuses an older catalogue instead of guessing at it."""

metadata = sa.MetaData()
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("sha256", sa.String, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("notices", sa.Text, nullable=False),
)
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
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("reports_by_agency", "agency", "key"),
    sa.Index("reports_by_source", "sha256"),
)
agencies = sa.Table(
    "agencies", metadata, sa.Column("id", sa.String, primary_key=True), sa.Column("document", sa.Text, nullable=False)
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
    """A transaction that no other process writes beside, from its start."""
    connection.rollback()  # a look-up before it began one that only reads
    with connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield


def prepare(connection: sa.Connection, home: Path) -> None:
    """Tables made where there are none; a catalogue of another schema is refused rather than guessed at."""
    try:
        version = connection.execute(sa.select(state.c.version)).scalar_one()
    except sa.exc.OperationalError:
        connection.rollback()
        if sa.inspect(connection).has_table(state.name):
            raise
        with writing(connection):
            metadata.create_all(connection)
            if connection.execute(sa.select(state.c.version)).scalar_one_or_none() is None:
                connection.execute(state.insert().values(version=VERSION, revision=0))
        version = connection.execute(sa.select(state.c.version)).scalar_one()
    connection.rollback()
    if version != VERSION:
        raise GongkaiError(
            f"{home} 中的目录由另一版本的程序写成（格式 {version}，本版为 {VERSION}）。请升级，或换文件夹重新添加。",
            f"The catalogue in {home} was written by another version (format {version}, this one has {VERSION}). "
            "Upgrade the program, or add the pages again to another folder.",
        )
