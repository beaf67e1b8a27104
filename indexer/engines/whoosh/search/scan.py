"""Exact search: where strings stand in the text column, alone, with gaps between them, or near one another.

Units, never bytes: a byte search also finds a character that begins in the middle of another one.
"""

from __future__ import annotations

import functools

import numpy as np

from indexer.answers import proximity
from indexer.engines.whoosh.columns.bigrams import Bigrams, all_offsets
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.utf16 import BREAK, as_units, units_of
from indexer.engines.whoosh.search.spans import Spans
from indexer.query.ast import Where

_LOW_SURROGATES = range(0xDC00, 0xE000)


class Scanner:
    """Finds strings, given in the normal form, in a stretch of the text columns."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._pairs = [Bigrams(*each) for each in zip(columns.shards, columns.normal.texts, strict=True)]

    def phrase(self, form: str, where: Where) -> Spans:
        """Where it stands, counted from the left without overlap."""
        return _from_the_left(form, self._places(form, where))

    def whole_word(self, form: str, where: Where) -> Spans:
        """Where it stands as a whole word: both of its ends are ends of words."""
        places, length = self._places(form, where), units_of(form)
        places = places[self._columns.ends_word(places)]
        return _from_the_left(form, places[self._columns.ends_word(places + length)])  # of those that are left

    def gapped(self, forms: tuple[str, ...], widths: tuple[tuple[int, int], ...], where: Where) -> Spans:
        """Where the strings stand one behind the other with gaps so wide, counted from the left without overlap."""
        places = [self._characters(self._places(form, where)) for form in forms if form]
        starts, ends = proximity.gapped(places, forms, widths, self._breaks)
        kept = proximity.without_overlap(starts, ends)
        starts, ends = self._units(starts[kept]), self._units(ends[kept])
        return Spans(starts, ends - starts)

    def near(self, left: Spans, right: Spans, distance: int) -> Bools:
        """Which left spans have a right one at most so many characters away, in their paragraph."""
        one, other = ((self._characters(each.starts), self._characters(each.ends)) for each in (left, right))
        return proximity.near(one, other, distance, self._breaks)

    def _places(self, form: str, where: Where) -> Ints:
        return all_offsets(self._pairs, as_units(form), where)

    def _all(self, unit: int) -> Ints:
        return all_offsets(self._pairs, np.array([unit], np.uint16), "all")

    @functools.cached_property
    def _breaks(self) -> Ints:
        """Where paragraphs end, in characters; one ends before the text and, if it is empty, one behind it."""
        ends = self._characters(self._all(BREAK))
        return np.concatenate([[-1], ends if len(ends) else [0]])

    @functools.cached_property
    def _second_halves(self) -> Ints:
        """The second units of characters that have two; few texts have any."""
        low: Ints = np.sort(np.concatenate([self._all(unit) for unit in _LOW_SURROGATES]))
        before = self._columns.normal.at(np.maximum(low - 1, 0))
        halves: Ints = low[(before & 0xFC00) == 0xD800]
        return halves

    def _characters(self, units: Ints) -> Ints:
        """How many characters stand before a place that is given in units."""
        halves = self._second_halves
        return units - np.searchsorted(halves, units) if len(halves) else units

    def _units(self, characters: Ints) -> Ints:
        """The other way round."""
        halves = self._second_halves
        return (
            characters + np.searchsorted(halves - 1 - np.arange(len(halves)), characters) if len(halves) else characters
        )


def _may_overlap(form: str) -> bool:
    """Whether an occurrence may begin inside another one: 哈哈 and 公开公 may, 公开 cannot."""
    return any(form.startswith(form[start:]) for start in range(1, len(form)))


def _from_the_left(form: str, places: Ints) -> Spans:
    """A string at those places that are left when each that overlaps the one before is dropped."""
    length = units_of(form)
    if _may_overlap(form):
        places = places[proximity.without_overlap(places, places + length)]
    return Spans(places, length)
