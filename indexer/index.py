"""The index of a home: always the generation that is published, also in a process that runs for months."""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.errors import Language
from indexer.answers import highlight
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Answer, FacetValue, Hit
from indexer.answers.highlight import Span
from indexer.answers.suggest import DistinctiveKeyword, Kind, Suggestion
from indexer.answers.trends import Matrix, TrendSeries
from indexer.engines.whoosh.build.generations import current_generation, pointer
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.ast import Where, scope_of
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer


class Index:
    """An engine that notices when a new generation has been published, and goes over to it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._words = Tokenizer(home / "cache")
        self._lock = threading.Lock()
        self._name, self._engine = self._open()

    @property
    def as_of(self) -> DataVersion:
        """What answers are counted on at this moment."""
        return self.current().as_of

    def search(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
            GongkaiError: when the index was replaced by one that this program cannot read.
        """
        return self.current().search(request)

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """The values of one facet (`agency`, `keyword` …) that fit what was typed, by characters, pinyin or initials.

        Facets list the most frequent values only; this is the way to the others, with the same counts.
        """
        return self.current().facet(request, name, typed)

    def concordance(
        self, request: Request, order: ConcordanceOrder = "agency", width: int | None = None, most: int | None = None
    ) -> Concordance:
        """Every occurrence that the answer counts, line by line; lines are made as they are asked for.

        Args:
            request: the query and its filters; sort, limit, offset and sample are about sections and not used.
            order: how lines are sorted; lines that are alike there stand in the order of reports.
            width: characters of context on each side; None gives whole sentences.
            most: lines that are given at most; None gives all. `Concordance.shown` and `counted_on` say how many.

        Raises:
            QueryError: for a query or filter that cannot be read.
        """
        return self.current().concordance(request, order, width, most)

    def trend(self, queries: Sequence[str], request: Request | None = None) -> tuple[TrendSeries, ...]:
        """Occurrences, sections and reports of each query by year, with what to divide them by.

        Args:
            queries: what is counted, each by itself.
            request: the filters that hold for all, and the language; its own query is not used.

        Raises:
            QueryError: for a query or filter that cannot be read.
        """
        asked, engine = request or Request(), self.current()  # one generation for all of them
        return tuple(engine.series(replace(asked, query=query)) for query in queries)

    def series(self, request: Request) -> TrendSeries:
        """The same of one query, that of the request."""
        return self.current().series(request)

    def matrix(self, request: Request) -> Matrix:
        """How often it is said, agency by year, with three different marks for where it is not (`trends.MARKS`).

        Raises:
            QueryError: for a query or filter that cannot be read.
        """
        return self.current().matrix(request)

    def suggest(
        self, typed: str, language: Language = "zh", most: int = 10, kind: Kind | None = None
    ) -> tuple[Suggestion, ...]:
        """Agencies, sections, phrases and keywords that what was typed may mean, the best first, none without sections.

        Args:
            typed: the beginning of a name, or any characters of it; its pinyin or initials.
            language: the language of section names.
            most: how many at most.
            kind: only these; all without it.
        """
        return self.current().suggest(typed, language, most, kind)

    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        """Returns the sections most similar to the one at `/reports/AGENCY/YEAR#anchor`, best first."""
        return self.current().related(address, most)

    def distinctive(self, request: Request, most: int = 20) -> tuple[DistinctiveKeyword, ...]:
        """The keywords that set what a request finds apart from the rest: for exploring, not for citing.

        A filter by year or agency alone gives those of that year or agency.

        Raises:
            QueryError: for a query or filter that cannot be read.
        """
        return self.current().distinctive(request, most)

    def current(self) -> WhooshEngine:
        """The engine of the published generation.

        Raises:
            GongkaiError: when there is none, or it must be rebuilt.
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
        GongkaiError: when there is none, or it must be rebuilt.
    """
    index = _opened(home.absolute())
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
    return highlight.marks(text, tree, Tokenizer()) if looks_there else ()


_opened = functools.lru_cache(maxsize=8)(Index)
"""A program has one home; one that goes through many keeps the files and the memory of the last few only."""
