"""Errors in the words of a command: one sentence in the user's language, exit code 2."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import main
from gongkai.cli.figures import MOST_PRINTED
from tests.gongkai.command_line import document

ERRORS = [
    ("serach 微博", "没有“serach”这个命令。是不是 search？全部命令见 gongkai --help。", "a misspelt command"),
    ("xyz", "没有“xyz”这个命令。全部命令见 gongkai --help。", "no such command"),
    ("agency jion a b", "没有“jion”这个命令。是不是 join？全部命令见 gongkai --help。", "a command of a group"),
]


@pytest.mark.parametrize(("line", "sentence", "reason"), ERRORS, ids=[case[2] for case in ERRORS])
def test_usage_errors(line: str, sentence: str, reason: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "--lang", "zh", *line.split()])
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (2, "", sentence), reason
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "--lang", "en", *line.split()])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.isascii() or "“" in result.stderr, "English has no Chinese sentence"


def test_a_list_of_an_empty_archive_is_empty(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "--lang", "zh", "agencies"])
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "档案还是空的。请先 gongkai add。")
    assert document(CliRunner().invoke(main, ["--home", str(tmp_path), "agencies", "--json"]))["agencies"] == []


READING = (
    "coverage",
    "figures",
    "notices",
    "agencies",
    "agency join a b --from 2016",
    "ranking requests.new.total",
    "show 市政府 2015",
    "cite 市政府 2015",
    "compare 市政府 2015 2016",
    "similar 市政府 2015",
    "index",
    "verify",
)


@pytest.mark.parametrize("line", READING)
def test_a_mistyped_home_is_no_empty_archive(line: str, tmp_path: Path) -> None:
    """A command that reads makes no folder: `verify` of a folder that does not exist found no damage."""
    home = tmp_path / "archvie"
    result = CliRunner().invoke(main, ["--home", str(home), "--lang", "en", *line.split()])
    sentence = f"There is no folder {home}, and so no archive. Check --home or GONGKAI_HOME; gongkai add creates one."
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (1, "", sentence)
    assert not home.exists()


def test_arguments_in_another_encoding(filled: Path) -> None:
    """A locale without UTF-8: the bytes of an argument arrive as surrogates, which the catalogue cannot look up."""
    words = [sys.executable, "-m", "gongkai", "--home", str(filled), "--lang", "en", "show", b"\xff\xfe", "2015"]
    result = subprocess.run(words, capture_output=True, check=False)  # noqa: S603 (our own program)
    sentence = b"An argument is not in UTF-8. Use UTF-8, such as LANG=C.UTF-8.\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, b"", sentence)


def test_an_interrupt_is_a_signal(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    def interrupt(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("gongkai.cli.notices.data_version", interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a program in the background ignores it
    try:
        result = CliRunner().invoke(main, ["--home", str(filled), "--lang", "en", "notices"])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.exit_code, result.stderr) == (128 + signal.SIGINT, "Interrupted.\n")


def test_a_long_table_is_printed_in_part(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    assert MOST_PRINTED >= 500, "a report of each form is printed as a whole"
    monkeypatch.setattr("gongkai.cli.figures.MOST_PRINTED", 3)
    command = ["--home", str(filled), "--lang", "en", "figures", "--agency", "泉州市教育局"]
    printed = CliRunner().invoke(main, command).stdout
    count = len(document(CliRunner().invoke(main, [*command, "--json"]))["figures"])
    assert f"These are the first 3 of {count:,} rows. Add --agency, --year or --table, or use --csv." in printed
    assert printed.count("泉州市教育局") == 3
