"""Orders matching sections by score or year, or samples them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.matching.leaf_search import Scores
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.query.request import Sort


def ranked(columns: Columns, result: ResultSet, sort: Sort, page: slice) -> Ints:
    """Returns one page of sections. The sort is stable; without text to rank by, the latest year comes first."""
    sections = np.flatnonzero(result.mask)
    if sort == "relevance" and result.leaves:
        return _best(sections, result.scores, page.stop)[page]
    years = years_of(columns)[sections]
    return sections[np.lexsort((years if sort == "year" else -years, years < 0))][page]


def _best(sections: Ints, scores: Scores, wanted: int) -> Ints:
    """Returns at least the `wanted` sections with the highest scores, best first."""
    if 0 < wanted < len(sections):
        least = np.partition(scores, -wanted)[-wanted]
        sections, scores = sections[scores >= least], scores[scores >= least]
    return sections[np.argsort(-scores, kind="stable")]


def years_of(columns: Columns) -> Ints:
    """Returns the year of each section, -1 if it is unknown."""
    facet = columns.facets.get("year")
    if facet is None:
        return np.zeros(columns.size, np.int64)
    years: Ints = np.array([year if isinstance(year, int) else -1 for year in facet.values], np.int64)[facet.codes]
    return years  # a section has one year, so the rows of the facet are the sections themselves


def sampled(columns: Columns, mask: Bools, count: int, seed: int) -> Ints:
    """Returns a sample of sections, in an order that depends on the seed and their addresses only.

    Reports added later replace some sections of a sample and leave the others.
    """
    sections = np.flatnonzero(mask)
    return sections[np.argsort(_splitmix(columns.identities[sections], seed), kind="stable")][:count]


def _splitmix(numbers: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Hashes numbers with a seed (splitmix64 by Steele, Lea and Flood)."""
    with np.errstate(over="ignore"):
        state = numbers + np.uint64(seed % 2**64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))
