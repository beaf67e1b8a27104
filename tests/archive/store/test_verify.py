"""Whatever is damaged in originals or catalogue is found, and nothing else."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.agencies.resolve import resolve_agencies
from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.model import UNKNOWN_AGENCY, Agency
from archive.store import verify
from archive.store.catalogue import Catalogue
from archive.store.verify import Damage, verify_catalogue, verify_originals
from tests.archive.pages import source
from tests.archive.store.test_damaged_records import FIRST, HEALED, ID, SECOND, SHA256, damage

pytestmark = pytest.mark.usefixtures("database")

ORIGINAL = f"originals/{SHA256[:2]}/{SHA256}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path) as catalogue:
        for reading in (FIRST, SECOND):
            catalogue.add(*reading)
    return tmp_path


def found(home: Path) -> list[Damage]:
    def progress(*_: object) -> None:
        pass

    return [*verify_originals(home, progress), *verify_catalogue(home, progress)]


def test_a_whole_home_has_no_damage(home: Path) -> None:
    assert found(home) == []
    with Catalogue.open(home) as catalogue:  # its reports stay whole
        catalogue.join(catalogue.agencies()[0], Agency("x", "另一机关"), 2016)
    assert found(home) == []


def test_a_report_without_an_agency_is_no_damage(home: Path) -> None:
    data = "政府信息公开工作年度报告\n一、概述\n2015年公开平稳有序。".encode()
    parsed = read_source(data, source(data))
    with Catalogue.open(home) as catalogue:
        reading = resolve_agencies(parsed, catalogue.register())
        assert [report.agency for report in reading.reports] == [UNKNOWN_AGENCY]
        catalogue.add(reading, data)
    assert found(home) == []


def test_progress_counts_originals_and_reports(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_BATCH", 1)
    counted: list[tuple[str, int, int]] = []

    def progress(*values: object) -> None:
        counted.append(values)  # type: ignore[arg-type]

    assert [*verify_originals(home, progress), *verify_catalogue(home, progress)] == []
    assert counted == [("originals", 1, 2), ("originals", 2, 2), ("reports", 1, 2), ("reports", 2, 2)]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def leave(path: Path, age: int) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (path.stat().st_mtime - age,) * 2)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


FILES: list[tuple[Callable[[Path], object], str, str, str]] = [
    (lambda home: flip(home / ORIGINAL), "damaged", ORIGINAL, "one bit flipped"),
    (lambda home: (home / ORIGINAL).write_bytes(b""), "damaged", ORIGINAL, "the content is lost"),
    (lambda home: (home / ORIGINAL).unlink(), "missing", ORIGINAL, "the file is lost"),
    (lambda home: shutil.rmtree((home / ORIGINAL).parent), "missing", ORIGINAL, "the folder is lost"),
    (lambda home: replace_by_folder(home / ORIGINAL), "unreadable", ORIGINAL, "a folder"),
    (lambda home: leave(home / "originals/ab/tmp1", 4000), "stray_file", "originals/ab/tmp1", "of a killed process"),
    (lambda home: leave(home / "originals/tmp1", 4000), "stray_file", "originals/tmp1", "beside the folders"),
]


@pytest.mark.parametrize(("harm", "code", "where", "reason"), FILES)
def test_damaged_originals_are_found(
    home: Path, harm: Callable[[Path], object], code: str, where: str, reason: str
) -> None:
    harm(home)
    assert [(each.part, each.code, each.where) for each in found(home)] == [("originals", code, str(home / where))], (
        reason
    )


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda home: leave(home / "originals/ab/tmp1", 60), "`gongkai add` may be writing it"),
        (lambda home: shutil.copy(home / ORIGINAL, home / "copy"), "a file of the user beside the archive"),
    ],
)
def test_other_files_are_no_damage(home: Path, harm: Callable[[Path], object], reason: str) -> None:
    harm(home)
    assert found(home) == [], reason


def test_a_page_without_a_record_is_no_damage(home: Path) -> None:
    damage(home, f"DELETE FROM reports WHERE sha256 = '{SHA256}'")  # noqa: S608
    damage(home, f"DELETE FROM sources WHERE sha256 = '{SHA256}'")  # noqa: S608
    assert found(home) == []


@pytest.mark.parametrize(("statement", "reason"), HEALED)
def test_damaged_records_are_found(home: Path, statement: str, reason: str) -> None:
    damage(home, statement)
    (only,) = found(home)
    assert only.part == "catalogue", reason
    assert only.where in (f"{ID}/2015", f"{ID}/2022", SHA256), reason
    assert "重新添加" in only.zh and "again" in only.en, reason


@pytest.mark.parametrize(
    ("statement", "code", "reason"),
    [
        ("UPDATE agencies SET document = '{'", "agency", "an agency"),
        (f"DELETE FROM sources WHERE sha256 = '{SHA256}'", "reference", "a report without its page"),  # noqa: S608
        ("DELETE FROM agencies", "reference", "reports of an agency that is not there"),
        ("INSERT INTO joins VALUES ('a', 'b')", "reference", "a former id that leads nowhere"),
    ],
)
def test_damaged_references_are_found(home: Path, statement: str, code: str, reason: str) -> None:
    damage(home, statement)
    assert [(each.part, each.code) for each in found(home)] == [("catalogue", code)], reason


def test_a_missing_index_entry_is_found(home: Path, database: str) -> None:
    if database != "sqlite":
        pytest.skip("of PostgreSQL's indexes in tests/cluster")
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'reports_by_source'").fetchone()
        connection.execute("DELETE FROM sqlite_master WHERE name = 'reports_by_source'")
        connection.commit()
    assert sql
    assert [(each.part, each.code) for each in found(home)] == [("catalogue", "integrity")]


def test_a_catalogue_that_cannot_be_read_leaves_the_originals_to_be_verified(home: Path, database: str) -> None:
    if database != "sqlite":
        pytest.skip("the file is SQLite's")
    flip(home / ORIGINAL)
    (home / "catalogue.sqlite").write_bytes(b"\xff" * 40_000)

    def progress(*_: object) -> None:
        pass

    assert [each.code for each in verify_originals(home, progress)] == ["damaged"]
    with pytest.raises(GongkaiError, match=r"catalogue\.sqlite"):
        [*verify_catalogue(home, progress)]


def test_a_report_that_is_replaced_meanwhile_is_no_damage(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differing_tables, replaced = verify.differing_tables, []

    def replace_first(*arguments: object) -> object:
        if not replaced:  # between the row of the report and those of its figures
            replaced.append(True)
            return iter(["figures"])
        return differing_tables(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verify, "differing_tables", replace_first)
    assert [each.code for each in found(home) if each.code == "figures"] == []
