"""Prepares the tables of the jobs beside a catalogue in PostgreSQL: those of procrastinate, and their outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from archive.errors import MissingSupport
from archive.store.connection import connect
from archive.store.dialects.registry import database_url

QUEUE = "reading"
OUTCOMES = ("added", "new_version", "reread", "unchanged", "duplicates", "notices", "failed")
"""The columns of counts, by the names of `FileAdder.counts`."""
TABLE = "reading_outcomes"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':jobs', 0))"
_CREATE = f"""CREATE TABLE IF NOT EXISTS {TABLE} (
    job BIGINT PRIMARY KEY REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    {" ".join(f"{name} BIGINT NOT NULL," for name in OUTCOMES)}
    failures TEXT NOT NULL,
    changed TIMESTAMPTZ NOT NULL DEFAULT now()
)"""


def require_database(*, adding: bool = False) -> None:
    """Raises MissingSupport if the catalogue is a file; files that are to be added need no queue."""
    if database_url() is None:
        other = ("，或不用 --queue 直接收录", ", or add without --queue") if adding else ("", "")
        raise MissingSupport(
            "作业存放在 PostgreSQL 中，而目录是本机的文件，所以没有作业。"
            f"请设置 GONGKAI_CATALOGUE=postgresql://…{other[0]}。",
            "Jobs are kept in PostgreSQL, and the catalogue is a file, so there are none. "
            f"Set GONGKAI_CATALOGUE=postgresql://…{other[1]}.",
        )


@contextmanager
def job_connection(home: Path) -> Iterator[sa.Connection]:
    """Yields a connection to the catalogue of a home that is in PostgreSQL.

    Raises:
        MissingSupport: the catalogue is a file.
        GongkaiError: as `archive.store.connection.connect`.
    """
    require_database()
    with connect(home) as connection:
        yield connection


def has_jobs(connection: sa.Connection) -> bool:
    query = "SELECT to_regclass(%s) IS NOT NULL"
    return bool(connection.exec_driver_sql(query, (TABLE,)).scalar_one())


def lock_queue(connection: sa.Connection) -> None:
    """Locks out others who put files into the queue, until the transaction ends."""
    connection.exec_driver_sql(_LOCK)


def create_tables(connection: sa.Connection) -> None:
    """Creates the tables that do not exist yet, in one transaction.

    Raises:
        MissingSupport: procrastinate is not installed.
    """
    if has_jobs(connection):
        connection.rollback()
        return
    try:
        from procrastinate.schema import SchemaManager  # noqa: PLC0415
    except ImportError as error:
        raise no_procrastinate() from error
    connection.rollback()
    with connection.begin():
        lock_queue(connection)
        if not has_jobs(connection):
            # several statements, which no statement with parameters can have
            connection.connection.cursor().execute(SchemaManager.get_schema())
            connection.exec_driver_sql(_CREATE)


def no_procrastinate() -> MissingSupport:
    return MissingSupport(
        "没有安装 procrastinate。请运行 pip install 'gongkai[cluster]'。",
        "procrastinate is not installed. Run pip install 'gongkai[cluster]'.",
    )
