"""Connects to PostgreSQL with psycopg, which only this module imports.

PostgreSQL has no text for the character NUL: it is escaped in texts, and JSON documents escape it themselves.
"""

from __future__ import annotations

import os
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown, TextLoader

from archive.errors import GongkaiError
from archive.store.dialects.postgresql_errors import location, translated

_CONNECT_TIMEOUT = 10
"""Seconds to wait for a server that does not answer."""
_POOL = 5
"""Connections that a process keeps open between requests."""
_ESCAPE = "\x1a"
"""The control character SUBSTITUTE, which JSON escapes, too."""
_NUL = f"{_ESCAPE}0"
_ITSELF = f"{_ESCAPE}1"


def create_engine(url: sa.URL) -> sa.Engine:
    """Returns an engine with a pool, which replaces connections that the server has closed."""
    created = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=_POOL,
        max_overflow=-1,  # the server limits connections, and says so
        connect_args={"connect_timeout": _CONNECT_TIMEOUT, "application_name": "gongkai"},
    )
    where = location(url)
    # a child process must not use the connections of its parent
    os.register_at_fork(after_in_child=lambda: created.dispose(close=False))

    @sa.event.listens_for(created, "connect")
    def prepare(connection: psycopg.Connection[Any], _: object) -> None:
        _escape_texts(connection)

    @sa.event.listens_for(created, "handle_error")
    def translate(context: sa.engine.ExceptionContext) -> GongkaiError | None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, psycopg.Error):
            return None
        return translated(error, where)

    return created


def escape(text: str) -> str:
    if "\0" in text or _ESCAPE in text:
        return text.replace(_ESCAPE, _ITSELF).replace("\0", _NUL)
    return text


def unescape(text: str) -> str:
    return text.replace(_NUL, "\0").replace(_ITSELF, _ESCAPE) if _ESCAPE in text else text


def _escape_texts(connection: psycopg.Connection[Any]) -> None:
    """Escapes all texts that are written over a connection, and restores those that are read."""
    connection.adapters.register_dumper(str, _EscapingDumper)
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _EscapingLoader)


class _EscapingDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(escape(obj))


class _EscapingLoader(TextLoader):
    def load(self, data: Buffer) -> str | bytes:
        return unescape(str(data, "utf-8"))
