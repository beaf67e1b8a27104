"""A search asks the cluster once, whatever it counts; texts that decide a query are read once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.conformance.reports import AGENCIES, REPORTS

pytestmark = pytest.mark.cluster


class Counter:
    """Counts the requests of a client."""

    def __init__(self, cluster: Cluster) -> None:
        self._perform = cluster.client.transport.perform_request
        self.paths: list[str] = []
        cluster.client.transport.perform_request = self._count

    def _count(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        self.paths.append(f"{method} {url}")
        return self._perform(method, url, *args, **kwargs)


def test_a_search_asks_once(index_address: str, tmp_path: Path) -> None:
    address = read_address(index_address)
    build_cluster_index(address, tmp_path, REPORTS, AGENCIES, revision=1, shards=2)
    cluster = Cluster(address)
    engine = OpenSearchEngine(cluster, *published(cluster), Tokenizer())
    counter = Counter(cluster)
    for query, filters, reason in (
        ("公开", {}, "a word"),
        ("公开 信息 -工作", {"year": ("2018",)}, "several words with a filter"),
        ('"政府信息公开"', {"section": ("overview",)}, "a phrase"),
        ("requests.new.total>10 公开", {}, "a condition, with the reports that do not state it"),
        ('"政府*公开"', {}, "texts decide it, and have been read by the search before"),
        ("政府信息公开工作 OR word:公开", {}, "strings that are counted as words elsewhere"),
    ):
        first = engine.search(Request(query, filters=filters, readings=False, seed=1))
        counter.paths.clear()
        again = engine.search(Request(query, filters=filters, readings=False, seed=2))
        assert counter.paths == ["POST /_msearch"], reason
        assert (again.total, again.facets, again.hits) == (first.total, first.facets, first.hits)
        engine.search(Request(query, filters=filters, readings=False, seed=2))
        assert counter.paths == ["POST /_msearch"], "the same request is not asked again"
