"""An older catalogue is copied and migrated; a kill during the migration leaves the old state or the new one.

Of SQLite: PostgreSQL has had no earlier version.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive.errors import DamagedRecord, GongkaiError
from archive.extract.pipeline import read_source
from archive.model import Source
from archive.store import migrations, row_hash, schema
from archive.store.catalogue import Catalogue
from archive.store.connection import engine
from tests.archive.pages import form_report, prose_report
from tests.archive.store.killed_children import Tick, before_statements, dies_at

COMMON = """
CREATE TABLE sources (sha256 VARCHAR NOT NULL, source TEXT NOT NULL, notices TEXT NOT NULL, PRIMARY KEY (sha256));
CREATE TABLE agencies (id VARCHAR NOT NULL, document TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE joins (former VARCHAR NOT NULL, agency VARCHAR NOT NULL, PRIMARY KEY (former));
CREATE TABLE state (version INTEGER NOT NULL, revision INTEGER NOT NULL);
"""
DIGESTS = COMMON.replace("notices TEXT NOT NULL,", "notices TEXT NOT NULL, digest VARCHAR NOT NULL,").replace(
    "(id VARCHAR NOT NULL, document TEXT NOT NULL,",
    "(id VARCHAR NOT NULL, document TEXT NOT NULL, digest VARCHAR NOT NULL,",
)
FROM_2 = """
CREATE TABLE reports (
    id INTEGER NOT NULL, agency VARCHAR NOT NULL, "key" VARCHAR NOT NULL, year INTEGER, sha256 VARCHAR NOT NULL,
    capture INTEGER NOT NULL, position INTEGER NOT NULL, fingerprint VARCHAR NOT NULL, duplicate BOOLEAN NOT NULL,
    agency_name VARCHAR, agency_as_printed VARCHAR, form VARCHAR, state VARCHAR NOT NULL, digest VARCHAR NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(sha256) REFERENCES sources (sha256)
);
CREATE INDEX reports_by_agency ON reports (agency, "key", duplicate, capture, position);
CREATE INDEX reports_by_source ON reports (sha256);
CREATE TABLE figures (
    id INTEGER NOT NULL, report INTEGER NOT NULL, "table" VARCHAR NOT NULL, "row" VARCHAR NOT NULL, "column" VARCHAR,
    value VARCHAR, printed VARCHAR NOT NULL, state VARCHAR NOT NULL, basis VARCHAR NOT NULL, unit VARCHAR,
    label VARCHAR, sentence TEXT, first_line INTEGER, last_line INTEGER, "check" VARCHAR,
    PRIMARY KEY (id), FOREIGN KEY(report) REFERENCES reports (id)
);
CREATE INDEX figures_by_report ON figures (report, "table", "row", "column");
CREATE TABLE notices (
    id INTEGER NOT NULL, report INTEGER NOT NULL, code VARCHAR NOT NULL, severity VARCHAR NOT NULL, first_line INTEGER,
    last_line INTEGER, facts TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(report) REFERENCES reports (id)
);
CREATE INDEX notices_by_report ON notices (report);
"""
SCHEMAS = {
    1: f"""{COMMON}
CREATE TABLE reports (
    id INTEGER NOT NULL, agency VARCHAR NOT NULL, "key" VARCHAR NOT NULL, year INTEGER, sha256 VARCHAR NOT NULL,
    capture INTEGER NOT NULL, position INTEGER NOT NULL, fingerprint VARCHAR NOT NULL, duplicate BOOLEAN NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(sha256) REFERENCES sources (sha256)
);
CREATE INDEX reports_by_agency ON reports (agency, "key");
CREATE INDEX reports_by_source ON reports (sha256);
""",
    2: COMMON + FROM_2,
    3: DIGESTS + FROM_2,
}
"""The tables as earlier versions created them."""
PROSE = ["政府信息公开工作年度报告（2016年度）", *prose_report("某某", 2016)[1:]]
PAGES = (
    [*prose_report("泉州市教育局", 2015), *prose_report("泉州市教育局", 2015)],
    prose_report("泉州市教育局", 2015, body="另有一番景象。"),
    prose_report("厦门市教育局", 2016),
    form_report("泉州市教育局2022年政府信息公开工作年度报告"),
    # of unknown agencies; they were two versions of one report
    [*PROSE, "第一份。"],
    [*PROSE, "第二份。"],
)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A home of the present version, with versions, a duplicate, notices and joined agencies."""
    home = tmp_path / "new"
    with Catalogue.open(home) as catalogue:
        for lines in PAGES:
            data = "\n".join(lines).encode()
            source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(read_source(data, source, catalogue.agencies()), data)
        catalogue.join(*catalogue.agencies(), from_year=2017)
    return home


@pytest.fixture(params=[*SCHEMAS, 4])
def old(tmp_path: Path, new: Path, request: pytest.FixtureRequest) -> Path:
    """The same home as an earlier version wrote it."""
    home = tmp_path / "old"
    shutil.copytree(new / "originals", home / "originals")
    if request.param not in SCHEMAS:  # the tables are those of the present version
        shutil.copy(new / "catalogue.sqlite", home)
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        if request.param in SCHEMAS:
            connection.executescript(SCHEMAS[request.param])
            connection.execute("ATTACH ? AS new", [str(new / "catalogue.sqlite")])
            found = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
            for table in [name for (name,) in found]:
                columns = [name for _, name, *_ in connection.execute(f'PRAGMA main.table_info("{table}")')]
                names = ", ".join(f'"{name}"' for name in columns)
                connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")  # noqa: S608
        connection.execute("UPDATE main.reports SET key = year WHERE agency = 'unknown'")
        connection.execute("UPDATE main.state SET version = ?", [request.param])
        connection.commit()
    if request.param not in SCHEMAS:
        write_hashes(home)
    return home


def write_hashes(home: Path) -> None:
    """Writes the hashes of reports of unknown agencies."""
    with engine(home / "catalogue.sqlite").begin() as connection:
        query = sa.select(schema.reports).where(schema.reports.c.agency == "unknown")
        for row in connection.execute(query).all():
            hashed = {row_hash.NAME: row_hash.with_hash(schema.reports, row._asdict())[row_hash.NAME]}
            connection.execute(schema.reports.update().where(schema.reports.c.id == row.id).values(hashed))


def version(home: Path) -> int:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        (found,) = connection.execute("SELECT version FROM state").fetchone()
    return int(found)


def rows(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        tables = [table.name for table in schema.metadata.sorted_tables]
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables}  # noqa: S608


def definitions(home: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        found = connection.execute("SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {(kind, re.sub(r'^(CREATETABLE)"(\w+)"', r"\1\2", "".join(sql.split()))) for kind, sql in found}


def open_and_close(home: Path) -> None:
    with Catalogue.open(home):
        pass


def test_a_migrated_catalogue_equals_a_new_one(old: Path, new: Path) -> None:
    open_and_close(old)
    assert definitions(old) == definitions(new)
    assert rows(old) == rows(new)
    assert rows(old)["figures"], "there is something to compare"
    with Catalogue.open(old) as migrated, Catalogue.open(new) as catalogue:
        assert migrated.notices() == catalogue.notices()
        assert migrated.coverage() == catalogue.coverage()
        assert [*migrated.figures()] == [*catalogue.figures()]
        assert [each.digest for each in migrated.listed()] == [each.digest for each in catalogue.listed()]


@pytest.mark.parametrize("old", [4], indirect=True)
def test_a_row_that_was_damaged_before_stays_damaged(old: Path) -> None:
    """The first version with hashes of rows whose migration writes hashes again."""
    with closing(sqlite3.connect(old / "catalogue.sqlite")) as connection:
        connection.execute("UPDATE reports SET year = 2061 WHERE agency = 'unknown' AND capture = 5")
        connection.commit()
    with Catalogue.open(old) as catalogue:
        with pytest.raises(DamagedRecord):
            catalogue.report_counts(0)
        damaged: list[DamagedRecord] = []
        whole = [report.address for report in catalogue.listed(damaged.append) if report.address.startswith("unknown/")]
    assert (len(whole), len(damaged)) == (1, 1)


def test_the_old_file_is_kept_beside_the_migrated_one(old: Path) -> None:
    before = (old / "catalogue.sqlite").read_bytes()
    open_and_close(old)
    assert (old / "catalogue.sqlite.before-5").read_bytes() == before
    open_and_close(old)
    assert sorted(path.name for path in old.iterdir()) == ["catalogue.sqlite", "catalogue.sqlite.before-5", "originals"]


def test_a_migration_without_room_for_the_copy_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = (old / "catalogue.sqlite").read_bytes()
    monkeypatch.setattr(migrations.shutil, "copy", full)
    with pytest.raises(GongkaiError) as caught:
        open_and_close(old)
    assert "No space left on device" in caught.value.en
    assert (old / "catalogue.sqlite").read_bytes() == before


_CONTINUED = 10
"""Every tenth kill that leaves the files of an earlier one is followed by a migration, which takes most of the time."""


@pytest.mark.slow
def test_a_killed_migration_leaves_the_old_catalogue_or_the_new_one(tmp_path: Path, old: Path, new: Path) -> None:
    expected, before, seen = rows(new), (version(old), definitions(old)), []
    known: list[list[str]] = []
    for moment in range(10_000):
        home = tmp_path / f"{moment}"
        shutil.copytree(old, home)
        killed = migrate_and_die(home, moment)
        left = sorted(path.name for path in home.iterdir())
        seen.append(version(home))
        if seen[-1] != schema.VERSION:
            assert (version(home), definitions(home)) == before
        if seen[-1] == schema.VERSION or left not in known or moment % _CONTINUED == 0:
            known.append(left)
            open_and_close(home)
            assert rows(home) == expected, f"killed at moment {moment}"
            assert (home / "catalogue.sqlite.before-5").exists()
        shutil.rmtree(home)
        if not killed:
            break
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (before[0], schema.VERSION)


def migrate_and_die(home: Path, moment: int) -> bool:
    """Opens the old catalogue in a child that is killed at a statement; whether it reached it."""

    def work(tick: Tick) -> None:
        before_statements(tick)
        open_and_close(home)

    return dies_at(moment, work)
