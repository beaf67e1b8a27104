"""A search asks the cluster once, whatever it counts; texts that decide a query are read once."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster, Json, Query
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
    """The first request counts, in one request; another page of the same query asks for its hits only."""
    address = read_address(index_address)
    build_cluster_index(address, tmp_path, REPORTS, AGENCIES, revision=1, shards=2)
    cluster = Cluster(address)
    index, manifest = published(cluster)
    engine, fresh = (OpenSearchEngine(cluster, index, manifest, Tokenizer()) for _ in range(2))
    counter = Counter(cluster)
    for query, filters, reason in (
        ("公开", {}, "a word"),
        ("公开 政府 -没有", {"year": ("2014", "2018")}, "several words with a filter"),
        ('"政府信息公开"', {"section": ("overview",)}, "a phrase"),
        ("requests.new.total>10 公开", {}, "a condition, with the reports that do not state it"),
        ('"政府*公开"', {}, "texts decide it, and have been read by the search before"),
        ("政府信息公开工作 OR word:公开", {}, "strings that are counted as words elsewhere"),
    ):
        request = Request(query, filters=filters, readings=False, limit=1)
        first = engine.search(request)
        assert first.hits, reason
        counter.paths.clear()
        again = engine.search(replace(request, limit=3))
        assert counter.paths == [f"POST /{index}/_search"], reason
        assert (again.total, again.facets, again.hits[0]) == (first.total, first.facets, first.hits[0]), reason
        engine.search(replace(request, limit=3))
        assert counter.paths == [f"POST /{index}/_search"], "the same request is not asked again"
        engine.series(request)
        counter.paths.clear()
        assert engine.series(replace(request, offset=1)) and not counter.paths, "no page of hits belongs to it"
        if "*" in query:
            continue  # the first search reads texts
        fresh.search(request)  # counts the sections by which words are ranked
        counter.paths.clear()
        fresh.search(replace(request, language="en"))
        assert counter.paths == ["POST /_msearch"], reason


def test_what_is_known_to_have_no_hits_asks_nothing(index_address: str, tmp_path: Path) -> None:
    address = read_address(index_address)
    build_cluster_index(address, tmp_path, REPORTS, AGENCIES, revision=1, shards=2)
    cluster = Cluster(address)
    engine = OpenSearchEngine(cluster, *published(cluster), Tokenizer())
    request = Request('"没有这个词组"', readings=False)
    engine.search(request)
    counter = Counter(cluster)
    assert engine.search(replace(request, offset=10)).total.sections == 0
    assert not counter.paths


def test_a_chosen_filter_counts_no_facet_again(index_address: str, tmp_path: Path) -> None:
    """A filter leaves the facet of its own field as it was; a filter that is removed leads back to known facets."""
    address = read_address(index_address)
    build_cluster_index(address, tmp_path, REPORTS, AGENCIES, revision=1, shards=2)
    cluster = Cluster(address)
    new_engine = functools.partial(OpenSearchEngine, cluster, *published(cluster), Tokenizer())
    engine = new_engine()
    facets = ("year", "section", "agency")
    asked: list[list[str]] = []
    searches = cluster.searches

    def record(index: str, bodies: Sequence[Query]) -> list[Json]:
        asked.append(
            [name for body in bodies for name in body.get("aggs", ()) if name in ("year", "section", "agency")]
        )
        return searches(index, bodies)

    cluster.searches = record  # type: ignore[method-assign]
    for filters, counted, reason in (
        ({}, ["agency", "section", "year"], "none is known"),
        ({"year": ("2014", "2018")}, ["agency", "section"], "the years are those of the query"),
        ({"year": ("2014", "2018"), "section": ("overview",)}, ["agency", "year"], "the sections are those of 2 years"),
        ({"section": ("overview",), "year": ("2014", "2018")}, [], "the same filters in another order"),
        ({"section": ("overview",)}, ["agency"], "both of the others were counted beside one of the filters"),
        ({"year": ("2018",)}, ["agency", "section"], "other years"),
    ):
        asked.clear()
        request = Request("公开", filters=filters, facets=facets, readings=False)
        answer = engine.search(request)
        assert sorted(name for names in asked for name in names) == counted, reason
        assert answer == new_engine().search(request), reason


def test_requests_concern_own_indices_only(index_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with the role of deploy/ may not see the indices of others, nor ask which there are."""
    import opensearchpy  # noqa: PLC0415 (an extra)

    asked: set[str] = set()
    perform = opensearchpy.Transport.perform_request

    def record(transport: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        asked.add(url)
        return perform(transport, method, url, *args, **kwargs)

    monkeypatch.setattr(opensearchpy.Transport, "perform_request", record)
    address = read_address(index_address)
    for revision in (1, 2):
        build_cluster_index(address, tmp_path, REPORTS, AGENCIES, revision=revision, shards=1)
    cluster = Cluster(address)
    OpenSearchEngine(cluster, *published(cluster), Tokenizer()).search(Request("公开"))
    own = re.compile(rf"/(_cluster/health|_msearch|_search|_search/point_in_time|_aliases|{address.name}(-[^/]*)?/.*)")
    of_one = re.compile(rf"/(_cluster/health/)?{address.name}-(\d+|\*)(\?.*)?")
    assert not [url for url in asked if not own.fullmatch(url) and not of_one.fullmatch(url)]
