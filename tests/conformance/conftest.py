from __future__ import annotations

import pytest

from indexer.answers.engine import Engine
from indexer.engines.whoosh.build import shards
from indexer.index import open_index
from indexer.text.tokenizer import Tokenizer
from tests.cluster.engines import distributed_engine
from tests.conformance.reports import AGENCIES, PLACES, REPORTS, build
from tests.conformance.truth import Truth


@pytest.fixture(scope="session")
def truth() -> Truth:
    return Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)


@pytest.fixture(scope="session", params=["one-shard", "shards", pytest.param("opensearch", marks=pytest.mark.cluster)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Every engine in turn, over the same reports; the embedded one also with a shard for each report or two."""
    home = tmp_path_factory.mktemp(request.param)
    if request.param == "opensearch":
        return distributed_engine(request.getfixturevalue("cluster"), home, REPORTS, AGENCIES)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "shards":
            patch.setattr(shards, "MEAN", 2)
            patch.setattr(shards, "MOST", 2)
        build(home)
    return open_index(home)
