"""Nodes that are killed, stopped for a while, or too few: no wrong answer, nothing lost, recovery by itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Busy
from archive.model import Report
from archive.store.catalogue import Catalogue
from indexer.engines.opensearch.build import report_writers, update
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.connection import cluster_client
from indexer.engines.opensearch.connection.address import VARIABLE, IndexAddress, read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.cluster.fixtures import remove_indices
from tests.cluster.nodes import Nodes
from tests.cluster.test_index_updates import MANY
from webui.app import create_app

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(2400),
    pytest.mark.skipif(os.environ.get("GONGKAI_CLUSTER_NODES") == "1", reason="one node cannot lose another"),
]

FEWER = [replace(report, sections=report.sections[:1]) if report.year == 2014 else report for report in MANY[6:]]
QUERIES = ("公开", '"政府信息公开"', "")
GREEN_SECONDS = 900
STUCK_SECONDS = 120


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Three nodes of these tests alone."""
    pytest.importorskip("opensearchpy", reason="a cluster needs opensearch-py: pip install 'gongkai[cluster]'")
    running = Nodes.start(3, tmp_path_factory.mktemp("faults"))
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def address(nodes: Nodes, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexAddress]:
    monkeypatch.setattr(update, "_GROWN", 0)
    monkeypatch.setattr(report_writers, "CORES", 1)
    monkeypatch.setattr(report_writers, "_AT_ONCE", 4)
    address = read_address(f"opensearch+http://{nodes.hosts}/{request.node.name.replace('_', '-')}")
    yield address
    remove_indices(address)


def build(address: IndexAddress, home: Path, reports: Sequence[Report], revision: int) -> None:
    update.build_cluster_index(address, home, reports, (), revision, shards=3)


def wait_for_green(address: IndexAddress, nodes: Nodes) -> None:
    number = len(nodes.processes)
    until, stuck = time.monotonic() + GREEN_SECONDS, time.monotonic() + STUCK_SECONDS
    client, health = Cluster(address).client, {}
    while time.monotonic() < until:
        if time.monotonic() > stuck:
            restart_sources(client, nodes)
            stuck = until
        try:
            health = client.cluster.health(index=address.name)
        except Exception:  # whatever fails is not green
            time.sleep(1)
            continue
        if health["status"] == "green" and health["number_of_nodes"] == number:
            return
        time.sleep(1)
    shards = client.cat.shards(index=f"{address.name}*", h="index,shard,prirep,state,node,unassigned.reason")
    pytest.fail(f"not green: {health}\n{shards}")


def restart_sources(client: Any, nodes: Nodes) -> None:
    """Restarts the nodes that copy a shard, as deploy/README.md tells operators.

    If the target of a copy is killed and is back within seconds, OpenSearch 3.9 can wait for it for half an hour.
    """
    for copy in client.cat.recovery(active_only="true", format="json"):
        source = int(copy["source_node"].rpartition("-")[2])
        nodes.kill(source)
        nodes.restart(source)


def answers(engine: OpenSearchEngine) -> list[object]:
    totals = [engine.search(Request(query, facets=("year", "agency"))) for query in QUERIES]
    return [(answer.total, answer.facets) for answer in totals]


@dataclass
class Reader:
    """Asks again and again in a thread, until it is left; an answer is right, wrong or none."""

    ask: Callable[[], object]
    expected: object
    right: int = 0
    wrong: list[object] = field(default_factory=list)
    none: list[str] = field(default_factory=list)

    def __enter__(self) -> Reader:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                found = self.ask()
            except Busy as error:
                self.none.append(error.en)
                time.sleep(0.1)
            except Exception as error:  # any other error is a defect
                self.wrong.append(error)
            else:
                if found == self.expected:
                    self.right += 1
                else:
                    self.wrong.append(found)

    def wait_for(self, more: int) -> None:
        """Waits for right answers."""
        wanted, until = self.right + more, time.monotonic() + GREEN_SECONDS
        while self.right < wanted:
            assert time.monotonic() < until, self
            time.sleep(0.1)


