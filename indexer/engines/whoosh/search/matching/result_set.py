"""The result of a query: matching sections, and the occurrences in them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.matching.leaf_search import LeafMatch, Scores
from indexer.engines.whoosh.search.matching.spans import Spans, united
from indexer.query.ast import Scope, Text, walk


@dataclass(frozen=True)
class ResultSet:
    """The sections that a query matches under filters.

    Attributes:
        query_mask: the sections that the query alone matches.
        filters: the mask of each filter.
        mask: the sections that match everything.
        doubtful: the sections that might match if their reports stated the figures.
        texts, leaves: the positive leaves, and their matches anywhere.
    """

    columns: Columns
    scope: Scope
    query_mask: Bools
    filters: Mapping[str, Bools]
    mask: Bools
    doubtful: Bools
    texts: tuple[Text, ...]
    leaves: tuple[LeafMatch, ...]

    @functools.cached_property
    def has_text(self) -> bool:
        return any(isinstance(node, Text) for node, _ in walk(self.scope))

    @functools.cached_property
    def occurrences(self) -> Spans:
        """The distinct occurrences of all positive leaves in matching sections, sorted."""
        return united([self._spans(leaf, rows) for leaf, rows in self.within])

    @functools.cached_property
    def within(self) -> tuple[tuple[LeafMatch, Ints], ...]:
        """Each leaf with the indexes, among its own sections, of those that match."""
        return tuple((leaf, np.flatnonzero(self.mask.take(leaf.sections))) for leaf in self.leaves)

    @functools.cached_property
    def scores(self) -> Scores:
        """The score of each matching section: the sum over leaves."""
        sections = np.flatnonzero(self.mask)
        scores = np.zeros(len(sections))
        for leaf, rows in self.within:
            scores[leaf.mask.take(sections)] += leaf.scores.take(rows)  # both are sorted by section
        return scores

    @functools.cached_property
    def count(self) -> int:
        """The number of occurrences."""
        if not self.disjoint:
            return len(self.occurrences)
        return sum(int(leaf.counts.take(rows).sum()) for leaf, rows in self.within)

    @property
    def disjoint(self) -> bool:
        """Whether each leaf matches one string of its own, so that counts of leaves can be added."""
        strings = {leaf.string for leaf in self.leaves}
        return None not in strings and len(strings) == len(self.leaves)

    def _spans(self, leaf: LeafMatch, rows: Ints) -> Spans:
        if len(rows) == len(leaf.sections):
            return leaf.spans
        return leaf.spans.select(self.mask[self.columns.sections_of(leaf.spans.starts)])

    @property
    def admitted(self) -> Bools:
        """The sections that pass all filters, whatever the query."""
        return reduce(np.logical_and, self.filters.values(), np.ones(len(self.query_mask), np.bool_))

    def without_filter(self, field: str) -> Bools:
        """Returns the sections that match everything but the filter of a field."""
        others = (mask for name, mask in self.filters.items() if name != field)
        return reduce(np.logical_and, others, self.query_mask)
