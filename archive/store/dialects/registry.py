"""Chooses the database of a catalogue."""

from __future__ import annotations

import os

import sqlalchemy as sa

from archive.errors import InvalidRequest
from archive.store.dialects.dialect import Dialect
from archive.store.dialects.postgresql import PostgresqlDialect
from archive.store.dialects.sqlite import SqliteDialect

VARIABLE = "GONGKAI_CATALOGUE"
"""The environment variable with the address of a database; without it, a home has a file of its own."""
_DIALECTS: dict[str, Dialect] = {"sqlite": SqliteDialect(), "postgresql": PostgresqlDialect()}


def dialect_of(connection: sa.Connection) -> Dialect:
    return _DIALECTS[connection.dialect.name]


def database_url() -> sa.URL | None:
    """Returns the address that `GONGKAI_CATALOGUE` gives, or None if it is not set.

    Raises:
        InvalidRequest: it is no address of PostgreSQL.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return None
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise _invalid(text) from error
    if url.drivername not in ("postgresql", "postgres") or not url.database:
        raise _invalid(url.render_as_string())
    return url


def _invalid(text: str) -> InvalidRequest:
    return InvalidRequest(
        f"GONGKAI_CATALOGUE 不是 PostgreSQL 数据库的地址：{text}。请写作 postgresql://user@host:port/database。",
        f"GONGKAI_CATALOGUE is no address of a PostgreSQL database: {text}. "
        "Write it as postgresql://user@host:port/database.",
    )
