"""The generations of an index in a cluster, and which one is published.

The alias of an index is its name; the index behind it is `NAME-000007`, which is never written again. A higher number
is one that a build has begun: the next build finishes it, or removes it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from archive.errors import IndexMissing
from indexer.answers.data_version import DataVersion
from indexer.engines.opensearch.build.builder_beat import BusyElsewhereError
from indexer.engines.opensearch.build.mapping import index_body, layout_hash
from indexer.engines.opensearch.connection.cluster_client import Cluster, ClusterUnavailableError
from indexer.text.tokenizer import dictionary_hash

_COPY_SECONDS = 600
"""The time for which a finished index waits for the copies of its shards before readers use it."""


@dataclass(frozen=True, slots=True)
class ClusterManifest:
    """What an index was built from and with. `lengths` are the mean lengths of texts, by which hits are ranked."""

    revision: int
    layout: str
    as_of: DataVersion
    lengths: dict[str, float]

    @property
    def fits(self) -> bool:
        """Whether this program, with its dictionary, can answer from the index."""
        return (self.layout, self.as_of.dictionary) == (layout_hash(), dictionary_hash())

    @classmethod
    def read(cls, meta: dict[str, Any]) -> ClusterManifest | None:
        """Returns the manifest in the mapping of an index; None if there is none of this form."""
        try:
            return cls(meta["revision"], meta["layout"], DataVersion(**meta["as_of"]), meta["lengths"])
        except (KeyError, TypeError):
            return None


def published(cluster: Cluster) -> tuple[str, ClusterManifest]:
    """Returns the current index and its manifest.

    Raises:
        IndexMissing: there is no index, or another version of the program, or another dictionary, built it.
        ClusterUnavailableError: the cluster does not answer.
    """
    name, shown = cluster.index_behind(cluster.address.name, for_readers=True), cluster.address.shown
    if name is None:
        raise IndexMissing(
            f"集群中还没有索引（{shown}）。请先运行 gongkai index。",
            f"There is no index in the cluster yet ({shown}). Run gongkai index first.",
        )
    manifest = ClusterManifest.read(cluster.meta(name, for_readers=True))
    if manifest is None or not manifest.fits:
        raise IndexMissing(
            f"集群中的索引（{shown}）是用另一版程序或词典建的。请运行 gongkai index --rebuild。",
            f"The index in the cluster ({shown}) was built by another version of the program or with another "
            "dictionary. Run gongkai index --rebuild.",
        )
    return name, manifest


class Generations:
    """The generations of one index, as its builder sees them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._indices = cluster, cluster.client.indices
        self._name = cluster.address.name
        self.current = cluster.index_behind(self._name)

    def begun(self) -> list[str]:
        """Returns what builds have begun that failed or were killed, the latest first."""
        first = self._number(self.current) if self.current else 0
        return sorted((index for index in self._every() if self._number(index) > first), reverse=True)

    def remove_all_but(self, *kept: str | None) -> None:
        for index, found in self._every().items():
            if index not in kept and not found["aliases"]:
                self._indices.delete(index=index)

    def next(self) -> str:
        """Returns a name that no index has."""
        return f"{self._name}-{1 + max(map(self._number, self._every()), default=0):06}"

    def create(self, index: str, shards: int, meta: dict[str, Any]) -> None:
        with self._first(index):
            self._indices.create(index=index, body=index_body(shards, meta))

    def clone(self, index: str) -> None:
        """Copies the current index: files are linked where they are, so that it takes little time and space.

        Raises:
            ClusterUnavailableError: a shard of the current index is away.
        """
        self._indices.put_settings(index=self.current, body={"index": {"blocks.write": True}})
        settings = {**_UNFINISHED, "index.blocks.write": None, "index.auto_expand_replicas": "false"}
        with self._first(index):
            answer = self._indices.clone(index=self.current, target=index, body={"settings": settings})
        if not answer["shards_acknowledged"]:
            raise ClusterUnavailableError(self._cluster.address, "shards of the current index are away")

    def take_over(self, index: str) -> None:
        """Waits until what a killed build has sent to an index is in it, then lets this process write."""
        self._indices.add_block(index=index, block="write")
        self._indices.put_settings(index=index, body={"index": {"blocks.write": None}})

    def is_whole(self, index: str) -> bool:
        """Returns whether every shard of an index is there."""
        return bool(self._cluster.client.cluster.health(index=index)["status"] != "red")

    def publish(self, index: str) -> None:
        """Points the alias to a finished index, in one step: a reader sees the old index or the new one."""
        finished = {"auto_expand_replicas": "0-1", "refresh_interval": "1s", "blocks.write": True}
        self._indices.put_settings(index=index, body={"index": finished})
        self._wait_for_copies(index)
        moved: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._name}}]
        if self.current:
            moved.append({"remove": {"index": self.current, "alias": self._name}})
        self._indices.update_aliases(body={"actions": moved})

    def _wait_for_copies(self, index: str) -> None:
        params = {"wait_for_status": "green"}  # each request waits for 30 seconds at most
        until = time.monotonic() + _COPY_SECONDS
        while time.monotonic() < until:
            health = self._cluster.client.cluster.health(index=index, params=params, ignore=(408,))
            if health["status"] == "green":
                return

    @contextmanager
    def _first(self, index: str) -> Iterator[None]:
        from opensearchpy import RequestError  # noqa: PLC0415 (optional)

        try:
            yield
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            raise BusyElsewhereError(self._cluster.meta(index).get("builder", ["?"])[0]) from error

    def _every(self) -> dict[str, Any]:
        name = re.compile(f"{re.escape(self._name)}-[0-9]{{6,}}")
        return {
            index: each for index, each in self._indices.get(index=f"{self._name}-*").items() if name.fullmatch(index)
        }

    def _number(self, index: str) -> int:
        return int(index.rpartition("-")[2])


_UNFINISHED = {"index.number_of_replicas": 0, "index.refresh_interval": "-1"}
