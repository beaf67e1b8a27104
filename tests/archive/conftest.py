from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.pages import balanced, form_report
from tests.gongkai.command_line import PROSE, TITLE, run, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two reports of one agency, and a page without a report."""
    folder = tmp_path / "corpus"
    write(folder / "a" / "2022.txt", form_report(TITLE, cells=balanced(3, 1, 2)))
    write(folder / "b.txt", PROSE)
    return folder


@pytest.fixture
def filled(home: Path, corpus: Path) -> Path:
    assert run(home, "add", corpus).exit_code == 0
    return home
