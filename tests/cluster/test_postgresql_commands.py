"""Commands answer on a catalogue in PostgreSQL as on one in SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.test_postgresql_writers import write_pages
from tests.gongkai.command_line import run

pytestmark = pytest.mark.cluster

COMMANDS = (
    ("search", "公开", "--json"),
    ("search", "requests.new.total>=0", "--json"),
    ("figures", "--json"),
    ("figures", "--sum", "--json"),
    ("agencies", "--json"),
    ("coverage", "--json"),
    ("notices", "--json"),
    ("ranking", "requests.new.total", "--json"),
    ("trend", "公开", "--json"),
    ("verify", "--json"),
)


@pytest.mark.usefixtures("postgresql_url")
def test_commands_answer_as_on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = write_pages(tmp_path / "pages", 3, range(2021, 2024))
    answers = []
    for name in ("postgresql", "sqlite"):
        if name == "sqlite":
            monkeypatch.delenv("GONGKAI_CATALOGUE")
        home = tmp_path / name
        for command in (("add", pages), ("index",)):
            assert run(home, *command).exit_code == 0
        results = [run(home, *command) for command in COMMANDS]
        assert [result.exit_code for result in results] == [0] * len(COMMANDS)
        assert (home / "catalogue.sqlite").exists() == (name == "sqlite")
        answers.append([result.stdout.replace(str(home), "HOME") for result in results])
    for command, *both in zip(COMMANDS, *answers, strict=True):
        first, second = map(without_revision, both)
        assert first == second and len(first) > 2, command


def without_revision(answer: str) -> list[str]:
    """PostgreSQL counts an agency that is new as a change of its own."""
    return [line for line in answer.splitlines() if "revision" not in line and "目录版本" not in line]
