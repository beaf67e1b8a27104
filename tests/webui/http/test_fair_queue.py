"""Tests that clients take turns, and which addresses are one client."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from webui.http.fair_queue import FairQueue, client_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("::1", "::1"),
        ("unknown", "unknown"),
    ],
)
def test_client_of_an_address(address: str, key: str) -> None:
    assert client_key(address) == key


@pytest.mark.parametrize(
    ("arrived", "threads", "started", "reason"),
    [
        ("a1 a2 a3 b1", 4, "a1 b1 a2 a3", "clients take turns"),
        ("a1 a2 a3 a4", 4, "a1 a2 a3", "one thread is left for others"),
        ("a1 a2 b1", 2, "a1 b1", "of two threads, too"),
        ("a1 a2", 1, "a1", "a single thread serves everybody"),
        ("a1 a2 !", 2, "! a1", "an answer without work is given at once"),
    ],
)
def test_fair_queue(arrived: str, threads: int, started: str, reason: str) -> None:
    done: list[str] = []

    class Request(SimpleNamespace):
        def service(self) -> None:
            done.append(self.name)

    lock = threading.Lock()
    queue = FairQueue(threads, lambda request: None if request.name == "!" else request.name[0], lock)
    for name in arrived.split():
        queue.append(Request(name=name))  # type: ignore[arg-type]
    running = []
    while queue:
        running.append(queue.popleft())
    for each in running:
        each.service()
    assert done == started.split(), reason
    assert len(queue) == len(arrived.split()) - len(running)
    while queue:  # the end of a request lets the next one run
        queue.popleft().service()
    assert sorted(done) == sorted(arrived.split()) and len(queue) == 0
    with pytest.raises(IndexError):
        queue.popleft()
