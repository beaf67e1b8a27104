"""Sorts the lines of a concordance by report, by year, or by the characters beside the hit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from indexer.answers.concordance import ConcordanceOrder
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints, ShardedColumn
from indexer.engines.whoosh.columns.utf16 import BREAK
from indexer.engines.whoosh.search.matching.spans import Spans
from indexer.engines.whoosh.search.ranking import years_of

_COMPARED = 12
"""Characters beside a hit by which lines are sorted."""
_PER_KEY = 4
"""Units in one key of 64 bits."""


def sort_lines(columns: Columns, spans: Spans, order: ConcordanceOrder, most: int | None = None) -> Ints:
    """Returns the indexes of the first `most` spans in an order, or of all. The sort is stable."""
    match order:
        case "agency":
            return np.arange(len(spans))[:most]
        case "year" | "-year":
            years = years_of(columns)[columns.sections_of(spans.starts)]
            return np.lexsort((years if order == "year" else -years, years < 0))[:most]
        case "left" | "right" | "left-right" | "right-left":
            sides = {"left": (spans.starts - 1, -1), "right": (spans.ends, 1)}
            return _by_neighbours(columns.normal, [sides[side] for side in order.split("-")], most)


def _by_neighbours(text: ShardedColumn, sides: Sequence[tuple[Ints, int]], most: int | None) -> Ints:
    """Returns the indexes of spans, sorted by the characters from the places of the first side on, then of the next.

    A side has a place for each span, and the step from one character to the next, forwards or backwards.

    A frequent word has millions of lines and a page shows fifty: after each key, only those that may still be among
    the first are kept.
    """
    size = len(sides[0][0])
    wanted = size if most is None else min(most, size)
    numbers = np.arange(size)
    if not wanted:
        return numbers[:0]
    runs = np.zeros(size, np.int64)  # the first index of those that are equal so far
    going = np.ones(size, np.bool_)  # whose paragraph has not ended
    for (places, step), begin in product(sides, range(0, _COMPARED, _PER_KEY)):
        going |= begin == 0
        keys, going = _keys(text, places[numbers] + step * begin, step, going)
        last = int(runs[wanted - 1])
        limit = np.partition(keys[last:], wanted - 1 - last)[wanted - 1 - last]
        kept = np.append(np.arange(last), last + np.flatnonzero(keys[last:] <= limit))
        kept = kept[np.lexsort((keys[kept], runs[kept]))]
        numbers, keys, runs, going = numbers[kept], keys[kept], runs[kept], going[kept]
        equal = (keys[1:] == keys[:-1]) & (runs[1:] == runs[:-1])
        runs = np.maximum.accumulate(np.where(np.append(False, equal), 0, np.arange(len(runs))))
    return numbers[:wanted]


def _keys(text: ShardedColumn, places: Ints, step: int, going: Bools) -> tuple[NDArray[np.uint64], Bools]:
    """Returns the next units from each place as one key, 0 after the end of a paragraph, and whether it continues."""
    order = np.argsort(places, kind="stable")
    places, going = places[order], going[order]
    keys = np.zeros(len(places), np.uint64)
    for _ in range(_PER_KEY):
        units = text.at(np.clip(places, 0, len(text) - 1))
        going = going & (units != BREAK) & (places >= 0)
        keys = keys << np.uint64(16) | np.where(going, units, 0)
        places = places + step
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return keys[back], going[back]
