from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from tests.conformance.reports import build


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the small archive; tests read it only."""
    path = tmp_path_factory.mktemp("home")
    build(path)
    return path


@pytest.fixture(scope="session")
def index(home: Path) -> WhooshEngine:
    return open_index(home)