def readers(address: IndexAddress) -> tuple[Reader, Reader]:
    """One asks for totals and facets, one exports all hits, both in the index that is current now."""
    cluster = Cluster(address)
    engine = OpenSearchEngine(cluster, *published(cluster), Tokenizer())

    def export() -> list[str]:
        return [hit.url for hit in engine.every_hit(Request("公开", sort="year"))]

    return Reader(lambda: answers(engine), answers(engine)), Reader(export, export())


def manager(address: IndexAddress, nodes: Nodes) -> int:
    """Returns the number of the node that manages the cluster."""
    name = Cluster(address).client.cat.cluster_manager(format="json")[0]["node"]
    return int(name.rpartition("-")[2])


def test_a_node_killed_under_queries_and_a_bulk_run(
    nodes: Nodes, address: IndexAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_client, "_PAGE_OF_TEXTS", 20)
    build(address, tmp_path, MANY, 1)
    wait_for_green(address, nodes)
    bulk, written = Cluster.bulk, []
    killed = manager(address, nodes)

    def until_killed(*arguments: object) -> object:
        written.append(0)
        if len(written) == 12:
            nodes.kill(killed)
        return bulk(*arguments)  # type: ignore[arg-type]

    totals, exports = readers(address)
    with totals, exports:
        monkeypatch.setattr(Cluster, "bulk", until_killed)
        for _ in range(20):
            try:
                build(address, tmp_path, FEWER, 2)
                break
            except Busy:  # a shard of the new index was on that node, and has no copy yet: repeat
                nodes.restart(killed)
                time.sleep(5)
        else:
            pytest.fail("the build did not recover")
        assert len(written) > 12
        nodes.restart(killed)
        wait_for_green(address, nodes)
        totals.wait_for(2)
        exports.wait_for(2)
    assert not totals.wrong and not exports.wrong
    fresh = replace(address, name=f"{address.name}-again")
    build(fresh, tmp_path / "fresh", MANY, 1)
    build(fresh, tmp_path / "fresh", FEWER, 2)
    assert readers(address)[0].expected == readers(fresh)[0].expected, "as without a fault"


def test_a_slow_node(nodes: Nodes, address: IndexAddress, tmp_path: Path) -> None:
    """A node that does nothing for eight seconds: answers wait for it, and are right."""
    build(address, tmp_path, MANY, 1)
    wait_for_green(address, nodes)
    totals, exports = readers(address)
    with totals, exports:
        stopped = nodes.processes[(manager(address, nodes) + 1) % 3]
        os.kill(stopped.pid, signal.SIGSTOP)
        try:
            time.sleep(8)
        finally:
            os.kill(stopped.pid, signal.SIGCONT)
        totals.wait_for(3)
        exports.wait_for(3)
    assert not totals.wrong and not exports.wrong
    wait_for_green(address, nodes)


def test_a_cluster_that_is_red_and_then_green(
    nodes: Nodes, address: IndexAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two nodes of three are gone: 503 with Retry-After, no smaller number; then the same numbers as before."""
    build(address, tmp_path, MANY, 1)
    wait_for_green(address, nodes)
    with Catalogue.open(tmp_path):
        pass
    monkeypatch.setenv(VARIABLE, f"opensearch+http://{nodes.hosts}/{address.name}")
    site = create_app(tmp_path).test_client()
    before = site.get("/api/search?q=公开")
    assert before.status_code == 200
    gone = [number for number in range(3) if number != manager(address, nodes)]
    for number in gone:
        nodes.kill(number)
    statuses = set()
    for word in ("信息", "工作", "申请", "政府"):
        page = site.get(f"/api/search?q={word}")
        statuses.add(page.status_code)
        assert page.status_code == 200 or int(page.headers["Retry-After"]) > 0
    assert statuses == {503}
    for number in gone:
        nodes.restart(number)
    wait_for_green(address, nodes)
    after = site.get("/api/search?q=公开&limit=11")
    assert after.status_code == 200
    assert after.json["total"] == before.json["total"]
