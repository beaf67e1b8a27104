"""Half-sent requests from one address, and clients that read nothing, leave the site to others.

`tests/webui/http/test_server.py` tests the limits one by one; this is the whole program.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.attack.results import Results
from tests.attack.scale import PATIENCE, size
from tests.attack.serving import Site

CONNECTIONS = size(200, 1_000)
READS = 10
ANOTHER_ADDRESS = "127.0.0.2"
"""Of the slow clients. One address gets 429 while it has many requests in work."""


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    running = Site(filled, tmp_path / "site")
    yield running
    running.close()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "a header that does not end"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\na", "a body that does not come"),
        (b"GET /concordance.csv?q=%E5%85%AC HTTP/1.1\r\nHost: localhost\r\n\r\n", "a file that is not read"),
        (b"", "nothing"),
    ],
)
def test_readers_beside_slow_clients(
    sent: bytes, reason: str, site: Site, results_of: Callable[[str], Results]
) -> None:
    results = results_of("slow")
    with ExitStack() as slow:
        for _ in range(CONNECTIONS):
            address = ("127.0.0.1", site.port)
            client = slow.enter_context(socket.create_connection(address, PATIENCE, (ANOTHER_ADDRESS, 0)))
            client.sendall(sent)
            results.count(reason)
        for _ in range(READS):
            assert site.get("/about")[0] == 200, reason
    assert site.get("/healthz")[0] == 200
