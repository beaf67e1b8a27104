"""A cluster that is busy, or away: refused documents are sent again, and requests end with a sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from indexer.engines.opensearch.connection import bulk
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.bulk import BulkWriter, RefusedReportsError
from indexer.engines.opensearch.connection.cluster_client import Cluster, ClusterUnavailableError

pytest.importorskip("opensearchpy")


@contextmanager
def answering(statuses: dict[str, list[int]]) -> Iterator[tuple[Cluster, list[list[str]]]]:
    """A server that answers each document with the next of its statuses; yields the documents of each request, too."""
    requests: list[list[str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            import gzip  # noqa: PLC0415

            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
            requests.append(ids)
            items = [{"index": {"status": statuses[id_].pop(0), "error": {"reason": "full"}}} for id_ in ids]
            answer = json.dumps({"errors": True, "items": items}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Cluster(read_address(f"opensearch+http://127.0.0.1:{server.server_port}/x")), requests
        server.shutdown()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_FIRST_PAUSE", 0.0)


def test_only_documents_that_a_busy_cluster_refused_are_sent_again() -> None:
    with answering({"a": [201], "b": [429, 503, 201], "c": [429, 201]}) as (cluster, requests):
        writer = BulkWriter(cluster, "x-000001")
        for id_ in "abc":
            writer.add(id_, "r", {})
        writer.finish()
    assert requests == [["a", "b", "c"], ["b", "c"], ["b"]]


def test_tries_are_bounded() -> None:
    with answering({"a": [429] * 20, "b": [201]}) as (cluster, requests):
        writer = BulkWriter(cluster, "x-000001")
        for id_ in "ab":
            writer.add(id_, "r", {})
        with pytest.raises(ClusterUnavailableError) as busy:
            writer.finish()
    assert "a: 429 full" in busy.value.en
    assert requests == [["a", "b"], *[["a"]] * 7]


def test_only_what_is_refused_for_another_reason_is_refused() -> None:
    """404: the index is gone."""
    with answering({"a": [400], "b": [404], "c": [200]}) as (cluster, _):
        writer = BulkWriter(cluster, "x-000001")
        for id_ in "abc":
            writer.add(id_, "r", {})
        with pytest.raises(RefusedReportsError) as refused:
            writer.finish()
    assert "refused 2 documents" in refused.value.en and "a: 400 full" in refused.value.en


def test_large_requests_are_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_BYTES", 200)
    with answering({str(n): [201] for n in range(10)}) as (cluster, requests):
        writer = BulkWriter(cluster, "x-000001")
        for number in range(10):
            writer.add(str(number), "r", {"text": "公开" * 10})
        writer.finish()
    assert [id_ for ids in requests for id_ in ids] == [str(number) for number in range(10)]
    assert len(requests) > 3


def test_a_cluster_that_is_away_is_named() -> None:
    with answering({}) as (cluster, _):
        pass  # the server has ended
    with pytest.raises(ClusterUnavailableError) as away:
        cluster.search("x", {})
    assert cluster.address.shown in away.value.en
