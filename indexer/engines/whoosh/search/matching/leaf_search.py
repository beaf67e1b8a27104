"""Evaluates the leaves of a query: words and phrases to sections, scores and occurrences."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from archive.limits import bounded_cache
from archive.text.normalize import normal_form
from indexer.engines.whoosh.build.shard_builder import HEADING_WEIGHT
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.postings import AllPostings
from indexer.engines.whoosh.search.matching.scan import Scanner
from indexer.engines.whoosh.search.matching.spans import NO_SPANS, Spans, united
from indexer.query.ast import Exact, Gapped, Near, Phrase, Term, Text, Where, Word
from indexer.sized_cache import SizedCache
from indexer.text.tokenizer import Tokenizer

Scores = NDArray[np.float64]

_K1, _B = 1.2, 0.75  # BM25, the values of its authors
_STRINGS = 10_000
"""Plain strings whose words are cached."""
_CACHE_BYTES = 256 << 20
_RECENT = 4
"""Leaves that are cached whatever their size: a request evaluates each of its own several times."""


@dataclass(frozen=True, slots=True)
class LeafMatch:
    """The matches of one leaf of a query.

    Attributes:
        mask: one bit for each section of the index.
        sections: the matching sections, sorted; few for most strings, whatever the size of the index.
        counts, scores: the occurrences and the score of each of them.
        spans: the distinct occurrences in the text columns, sorted.
        string: the string of every occurrence; None if they differ.
        uncounted: spans that are highlighted and not counted.
    """

    mask: Bools
    sections: Ints
    counts: Ints
    scores: Scores
    spans: Spans
    string: str | None = None
    uncounted: Spans = NO_SPANS


class LeafSearch:
    """Evaluates leaves, and caches their matches."""

    def __init__(self, columns: Columns, postings: AllPostings, scanner: Scanner, words: Tokenizer) -> None:
        self._columns = columns
        self._postings = postings
        self._scanner = scanner
        self._length_norms = {where: _length_norm(lengths) for where, lengths in columns.lengths.items()}
        self._parts = bounded_cache(_STRINGS)(functools.partial(_cut, words))
        self._cache = SizedCache[LeafMatch](_CACHE_BYTES, _size, _RECENT)

    def find(self, leaf: Text, where: Where = "text") -> LeafMatch:
        if isinstance(leaf, Term) and not self._parts(leaf.text):
            leaf = Phrase(leaf.text)
        return self._cache.get((leaf, where), lambda: self._find(leaf, where))

    def _find(self, leaf: Text, where: Where) -> LeafMatch:
        match leaf:
            case Term(text):
                return self._term(text, where)
            case Near():
                counted, uncounted = self._near(leaf, where)
                return replace(self._match(counted, where), uncounted=uncounted)
            case Phrase(text) | Word(text):
                return replace(self._match(self._exact(leaf, where), where), string=normal_form(text))
            case Gapped():
                return self._match(self._exact(leaf, where), where)

    def _exact(self, leaf: Exact, where: Where) -> Spans:
        match leaf:
            case Phrase(text):
                return self._scanner.phrase(normal_form(text), where)
            case Gapped(texts, _):
                return self._scanner.gapped(tuple(map(normal_form, texts)), leaf.widths, where)
            case Word(text):
                return self._scanner.whole_word(normal_form(text), where)

    def _near(self, leaf: Near, where: Where) -> tuple[Spans, Spans]:
        """Returns the left operands that have a right one near, and these right ones."""
        left, right = (united([self._exact(one, where) for one in side]) for side in (leaf.left, leaf.right))
        near_left = self._scanner.near(left, right, leaf.distance)
        near_right = self._scanner.near(right, left, leaf.distance)
        return left.select(near_left), right.select(near_right)

    def _match(self, spans: Spans, where: Where) -> LeafMatch:
        sections, counts, in_headings = self._columns.counted(spans.starts, where)
        weights = counts + (HEADING_WEIGHT - 1) * in_headings
        mask = np.zeros(self._columns.size, np.bool_)
        mask[sections] = True
        return LeafMatch(mask, sections, counts, self._bm25(sections, weights, where), spans)

    def _term(self, text: str, where: Where) -> LeafMatch:
        """Sections with the whole string rank before those with its words only."""
        whole, words = self.find(Phrase(text), where), self._parts(text)
        mask = np.ones(self._columns.size, np.bool_)
        scores = np.zeros(self._columns.size)
        for word in words:
            word_scores = self.word_scores(word, where)
            mask &= word_scores > 0
            scores += word_scores
        loose = mask & ~whole.mask
        spans = [whole.spans]
        if loose.any():
            for part in (self.find(Phrase(word), where).spans for word in words):
                spans.append(part.select(loose[self._columns.sections_of(part.starts)]))
        occurrences = united(spans)
        scores[whole.sections] += whole.scores + (scores.max(initial=0.0) + 1.0)
        sections, counts, _ = self._columns.counted(occurrences.starts, where)
        return LeafMatch(whole.mask | loose, sections, counts, scores[sections], occurrences)

    def word_scores(self, word: str, where: Where = "text") -> Scores:
        """Returns the BM25 score of one word in each section, 0 where it does not occur."""
        weights = self._postings.weights(word, where)
        sections, scores = np.flatnonzero(weights), np.zeros(self._columns.size)
        scores[sections] = self._bm25(sections, weights[sections], where)
        return scores

    def _bm25(self, sections: Ints, weights: Scores | Ints, where: Where) -> Scores:
        """Returns the scores of the sections with a term of these weights."""
        rarity = np.log(1 + (self._columns.size - len(sections) + 0.5) / (len(sections) + 0.5))
        scores: Scores = rarity * (_K1 + 1) * weights / (weights + self._length_norms[where][sections])
        return scores


def _cut(words: Tokenizer, text: str) -> list[str]:
    """Returns the words of a plain string; none if it is one word or contains none, and is searched as a phrase."""
    form = normal_form(text)
    parts = words.words(form)
    return [] if parts == [form] else parts


def _length_norm(lengths: Ints) -> Scores:
    mean = lengths.mean() if lengths.any() else 1.0
    return np.asarray(_K1 * (1 - _B + _B * lengths / mean))


def _size(match: LeafMatch) -> int:
    arrays = (match.mask, match.sections, match.counts, match.scores, match.spans, match.uncounted)
    return sum(array.nbytes for array in arrays)
