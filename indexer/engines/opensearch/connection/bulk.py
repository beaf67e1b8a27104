"""Writes documents in bulk. A refused document is sent again if the cluster was only busy, and reported otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from archive.errors import LimitExceeded
from indexer.engines.opensearch.connection.cluster_client import Cluster

_BYTES = 4 << 20
"""Bytes of one request."""
_BUSY = (429, 503)
_TRIES = 8
_FIRST_PAUSE = 0.25  # seconds; doubled after each try
_NAMED = 10


class RefusedReportsError(LimitExceeded):
    """The cluster refused documents, so that the new index would not be complete."""

    def __init__(self, refused: Sequence[tuple[str, str]]) -> None:
        names = [f"{id_}: {reason}" for id_, reason in refused[:_NAMED]]
        more = len(refused) - len(names)
        others = (f"；另有 {more:,} 个", f"; and {more:,} more") if more else ("", "")
        super().__init__(
            f"搜索集群拒收 {len(refused):,} 个文档，新索引没有启用：{'；'.join(names)}{others[0]}。",
            f"The search cluster refused {len(refused):,} documents, so the new index is not in use: "
            f"{'; '.join(names)}{others[1]}.",
        )


class BulkWriter:
    """Writes documents to one index."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster, self._index = cluster, index
        self._waiting: list[tuple[str, bytes]] = []
        self._bytes = 0
        self._refused: list[tuple[str, str]] = []

    def add(self, id_: str, routing: str, document: dict[str, Any]) -> None:
        action = {"index": {"_id": id_, "routing": routing}}
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in (action, document)).encode()
        if self._bytes + len(lines) > _BYTES:
            self._send()
        self._waiting.append((id_, lines))
        self._bytes += len(lines)

    def finish(self) -> None:
        """Sends what is left.

        Raises:
            RefusedReportsError: the cluster refused documents.
        """
        self._send()
        if self._refused:
            raise RefusedReportsError(self._refused)

    def _send(self) -> None:
        waiting, pause = self._waiting, _FIRST_PAUSE
        self._waiting, self._bytes = [], 0
        for left in reversed(range(_TRIES)):
            if not waiting:
                return
            items = self._cluster.bulk(self._index, b"".join(lines for _, lines in waiting))
            again = []
            for (id_, lines), item in zip(waiting, items, strict=True):
                if item["status"] in _BUSY and left:
                    again.append((id_, lines))
                elif item["status"] >= 300:
                    self._refused.append((id_, f"{item['status']} {item['error'].get('reason', '')}"))
            waiting = again
            if waiting:
                time.sleep(pause)
                pause *= 2
