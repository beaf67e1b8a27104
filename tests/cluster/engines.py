"""Engines over reports of a test: the embedded one, or one in the cluster that tests share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

import pytest

from archive.model import Agency, Report
from indexer.answers.engine import Engine
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.text.tokenizer import Tokenizer

ENGINES = ["embedded", pytest.param("opensearch", marks=pytest.mark.cluster)]
"""The parameters of a fixture that calls `engine_over`."""


def engine_over(
    request: pytest.FixtureRequest, home: Path, reports: Iterable[Report], agencies: Iterable[Agency]
) -> Engine:
    """Indexes reports, and opens the engine that the parameter of a fixture names."""
    if request.param == "opensearch":
        return distributed_engine(request.getfixturevalue("cluster"), home, reports, agencies)
    build_index(home, reports, agencies, revision=1)
    return open_index(home)


def distributed_engine(cluster: str, home: Path, reports: Iterable[Report], agencies: Iterable[Agency]) -> Engine:
    """Indexes reports in three shards of an index that no other test has, and opens it."""
    address = read_address(f"{cluster}/conformance-{secrets.token_hex(4)}")
    build_cluster_index(address, home, reports, agencies, revision=1, shards=3)
    client = Cluster(address)
    return OpenSearchEngine(client, *published(client), Tokenizer())
