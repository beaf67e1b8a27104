"""A hash in each row of a table, so that a damaged cell is an error and never another answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
import xxhash

from archive.errors import GongkaiError

NAME = "row_hash"
"""The column that holds it."""
_ROWS_AT_ONCE = 2_000
_APART = ("id", "document", NAME)
"""Columns that it does not cover: the number that the database gives, and documents, which have a digest."""


def column() -> sa.Column[int]:
    return sa.Column(NAME, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def hashed_columns(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    """The columns that the hash of a row covers, and behind them the hash."""
    return (*(each for each in table.c if each.name not in _APART), table.c[NAME])


def row_hash(values: Iterable[object]) -> int:
    """Returns the hash of the values of a row, as a signed integer of 64 bits."""
    return xxhash.xxh3_64_intdigest(msgspec.json.encode([*values])) - (1 << 63)


def with_hash(table: sa.Table, values: Mapping[str, object]) -> dict[str, object]:
    """Returns a row to write, with its hash."""
    return {**values, NAME: row_hash(values.get(each.name) for each in hashed_columns(table)[:-1])}


def is_whole(table: sa.Table, row: Mapping[str, object]) -> bool:
    """Whether a row that was read is as it was written."""
    return with_hash(table, row)[NAME] == row[NAME]


def whole_rows(
    connection: sa.Connection, table: sa.Table, query: sa.Select[Any], error: Callable[[sa.Row[Any]], GongkaiError]
) -> Iterator[sa.Row[Any]]:
    """Yields the rows of a query on a table with all columns that the hash covers.

    Raises:
        GongkaiError: `error` of the first row that is damaged.
    """
    columns = hashed_columns(table)
    whole = query.with_only_columns(table.c.id, *columns, maintain_column_froms=True)
    # PostgreSQL would send all rows at once
    with connection.execute(whole, execution_options={"yield_per": _ROWS_AT_ONCE}) as found:
        for rows in found.partitions():  # fetching one by one takes twice as long
            for row in rows:
                if row_hash(row[1:-1]) != row[-1]:
                    raise error(row)
                yield row
