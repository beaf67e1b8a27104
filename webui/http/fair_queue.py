"""Queues requests by client, so that many requests of one client do not delay those of the others.

The queue replaces the `deque` of waitress's `ThreadedTaskDispatcher`, which calls it while it holds its lock.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Protocol


class Connection(Protocol):
    """What the dispatcher calls: a connection with a request to answer."""

    def service(self) -> None: ...
    def cancel(self) -> None: ...


class FairQueue:
    """Serves clients in turn. A client gets all threads but one, so that another client never waits for all of them.

    Args:
        threads: the threads of the server.
        client_of: returns the client of a connection, or None for a connection that is answered without work.
        lock: the lock of the dispatcher.
    """

    def __init__(self, threads: int, client_of: Callable[[Any], str | None], lock: threading.Lock) -> None:
        self._most_running = max(1, threads - 1)
        self._client_of = client_of
        self._lock = lock
        self._without_work: deque[Connection] = deque()
        self._waiting: dict[str, deque[Connection]] = {}
        self._running: Counter[str] = Counter()

    def count(self, client: str) -> int:
        """The requests of a client that wait or run."""
        return len(self._waiting.get(client, ())) + self._running[client]

    def append(self, connection: Connection) -> None:
        client = self._client_of(connection)
        if client is None:
            self._without_work.append(connection)
        else:
            self._waiting.setdefault(client, deque()).append(connection)

    def popleft(self) -> Connection:
        """Removes the next connection; the client that it belongs to moves behind the others.

        Raises:
            IndexError: if no connection may run now.
        """
        if self._without_work:
            return self._without_work.popleft()
        client = self._next()
        if client is None:
            raise IndexError("no client may run another request")
        waiting = self._waiting.pop(client)
        connection = waiting.popleft()
        if waiting:
            self._waiting[client] = waiting
        self._running[client] += 1
        return _Running(connection, lambda: self._end(client))

    def __len__(self) -> int:
        return len(self._without_work) + sum(map(len, self._waiting.values()))

    def __bool__(self) -> bool:
        """Whether a connection may run now; a thread that ends a request asks again."""
        return bool(self._without_work) or self._next() is not None

    def _next(self) -> str | None:
        return next((client for client in self._waiting if self._running[client] < self._most_running), None)

    def _end(self, client: str) -> None:
        with self._lock:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]


class _Running:
    """A connection whose end is counted."""

    def __init__(self, connection: Connection, end: Callable[[], None]) -> None:
        self._connection = connection
        self._end = end

    def service(self) -> None:
        try:
            self._connection.service()
        finally:
            self._end()

    def cancel(self) -> None:
        self._connection.cancel()


def client_key(address: str) -> str:
    """The client of an IP address: of IPv6 the network of 64 bits, which one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.ip_network((parsed.packed[:8] + bytes(8), 64)))
    return str(parsed)
