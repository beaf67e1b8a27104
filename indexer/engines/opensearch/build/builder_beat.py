"""Tells builders on other machines that an index is being built: its mapping has the time of the last sign of life.

Two builders on one machine exclude each other by the lock in their home. An index that a builder with another home has
begun is never written: that builder may be slow and still alive.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.errors import Busy
from indexer.engines.opensearch.connection.cluster_client import Cluster, ClusterUnavailableError

_BEAT = 20.0
"""Seconds between two signs of life."""
_DEAD = 120.0
"""Seconds after the last one when a builder counts as dead; the clocks of machines may differ by less."""


class BusyElsewhereError(Busy):
    """A machine that shares the cluster is building the index."""

    def __init__(self, machine: str) -> None:
        super().__init__(
            f"另一台机器（{machine}）正在建索引。请等它结束后再试。",
            f"Another machine ({machine}) is building the index. Wait until it has finished, then try again.",
        )


def builder_of(home: Path) -> list[str]:
    """Returns what tells a builder from others."""
    return [socket.gethostname(), str(home.absolute())]


def may_go_on(meta: Mapping[str, Any], builder: list[str]) -> bool:
    """Returns whether a builder may go on with an index that was begun, as its mapping tells.

    Raises:
        BusyElsewhereError: another builder is writing it.
    """
    name = meta.get("builder")
    if name and name != builder and time.time() - meta["beat"] < _DEAD:
        raise BusyElsewhereError(name[0])
    return bool(name == builder)


def sign_of_life(builder: list[str]) -> dict[str, Any]:
    """Returns what the mapping of an index notes of its builder."""
    return {"builder": builder, "beat": time.time()}


@contextmanager
def beating(cluster: Cluster, index: str, meta: Mapping[str, Any], builder: list[str]) -> Iterator[None]:
    """Notes in the mapping of an index that it is being built, again and again."""
    ended = threading.Event()

    def beat() -> None:
        cluster.note(index, {**meta, **sign_of_life(builder)})

    def go_on() -> None:
        while not ended.wait(_BEAT):
            try:
                beat()
            except ClusterUnavailableError:  # the builder finds it out, too
                continue

    beat()
    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
