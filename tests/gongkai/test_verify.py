"""`gongkai verify` and what the other commands do with a damaged archive."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.store.catalogue import Catalogue
from tests.gongkai.command_line import ID, PROSE, document, run, write

DATA = "\n".join(PROSE).encode()
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def indexed(filled: Path) -> Path:
    assert run(filled, "index").exit_code == 0
    return filled


def original(home: Path) -> Path:
    return home / "originals" / SHA256[:2] / SHA256


def damage(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as connection:
        connection.execute("UPDATE reports SET document = substr(document, 1, 9) WHERE year = 2015")
        connection.commit()


def test_one_original_is_counted_in_the_singular(empty_home: Path, corpus: Path) -> None:
    run(empty_home, "add", corpus / "b.txt")
    assert run(empty_home, "verify", language="en").stdout == "Verified 1 original, 1 report: no damage.\n"


def test_a_whole_archive(indexed: Path) -> None:
    result = run(indexed, "verify")
    assert (result.exit_code, result.stdout) == (0, "已核对 2 个原件，2 份报告：没有损坏。\n")
    result = run(indexed, "verify", language="en")
    assert (result.exit_code, result.stdout) == (0, "Verified 2 originals, 2 reports: no damage.\n")
    expected = {"home": str(indexed), "verified": {"originals": 2, "reports": 2}, "damage": []}
    assert document(run(indexed, "verify", "--json")) == expected


def test_an_archive_without_an_index_is_whole(filled: Path) -> None:
    assert run(filled, "verify").exit_code == 0


def test_damage_is_listed_with_its_place_and_remedy(indexed: Path) -> None:
    original(indexed).write_bytes(b"")
    damage(indexed)
    (indexed / "index" / "gen-000001" / "index.json").write_text("{")
    result = run(indexed, "verify", language="en")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"The original {SHA256} is damaged. Restore it from a backup, or add the page again.",
        f"The report {ID}/2015 in the catalogue is damaged; the others are not affected. "
        "Add its page again, or restore a backup of the catalogue.",
        *[line for line in result.stdout.splitlines() if "gongkai index --rebuild" in line],
        "Verified 2 originals, 2 reports: damage: 3.",
    ]
    result = run(indexed, "verify", "--json", language="en")
    assert result.exit_code == 1
    found = document(result)["damage"]
    assert [(each["part"], each["code"]) for each in found][:2] == [("originals", "damaged"), ("catalogue", "report")]
    assert [each["part"] for each in found] == ["originals", "catalogue", "index"]
    assert [each["where"] for each in found][:2] == [str(original(indexed)), f"{ID}/2015"]
    assert all(set(each) == {"part", "code", "where", "message"} for each in found)


def test_a_catalogue_that_cannot_be_read_is_damage(indexed: Path) -> None:
    (indexed / "catalogue.sqlite").write_bytes(b"\xff" * 40_000)
    result = run(indexed, "verify", "--json")
    assert result.exit_code == 1
    assert [(each["part"], each["code"]) for each in document(result)["damage"]] == [("catalogue", "unusable")]


@pytest.mark.parametrize(("content", "reason"), [(b"", "no content"), (DATA[:-1], "cut"), (None, "no file")])
def test_add_restores_an_original_and_says_so(filled: Path, corpus: Path, content: bytes | None, reason: str) -> None:
    path = original(filled)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    page = corpus / "b.txt"
    result = run(filled, "add", page, language="en")
    assert result.exit_code == 0, reason
    assert result.stdout.splitlines()[0] == f"{page}: restored the damaged original {SHA256}.", reason
    assert path.read_bytes() == DATA, reason
    result = run(filled, "add", page)
    assert "已恢复" not in result.stdout and run(filled, "verify").exit_code == 0


def test_an_index_is_built_without_a_damaged_report_and_says_so(filled: Path, corpus: Path) -> None:
    damage(filled)
    result = run(filled, "index", language="en")
    assert result.exit_code == 1
    assert result.stdout == "Index version 1: 1 reports, 7 sections.\n"
    assert result.stderr.startswith(f"The report {ID}/2015 in the catalogue is damaged;")
    assert run(filled, "show", ID, "2022").exit_code == 0
    result = run(filled, "show", ID, "2015", language="en")
    assert (result.exit_code, result.stderr.split(";")[0]) == (1, f"The report {ID}/2015 in the catalogue is damaged")
    assert run(filled, "add", corpus / "b.txt").exit_code == 0
    result = run(filled, "index", language="en")
    assert (result.exit_code, result.stdout) == (0, "Index version 2: 2 reports, 12 sections.\n")


def test_pages_are_kept_where_the_page_before_was_damaged(filled: Path, tmp_path: Path) -> None:
    damage(filled)
    page = write(tmp_path / "more.txt", [line.replace("2015", "2016") for line in PROSE])
    assert run(filled, "add", page).exit_code == 0
    with Catalogue.open(filled) as catalogue:
        assert catalogue.report(ID, "2016")


class Poison:
    """Creates a folder when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self.target),)


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
def test_an_archive_of_somebody_else_runs_nothing(indexed: Path, tmp_path: Path, protocol: int) -> None:
    """Each file of the home, one after the other, is replaced by a poisoned pickle."""
    target = tmp_path / "target"
    poison = pickle.dumps(Poison(target), protocol)
    pickle.loads(poison)  # noqa: S301
    target.rmdir()  # the poison works
    paths = [path for path in sorted(indexed.rglob("*")) if path.is_file()]
    assert len(paths) > 30
    commands = [("search", "=公开"), ("show", ID, "2015"), ("coverage",), ("figures", "--json"), ("verify",)]
    for number, path in enumerate(paths):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(poison)
        arguments = commands[number % len(commands)]
        result = run(indexed, *arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit | GongkaiError), path
        assert not target.exists(), path
        path.unlink()
        path.write_bytes(data)
