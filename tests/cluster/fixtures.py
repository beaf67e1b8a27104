"""The cluster that tests share: started for the first of them, ended behind the last."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

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
def index_address(cluster: str) -> str:
    """An index that no other test has."""
    return f"{cluster}/test-{secrets.token_hex(8)}"
