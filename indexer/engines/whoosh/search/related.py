"""Suggestions, related sections and distinctive keywords, from what one index holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from archive.errors import Language
from indexer.answers.suggest import Distinctive, Suggestion
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.facets import Facets
from indexer.engines.whoosh.search.leaf_search import LeafSearch, Scores
from indexer.query.ast import In, Phrase
from indexer.text.keywords import may_be_keyword
from indexer.text.tokenizer import Tokenizer, field_terms

_SUGGESTED: tuple[Literal["section", "keyword"], ...] = ("section", "keyword")
_TELLING = 25
"""Words of a section by which others are compared with it."""


def candidates(columns: Columns, facets: Facets, language: Language) -> Iterator[Suggestion]:
    """All that can be suggested but for agencies: sections, keywords, terms of the trade; these two as phrases.

    The count of a phrase is the one of the keyword: enough to tell the frequent ones, not what the phrase finds.
    """
    everything = np.ones(columns.size, np.bool_)
    for name in _SUGGESTED:
        facet = columns.facets.get(name)
        if facet is None:
            continue
        counts = facet.count(everything).tolist()
        for value, count in zip(facet.values, counts, strict=True):
            label = facets.label(name, value, language)
            yield (
                phrase(label, count) if name == "keyword" else Suggestion(name, label, str(In(name, str(value))), count)
            )
    known = set(columns.facets["keyword"].values) if "keyword" in columns.facets else set()
    yield from map(phrase, sorted(field_terms() - known))


def phrase(text: str, count: int = 0) -> Suggestion:
    """The offer to find exactly these characters."""
    return Suggestion("phrase", text, str(Phrase(text)), count)


def like(columns: Columns, leaves: LeafSearch, words: Tokenizer, section: int) -> Scores:
    """How like a section every section is: BM25 by the words that tell most about it; 0 for itself."""
    held = words.words_and_parts(columns.normal_text(section))
    weighed = {word: leaves.weighed(word) for word in sorted(filter(may_be_keyword, held))}
    telling = sorted(weighed, key=lambda word: weighed[word][section], reverse=True)[:_TELLING]
    scores: Scores = sum((weighed[word] for word in telling), np.zeros(columns.size))
    scores[section] = 0.0
    return scores


def distinctive(columns: Columns, found: Bools, most: int) -> tuple[Distinctive, ...]:
    """The keywords that these sections have more often than the others, the most telling first."""
    facet = columns.facets.get("keyword")
    size, inside = columns.size, int(np.count_nonzero(found))
    if facet is None or not 0 < inside < size:
        return ()
    here, all_ = facet.count(found), facet.count(np.ones(size, np.bool_))
    expected = all_ * (inside / size)
    scores = 2 * (_times_log(here, expected) + _times_log(all_ - here, all_ - expected))
    scores[here <= expected] = 0.0
    order = [code for code in np.lexsort((-here, -scores)).tolist()[:most] if scores[code] > 0]
    return tuple(
        Distinctive(str(facet.values[n]), int(here[n]), round(float(expected[n]), 2), round(float(scores[n]), 2))
        for n in order
    )


def _times_log(counts: Ints, expected: NDArray[np.floating[Any]]) -> Scores:
    """Each count times the logarithm of its share of what was expected, 0 for 0."""
    shares = np.divide(counts, expected, out=np.ones(len(counts)), where=counts > 0)
    return np.asarray(counts * np.log(shares))
