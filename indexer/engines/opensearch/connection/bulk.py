"""Writes documents in bulk. What is refused is sent again if the cluster was only busy, and reported otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from archive.errors import LimitExceeded
from indexer.engines.opensearch.connection.cluster_client import BUSY, Cluster, ClusterUnavailableError

_BYTES = 4 << 20
"""Bytes of one request."""
_TRIES = 8
_FIRST_PAUSE = 0.25  # seconds; doubled after each try
_NAMED = 10
_MISSING, _REMOVAL = 404, b'{"delete"'
"""A document that is to be removed may be gone already."""


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
    """Writes and removes documents of one index; `refused` are those that the cluster does not accept, with why."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster, self._index = cluster, index
        self._waiting: list[tuple[str, bytes]] = []
        self._bytes = 0
        self.refused: list[tuple[str, str]] = []

    def add(self, id_: str, routing: str, document: dict[str, Any]) -> None:
        self._append(id_, {"index": {"_id": id_, "routing": routing}}, document)

    def remove(self, id_: str, routing: str) -> None:
        self._append(id_, {"delete": {"_id": id_, "routing": routing}})

    def finish(self) -> None:
        """Sends what is left.

        Raises:
            ClusterUnavailableError: the cluster stays busy.
            RefusedReportsError: the cluster refused documents.
        """
        self.send()
        if self.refused:
            raise RefusedReportsError(self.refused)

    def send(self) -> None:
        """Sends what was added, so that it is in the index or among those refused.

        Raises:
            ClusterUnavailableError: the cluster stays busy.
        """
        waiting, pause = self._waiting, _FIRST_PAUSE
        self._waiting, self._bytes = [], 0
        for tries in range(_TRIES if waiting else 0):
            if tries:
                time.sleep(pause)
                pause *= 2
            outcomes = self._cluster.bulk(self._index, [lines for _, lines in waiting])
            busy = []
            for (id_, lines), (status, reason) in zip(waiting, outcomes, strict=True):
                if status in BUSY:
                    busy.append((id_, lines))
                elif status >= 300 and not (status == _MISSING and lines.startswith(_REMOVAL)):
                    self.refused.append((id_, f"{status} {reason}"))
            waiting = busy
            if not waiting:
                return
        if waiting:
            raise ClusterUnavailableError(self._cluster.address, f"{waiting[0][0]}: {status} {reason}"[:200])

    def _append(self, id_: str, *lines: dict[str, Any]) -> None:
        written = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()
        if self._waiting and self._bytes + len(written) > _BYTES:
            self.send()
        self._waiting.append((id_, written))
        self._bytes += len(written)
