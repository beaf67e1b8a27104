"""What single words, phrases and fields find: one bit for each section, and where the words stand."""

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
from indexer.engines.whoosh.search.cache import SizedCache
from indexer.engines.whoosh.search.scan import Scanner
from indexer.engines.whoosh.search.spans import NO_SPANS, Spans, united
from indexer.query.ast import Exact, Gapped, Near, Phrase, Term, Text, Where, Word
from indexer.text.tokenizer import Tokenizer

Scores = NDArray[np.float64]

_K1, _B = 1.2, 0.75  # BM25, the values of its authors
_STRINGS = 10_000
"""Plain strings whose words are remembered."""
_CACHE_BYTES = 256 << 20
_FEWEST = 4
"""Leaves that are remembered however large they are: a request asks for each of its own several times."""


@dataclass(frozen=True, slots=True)
class LeafMatch:
    """What one leaf of a query finds.

    `held` is a bit for each section. `sections` are those that it matches, in order, each with how many occurrences it
    holds and its score: of most strings few, so that what is asked of them costs little in an index of any size.
    `spans` are the distinct occurrences in the text columns, in order. `string` is what stands at every occurrence,
    None where it is not everywhere the same. `beside` is what is marked and does not count.
    """

    held: Bools
    sections: Ints
    counts: Ints
    scores: Scores
    spans: Spans
    string: str | None = None
    beside: Spans = NO_SPANS

    def score(self, section: int) -> float:
        """What a section is worth; 0 where it is not matched."""
        place = int(self.sections.searchsorted(section))
        return float(self.scores[place]) if self.held[section] else 0.0


class LeafSearch:
    """Finds the leaves of a query, and remembers what it found as long as there is room."""

    def __init__(self, columns: Columns, postings: AllPostings, scanner: Scanner, words: Tokenizer) -> None:
        self._columns = columns
        self._postings = postings
        self._scanner = scanner
        self._length_norms = {where: _length_norm(lengths) for where, lengths in columns.lengths.items()}
        self._parts = bounded_cache(_STRINGS)(functools.partial(_cut, words))
        self._remembered = SizedCache[LeafMatch](_CACHE_BYTES, _size, _FEWEST)

    def find(self, leaf: Text, where: Where = "text") -> LeafMatch:
        """What a leaf finds, in all sections."""
        if isinstance(leaf, Term) and not self._parts(leaf.text):
            leaf = Phrase(leaf.text)
        return self._remembered.get((leaf, where), lambda: self._find(leaf, where))

    def _find(self, leaf: Text, where: Where) -> LeafMatch:
        match leaf:
            case Term(text):
                return self._term(text, where)
            case Near():
                counted, beside = self._near(leaf, where)
                return replace(self._found(counted, where), beside=beside)
            case Phrase(text) | Word(text):
                return replace(self._found(self._exact(leaf, where), where), string=normal_form(text))
            case Gapped():
                return self._found(self._exact(leaf, where), where)

    def _exact(self, leaf: Exact, where: Where) -> Spans:
        match leaf:
            case Phrase(text):
                return self._scanner.phrase(normal_form(text), where)
            case Gapped(texts, _):
                return self._scanner.gapped(tuple(map(normal_form, texts)), leaf.widths, where)
            case Word(text):
                return self._scanner.whole_word(normal_form(text), where)

    def _near(self, leaf: Near, where: Where) -> tuple[Spans, Spans]:
        """The left operands that have a right one near, and these right ones."""
        left, right = (united([self._exact(one, where) for one in side]) for side in (leaf.left, leaf.right))
        near_left = self._scanner.near(left, right, leaf.distance)
        near_right = self._scanner.near(right, left, leaf.distance)
        return left.those(near_left), right.those(near_right)

    def _found(self, spans: Spans, where: Where) -> LeafMatch:
        sections, counts, in_headings = self._columns.counted(spans.starts, where)
        weights = counts + (HEADING_WEIGHT - 1) * in_headings
        held = np.zeros(self._columns.size, np.bool_)
        held[sections] = True
        return LeafMatch(held, sections, counts, self._bm25(sections, weights, where), spans)

    def _term(self, text: str, where: Where) -> LeafMatch:
        """Sections that hold the string whole come before those that only hold its words."""
        whole, words = self.find(Phrase(text), where), self._parts(text)
        held = np.ones(self._columns.size, np.bool_)
        scores = np.zeros(self._columns.size)
        for word in words:
            weighed = self.weighed(word, where)
            held &= weighed > 0
            scores += weighed
        loose = held & ~whole.held
        spans = [whole.spans]
        if loose.any():
            for word in words:
                found = self.find(Phrase(word), where)
                spans.append(found.spans.those(loose[self._columns.sections_of(found.spans.starts)]))
        everywhere = united(spans)
        scores[whole.sections] += whole.scores + (scores.max(initial=0.0) + 1.0)
        sections, counts, _ = self._columns.counted(everywhere.starts, where)
        return LeafMatch(whole.held | loose, sections, counts, scores[sections], everywhere)

    def weighed(self, word: str, where: Where = "text") -> Scores:
        """How much one word tells about each section; 0 where it does not stand."""
        weights = self._postings.weights(word, where)
        sections, scores = np.flatnonzero(weights), np.zeros(self._columns.size)
        scores[sections] = self._bm25(sections, weights[sections], where)
        return scores

    def _bm25(self, sections: Ints, weights: Scores | Ints, where: Where) -> Scores:
        """What the sections that have something are worth for it, by how much of it each has."""
        rarity = np.log(1 + (self._columns.size - len(sections) + 0.5) / (len(sections) + 0.5))
        scores: Scores = rarity * (_K1 + 1) * weights / (weights + self._length_norms[where][sections])
        return scores


def _cut(words: Tokenizer, text: str) -> list[str]:
    """The words of a plain string; none where it is one itself, or there is none in it: then it is a phrase."""
    form = normal_form(text)
    cut = words.words(form)
    return [] if cut == [form] else cut


def _length_norm(lengths: Ints) -> Scores:
    mean = lengths.mean() if lengths.any() else 1.0
    return np.asarray(_K1 * (1 - _B + _B * lengths / mean))


def _size(found: LeafMatch) -> int:
    return sum(
        each.nbytes for each in (found.held, found.sections, found.counts, found.scores, found.spans, found.beside)
    )
