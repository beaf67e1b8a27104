"""The operations for which the databases need different statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

import sqlalchemy as sa

PATIENCE = 60
"""Seconds that a process waits for another one that writes; one page takes a small part of a second."""


class Dialect(Protocol):
    """The statements of one database. All of them run in the transaction of the connection."""

    writes_side_by_side: bool
    """Whether `lock_shared` lets several processes write at the same time."""

    def create_tables(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        """Creates the tables that do not exist yet."""
        ...

    def has_table(self, connection: sa.Connection, name: str) -> bool: ...

    def lock(self, connection: sa.Connection) -> None:
        """Locks out all other writers until the transaction ends."""
        ...

    def lock_shared(self, connection: sa.Connection) -> None:
        """Locks out those that called `lock`, and not those that called this."""
        ...

    def lock_names(self, connection: sa.Connection, names: Collection[str]) -> None:
        """Locks out other writers of these pages, agencies and reports, after `lock_shared`."""
        ...

    def begin_snapshot(self, connection: sa.Connection) -> None:
        """Begins a transaction whose queries all read the same state."""
        ...

    def increase_revision(self, connection: sa.Connection) -> None: ...

    def next_capture(self, connection: sa.Connection) -> int:
        """Returns the number of the next page, which grows from page to page of a report."""
        ...

    def lock_register(self, connection: sa.Connection) -> None:
        """Locks out others who add agencies or names of agencies, after `lock_shared`."""
        ...

    def register_version(self, connection: sa.Connection) -> int:
        """Returns a number that grows when an agency or a name of one is added."""
        ...

    def changed_agencies(self, connection: sa.Connection, version: int) -> Collection[str] | None:
        """Returns the ids of the agencies that were added or have new names since a version; None if unknown."""
        ...

    def record_register_change(self, connection: sa.Connection, agency: str | None) -> None:
        """Records a new agency or name, or with None a change of any agencies."""
        ...

    def integrity(self, connection: sa.Connection, metadata: sa.MetaData) -> Iterator[tuple[str, str]]:
        """Yields what the database itself says is damaged: `integrity` or `reference`, and a text."""
        ...
