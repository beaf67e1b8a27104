from __future__ import annotations

import pytest

from indexer import Engine, open_index
from indexer.words import Words
from tests.conformance.reports import AGENCIES, REPORTS, build
from tests.conformance.truth import Truth


@pytest.fixture(scope="session")
def truth() -> Truth:
    return Truth(REPORTS, AGENCIES, Words())


@pytest.fixture(scope="session", params=["whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Every engine in turn, over the same reports."""
    home = tmp_path_factory.mktemp(request.param)
    build(home)
    return open_index(home)
