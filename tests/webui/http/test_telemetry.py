"""Tests what an operator needs: request ids, log lines, metrics, and exports that do not delay pages."""

from __future__ import annotations

import logging
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from archive.store.catalogue import Catalogue
from webui.app import create_app
from webui.http.server import server_of
from webui.http.telemetry import FORMAT, SEVERAL_PROCESSES
from webui.http.warmup import warm
from webui.views import export


@pytest.mark.parametrize(
    ("given", "kept", "reason"),
    [
        ("9f86d081884c7d65", True, "from nginx"),
        ("", False, "none"),
        ("short", False, "too short to be unique"),
        ("a" * 65, False, "too long for a log"),
        ("abcdefgh status=200", False, "could be taken for fields of the line"),
        ("号码号码号码号码", False, "not ASCII"),
    ],
)
def test_a_request_has_an_id(client: FlaskClient, given: str, kept: bool, reason: str) -> None:  # noqa: FBT001
    answer = client.get("/help", headers={"X-Request-ID": given.encode("utf-8").decode("latin-1")})
    assert (answer.headers["X-Request-ID"] == given) is kept, reason
    assert len(answer.headers["X-Request-ID"]) >= 8


@pytest.mark.parametrize("address", ["/nowhere", "/api/nowhere", '/search?q="', "/static/site.css"])
def test_an_error_has_an_id(client: FlaskClient, address: str) -> None:
    assert client.get(address, buffered=True).headers["X-Request-ID"]


def test_the_log_has_the_page_and_not_the_query(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gongkai.requests"):
        answer = client.get("/en/search?q=保密审查", headers={"X-Request-ID": "0123456789"}, buffered=True)
        client.get("/%0Aforged/%20line", buffered=True)
    first, second = (record for record in caplog.records if record.name == "gongkai.requests")
    assert first.message.startswith("method=GET path=/en/search page=search.results status=200 ms=")
    assert logging.Formatter(FORMAT).format(first).partition(" method=")[0].endswith("level=INFO id=0123456789")
    assert answer.status_code == 200 and "保密" not in caplog.text and "q=" not in caplog.text
    assert second.message.startswith("method=GET path=/%0Aforged/%20line page=none status=404 ms=")


def counted(client: FlaskClient) -> dict[tuple[str, str, str], float]:
    """Metric, page and status to the number."""
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain")
    return {
        (sample.name, sample.labels.get("page", ""), sample.labels.get("status", "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_count_responses(home: Path) -> None:
    client = create_app(home).test_client()
    for address in ("/search?q=公开", "/en/search?q=公开", '/search?q="', "/search.csv?q=公开", "/nowhere"):
        client.get(address, buffered=True)
    found = counted(client)
    assert found["gongkai_answers_total", "search.results", "200"] == 2, "both languages"
    assert found["gongkai_answers_total", "search.results", "400"] == 1
    assert found["gongkai_answers_total", "none", "404"] == 1, "unknown URLs share one label"
    assert found["gongkai_answer_seconds_count", "export.file", ""] == 1
    assert found["gongkai_catalogue_revision", "", ""] == found["gongkai_index_generation", "", ""] == 1


def test_warm_up_is_not_logged_as_a_request(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(home)
    with caplog.at_level(logging.INFO, "gongkai.requests"):
        warm(app)
    assert caplog.records == [], "no request"
    assert app.jinja_env.cache is not None
    assert len(app.jinja_env.cache) == len(app.jinja_env.list_templates())
    with Catalogue.open(home) as catalogue:
        cached = app.extensions["gongkai.catalogue"].coverage.find(catalogue.revision)
    assert cached, "counted before the first request"


def test_warm_up_without_an_archive(tmp_path: Path) -> None:
    app = create_app(tmp_path)
    warm(app)
    assert app.test_client().get("/readyz").status_code == 503, "the request reports it"


def test_metrics_without_an_archive(tmp_path: Path) -> None:
    found = counted(create_app(tmp_path).test_client())
    assert ("gongkai_index_generation", "", "") not in found


def test_several_processes_share_metrics(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEVERAL_PROCESSES, str(tmp_path))
    found = counted(create_app(home).test_client())
    assert ("gongkai_answers_total", "search.results", "200") not in found, "the folder is empty"
    assert found["gongkai_index_generation", "", ""] == 1


FILES = ("/search.csv?q=公开", "/concordance.csv?q=公开", "/figures.csv", "/api/concordance?q=公开", "/api/figures")


@pytest.mark.parametrize("second", FILES)
def test_concurrent_exports_are_limited(home: Path, second: str) -> None:
    app = create_app(home, files_at_once=1)
    with app.test_client().get("/search.json?q=公开") as being_made:
        refused = app.test_client().get(second)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert "请过一分钟再下载" in refused.get_data(as_text=True)
        assert app.test_client().get("/search?q=公开").status_code == 200, "pages are served meanwhile"
    assert being_made.status_code == 200
    assert app.test_client().get(second, buffered=True).status_code == 200, "the first export has ended"
    assert app.test_client().head(second, buffered=True).status_code == 200
    assert app.test_client().get(second, buffered=True).status_code == 200, "also after a request without an answer"


@pytest.fixture
def served(home: Path) -> Iterator[tuple[Flask, int]]:
    """The site on waitress, with one export at a time."""
    app = create_app(home, files_at_once=1)
    server = server_of(app, socket.create_server(("127.0.0.1", 0)), threads=2)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    yield app, server.effective_port
    server.close()
    running.join(10)


@pytest.mark.usefixtures("many_files")
def test_more_than_a_thousand_open_files(served: tuple[Flask, int]) -> None:
    _, port = served
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
        assert answer.status == 200


def test_an_export_ends_when_the_client_disconnects(served: tuple[Flask, int], monkeypatch: pytest.MonkeyPatch) -> None:
    app, port = served
    hung_up, ended = threading.Event(), threading.Event()

    def without_end(*_: object) -> Iterator[str]:
        try:
            while True:
                yield "x" * 100_000
                hung_up.wait(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(export, "csv_lines", without_end)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as reader:
        reader.sendall(b"GET /search.csv?q=x HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert reader.recv(15) == b"HTTP/1.1 200 OK"
    assert ended.wait(30), "the file goes on forever otherwise"
    answer = app.test_client().get("/figures.csv", buffered=True)
    end = time.monotonic() + 30
    while answer.status_code == 503 and time.monotonic() < end:  # its place is free a moment after its end
        time.sleep(0.05)
        answer = app.test_client().get("/figures.csv", buffered=True)
    assert answer.status_code == 200, answer.text
