"""A catalogue in PostgreSQL, which several processes on several machines write at the same time.

Writers hold a shared lock and one lock for each page and agency that they write. A page with a new agency or a new name
of one, which changes how names on later pages are resolved, is preceded by a short transaction that adds the names and
holds the lock of the register. Joining agencies locks out all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa
import xxhash

from archive.errors import DamagedArchive
from archive.store.dialects import dialect

_CATALOGUE = "catalogue"
_REGISTER = "register"
"""The names of the lock that all writers hold, and of the one for new agencies and names."""
_CREATE = (
    "CREATE SEQUENCE IF NOT EXISTS captures",
    # a row for each new agency, name or join; `version` grows from commit to commit
    "CREATE TABLE IF NOT EXISTS register_changes (version BIGSERIAL PRIMARY KEY, agency TEXT)",
)


class PostgresqlDialect:
    """The statements of PostgreSQL."""

    writes_side_by_side = True

    def create_tables(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        metadata.create_all(connection)
        for statement in _CREATE:
            connection.exec_driver_sql(statement)

    def has_table(self, connection: sa.Connection, name: str) -> bool:
        return bool(connection.exec_driver_sql("SELECT to_regclass(%s) IS NOT NULL", (name,)).scalar_one())

    def lock(self, connection: sa.Connection) -> None:
        self._begin(connection)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_key(connection, _CATALOGUE),))

    def lock_shared(self, connection: sa.Connection) -> None:
        self._begin(connection)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock_shared(%s)", (_key(connection, _CATALOGUE),))

    def lock_names(self, connection: sa.Connection, names: Collection[str]) -> None:
        keys = sorted({_key(connection, name) for name in names})  # in one order, so that no two wait for each other
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", (keys,))

    def begin_snapshot(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def increase_revision(self, connection: sa.Connection) -> None:
        """Increases a row of `state` that no other writer holds.

        The revision is the sum of the rows, so that each commit changes it, in whatever order writers commit.
        """
        query = "SELECT ctid::text FROM state LIMIT 1 FOR UPDATE SKIP LOCKED"
        if (row := connection.exec_driver_sql(query).scalar_one_or_none()) is None:
            insert = "INSERT INTO state (version, revision) SELECT max(version), 1 FROM state"
            connection.exec_driver_sql(insert)
        else:
            connection.exec_driver_sql("UPDATE state SET revision = revision + 1 WHERE ctid = %s::tid", (row,))

    def next_capture(self, connection: sa.Connection) -> int:
        return int(connection.exec_driver_sql("SELECT nextval('captures')").scalar_one())

    def lock_register(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_key(connection, _REGISTER),))

    def register_version(self, connection: sa.Connection) -> int:
        query = "SELECT coalesce(max(version), 0) FROM register_changes"
        return int(connection.exec_driver_sql(query).scalar_one())

    def changed_agencies(self, connection: sa.Connection, version: int) -> Collection[str] | None:
        query = "SELECT agency FROM register_changes WHERE version > %s"
        changed = {*connection.exec_driver_sql(query, (version,)).scalars()}
        return None if None in changed else changed

    def record_register_change(self, connection: sa.Connection, agency: str | None) -> None:
        connection.exec_driver_sql("INSERT INTO register_changes (agency) VALUES (%s)", (agency,))

    def integrity(self, connection: sa.Connection, metadata: sa.MetaData) -> Iterator[tuple[str, str]]:
        """Looks for references to rows that are gone; the indexes are verified if `amcheck` is installed."""
        for table in metadata.sorted_tables:
            for key in table.foreign_keys:
                child, parent = key.parent, key.column
                stray = sa.select(child).where(~sa.exists().where(parent == child)).distinct()
                for value in connection.execute(stray).scalars():
                    yield "reference", f"{table.name} {value} → {parent.table.name}"
        query = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'amcheck'"
        if functions := connection.exec_driver_sql(query).scalar_one_or_none():
            for table in metadata.sorted_tables:
                yield from _index_damage(connection, functions, table.name)

    def _begin(self, connection: sa.Connection) -> None:
        patience = max(1, round(dialect.PATIENCE * 1000))  # 0 would be no limit
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")


def _index_damage(connection: sa.Connection, functions: str, table: str) -> Iterator[tuple[str, str]]:
    """Yields the damaged indexes of a table; `functions` is the schema of the extension `amcheck`."""
    query = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = to_regclass(%s) ORDER BY 1"
    for index in connection.exec_driver_sql(query, (table,)).scalars().all():
        try:
            with connection.begin_nested():
                check = f"SELECT {functions}.bt_index_check(to_regclass(%s), true)"
                connection.exec_driver_sql(check, (index,))
        except DamagedArchive:
            yield "integrity", f"index {index}"


def _key(connection: sa.Connection, name: str) -> int:
    """Returns the number of a lock. Locks belong to the whole database, which can hold several catalogues."""
    schema = connection.info.get("schema")
    if schema is None:
        schema = connection.info["schema"] = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    return xxhash.xxh3_64_intdigest(f"{schema}:{name}".encode("utf-8", "surrogatepass")) - (1 << 63)
