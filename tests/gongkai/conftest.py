from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import Reading, Source
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.archive.pages import balanced, form_report
from tests.conformance.reports import AGENCIES, REPORTS
from tests.gongkai.command_line import PROSE, TITLE, run, write

SOURCE = Source("page.html", "1f6f0f0e9b1c2a" + "0" * 50, "text/html")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two pages with one report each, of one agency."""
    folder = tmp_path / "corpus"
    write(folder / "a" / "2022.txt", form_report(TITLE, cells=balanced(3, 1, 2)))
    write(folder / "b.txt", PROSE)
    return folder


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def filled(empty_home: Path, corpus: Path) -> Path:
    assert run(empty_home, "add", corpus).exit_code == 0
    return empty_home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the conformance reports in catalogue and index; tests only read it."""
    path = tmp_path_factory.mktemp("home")
    with Catalogue.open(path) as catalogue:
        catalogue.add(Reading(SOURCE, REPORTS, (), AGENCIES), b"<html></html>")
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path
