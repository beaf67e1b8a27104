"""Serves the site with waitress, with limits that keep slow and many clients from blocking the others.

waitress stops accepting connections when their limit is reached, and closes a connection only if it is silent: a
hundred clients that send a byte a minute stop it. Here a new connection takes the place of the one that has been idle
longest, of the same address if that has its share, and a request has to arrive as a whole in time.
"""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error

from webui.http.fair_queue import FairQueue, client_key

LARGEST_BODY = 64 * 1024
"""Bytes of a request body: the site answers GET only, and waitress accepts a gigabyte by default."""
LONGEST_LINE = 8190
"""Bytes of a request line: a query of 900 Han characters, nine bytes each. nginx and gunicorn have the same limit."""
LARGEST_HEADERS = 32 * 1024
"""Bytes of the request line and all headers, as in nginx (four buffers of 8 kB)."""
_MAINTENANCE = 5
"""Seconds between two searches for connections to close."""
_MOST_PROXIES = 5
"""Proxies that the log names: anybody can send the header."""
_LOG = logging.getLogger("gongkai")
_RETRY_AFTER = 2
"""Seconds after which a refused client tries again: a query takes less than one."""

REFUSALS: dict[int, tuple[str, str]] = {
    400: ("这不是有效的 HTTP 请求。", "The request is not valid HTTP."),
    413: ("请求的内容太大：本站只供读取。", "The request body is too large: the site is read-only."),
    414: ("网址太长，请缩短检索式。", "The URL is too long. Shorten the query."),
    429: ("同一地址的请求太多，请稍后再试。", "Too many requests from one address. Try again in a moment."),
    431: ("请求的标头太大。", "The request headers are too large."),
    500: ("系统出错，错误已记入日志。", "An internal error occurred and was logged."),
    501: ("不支持这种传输编码。", "This transfer encoding is not supported."),
    503: ("网站正忙，请稍后再试。", "The site is busy. Try again in a moment."),
}
"""The sentences for requests that do not reach the site, by status."""


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one client and all clients together may occupy.

    `requests_per_address` counts requests that run or wait. `seconds` is the time in which a request has to arrive, an
    idle connection is kept, and a client has to take some of its response. `trusted_proxy` is the IP address of a proxy
    whose `X-Forwarded-For` names the client and whose own connections are not limited.
    """

    connections: int = 500
    connections_per_address: int = 50
    requests_per_address: int = 20
    seconds: int = 20
    trusted_proxy: str | None = None


def server_of(app: Flask, listening: socket.socket, threads: int, limits: ServerLimits | None = None) -> SiteServer:
    """Returns a server for the site; closing it closes the socket."""
    return SiteServer(app, listening, threads, limits or ServerLimits())


class RefusalError(Error):  # type: ignore[misc]
    """An answer to a request that does not reach the site."""

    def __init__(self, code: int) -> None:
        super().__init__("")
        self.code = code
        self.reason = HTTPStatus(code).phrase


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a request line that is too long before the rest of the request arrives."""

    completed: bool
    _line: bytes | None = b""  # what has arrived of the request line; None when it is complete

    def received(self, data: bytes) -> int:
        if self._line is not None and not self.completed:
            self._line = (self._line + data).lstrip()
            line, newline, _ = self._line.partition(b"\n")
            if len(line.rstrip(b"\r")) > LONGEST_LINE:
                self.parse_header(b"GET / HTTP/1.0\r\n")
                self.error = RefusalError(HTTPStatus.REQUEST_URI_TOO_LONG)
                self.completed = True
                return len(data)
            if newline:
                self._line = None
        consumed: int = super().received(data)
        return consumed


class PlainErrorTask(ErrorTask):  # type: ignore[misc]
    """Answers with a sentence in both languages: the language of the request may be unknown."""

    def execute(self) -> None:
        status = HTTPStatus(self.request.error.code)
        body = "\n".join((*REFUSALS[status], "")).encode()
        self.status, self.content_length = f"{status.value} {status.phrase}", len(body)
        self.response_headers += _headers(status)
        self.set_close_on_finish()
        self.write(body)


def _headers(status: HTTPStatus) -> list[tuple[str, str]]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers.append(("Retry-After", str(_RETRY_AFTER)))
    return headers


class SiteChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when a request has been arriving."""

    parser_class = Parser
    error_task_class = PlainErrorTask
    began = 0.0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.began = time.time()
        received: bool = super().received(data)
        return received

    def is_late(self, now: float) -> bool:
        """Whether the client is too slow to send its request, or to take its response, or is idle."""
        cutoff = now - self.adj.channel_timeout
        if self.requests and not self.total_outbufs_len:  # the site works on the request
            return False
        return bool(self.last_activity < cutoff or (self.request is not None and self.began < cutoff))

    def handle_close(self) -> None:
        if self.socket is not None:  # waitress closes twice if the client hangs up
            _drain(self.socket)
        super().handle_close()


class SiteServer(TcpWSGIServer):  # type: ignore[misc]
    """A waitress server with limits by client."""

    def __init__(self, app: Flask, listening: socket.socket, threads: int, limits: ServerLimits) -> None:
        self.limits = limits
        self._proxies: set[str] = set()  # those that the log names
        dispatcher = ThreadedTaskDispatcher()
        self.waiting = dispatcher.queue = FairQueue(threads, self._admit, dispatcher.lock)
        dispatcher.set_thread_count(threads)
        proxy = {"trusted_proxy": limits.trusted_proxy, "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"}
        adjustments = Adjustments(
            sockets=[listening],
            threads=threads,
            ident=None,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADERS,
            connection_limit=limits.connections + 10,  # `channel_class` keeps below it
            channel_timeout=limits.seconds,
            cleanup_interval=_MAINTENANCE,
            channel_request_lookahead=1,  # a client that hangs up is noticed while its request waits
            clear_untrusted_proxy_headers=False,  # `hosts` has to know of a proxy that is not trusted
            log_socket_errors=False,  # clients that hang up are no errors
            asyncore_use_poll=True,  # a large index has more than 1,024 files, the limit of select()
            **(proxy if limits.trusted_proxy else {}),
        )
        super().__init__(
            app,
            map={},
            _sock=listening,
            dispatcher=dispatcher,
            adj=adjustments,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        )

    def channel_class(
        self, _server: object, connection: socket.socket, address: tuple[Any, ...], *args: Any, **kw: Any
    ) -> None:
        """Accepts a connection, if need be in place of an idle one. waitress calls this as a class."""
        channels = list(self.active_channels.values())
        own = [channel for channel in channels if client_key(channel.addr[0]) == client_key(address[0])]
        limited = address[0] != self.limits.trusted_proxy and len(own) >= self.limits.connections_per_address
        if (limited and not _evict(own)) or (len(channels) >= self.limits.connections and not _evict(channels)):
            _refuse(connection)
        else:
            SiteChannel(self, connection, address, *args, **kw)

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.is_late(now):
                channel.handle_close()  # at once: `will_close` would wait until the client takes some bytes

    def _admit(self, channel: SiteChannel) -> str | None:
        """Returns the client of a request; refuses a request beyond the limit of its client."""
        request, address = channel.requests[0], channel.addr[0]
        forwarded = request.headers.get("X_FORWARDED_FOR")
        if forwarded and address == self.limits.trusted_proxy:
            address = forwarded.rpartition(",")[2]
        elif forwarded and address not in self._proxies and len(self._proxies) < _MOST_PROXIES:
            self._proxies.add(address)
            _LOG.warning("All clients of the proxy %s count as one unless it is the trusted proxy.", address)
        client = client_key(address)
        if request.error is None and self.waiting.count(client) >= self.limits.requests_per_address:
            request.error = RefusalError(HTTPStatus.TOO_MANY_REQUESTS)
        return client if request.error is None else None


def _evict(channels: list[SiteChannel]) -> bool:
    """Closes the connection that has been idle longest, and as a last resort one that is still being written to."""
    idle = [channel for channel in channels if not channel.requests]
    if not idle:
        return False
    min(idle, key=lambda channel: (channel.total_outbufs_len > 0, channel.last_activity)).handle_close()
    return True


def _refuse(connection: socket.socket) -> None:
    """Answers 503 before any request arrives, and closes the connection."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = "\n".join((*REFUSALS[status], ""))
    head = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in _headers(status))]
    answer = "\r\n".join([*head, f"Content-Length: {len(body.encode())}", "Connection: close", "", body])
    _LOG.warning("Refused a connection: all connections are busy.")
    with suppress(OSError), connection:
        connection.settimeout(0)
        connection.send(answer.encode())
        _drain(connection)


def _drain(connection: socket.socket) -> None:
    """Discards what has arrived: closing with unread bytes resets the connection, and the client loses its answer."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4 * LARGEST_BODY)
