"""Connects to the catalogue of a home; every error of the database becomes an error of `archive.errors`."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from archive.errors import DamagedArchive, MissingSupport, UnusableHome
from archive.store import migrations, schema
from archive.store.blobs.location import SETTING, originals_of
from archive.store.dialects import sqlite
from archive.store.dialects.postgresql_errors import location
from archive.store.dialects.registry import database_url, dialect_of
from archive.store.home import make_home

NAME = "catalogue.sqlite"


@contextmanager
def connect(home: Path) -> Iterator[sa.Connection]:
    """Yields a connection to the catalogue of a home, created or migrated if necessary.

    It is in the home, or in the database that `GONGKAI_CATALOGUE` names.

    Raises:
        GongkaiError: for a catalogue that is damaged, gone, out of reach or of a newer version, or one that
            another process has been writing to for a minute.
    """
    make_home(home)
    url, path = database_url(), home / NAME
    if url is None and not (path.exists() and path.stat().st_size) and _holds_originals(home):
        raise _lost(path)
    with engine(url or path).connect() as connection:
        if (
            url is not None
            and not dialect_of(connection).has_table(connection, schema.state.name)
            and _holds_originals(home)
        ):
            raise _lost_in_database(home, location(url))
        migrations.prepare(connection, path)
        yield connection


def require_home(home: Path) -> None:
    """Refuses a folder that does not exist, which would be an empty archive, such as one whose name is mistyped.

    Raises:
        UnusableHome: there is no folder, and no database that holds the catalogue instead.
    """
    try:
        home.stat()
    except FileNotFoundError:
        if database_url() is None:
            raise UnusableHome(
                f"没有 {home} 这个文件夹，所以没有档案。请核对 --home 或 GONGKAI_HOME；新建档案请用 gongkai add。",
                f"There is no folder {home}, and so no archive. Check --home or GONGKAI_HOME; gongkai add creates one.",
            ) from None
    except OSError:
        make_home(home)  # says what is wrong with it


def place(home: Path) -> str:
    """Returns where the catalogue of a home is, for messages."""
    url = database_url()
    return str(home / NAME) if url is None else location(url)


@functools.lru_cache(maxsize=16)
def engine(where: Path | sa.URL) -> sa.Engine:
    """Returns the engine of a catalogue, which keeps its statements as SQL: they take longer to compile than to run.

    Raises:
        MissingSupport: psycopg is not installed.
    """
    if isinstance(where, Path):
        return sqlite.create_engine(where)
    try:
        from archive.store.dialects.postgresql_connection import create_engine  # noqa: PLC0415
    except ImportError as error:
        raise MissingSupport(
            "目录在 PostgreSQL 上，但没有安装 psycopg。请运行 pip install 'gongkai[cluster]'。",
            "The catalogue is in PostgreSQL, but psycopg is not installed. Run pip install 'gongkai[cluster]'.",
        ) from error
    return create_engine(where)


def _holds_originals(home: Path) -> bool:
    return any(originals_of(home).listed())


def _originals(home: Path) -> str:
    return os.environ.get(SETTING) or str(home / "originals")


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
        f"{path} 不见了，而原件还在。请从备份恢复它，或把 {_originals(path.parent)} 中的页面重新添加到另一个文件夹。",
        f"{path} is gone, but originals are there. Restore it from a backup, or add the pages in "
        f"{_originals(path.parent)} again to another folder.",
    )


def _lost_in_database(home: Path, where: str) -> DamagedArchive:
    return DamagedArchive(
        f"数据库 {where} 中没有目录，而 {_originals(home)} 中有原件。"
        "请检查 GONGKAI_CATALOGUE，从备份恢复数据库，或把这些页面重新添加到另一个文件夹。",
        f"The database {where} has no catalogue, but there are originals in {_originals(home)}. Check "
        "GONGKAI_CATALOGUE, restore the database from a backup, or add these pages again to another folder.",
    )
