"""Evaluates trees to masks: one bit for each section, combined by and, or and not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from archive.model import Agency
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools
from indexer.engines.whoosh.search.figures import Figures
from indexer.engines.whoosh.search.matching.leaf_search import LeafSearch
from indexer.query.ast import (
    And,
    Condition,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Unit,
    Where,
    Word,
    YearRange,
)
from indexer.query.values import values_meant


@dataclass(frozen=True, slots=True)
class BooleanMatcher:
    """Matches trees against the sections of one index, in the texts `where` and by `unit`."""

    columns: Columns
    leaves: LeafSearch
    figures: Figures
    agencies: Mapping[str, Agency]
    where: Where = "text"
    unit: Unit = "section"

    def sections(self, tree: Query, *, doubtful: bool = False) -> Bools:
        """Returns the mask of the sections that match a tree.

        A condition is undecided for reports that do not state the figure: their sections match if `doubtful` is set,
        in addition to those that match in any case.
        """
        match tree:
            case MatchAll():
                return self._all
            case Term() | Phrase() | Gapped() | Word() | Near():
                return self._widened(self.leaves.find(tree, self.where).mask)
            case And(parts):
                return reduce(lambda bits, part: bits & self.sections(part, doubtful=doubtful), parts, self._all)
            case Or(parts):
                return reduce(lambda bits, part: bits | self.sections(part, doubtful=doubtful), parts, ~self._all)
            case Not(part):
                return ~self.sections(part, doubtful=not doubtful)
            case YearRange() | In():
                facet = self.columns.facets.get(tree.name)
                if facet is None:
                    return ~self._all
                codes = [facet.numbers[value] for value in values_meant(tree, facet.numbers, self.agencies)]
                return self._widened(facet.having(codes, self.columns.size))
            case Condition():
                holds, states = self.figures.reports(tree)
                reports: Bools = holds | ~states if doubtful else holds
                return self._of_reports(reports)
            case Scope(part):
                return self.sections(part, doubtful=doubtful)

    def any_of(self, parts: tuple[Query, ...]) -> Bools:
        return reduce(np.logical_or, map(self.sections, parts), ~self._all)

    @property
    def _all(self) -> Bools:
        return np.ones(self.columns.size, np.bool_)

    def _widened(self, sections: Bools) -> Bools:
        """Extends a mask to whole reports if that is the unit."""
        if self.unit == "section" or not self.columns.size:
            return sections
        reports = np.zeros(int(self.columns.reports[-1]) + 1, np.bool_)
        reports[self.columns.reports[sections]] = True
        return self._of_reports(reports)

    def _of_reports(self, reports: Bools) -> Bools:
        sections: Bools = reports[self.columns.reports]
        return sections
