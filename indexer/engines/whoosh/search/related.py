"""Computes similar sections and distinctive keywords of one index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.answers.suggest import DistinctiveKeyword
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.matching.leaf_search import LeafSearch, Scores
from indexer.text.keywords import may_be_keyword
from indexer.text.tokenizer import Tokenizer

COMPARED = 25
"""Words of a section by which others are compared with it."""


def reports_of(columns: Columns, agency: str) -> list[tuple[str, int | None]]:
    """Returns the address and the year of each report of an agency, by year."""
    facet = columns.facets.get("agency")
    code = facet.numbers.get(agency) if facet else None
    if facet is None or code is None:
        return []
    sections = np.flatnonzero(facet.having([code], columns.size))
    _, firsts = np.unique(columns.reports.take(sections), return_index=True)
    records = [*columns.records(sections[firsts])]
    return sorted(((each.report, each.year) for each in records), key=lambda report: (report[1] or 0, report[0]))


def similarities(columns: Columns, leaves: LeafSearch, words: Tokenizer, section: int) -> Scores:
    """Returns the similarity of each section to one: BM25 by its most distinctive words; 0 for itself."""
    parts = words.words_and_parts(columns.normal_text(section))
    by_word = {word: leaves.word_scores(word) for word in sorted(filter(may_be_keyword, parts))}
    best = sorted(by_word, key=lambda word: by_word[word][section], reverse=True)[:COMPARED]
    scores: Scores = sum((by_word[word] for word in best), np.zeros(columns.size))
    scores[section] = 0.0
    return scores


def distinctive(columns: Columns, mask: Bools, most: int) -> tuple[DistinctiveKeyword, ...]:
    """Returns the keywords that are more frequent in these sections than in all, the most distinctive first."""
    facet = columns.facets.get("keyword")
    if facet is None:
        return ()
    here, all_ = facet.count(mask), facet.count(np.ones(columns.size, np.bool_))
    share = np.count_nonzero(mask) / columns.size if columns.size else 0.0
    return distinctive_keywords([*map(str, facet.values)], here, all_, share, most)


def distinctive_keywords(
    keywords: Sequence[str], here: Ints, all_: Ints, share: float, most: int
) -> tuple[DistinctiveKeyword, ...]:
    """Returns the keywords that are more frequent in a share of the sections than in all, by log-likelihood.

    `here` and `all_` count the sections with each keyword.
    """
    if not 0 < share < 1:
        return ()
    expected = all_ * share
    scores = 2 * (times_log(here, expected) + times_log(all_ - here, all_ - expected))
    scores[here <= expected] = 0.0
    order = [code for code in np.lexsort((-here, -scores)).tolist()[:most] if scores[code] > 0]
    return tuple(
        DistinctiveKeyword(keywords[n], int(here[n]), round(float(expected[n]), 2), round(float(scores[n]), 2))
        for n in order
    )


def times_log(counts: Ints, expected: NDArray[np.floating[Any]]) -> Scores:
    """Returns each count times the logarithm of its ratio to the expected count, 0 for 0."""
    shares = np.divide(counts, expected, out=np.ones(len(counts)), where=counts > 0)
    return np.asarray(counts * np.log(shares))
