"""The first lines in the order of the characters beside a hit equal the beginning of a sort of all lines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.answers.concordance import ConcordanceOrder
from indexer.engines.whoosh.columns.utf16 import as_units
from indexer.engines.whoosh.search.kwic_order import sort_lines
from indexer.engines.whoosh.search.matching.spans import Spans

COMPARED = 12
LEFT, RIGHT = 0, 1
ORDERS: dict[ConcordanceOrder, tuple[int, ...]] = {
    "left": (LEFT,),
    "right": (RIGHT,),
    "left-right": (LEFT, RIGHT),
    "right-left": (RIGHT, LEFT),
}


class Text:
    """A text column in memory."""

    def __init__(self, text: str) -> None:
        self._units = as_units(text)

    def __len__(self) -> int:
        return len(self._units)

    def at(self, places: Any) -> Any:
        assert (np.diff(places) >= 0).all(), "a column is read in order"
        return self._units[places]


def beside(text: str, place: int, step: int) -> list[int]:
    """The units from a place to the end of its paragraph."""
    stretch = text[place:] if step > 0 else text[: place + 1][::-1] if place >= 0 else ""
    units = list(map(ord, stretch.partition("\n")[0][:COMPARED]))
    return units + [0] * (COMPARED - len(units))


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], int | None]:
    """A column, spans in it, and the number of lines."""
    text = draw(st.text("公开\n", min_size=1, max_size=300)) + "\n"  # few letters: most lines are alike for a while
    starts = sorted(draw(st.sets(st.integers(0, len(text) - 2), max_size=60)))
    ends = [min(start + draw(st.integers(1, 5)), len(text) - 1) for start in starts]
    return text, [*zip(starts, ends, strict=True)], draw(st.none() | st.integers(0, 70))


@given(cases())
@example(("公" * 40 + "\n", [(start, start + 1) for start in range(40)], 7))
def test_lines_are_sorted_like_a_plain_sort(case: tuple[str, list[tuple[int, int]], int | None]) -> None:
    text, found, most = case
    columns: Any = SimpleNamespace(normal=Text(text))
    starts, ends = (np.array([span[end] for span in found], np.int64) for end in (0, 1))
    spans = Spans(starts, ends - starts)
    sides = [(beside(text, start - 1, -1), beside(text, end, 1)) for start, end in found]
    for order, of in ORDERS.items():
        expected = sorted(range(len(found)), key=lambda number: [sides[number][side] for side in of])
        assert sort_lines(columns, spans, order, most).tolist() == expected[:most], order
