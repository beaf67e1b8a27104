"""Connects to the catalogue of a home; every error of SQLite becomes an error of `archive.errors`."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from archive.errors import DamagedArchive, GongkaiError
from archive.store import migrations
from archive.store.home import make_home
from archive.system_errors import DATABASE_ERRORS, database_error

NAME = "catalogue.sqlite"
_PATIENCE = 60
"""Seconds that a process waits for another one that writes; one page takes a small part of a second."""


@contextmanager
def connect(home: Path) -> Iterator[sa.Connection]:
    """Yields a connection to the catalogue of a home, created or migrated if necessary.

    Raises:
        GongkaiError: for a catalogue that is damaged, gone or of a newer version, or one that
            another process has been writing to for a minute.
    """
    make_home(home)
    path = home / NAME
    if not (path.exists() and path.stat().st_size) and _holds_originals(home):
        raise _lost(path)
    with engine(path).connect() as connection:
        migrations.prepare(connection, path)
        yield connection


@functools.lru_cache(maxsize=16)
def engine(path: Path) -> sa.Engine:
    """Returns the engine of a catalogue.

    It keeps no connection, only its statements as SQL, which take longer to compile than to run.
    """
    url = sa.URL.create("sqlite", database=str(path))  # a URL in one string would end at `?` and decode `%20`
    created = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": _PATIENCE})

    @sa.event.listens_for(created, "connect")
    def distrust(connection: sqlite3.Connection, _: object) -> None:
        """Keeps views and triggers that somebody else put into a catalogue from calling functions with side effects."""
        connection.execute("PRAGMA trusted_schema = OFF")

    @sa.event.listens_for(created, "handle_error")
    def translate(context: sa.engine.ExceptionContext) -> GongkaiError | None:
        error = context.original_exception
        return database_error(error, path) if isinstance(error, DATABASE_ERRORS) else None

    return created


def _holds_originals(home: Path) -> bool:
    originals = home / "originals"
    return originals.is_dir() and any(originals.iterdir())


def _lost(path: Path) -> DamagedArchive:
    """Returns the error for a home with originals and no catalogue, which must not look like an empty archive.

    Versions before catalogue version 3 wrote the catalogue to another file where the path of the home had a `?` or a
    `%`. That file can belong to several homes, so that it is named and not moved.
    """
    elsewhere = sa.make_url(f"sqlite:///{path}").database
    if elsewhere and Path(elsewhere) != path and Path(elsewhere).is_file():
        return DamagedArchive(
            f"没有 {path}：以前的版本把这份目录写到了 {elsewhere}。请把那个文件复制为 {path} 后再试。",
            f"There is no {path}: an earlier version wrote this catalogue to {elsewhere}. "
            f"Copy that file to {path}, then try again.",
        )
    return DamagedArchive(
        f"{path} 不见了，而原件还在。请从备份恢复它，或把 {path.parent / 'originals'} 中的页面重新添加到另一个文件夹。",
        f"{path} is gone, but originals are there. Restore it from a backup, or add the pages in "
        f"{path.parent / 'originals'} again to another folder.",
    )
