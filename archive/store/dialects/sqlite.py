"""A catalogue in one file of the home, the default. One process writes at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import sqlalchemy as sa

from archive.errors import GongkaiError
from archive.store.dialects import dialect
from archive.system_errors import DATABASE_ERRORS, database_error


class SqliteDialect:
    """The statements of SQLite."""

    writes_side_by_side = False

    def create_tables(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        metadata.create_all(connection)

    def has_table(self, connection: sa.Connection, name: str) -> bool:
        query = "SELECT count(*) FROM sqlite_master WHERE name = ?"
        return bool(connection.exec_driver_sql(query, (name,)).scalar_one())

    def lock(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def lock_shared(self, connection: sa.Connection) -> None:
        self.lock(connection)

    def lock_names(self, connection: sa.Connection, names: Collection[str]) -> None:
        """`lock_shared` has locked everything."""

    def begin_snapshot(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    def increase_revision(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("UPDATE state SET revision = revision + 1")

    def next_capture(self, connection: sa.Connection) -> int:
        return self.register_version(connection) + 1

    def lock_register(self, connection: sa.Connection) -> None:
        """`lock_shared` has locked everything."""

    def register_version(self, connection: sa.Connection) -> int:
        return int(connection.exec_driver_sql("SELECT revision FROM state").scalar_one())

    def changed_agencies(self, connection: sa.Connection, version: int) -> Collection[str] | None:
        return None

    def record_register_change(self, connection: sa.Connection, agency: str | None) -> None:
        """The revision is the version."""

    def integrity(self, connection: sa.Connection, metadata: sa.MetaData) -> Iterator[tuple[str, str]]:
        for (text,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if text != "ok":
                yield "integrity", text
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield "reference", f"{table} {row} → {parent}"


def create_engine(path: Path) -> sa.Engine:
    """Returns an engine that keeps no connection, only its statements as SQL."""
    url = sa.URL.create("sqlite", database=str(path))  # a URL in one string would end at `?` and decode `%20`
    created = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": dialect.PATIENCE})

    @sa.event.listens_for(created, "connect")
    def distrust(connection: sqlite3.Connection, _: object) -> None:
        """Keeps views and triggers that somebody else put into a catalogue from calling functions with side effects."""
        connection.execute("PRAGMA trusted_schema = OFF")

    @sa.event.listens_for(created, "handle_error")
    def translate(context: sa.engine.ExceptionContext) -> GongkaiError | None:
        error = context.original_exception
        return database_error(error, path) if isinstance(error, DATABASE_ERRORS) else None

    return created
