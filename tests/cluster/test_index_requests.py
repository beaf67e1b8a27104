"""Requests that a cluster refuses or cuts: nothing is lost, no answer is short, and what fails recovers by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.store.catalogue import Catalogue
from indexer import index
from indexer.engines.opensearch.build import update
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.connection import bulk, cluster_client
from indexer.engines.opensearch.connection.address import VARIABLE, IndexAddress, read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster, ClusterUnavailableError
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.query.request import Request as Query
from indexer.text.tokenizer import Tokenizer
from tests.cluster.proxy import Fault, Proxy, Request, proxy
from tests.conformance.agreement import agree
from tests.conformance.reports import AGENCIES, PLACES, REPORTS
from tests.conformance.truth import Truth
from webui.app import create_app

pytestmark = pytest.mark.cluster

BUSY = (429, b'{"error": {"type": "rejected_execution_exception", "reason": "queue is full"}, "status": 429}')
AWAY = (503, b'{"error": {"type": "no_shard_available_action_exception", "reason": "away"}, "status": 503}')
TRUTH = Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)


@pytest.fixture
def node(cluster: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(bulk, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(cluster_client, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(cluster_client, "_PAGE_OF_TEXTS", 3)
    with proxy(cluster.partition("://")[2].partition(",")[0]) as running:
        yield running


@pytest.fixture
def address(node: Proxy, index_address: str) -> IndexAddress:
    return read_address(f"opensearch+http://{node.host}/{read_address(index_address).name}")


def build(address: IndexAddress, home: Path) -> None:
    update.build_cluster_index(address, home, REPORTS, AGENCIES, 1, shards=2)


def engine(address: IndexAddress) -> OpenSearchEngine:
    cluster = Cluster(address)
    return OpenSearchEngine(cluster, *published(cluster), Tokenizer())


class Sometimes:
    """Faults in some of the requests of a kind: those whose numbers are `faulty`."""

    def __init__(self, kind: str, fault: Fault, *faulty: int) -> None:
        self._kind, self._fault, self.faulty = kind, fault, faulty
        self.number = 0

    def __call__(self, request: Request) -> Fault:
        if not (request.is_bulk if self._kind == "bulk" else request.is_page):
            return None
        self.number += 1
        return self._fault if self.number in self.faulty else None


WRITING = [
    (Sometimes("bulk", BUSY, 2, 3, 5), "the queue for whole requests is full"),
    (Sometimes("bulk", AWAY, 1, 4), "a shard is away"),
    (Sometimes("bulk", "cut", 1, 2, 3, 4, 5, 6), "the connection is cut, also behind the tries of the library"),
]


@pytest.mark.parametrize("fault", [fault for fault, _ in WRITING], ids=[reason for _, reason in WRITING])
def test_requests_that_fail_are_sent_again(
    node: Proxy, address: IndexAddress, tmp_path: Path, fault: Sometimes
) -> None:
    node.fault = fault
    build(address, tmp_path)
    assert fault.number > max(fault.faulty)
    agree(engine(address), TRUTH, Query("公开", limit=1000))


def test_documents_that_are_refused_are_sent_again(node: Proxy, address: IndexAddress, tmp_path: Path) -> None:
    node.refused = lambda number: number % 3 == 1
    build(address, tmp_path)
    assert node.items > len(TRUTH.rows) + len(REPORTS) + len(AGENCIES) + 1, "some were refused"
    agree(engine(address), TRUTH, Query("公开", limit=1000))


def test_a_cluster_that_stays_busy(node: Proxy, address: IndexAddress, tmp_path: Path) -> None:
    """The build ends with the section that waits; the next one goes on with what is written."""
    node.refused = lambda number: number > 10
    with pytest.raises(ClusterUnavailableError) as stays:
        build(address, tmp_path)
    assert "#" in stays.value.en and "429 queue is full" in stays.value.en
    assert Cluster(address).index_behind(address.name) is None
    node.refused = lambda _: False
    build(address, tmp_path)
    agree(engine(address), TRUTH, Query("公开", limit=1000))


READING = [
    (Sometimes("page", "cut", 2, 3, 4, 5, 6, 7, 8, 9), 0, "the connection is cut behind the first page"),
    (Sometimes("page", BUSY, 3, 5, 6), 0, "the queue is full"),
    (Sometimes("page", AWAY, *range(3, 12)), 0, "a shard is away for a while"),
    (Sometimes("page", None), 2, "the cluster forgets the points in time, as when a node is lost"),
]


@pytest.mark.parametrize(("fault", "forgotten"), [row[:2] for row in READING], ids=[row[2] for row in READING])
def test_an_export_goes_on(
    node: Proxy, address: IndexAddress, tmp_path: Path, fault: Sometimes, forgotten: int
) -> None:
    build(address, tmp_path)
    opened = engine(address)
    expected = [hit.url for hit in opened.every_hit(Query("公开", limit=1000))]
    node.fault, found = fault, []
    for hit in opened.every_hit(replace(Query("公开"), sort="year")):
        found.append(hit.url)
        if forgotten and len(found) in (4, 7):
            Cluster(address).client.delete_all_pits()
    assert fault.number > 3
    assert sorted(found) == sorted(expected)
    lines = [line.url for line in opened.concordance(Query("公开")).lines]
    assert sorted(set(lines)) == sorted(expected)


def test_an_export_without_a_cluster_is_an_error(node: Proxy, address: IndexAddress, tmp_path: Path) -> None:
    """It never ends as if it were complete."""
    build(address, tmp_path)
    hits = engine(address).every_hit(Query("公开", sort="year"))
    next(hits)
    node.fault = lambda _: AWAY
    with pytest.raises(ClusterUnavailableError):
        list(hits)


def test_a_site_recovers_by_itself(
    node: Proxy, address: IndexAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_SECONDS", 0.0)
    monkeypatch.setenv(VARIABLE, f"opensearch+http://{node.host}/{address.name}")
    with Catalogue.open(tmp_path):
        pass
    build(address, tmp_path)
    client = create_app(tmp_path).test_client()
    before = client.get("/api/search?q=公开")
    assert before.status_code == 200
    for word, fault in (("信息", BUSY), ("工作", AWAY), ("申请", "cut")):  # an answer is remembered
        node.fault = lambda request, fault=fault: fault if "search" in request.path else None
        while_away = client.get(f"/api/search?q={word}")
        assert while_away.status_code == 503 and int(while_away.headers["Retry-After"]) > 0
        node.fault = lambda _: None
        assert client.get(f"/api/search?q={word}").status_code == 200
    assert client.get("/api/search?q=公开").json["total"] == before.json["total"]
