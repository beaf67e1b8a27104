"""The index of a home: always the generation that is published, also in a process that runs for months."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

from indexer import spans
from indexer.engine import Answer, Request
from indexer.engines.whoosh.search import WhooshEngine
from indexer.generations import current_generation, pointer
from indexer.query import parse
from indexer.spans import Span
from indexer.tree import Where, scope_of
from indexer.words import Words


class Index:
    """An engine that notices when a new generation has been published, and goes over to it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._words = Words(home / "cache")
        self._lock = threading.Lock()
        self._name, self._engine = self._open()

    def search(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
            GongkaiError: when the index was replaced by one that this program cannot read.
        """
        return self.current().search(request)

    def current(self) -> WhooshEngine:
        """The engine of the published generation.

        Raises:
            GongkaiError: when there is none, or it must be built anew.
        """
        with self._lock:
            if pointer(self._home) != self._name:
                self._name, self._engine = self._open()
            return self._engine

    def _open(self) -> tuple[str, WhooshEngine]:
        directory, manifest = current_generation(self._home)
        return directory.name, WhooshEngine(directory, manifest.as_of, self._words)


def open_index(home: Path) -> Index:
    """The index of a home, ready to be asked; cheap when it is open already.

    Raises:
        GongkaiError: when there is none, or it must be built anew.
    """
    index = _opened(home.resolve())
    index.current()
    return index


def marks(text: str, query: str, where: Where = "text") -> tuple[Span, ...]:
    """Every distinct span that a query marks in a text of a section: code points, ends exclusive.

    Args:
        text: running text, or the text of a table cell.
        query: the query; one that does not look there (`in:tables`) marks nothing.
        where: `text` or `tables`, for which of them it is; `all` where it is both.

    Raises:
        QueryError: for a query that cannot be read.
    """
    tree = parse(query)
    looks_there = scope_of(tree).where in (where, "all") or where == "all"
    return spans.marks(text, tree, Words()) if looks_there else ()


_opened = functools.cache(Index)
