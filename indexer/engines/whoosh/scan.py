"""Exact search: where a string stands in the text column, as a vector scan over UTF-16 units.

Units, never bytes: a byte search also finds a character that begins in the middle of another one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns import Columns, Ints, as_units

_BLOCK = 1 << 22
"""Units looked at in one go: 8 MB of text, 4 MB of comparison."""


class Scanner:
    """Finds strings, given in the normal form, in the text of all sections."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        text = columns.normal
        self._common = np.zeros(1 << 16, np.int64)
        for start in range(0, len(text), _BLOCK):
            self._common += np.bincount(text[start : start + _BLOCK], minlength=1 << 16)

    def occurrences(self, form: str) -> Ints:
        """Where it begins, counted from the left without overlap, in order."""
        units = as_units(form)
        return _without_overlap(self._places(units), len(units))

    def whole_words(self, form: str) -> Ints:
        """Where it begins as a whole word: both of its ends are ends of words."""
        units = as_units(form)
        places = self._places(units)
        ends = self._columns.ends_word(places) & self._columns.ends_word(places + len(units))
        return _without_overlap(places[ends], len(units))

    def _places(self, units: NDArray[np.uint16]) -> Ints:
        """Every place, overlapping ones too: those of the rarest unit, thinned by the others, the rarer first."""
        order = np.argsort(self._common[units], kind="stable")
        if not self._common[units[order[0]]]:
            return np.zeros(0, np.int64)
        return np.concatenate([*self._block_places(units, order)])

    def _block_places(self, units: NDArray[np.uint16], order: Ints) -> Iterator[Ints]:
        text = self._columns.normal
        rarest, others = int(order[0]), order[1:]
        for start in range(0, len(text), _BLOCK):
            places = np.flatnonzero(text[start : start + _BLOCK] == units[rarest]) + start - rarest
            places = places[(places >= 0) & (places + len(units) <= len(text))]
            for other in others:
                if not len(places):
                    break
                places = places[text[places + other] == units[other]]
            yield places


def _without_overlap(places: Ints, length: int) -> Ints:
    """Of overlapping places the leftmost, then the next that does not overlap it, and so on."""
    if length == 1 or len(places) < 2 or (np.diff(places) >= length).all():
        return places
    kept = []
    free = 0
    for place in places.tolist():  # only strings that overlap themselves come here, such as a row of dots
        if place >= free:
            kept.append(place)
            free = place + length
    return np.array(kept, np.int64)
