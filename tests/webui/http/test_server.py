"""Tests the limits of `gongkai serve`: slow clients, many clients, and requests that are too large."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from webui.app import create_app
from webui.http import server
from webui.http.server import LARGEST_BODY, LARGEST_HEADERS, LONGEST_LINE, ServerLimits, SiteChannel, server_of

PATIENCE = 60
"""Seconds after which a test fails; none takes a tenth of it on an idle machine."""


class Site:
    """A site whose `/slow` answers when `go` is set; `begun` counts the requests for it."""

    def __init__(self, threads: int, limits: ServerLimits) -> None:
        self.go = threading.Event()
        self.begun = 0
        self.opened = ExitStack()
        self.app = app = Flask("slow")
        app.add_url_rule("/", view_func=lambda: "ok")
        app.add_url_rule("/slow", view_func=self._slow)
        self.server = server_of(app, socket.create_server(("127.0.0.1", 0)), threads, limits)
        self.port = int(self.server.effective_port)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def _slow(self) -> str:
        self.begun += 1
        self.go.wait(PATIENCE)
        return "ok"

    def connect(self, address: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE, (address, 0))

    def ask(self, path: str, client: str = "", address: str = "127.0.0.1") -> HTTPConnection:
        """Sends a request, through a proxy for `client` if it is given."""
        connection = HTTPConnection("127.0.0.1", self.port, PATIENCE, (address, 0))
        self.opened.callback(connection.close)
        connection.request("GET", path, headers={"X-Forwarded-For": client} if client else {})
        return connection

    def status(self, path: str, client: str = "", address: str = "127.0.0.1") -> int:
        connection = self.ask(path, client, address)
        status = connection.getresponse().status
        connection.close()
        return status

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def slow(self, count: int, client: str = "") -> list[HTTPConnection]:
        """Requests `/slow` until the given number of requests run or wait."""
        before = self.in_flight()
        asked = [self.ask("/slow", client) for _ in range(count)]
        self.wait_for(lambda: self.in_flight() == before + count)
        return asked

    def in_flight(self) -> int:
        return sum(bool(channel.requests) for channel in [*self.server.active_channels.values()])

    def close(self) -> None:
        self.go.set()
        self.opened.close()
        self.wait_for(lambda: not self.server.active_channels)
        self.server.task_dispatcher.shutdown()
        self.server.close()
        self.thread.join(PATIENCE)


@pytest.fixture
def sites() -> Iterator[Callable[..., Site]]:
    with ExitStack() as started:

        def start(threads: int = 4, **limits: Any) -> Site:
            site = Site(threads, ServerLimits(**limits))
            started.callback(site.close)
            return site

        yield start


ELSEWHERE = pytest.param(
    "127.0.0.2",
    {"connections": 100, "connections_per_address": 1000},
    marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8"),
    id="another address, all connections taken",
)


@pytest.mark.parametrize(
    ("address", "limits"),
    [
        pytest.param("127.0.0.1", {}, id="the reader's address"),
        pytest.param("127.0.0.1", {"connections": 50, "connections_per_address": 50}, id="no connection left"),
        ELSEWHERE,
    ],
)
def test_half_sent_requests_beside_a_reader(sites: Callable[..., Site], address: str, limits: dict[str, int]) -> None:
    site = sites(**limits)
    with ExitStack() as half_sent:
        for _ in range(200):
            half_sent.enter_context(site.connect(address)).sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        for _ in range(3):
            assert site.status("/") == 200
        assert len(site.server.active_channels) <= limits.get("connections", 50)


@pytest.mark.parametrize(
    ("state", "late", "reason"),
    [
        ({"last_activity": 100}, False, "idle for a moment"),
        ({"last_activity": 79}, True, "idle for too long"),
        ({"last_activity": 100, "request": object(), "began": 81}, False, "a request arrives"),
        ({"last_activity": 100, "request": object(), "began": 79}, True, "a byte now and then, and never a request"),
        ({"last_activity": 50, "requests": [object()]}, False, "the site works on the request"),
        ({"last_activity": 99, "requests": [object()], "total_outbufs_len": 9}, False, "the client takes its response"),
        ({"last_activity": 79, "requests": [object()], "total_outbufs_len": 9}, True, "the client takes nothing"),
    ],
)
def test_late_connections(state: dict[str, Any], late: bool, reason: str) -> None:  # noqa: FBT001
    channel = SimpleNamespace(**{"request": None, "requests": [], "began": 0.0, "total_outbufs_len": 0} | state)
    channel.adj = SimpleNamespace(channel_timeout=20)
    assert SiteChannel.is_late(channel, 100.0) is late, reason  # type: ignore[arg-type]


def test_a_request_that_drips_is_cut_off(sites: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_MAINTENANCE", 1)
    site = sites(seconds=1)
    with site.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        client.settimeout(0.2)
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline, "the connection is open for good"
            try:
                client.sendall(b"x")
                if client.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break


def test_a_client_that_takes_nothing_is_cut_off(sites: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_MAINTENANCE", 1)
    site = sites(seconds=1)
    ended = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1_000_000
        finally:
            ended.set()

    site.server.application = lambda _, start_response: (start_response("200 OK", []), endless())[1]
    with site.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert ended.wait(PATIENCE), "it occupies a thread for good"


@pytest.mark.parametrize(
    ("proxy", "clients", "admitted", "reason"),
    [
        (None, ["", "", ""], False, "one address without a proxy"),
        (None, ["192.0.2.1", "192.0.2.2", "192.0.2.3"], False, "a forged header changes nothing"),
        ("127.0.0.1", ["192.0.2.1"] * 3, False, "one client of the proxy"),
        ("127.0.0.1", ["192.0.2.1", "192.0.2.1", "192.0.2.2"], True, "two clients of the proxy"),
        ("127.0.0.1", ["192.0.2.9, 192.0.2.1"] * 2 + ["192.0.2.8, 192.0.2.1"], False, "the last address"),
        ("127.0.0.1", ["2001:db8::1", "2001:db8::2", "2001:db8::3"], False, "one subscriber of IPv6"),
    ],
)
def test_requests_per_address(
    sites: Callable[..., Site],
    proxy: str | None,
    clients: list[str],
    admitted: bool,  # noqa: FBT001
    reason: str,
) -> None:
    site = sites(requests_per_address=2, trusted_proxy=proxy)
    asked = [connection for client in clients[:2] for connection in site.slow(1, client)]
    third = site.ask("/slow", clients[2])
    if not admitted:
        refused = third.getresponse()
        assert (refused.status, refused.headers["Retry-After"]) == (429, "2"), reason
        assert "请求太多" in (text := refused.read().decode()) and "Too many requests" in text
    site.go.set()
    for each in (*asked, *([third] if admitted else [])):
        assert each.getresponse().status == 200, reason
    # A request counts until its thread has returned, which can be after its client has the response.
    statuses = (site.status("/", clients[2]) for _ in range(1000))
    assert 200 in statuses, "the address may ask again"


@pytest.mark.parametrize(("proxy", "lines"), [(None, 1), ("127.0.0.1", 0)], ids=["not trusted", "trusted"])
def test_the_log_names_a_proxy_that_is_not_trusted(
    sites: Callable[..., Site], caplog: pytest.LogCaptureFixture, proxy: str | None, lines: int
) -> None:
    site = sites(trusted_proxy=proxy)
    for client in ("192.0.2.1", "192.0.2.2"):
        site.status("/", client)
    assert sum("the proxy 127.0.0.1" in line for line in caplog.messages) == lines


def test_many_requests_of_one_client_leave_a_thread(sites: Callable[..., Site]) -> None:
    site = sites(threads=2, trusted_proxy="127.0.0.1")
    site.slow(10, "192.0.2.1")
    for _ in range(3):
        assert site.status("/", "192.0.2.2") == 200
    assert site.begun == 1


def test_a_connection_is_refused_while_all_are_busy(sites: Callable[..., Site]) -> None:
    site = sites(connections_per_address=1)
    (busy,) = site.slow(1)
    with site.connect() as client:
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 503 Service Unavailable\r\n") and "\r\nRetry-After: 2\r\n" in answer
    assert "网站正忙" in answer and "The site is busy" in answer
    site.go.set()
    assert busy.getresponse().status == 200


def test_a_request_whose_client_hangs_up_does_not_run(sites: Callable[..., Site]) -> None:
    site = sites(threads=1)
    first, second = site.slow(2)
    second.close()
    site.wait_for(lambda: len(site.server.active_channels) == 1)
    site.go.set()
    assert first.getresponse().status == 200
    assert site.status("/") == 200 and site.begun == 1


@pytest.mark.parametrize(
    ("proxy", "client", "status", "reason"),
    [
        (None, "", 200, "from this machine"),
        (None, "192.0.2.1", 403, "through a proxy on this machine that is not trusted"),
        ("127.0.0.1", "192.0.2.1", 403, "through a trusted proxy"),
        ("127.0.0.1", "127.0.0.1", 403, "a forged address"),
        ("127.0.0.1", "", 200, "from this machine, not through the proxy"),
    ],
)
def test_metrics_through_a_proxy(
    sites: Callable[..., Site], tmp_path: Path, proxy: str | None, client: str, status: int, reason: str
) -> None:
    site = sites(trusted_proxy=proxy)
    site.app.wsgi_app = create_app(tmp_path).wsgi_app  # type: ignore[method-assign]
    assert site.status("/metrics", client) == status, reason


HOST = b"Host: localhost\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_", "status", "reason"),
    [
        (b"GET /?" + b"a" * (LONGEST_LINE - 15) + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200, "the longest line"),
        (b"GET /?" + b"a" * (LONGEST_LINE - 14) + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "a byte too many"),
        (b"GET /?" + b"a" * LONGEST_LINE, 414, "a line without end"),
        (b"\r\n\r\nGET /?" + b"a" * LONGEST_LINE, 414, "blank lines before it"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * (LARGEST_HEADERS - 100) + b"\r\n\r\n", 200, "large headers"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * LARGEST_HEADERS, 431, "headers without end"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY, 413, "a large body"),
        (
            b"GET / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * LARGEST_BODY,
            413,
            "a body of chunks without end",
        ),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n", 501, "an encoding that is not known"),
        (b"nonsense\r\n\r\n", 400, "no HTTP"),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, "a header without a colon"),
    ],
)
def test_requests_are_bounded(sites: Callable[..., Site], request_: bytes, status: int, reason: str) -> None:
    site = sites()
    with site.connect() as client:
        client.sendall(request_)
        answer = client.makefile("rb").read().decode()
    assert answer.startswith(f"HTTP/1.{answer[7]} {status} "), reason
    if status != 200:
        zh, en = server.REFUSALS[status]
        assert f"{zh}\n{en}\n" in answer and "Connection: close" in answer
    assert site.status("/") == 200
