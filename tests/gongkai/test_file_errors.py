"""Errors of files end a command with one sentence that names the file, and leave no temporary files."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import main
from tests.gongkai.command_line import AGENCY, run

ENGLISH = {"LC_ALL": "en_US.UTF-8"}


@pytest.fixture
def indexed(filled: Path) -> Path:
    assert run(filled, "index").exit_code == 0
    return filled


def gongkai(home: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, arguments)], env=ENGLISH)


def make_file(path: Path) -> None:
    if path.is_dir():
        path.rename(path.with_name("elsewhere"))
    path.touch()


def make_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "name", "arguments", "words"),
    [
        (make_file, "originals", ["add", "corpus"], "must be a folder"),
        (make_folder, "catalogue.sqlite", ["coverage"], "must be a file, but it is a folder"),
        (make_file, "index", ["index"], "must be a folder"),
        (make_folder, "index/current", ["search", AGENCY], "must be a file, but it is a folder"),
        (make_folder, "index/current", ["index", "--rebuild"], "must be a file, but it is a folder"),
    ],
)
def test_a_folder_and_a_file_in_each_other_s_place(
    indexed: Path, corpus: Path, harm: Callable[[Path], None], name: str, arguments: list[str], words: str
) -> None:
    (corpus / "new.txt").write_bytes((corpus / "b.txt").read_bytes().replace(b"2015", b"2016"))
    harm(indexed / name)
    result = gongkai(indexed, *(corpus if each == "corpus" else each for each in arguments))
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.stderr or result.exception
    assert str(indexed / name) in result.stderr and words in result.stderr


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "en_US.UTF-8"])
def test_a_home_that_is_a_file(tmp_path: Path, language: str) -> None:
    (tmp_path / "file").touch()
    arguments = ["--home", str(tmp_path / "file"), "coverage"]
    result = CliRunner().invoke(main, arguments, env={"LC_ALL": language})
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert ("用作存放档案的文件夹" if language == "zh_CN.UTF-8" else "cannot hold the archive") in result.stderr


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    result = gongkai(tmp_path / ("长" * 200), "coverage")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "--home" in result.stderr


@pytest.mark.parametrize("number", range(1, 6))
def test_a_disk_that_fills_up_at_any_write(
    empty_home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync, count = os.fsync, 0

    def fill(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count > number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fill)
    result = gongkai(empty_home, "add", corpus, "--jobs", "1")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("No disk space (or quota) is left for ")
    assert str(empty_home.parent) in result.stderr
    names = [path.name for path in empty_home.rglob("*") if path.is_file()]
    assert all(len(name) == 64 or name.startswith("catalogue.sqlite") for name in names), names
    monkeypatch.undo()
    for command in (["add", corpus, "--jobs", "1"], ["verify"]):
        result = gongkai(empty_home, *command)
        assert result.exit_code == 0, result.output


def test_outcomes_are_printed_also_when_the_disk_is_full(
    empty_home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gongkai(empty_home, "add", corpus / "b.txt").exit_code == 0

    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fill)
    page = corpus / "c.txt"
    page.write_bytes((corpus / "b.txt").read_bytes() + "补充".encode())
    result = gongkai(empty_home, "add", corpus / "b.txt", page, "--jobs", "1")
    assert "Unchanged" in result.stdout
    assert result.stderr.startswith("No disk space")


def test_a_bug_is_no_sentence(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise OSError("nothing is known")

    empty_home.mkdir()
    monkeypatch.setattr("archive.store.connection.make_home", fail)
    assert isinstance(gongkai(empty_home, "coverage").exception, OSError)


WITHOUT_PRIVILEGES = """
import ctypes, os
if os.getuid() == 0:  # drop CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, so that permissions hold for root, too
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, sets) == 0
    for number in (0, 1):
        sets[number] &= ~0b110
    assert libc.capset(header, sets) == 0
from gongkai.cli import main
main()
"""


def subprocess_of(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", WITHOUT_PRIVILEGES, "--home", str(home), *map(str, arguments)],
        env={**os.environ, **ENGLISH, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="root can drop its privileges on Linux only")
@pytest.mark.parametrize(
    ("path", "mode", "arguments", "code"),
    [
        (".", 0o555, ["coverage"], 0),
        (".", 0o555, ["index"], 0),
        (".", 0o555, ["index", "--rebuild"], 0),
        (".", 0o555, ["add", "page"], 1),
        (".", 0o000, ["coverage"], 1),
        ("catalogue.sqlite", 0o000, ["coverage"], 1),
        ("catalogue.sqlite", 0o444, ["add", "page"], 1),
        ("originals", 0o555, ["add", "page"], 1),
        ("index", 0o000, ["search", AGENCY], 1),
        ("index/current", 0o000, ["search", AGENCY], 1),
        ("index/gen-000001", 0o000, ["search", AGENCY], 1),
    ],
)
def test_no_permission(indexed: Path, corpus: Path, path: str, mode: int, arguments: list[str], code: int) -> None:
    page = corpus / "new.txt"
    page.write_bytes((corpus / "b.txt").read_bytes().replace(b"2015", b"2016"))
    (indexed / path).chmod(mode)
    result = subprocess_of(indexed, *(page if each == "page" else each for each in arguments))
    (indexed / path).chmod(0o755)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    if code:
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert "permission" in result.stderr.lower() or "--rebuild" in result.stderr, result.stderr
        assert str(indexed) in result.stderr


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="root can drop its privileges on Linux only")
def test_a_folder_that_cannot_be_opened_is_reported_and_the_others_are_added(empty_home: Path, corpus: Path) -> None:
    (corpus / "a").chmod(0o000)
    result = subprocess_of(empty_home, "add", corpus)
    (corpus / "a").chmod(0o755)
    assert result.returncode == 1
    assert result.stderr == f"Cannot open {corpus / 'a'} (Permission denied). Check the path and the permissions.\n"
    assert result.stdout.split()[-5:] == ["1", "0", "0", "0", "1"], "b.txt is added"
