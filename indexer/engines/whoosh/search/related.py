"""Computes suggestions, similar sections and distinctive keywords of one index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from archive.errors import Language
from indexer.answers.suggest import DistinctiveKeyword, Suggestion
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.facets import Facets
from indexer.engines.whoosh.search.leaf_search import LeafSearch, Scores
from indexer.query.ast import In, Phrase
from indexer.text.keywords import may_be_keyword
from indexer.text.tokenizer import Tokenizer, field_terms

_SUGGESTED: tuple[Literal["section", "keyword"], ...] = ("section", "keyword")
_COMPARED = 25
"""Words of a section by which others are compared with it."""


def candidates(columns: Columns, facets: Facets, language: Language) -> Iterator[Suggestion]:
    """Yields the suggestions except agencies: sections, and keywords and terms of the field as phrases.

    The count of a phrase is that of the keyword: it ranks phrases, and is not the number of their matches.
    """
    everything = np.ones(columns.size, np.bool_)
    for name in _SUGGESTED:
        facet = columns.facets.get(name)
        if facet is None:
            continue
        counts = facet.count(everything).tolist()
        for value, count in zip(facet.values, counts, strict=True):
            label = facets.label(name, value, language)
            if name == "keyword":
                yield _phrase(label, count)
            else:
                yield Suggestion(name, label, str(In(name, str(value))), count)
    known = set(columns.facets["keyword"].values) if "keyword" in columns.facets else set()
    yield from map(_phrase, sorted(field_terms() - known))


def _phrase(text: str, count: int = 0) -> Suggestion:
    return Suggestion("phrase", text, str(Phrase(text)), count)


def similarities(columns: Columns, leaves: LeafSearch, words: Tokenizer, section: int) -> Scores:
    """Returns the similarity of each section to one: BM25 by its most distinctive words; 0 for itself."""
    parts = words.words_and_parts(columns.normal_text(section))
    by_word = {word: leaves.word_scores(word) for word in sorted(filter(may_be_keyword, parts))}
    best = sorted(by_word, key=lambda word: by_word[word][section], reverse=True)[:_COMPARED]
    scores: Scores = sum((by_word[word] for word in best), np.zeros(columns.size))
    scores[section] = 0.0
    return scores


def distinctive(columns: Columns, mask: Bools, most: int) -> tuple[DistinctiveKeyword, ...]:
    """Returns the keywords that are more frequent in these sections than in all, the most distinctive first."""
    facet = columns.facets.get("keyword")
    size, inside = columns.size, int(np.count_nonzero(mask))
    if facet is None or not 0 < inside < size:
        return ()
    here, all_ = facet.count(mask), facet.count(np.ones(size, np.bool_))
    expected = all_ * (inside / size)
    scores = 2 * (times_log(here, expected) + times_log(all_ - here, all_ - expected))
    scores[here <= expected] = 0.0
    order = [code for code in np.lexsort((-here, -scores)).tolist()[:most] if scores[code] > 0]
    return tuple(
        DistinctiveKeyword(str(facet.values[n]), int(here[n]), round(float(expected[n]), 2), round(float(scores[n]), 2))
        for n in order
    )


def times_log(counts: Ints, expected: NDArray[np.floating[Any]]) -> Scores:
    """Returns each count times the logarithm of its ratio to the expected count, 0 for 0."""
    shares = np.divide(counts, expected, out=np.ones(len(counts)), where=counts > 0)
    return np.asarray(counts * np.log(shares))
