"""Opens and builds the index of a home, also in a process that runs for months.

The index is embedded, in the home, unless `GONGKAI_INDEX` names one in a search cluster.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from archive.errors import IndexMissing
from archive.model import Agency, Report
from archive.store.listing import ListedReport
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Engine
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import IndexAddress, address_in_use
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.engines.whoosh.build.generations import build_index, current_generation, pointer
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.text.tokenizer import Tokenizer

_SECONDS = 1.0
"""How long a process uses an index of a cluster before it asks which one is current."""


class Index:
    """Keeps the engine of one home open, and replaces it once a new generation is published."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._words = Tokenizer()
        self._lock = threading.Lock()
        self._name, self._engine = self._open()

    def current(self) -> WhooshEngine:
        with self._lock:
            if pointer(self._home) != self._name:
                self._name, self._engine = self._open()
            return self._engine

    def _open(self) -> tuple[str, WhooshEngine]:
        directory, manifest = current_generation(self._home)
        return directory.name, WhooshEngine(directory, manifest, self._words)


class ClusterIndex:
    """Keeps the engine of an index in a cluster open, and replaces it once the alias names another one."""

    def __init__(self, address: IndexAddress) -> None:
        self._cluster = Cluster(address)
        self._words = Tokenizer()
        self._lock = threading.Lock()
        self._name, self._engine = self._open()
        self._asked = time.monotonic()

    @property
    def name(self) -> str:
        """The index that `current` answers from."""
        self.current()
        return self._name

    def current(self) -> OpenSearchEngine:
        with self._lock:
            if time.monotonic() - self._asked > _SECONDS:
                if self._cluster.index_behind(self._cluster.address.name, for_readers=True) != self._name:
                    self._name, self._engine = self._open()
                self._asked = time.monotonic()
            return self._engine

    def _open(self) -> tuple[str, OpenSearchEngine]:
        name, manifest = published(self._cluster)
        return name, OpenSearchEngine(self._cluster, name, manifest, self._words)


def open_index(home: Path) -> Engine:
    """Returns the engine of the published generation; cheap if it is already open.

    Answers of one engine agree with one another: open it once for all that is shown together.

    Raises:
        IndexMissing: if there is no index, or one of another version.
        DamagedArchive: if files of the index are missing or incomplete.
        Busy: if a search cluster does not answer.
        MissingSupport: if the library for search clusters is not installed.
    """
    return _opened(home.absolute(), address_in_use()).current()


@functools.lru_cache(maxsize=8)
def _opened(home: Path, address: IndexAddress | None) -> Index | ClusterIndex:
    """A program has one home. One that opens many keeps the files and the memory of the last few."""
    return ClusterIndex(address) if address else Index(home)


def index_name(home: Path) -> str:
    """Returns the name of the published generation, empty if there is none; cheap enough for every page.

    Raises:
        Busy: if a search cluster does not answer.
    """
    address = address_in_use()
    if address is None:
        return pointer(home)
    try:
        opened = _opened(home.absolute(), address)
        return opened.name if isinstance(opened, ClusterIndex) else ""
    except IndexMissing:
        return ""


def update_index(
    home: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    revision: int,
    *,
    rebuild: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> DataVersion:
    """Updates the index of a home, or that in a cluster (see `build_index` and `build_cluster_index`)."""
    address = address_in_use()
    if address is None:
        return build_index(home, reports, agencies, revision, rebuild=rebuild, progress=progress)
    return build_cluster_index(address, home, reports, agencies, revision, rebuild=rebuild, progress=progress)
