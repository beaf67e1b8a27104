"""The cluster that tests share: started for the first of them, ended behind the last."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

from indexer.engines.opensearch.connection.address import IndexAddress, read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from tests.cluster.nodes import Nodes


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The nodes as in `GONGKAI_INDEX`, without the name of an index.

    `GONGKAI_CLUSTER_NODES` is their number, and `GONGKAI_CLUSTER` a cluster that runs already.
    """
    pytest.importorskip("opensearchpy", reason="a cluster needs opensearch-py: pip install 'gongkai[cluster]'")
    if running := os.environ.get("GONGKAI_CLUSTER"):
        yield f"opensearch+http://{running}"
        return
    nodes = Nodes.start(int(os.environ.get("GONGKAI_CLUSTER_NODES", "3")), tmp_path_factory.mktemp("cluster"))
    try:
        nodes.wait()
        yield f"opensearch+http://{nodes.hosts}"
    finally:
        nodes.stop()


@pytest.fixture
def index_address(cluster: str) -> Iterator[str]:
    """An index that no other test has, removed behind the test."""
    written = f"{cluster}/test-{secrets.token_hex(8)}"
    yield written
    remove_indices(read_address(written))


def remove_indices(address: IndexAddress) -> None:
    """Removes an index with all its generations; a cluster that is restarted recovers whatever is left in it."""
    indices = Cluster(address).client.indices
    for name in indices.get(index=f"{address.name}*"):
        indices.delete(index=name)
