"""Without PostgreSQL, or without the library of the queue, its commands end with one sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.gongkai.command_line import run

NONE = (
    "Jobs are kept in PostgreSQL, and the catalogue is a file, so there are none. Set GONGKAI_CATALOGUE=postgresql://…"
)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("add", "--queue", "page.txt"), f"{NONE}, or add without --queue.\n"),
        (("worker", "--drain"), f"{NONE}.\n"),
        (("jobs",), f"{NONE}.\n"),
        (("jobs", "--retry"), f"{NONE}.\n"),
        (("jobs", "--json"), f"{NONE}.\n"),
    ],
)
def test_a_catalogue_that_is_a_file(tmp_path: Path, command: tuple[str, ...], sentence: str) -> None:
    result = run(tmp_path / "home", *command, language="en")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", sentence)
    assert not (tmp_path / "home").exists(), "nothing is created"


def test_procrastinate_is_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CATALOGUE", "postgresql://127.0.0.1:9/none")
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    result = run(tmp_path / "home", "add", "--queue", "page.txt", language="en")
    assert result.exit_code == 1
    assert result.stderr == "procrastinate is not installed. Run pip install 'gongkai[cluster]'.\n"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("jobs", "--json", "--retry"), "--json cannot be combined with --retry.\n"),
        (("jobs", "--json", "--clear"), "--json cannot be combined with --clear.\n"),
        (("add", "--queue", "--jobs", "2", "page.txt"), "--queue cannot be combined with --jobs.\n"),
    ],
)
def test_an_option_without_effect_is_refused(tmp_path: Path, command: tuple[str, ...], sentence: str) -> None:
    result = run(tmp_path / "home", *command, language="en")
    assert (result.exit_code, result.stderr) == (2, sentence)
