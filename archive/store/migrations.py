"""Creates the tables of a new catalogue, and migrates an older one to the present schema."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive.errors import IncompatibleArchive, UnusableHome
from archive.model import UNKNOWN_AGENCY, report_key
from archive.store import row_hash, schema
from archive.store.dialects.postgresql_errors import location
from archive.store.dialects.registry import dialect_of
from archive.store.durable import fsync_directory
from archive.store.figures_table import insert_report
from archive.store.serialization import digest, load_report


def prepare(connection: sa.Connection, path: Path) -> None:
    """Creates or migrates the catalogue if necessary, in one transaction.

    Before a migration the file `path` is copied to `catalogue.sqlite.before-N`, N being the new version.

    Raises:
        GongkaiError: for a catalogue of a newer version, or one that cannot be copied.
    """
    dialect = dialect_of(connection)
    if not dialect.has_table(connection, schema.state.name):
        with schema.writing(connection):
            dialect.create_tables(connection, schema.metadata)
            if _version(connection) is None:
                connection.execute(schema.state.insert().values(version=schema.VERSION, revision=0))
    version = _version(connection)
    connection.rollback()
    if version != schema.VERSION:
        _migrate(connection, path)


def _version(connection: sa.Connection) -> int | None:
    version: int | None = connection.execute(sa.select(sa.func.max(schema.state.c.version))).scalar_one()
    return version


def _migrate(connection: sa.Connection, path: Path) -> None:
    with schema.writing(connection):
        version = _version(connection)  # another process may have migrated it meanwhile
        if version == schema.VERSION:
            return
        is_file = connection.dialect.name == "sqlite"
        steps = range(version or 0, schema.VERSION)
        # the first version in PostgreSQL is 4
        if not steps or any(step not in _MIGRATIONS for step in steps) or not (is_file or steps[0] >= _IN_POSTGRESQL):
            place = path.parent if is_file else location(connection.engine.url)
            raise IncompatibleArchive(
                f"{place} 中的目录由另一版本的程序写成（格式 {version}，本版为 {schema.VERSION}）。"
                "请升级，或换文件夹重新添加。",
                f"The catalogue in {place} was written by another version (format {version}, this one has "
                f"{schema.VERSION}). Upgrade the program, or add the pages again to another folder.",
            )
        if is_file:
            _copy(path, path.with_name(f"{path.name}.before-{schema.VERSION}"))
        for step in steps:
            _MIGRATIONS[step](connection)
        connection.execute(schema.state.update().values(version=schema.VERSION))


def _copy(path: Path, copy: Path) -> None:
    """Copies the catalogue under a name that only a complete copy gets. The caller locks out other writers."""
    partial = copy.with_name(f"{copy.name}.partial")
    try:
        shutil.copy(path, partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(copy)
        fsync_directory(copy.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise UnusableHome(
            f"升级目录格式之前不能备份 {path}（{reason}）。请腾出磁盘空间后再试。",
            f"{path} cannot be copied before its format is upgraded ({reason}). Free disk space, then try again.",
        ) from error


def _from_1(connection: sa.Connection) -> None:
    """Adds the tables `figures` and `notices` and the new columns of `reports`, from the documents."""
    connection.exec_driver_sql("DROP INDEX reports_by_agency")
    connection.exec_driver_sql("DROP INDEX reports_by_source")
    connection.exec_driver_sql("ALTER TABLE reports RENAME TO reports_1")
    schema.metadata.create_all(connection)
    numbers = connection.exec_driver_sql("SELECT id FROM reports_1 ORDER BY id").scalars().all()
    for number in numbers:
        query = "SELECT agency, key, document, capture, position FROM reports_1 WHERE id = ?"
        agency, key, document, capture, position = connection.exec_driver_sql(query, (number,)).one()
        report = load_report(document.encode(), digest(document.encode()), f"{agency}/{key}")
        insert_report(connection, report, document, capture, position)
    connection.exec_driver_sql("DROP TABLE reports_1")


def _from_2(connection: sa.Connection) -> None:
    """Adds the columns `digest` of `sources` and `agencies`."""
    for table in (schema.sources, schema.agencies):
        columns = [column for column in table.c if column.name != "digest"]
        names = ", ".join(column.name for column in columns)
        connection.exec_driver_sql(f"CREATE TEMP TABLE before AS SELECT {names} FROM {table.name}")  # noqa: S608
        table.drop(connection)  # a table that others refer to cannot be renamed without changing them
        table.create(connection)
        for number in connection.exec_driver_sql("SELECT rowid FROM before ORDER BY rowid").scalars().all():
            query = f"SELECT {names} FROM before WHERE rowid = ?"  # noqa: S608
            key, *documents = connection.exec_driver_sql(query, (number,)).one()
            values = (key, *documents, digest(*(document.encode() for document in documents)))
            connection.execute(table.insert().values(values))
        connection.exec_driver_sql("DROP TABLE temp.before")


def _from_3(connection: sa.Connection) -> None:
    """Adds the columns `row_hash` of `reports`, `figures` and `notices`, which stand before the long documents."""
    new = sa.MetaData()
    for table in schema.metadata.sorted_tables:
        table.to_metadata(new)
    for table in (schema.reports, schema.figures, schema.notices):
        if row_hash.NAME in _column_names(connection, table):  # `_from_1` has created it
            continue
        copy = table.to_metadata(new, name=f"{table.name}_4")
        connection.execute(sa.schema.CreateTable(copy))
        rows = [*_rows_after(connection, table, 0)]
        while rows:
            connection.execute(copy.insert(), [row_hash.with_hash(table, row) for row in rows])
            rows = [*_rows_after(connection, table, rows[-1]["id"])]
        table.drop(connection)
        connection.exec_driver_sql(f"ALTER TABLE {copy.name} RENAME TO {table.name}")
        for index in table.indexes:
            index.create(connection)


def _from_4(connection: sa.Connection) -> None:
    """Gives reports of unknown agencies keys of their own; those on one year were versions of one report.

    A damaged row is left as it is: a new hash would make it look whole.
    """
    columns = [column for column in schema.reports.c if column.name != "document"]
    of_unknown = schema.reports.c.agency == UNKNOWN_AGENCY
    for row in connection.execute(sa.select(*columns).where(of_unknown)).all():
        if row_hash.is_whole(schema.reports, before := row._asdict()):
            key = report_key(row.agency, row.year, row.fingerprint)
            values = row_hash.with_hash(schema.reports, {**before, "key": key})
            connection.execute(schema.reports.update().where(schema.reports.c.id == row.id).values(values))


def _column_names(connection: sa.Connection, table: sa.Table) -> set[str]:
    return {row.name for row in connection.exec_driver_sql(f"PRAGMA table_info({table.name})")}


def _rows_after(connection: sa.Connection, table: sa.Table, number: int) -> Iterator[dict[str, Any]]:
    """Yields the next rows of a table without `row_hash`, by number."""
    columns = [column for column in table.c if column.name != row_hash.NAME]
    query = sa.select(*columns).where(table.c.id > number).order_by(table.c.id).limit(_ROWS)
    for row in connection.execute(query):
        values = row._asdict()
        if "document" in values:
            values["document"] = values["document"].decode()
        yield values


_IN_POSTGRESQL = 4
"""The first version of the schema in PostgreSQL."""
_ROWS = 100
"""Rows in memory at a time; one of `reports` can have a document of some megabytes."""
_MIGRATIONS: Mapping[int, Callable[[sa.Connection], None]] = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4}
"""By the version from which each migrates to the next."""
