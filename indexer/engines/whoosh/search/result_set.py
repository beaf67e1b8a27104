"""What a query matches under the filters beside it: sections, and where its words stand in them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.leaf_search import LeafMatch, Scores
from indexer.engines.whoosh.search.spans import Spans, united
from indexer.query.ast import Scope, Text, walk


@dataclass(frozen=True)
class ResultSet:
    """The sections that a query matches under the filters beside it.

    `asked` are those of the query alone, `filters` those of each filter, `found` those of all together; `doubtful`
    are those that might match if their report stated the figures. `texts` are the positive leaves, and `leaves` is what
    they find anywhere.
    """

    columns: Columns
    scope: Scope
    asked: Bools
    filters: Mapping[str, Bools]
    found: Bools
    doubtful: Bools
    texts: tuple[Text, ...]
    leaves: tuple[LeafMatch, ...]

    @functools.cached_property
    def has_text(self) -> bool:
        """Whether text is asked at all."""
        return any(isinstance(node, Text) for node, _ in walk(self.scope))

    @functools.cached_property
    def occurrences(self) -> Spans:
        """The distinct occurrences of all positive leaves in the sections found, in order."""
        return united([self._spans(leaf, held) for leaf, held in self.within])

    @functools.cached_property
    def within(self) -> tuple[tuple[LeafMatch, Ints], ...]:
        """Each leaf, and which of its sections are found: their places among its own."""
        return tuple((leaf, np.flatnonzero(self.found.take(leaf.sections))) for leaf in self.leaves)

    @functools.cached_property
    def scores(self) -> Scores:
        """What all leaves together say of each of the sections found, in order."""
        sections = np.flatnonzero(self.found)
        scores = np.zeros(len(sections))
        for leaf, held in self.within:
            scores[leaf.held.take(sections)] += leaf.scores.take(held)  # both are in order, so one goes with the other
        return scores

    @functools.cached_property
    def count(self) -> int:
        """How many occurrences there are."""
        if not self.disjoint:
            return len(self.occurrences)
        return sum(int(leaf.counts.take(held).sum()) for leaf, held in self.within)

    @property
    def disjoint(self) -> bool:
        """Whether leaves find different strings, so that no occurrence is one of two, and each is counted by itself."""
        strings = {leaf.string for leaf in self.leaves}
        return None not in strings and len(strings) == len(self.leaves)

    def _spans(self, leaf: LeafMatch, held: Ints) -> Spans:
        if len(held) == len(leaf.sections):
            return leaf.spans
        return leaf.spans.those(self.found[self.columns.sections_of(leaf.spans.starts)])

    @property
    def admitted(self) -> Bools:
        """The sections that the filters let through, whatever the query asks."""
        return reduce(np.logical_and, self.filters.values(), np.ones(len(self.asked), np.bool_))

    def lifted(self, facet: str) -> Bools:
        """The matching sections as if the facet's own filter were not set."""
        return reduce(np.logical_and, (bits for name, bits in self.filters.items() if name != facet), self.asked)
