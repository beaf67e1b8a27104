"""Opens the index of a home: the published generation, also in a process that runs for months."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

from indexer.engines.whoosh.build.generations import current_generation, pointer
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.text.tokenizer import Tokenizer


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


def open_index(home: Path) -> WhooshEngine:
    """Returns the engine of the published generation; cheap if the home is already open.

    Answers of one engine agree with one another: open it once for all that is shown together.

    Raises:
        IndexMissing: if there is no index, or one of another version.
        DamagedArchive: if files of the index are missing or incomplete.
    """
    return _opened(home.absolute()).current()


_opened = functools.lru_cache(maxsize=8)(Index)
"""A program has one home. One that opens many keeps the files and the memory of the last few."""
