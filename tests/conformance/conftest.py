from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from indexer.answers.engine import Engine
from indexer.engines.opensearch.build.publish import build_cluster_index, published
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.engines.whoosh.build import shards
from indexer.index import open_index
from indexer.text.tokenizer import Tokenizer
from tests.cluster.fixtures import cluster  # noqa: F401 (a fixture)
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
        return distributed_engine(request.getfixturevalue("cluster"), home)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "shards":
            patch.setattr(shards, "MEAN", 2)
            patch.setattr(shards, "MOST", 2)
        build(home)
    return open_index(home)


def distributed_engine(cluster: str, home: Path) -> Engine:  # noqa: F811
    """The reports in an index of three shards, which no other test has."""
    address = read_address(f"{cluster}/conformance-{secrets.token_hex(4)}")
    build_cluster_index(address, home, REPORTS, AGENCIES, revision=1, shards=3)
    client = Cluster(address)
    return OpenSearchEngine(client, *published(client), Tokenizer())
