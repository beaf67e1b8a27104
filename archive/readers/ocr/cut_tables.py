"""Finds tables that are not whole: cut at the edge of a picture, by a stripe without print, or without a clear grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.readers.ocr.ruled_cells import CellBox

# In heights of a character: print that is closer to the outer edge of its table can go on behind it; two tables beside
# each other with a smaller gap are one.
_CLOSE, _GAP = 0.2, 3.0


@dataclass(frozen=True, slots=True)
class TableEdges:
    """The outer edges of a table in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, boxes: Sequence[CellBox]) -> TableEdges:
        return cls(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )

    def is_close(self, print_edges: tuple[int, int, int, int], size: float) -> bool:
        """Whether print, by its left, upper, right and lower edge, ends where the table does: 2 can be 24."""
        left, top, right, bottom = print_edges
        gap = min(left - self.left, top - self.top, self.right - right, self.bottom - bottom)
        return gap < _CLOSE * size

    def is_divided_from(self, other: TableEdges, size: float) -> bool:
        """Whether another table stands so close beside this one that a stripe divides one table."""
        gap = max(self.left, other.left) - min(self.right, other.right)
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return 0 <= gap < _GAP * size and shared > 0


def is_tiled(boxes: Sequence[CellBox]) -> bool:
    """Whether the cells cover each place of the grid once.

    The rows of a picture in perspective can be mixed up, so that the numbers of a row change their order.
    """
    covered = [
        (row, column)
        for box in boxes
        for row in range(box.row, box.row + box.rowspan)
        for column in range(box.column, box.column + box.colspan)
    ]
    rows, columns = (max(place[axis] for place in covered) + 1 for axis in (0, 1))
    return len(covered) == len({*covered}) == rows * columns
