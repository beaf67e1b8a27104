"""In which order sections are shown: by score, by year, or drawn at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.leaf_search import Scores
from indexer.engines.whoosh.search.result_set import ResultSet
from indexer.query.request import Sort


def ordered(columns: Columns, matched: ResultSet, sort: Sort, page: slice) -> Ints:
    """One page of the sections found; without words to rank by, the latest year first. Ties keep their order."""
    sections = np.flatnonzero(matched.found)
    if sort == "relevance" and matched.leaves:
        return _best(sections, matched.scores, page.stop)[page]
    years = years_of(columns)[sections]
    return sections[np.lexsort((years if sort == "year" else -years, years < 0))][page]


def _best(sections: Ints, scores: Scores, wanted: int) -> Ints:
    """The sections of the highest scores, at least so many, the highest first."""
    if 0 < wanted < len(sections):
        least = np.partition(scores, -wanted)[-wanted]
        sections, scores = sections[scores >= least], scores[scores >= least]
    return sections[np.argsort(-scores, kind="stable")]


def years_of(columns: Columns) -> Ints:
    """The year of each section, -1 where it has none."""
    facet = columns.facets.get("year")
    if facet is None:
        return np.zeros(columns.size, np.int64)
    years: Ints = np.array([year if isinstance(year, int) else -1 for year in facet.values], np.int64)[facet.codes]
    return years  # a section has one year, so the rows of the facet are the sections themselves


def drawn(columns: Columns, found: Bools, count: int, seed: int) -> Ints:
    """So many of the sections found, in an order that only the seed and their addresses decide.

    Reports that come in later take the place of some of those drawn before, and leave the others.
    """
    sections = np.flatnonzero(found)
    return sections[np.argsort(mixed(columns.identities[sections], seed), kind="stable")][:count]


def mixed(numbers: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Numbers that look like drawn at random, the same for the same seed (splitmix64 by Steele, Lea and Flood)."""
    with np.errstate(over="ignore"):
        state = numbers + np.uint64(seed % 2**64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))
