"""What single words, phrases and fields find: one bit for each section, and where the words stand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive import normal_form
from indexer.engines.whoosh.build import HEADING_WEIGHT
from indexer.engines.whoosh.columns import Bools, Columns, Ints, units_of
from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.scan import Scanner
from indexer.tree import Phrase, Term, Text, Word
from indexer.words import Words

Scores = NDArray[np.float64]

_K1, _B = 1.2, 0.75  # BM25, the values of its authors
_CACHE_BYTES = 128 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """What one leaf of a query finds.

    `spans` holds, for each string that is marked, where it begins in the text column, and its length in units.
    `scores` is 0 for sections that the leaf does not match.
    """

    sections: Bools
    spans: tuple[tuple[Ints, int], ...]
    scores: Scores


class Leaves:
    """Finds the leaves of a query, and remembers what it found as long as there is room."""

    def __init__(self, columns: Columns, postings: Postings, words: Words) -> None:
        self._columns = columns
        self._postings = postings
        self._words = words
        self._scanner = Scanner(columns)
        lengths = columns.lengths
        mean = lengths.mean() if len(lengths) and lengths.any() else 1.0
        self._length_norm: Scores = _K1 * (1 - _B + _B * lengths / mean)
        self._remembered: OrderedDict[Text, Found] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, leaf: Text) -> Found:
        """What a leaf finds, in all sections."""
        with self._lock:
            if leaf in self._remembered:
                self._remembered.move_to_end(leaf)
                return self._remembered[leaf]
        found = self._find(leaf)
        with self._lock:
            if leaf not in self._remembered:
                self._remembered[leaf] = found
                self._bytes += _size(found)
            while self._bytes > _CACHE_BYTES:
                _, dropped = self._remembered.popitem(last=False)
                self._bytes -= _size(dropped)
        return found

    def _find(self, leaf: Text) -> Found:
        form = normal_form(leaf.text)
        match leaf:
            case Phrase():
                return self._string(form, self._scanner.occurrences)
            case Word():
                return self._string(form, self._scanner.whole_words)
            case Term():
                return self._term(form)

    def _string(self, form: str, occurrences: Callable[[str], Ints]) -> Found:
        columns = self._columns
        places = occurrences(form)
        within = columns.sections_of(places)
        in_heading = places - columns.bounds[within] < columns.headings[within]
        counted = np.where(in_heading, HEADING_WEIGHT, 1.0)
        weights = np.bincount(within, counted, minlength=columns.size).astype(np.float64)
        return Found(weights > 0, ((places, units_of(form)),), self._bm25(weights))

    def _term(self, form: str) -> Found:
        """Sections that hold the string whole come before those that only hold its words."""
        whole = self._string(form, self._scanner.occurrences)
        words = self._words.words(form)
        if not words or words == [form]:  # a word is a string, and every part of a word is, too
            return whole
        held = np.ones(self._columns.size, np.bool_)
        scores = np.zeros(self._columns.size)
        for word in words:
            weights = np.zeros(self._columns.size)
            sections, stored = self._postings.read(word)
            weights[sections] = stored
            held &= weights > 0
            scores += self._bm25(weights)
        loose = held & ~whole.sections
        spans = [*whole.spans]
        if loose.any():
            for word in words:
                places = self._scanner.occurrences(word)
                spans.append((places[loose[self._columns.sections_of(places)]], units_of(word)))
        matched = whole.sections | loose
        boost = scores.max(initial=0.0) + 1.0
        return Found(matched, tuple(spans), np.where(matched, scores + whole.scores + boost * whole.sections, 0.0))

    def _bm25(self, weights: Scores) -> Scores:
        sections = int(np.count_nonzero(weights))
        rarity = np.log(1 + (self._columns.size - sections + 0.5) / (sections + 0.5))
        return np.asarray(rarity * weights * (_K1 + 1) / (weights + self._length_norm))


def _size(found: Found) -> int:
    return found.sections.nbytes + found.scores.nbytes + sum(places.nbytes for places, _ in found.spans)
