"""Exact search in the text columns: strings, strings with gaps between them, and strings near one another.

It compares UTF-16 units, since a search of bytes also matches in the middle of a character.
"""

from __future__ import annotations

import functools

import numpy as np

from indexer.answers import proximity
from indexer.engines.whoosh.columns.bigrams import Bigrams, all_offsets
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.utf16 import BREAK, as_units, units_of
from indexer.engines.whoosh.search.matching.spans import Spans
from indexer.query.ast import Where

_LOW_SURROGATES = range(0xDC00, 0xE000)


class Scanner:
    """Searches the text columns for strings in the normal form."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._pairs = [Bigrams(*each) for each in zip(columns.shards, columns.normal.texts, strict=True)]

    def phrase(self, form: str, where: Where) -> Spans:
        """Returns the occurrences from left to right without overlap."""
        return _without_overlap(form, self._offsets(form, where))

    def whole_word(self, form: str, where: Where) -> Spans:
        """Returns the occurrences with both ends at word boundaries."""
        offsets, length = self._offsets(form, where), units_of(form)
        offsets = offsets[self._columns.ends_word(offsets)]
        return _without_overlap(form, offsets[self._columns.ends_word(offsets + length)])

    def gapped(self, forms: tuple[str, ...], widths: tuple[tuple[int, int], ...], where: Where) -> Spans:
        """Returns the strings in sequence with gaps of these widths, from left to right without overlap."""
        offsets = [self._characters(self._offsets(form, where)) for form in forms if form]
        starts, ends = proximity.gapped(offsets, forms, widths, self._breaks)
        kept = proximity.without_overlap(starts, ends)
        starts, ends = self._units(starts[kept]), self._units(ends[kept])
        return Spans(starts, ends - starts)

    def near(self, left: Spans, right: Spans, distance: int) -> Bools:
        """Returns which left spans have a right one at most `distance` characters away in their paragraph."""
        one, other = ((self._characters(each.starts), self._characters(each.ends)) for each in (left, right))
        return proximity.near(one, other, distance, self._breaks)

    def _offsets(self, form: str, where: Where) -> Ints:
        return all_offsets(self._pairs, as_units(form), where)

    def _all(self, unit: int) -> Ints:
        return all_offsets(self._pairs, np.array([unit], np.uint16), "all")

    @functools.cached_property
    def _breaks(self) -> Ints:
        """Offsets of paragraph ends in characters, with one before the text and, if it is empty, one after it."""
        ends = self._characters(self._all(BREAK))
        return np.concatenate([[-1], ends if len(ends) else [0]])

    @functools.cached_property
    def _second_halves(self) -> Ints:
        """Offsets of the second units of surrogate pairs, of which few texts have any."""
        low: Ints = np.sort(np.concatenate([self._all(unit) for unit in _LOW_SURROGATES]))
        before = self._columns.normal.at(np.maximum(low - 1, 0))
        halves: Ints = low[(before & 0xFC00) == 0xD800]
        return halves

    def _characters(self, units: Ints) -> Ints:
        """Converts offsets in units to offsets in characters."""
        halves = self._second_halves
        return units - np.searchsorted(halves, units) if len(halves) else units

    def _units(self, characters: Ints) -> Ints:
        """Converts offsets in characters to offsets in units."""
        firsts = self._second_halves - 1 - np.arange(len(self._second_halves))
        return characters + np.searchsorted(firsts, characters) if len(firsts) else characters


def _without_overlap(form: str, offsets: Ints) -> Spans:
    length = units_of(form)
    # 哈哈 and 公开公 may overlap themselves, 公开 cannot
    if any(form.startswith(form[start:]) for start in range(1, len(form))):
        offsets = offsets[proximity.without_overlap(offsets, offsets + length)]
    return Spans(offsets, length)
