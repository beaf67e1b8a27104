from __future__ import annotations

from pathlib import Path

import pytest

from indexer.index import Index, open_index
from tests.conformance.reports import build


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index of the small archive; tests read it only."""
    path = tmp_path_factory.mktemp("home")
    build(path)
    return path


@pytest.fixture(scope="session")
def index(home: Path) -> Index:
    return open_index(home)
