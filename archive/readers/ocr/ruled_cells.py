"""Finds the tables of a picture by their ruled lines: boxes with their places in the grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from archive.readers.ocr.recognise import Pixels

# In heights of a character: the shortest ruled line across and down, and what is smaller than a cell.
_ACROSS, _DOWN, _NARROWEST = 2.5, 1.6, 0.5
# The share of its box that a cell fills at least.
_FILLED = 0.2
# A character that is smaller is noise; one that is larger is no text.
_SMALLEST, _LARGEST = 6, 120
# Heights of a character in which a light line has lighter pixels on both sides, and by how much at least.
_THIN, _LIGHTEST = 0.4, 12
_MOST_CELLS = 4000
# Share of the contrast of print that the darkest pixel of a character has at least, and of what could be one.
_DARK, _FAINT = 0.4, 0.25


@dataclass(frozen=True, slots=True)
class CellBox:
    """A cell in pixels, without its lines, and its place in the grid."""

    left: int
    top: int
    right: int
    bottom: int
    row: int = 0
    column: int = 0
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Ruled:
    """The tables of a picture from top to bottom, and the picture without the lines."""

    tables: Sequence[Sequence[CellBox]]
    without_lines: Pixels
    size: float
    """The height of a character."""


def ruled_tables(grey: Pixels) -> Ruled:
    """The grids of at least two columns."""
    ink = ink_of(grey)
    size = character_size(ink)
    longest = round(_ACROSS * size), round(_DOWN * size)
    across = cv2.morphologyEx(
        cv2.bitwise_or(ink, _thin(grey, size, 0)), cv2.MORPH_OPEN, np.ones((1, longest[0]), np.uint8)
    )
    down = cv2.morphologyEx(
        cv2.bitwise_or(ink, _thin(grey, size, 1)), cv2.MORPH_OPEN, np.ones((longest[1], 1), np.uint8)
    )
    lines = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    tables = sorted(_tables(np.asarray(lines, np.uint8), size), key=lambda boxes: boxes[0].top)
    without = grey.copy()
    without[cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0] = 255
    return Ruled(tables, without, size)


def _thin(grey: Pixels, size: float, axis: int) -> Pixels:
    """255 where a pixel is darker than those close to it on both sides: lines too light to be print.

    `axis` is 0 for lines across, which have lighter pixels above and below.
    """
    reach = max(5, round(_THIN * size) | 1)
    darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((reach, 1) if axis == 0 else (1, reach), np.uint8))
    least = max(_LIGHTEST, 2 * float(np.median(darker)))
    return np.where(darker > least, np.uint8(255), np.uint8(0))


def ink_of(grey: Pixels) -> Pixels:
    """255 where a pixel is darker than its surroundings."""
    block = max(15, round(max(grey.shape) / 60) | 1)
    found = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 18)
    return np.asarray(found, np.uint8)


def print_of(grey: Pixels) -> tuple[Pixels, Pixels]:
    """The ink of characters without the marks of compression around them, and what could be faint print."""
    ink = ink_of(grey)
    count, found = cv2.connectedComponents(ink, connectivity=8)
    labels = np.asarray(found, np.intp)
    inked = labels > 0
    darkest = np.full(count, 255, np.uint8)
    np.minimum.at(darkest, labels[inked], grey[inked])
    if count > 1:
        white, black = float(np.median(grey)), float(np.percentile(darkest[1:], 5))
        is_faint = darkest[labels] > white - _DARK * (white - black)
        faint = np.where(is_faint & (darkest[labels] <= white - _FAINT * (white - black)), ink, 0)
        return np.where(is_faint, 0, ink).astype(np.uint8), faint.astype(np.uint8)
    return ink, np.zeros_like(ink)


def character_size(ink: Pixels) -> float:
    """The height of most characters."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    kept = heights[(heights >= _SMALLEST) & (heights <= _LARGEST) & (widths <= 3 * heights) & (heights <= 4 * widths)]
    return float(np.percentile(kept, 70)) if len(kept) else 20.0


def _tables(lines: Pixels, size: float) -> Iterator[list[CellBox]]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number][:4])
        if width < 4 * size or height < 2 * size:
            continue
        mask = np.pad(lines[top : top + height, left : left + width], 1, constant_values=255)
        boxes = [*_placed(_cells(mask, left - 1, top - 1, size), size)]
        if len({box.column for box in boxes}) > 1:
            yield boxes


def _cells(mask: Pixels, left: int, top: int, size: float) -> Iterator[CellBox]:
    """The areas between lines; a frame of the whole table closes its open sides."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(mask), connectivity=4)
    if count > _MOST_CELLS:
        return
    for x, y, width, height, area in stats[1:].tolist():
        # the edge of an outer line that is not straight leaves a thin ring around the whole table
        is_ring = area < _FILLED * width * height
        if width >= _NARROWEST * size and height >= _NARROWEST * size and not is_ring:
            yield CellBox(left + x, top + y, left + x + width, top + y + height)


def _placed(cells: Iterable[CellBox], size: float) -> Iterator[CellBox]:
    boxes = [*cells]
    columns = _edges((edge for box in boxes for edge in (box.left, box.right)), size)
    rows = _edges((edge for box in boxes for edge in (box.top, box.bottom)), size)
    for box in sorted(boxes, key=lambda each: (rows[each.top], columns[each.left])):
        row, column = rows[box.top], columns[box.left]
        yield CellBox(
            box.left, box.top, box.right, box.bottom, row, column,
            max(1, rows[box.bottom] - row), max(1, columns[box.right] - column),
        )  # fmt: skip


def _edges(edges: Iterable[int], size: float) -> dict[int, int]:
    """The number of the line at each edge; edges closer than the narrowest cell are one line."""
    numbers: dict[int, int] = {}
    last, number = None, -1
    for edge in sorted(set(edges)):
        if last is None or edge - last > _NARROWEST * size:
            number += 1
        numbers[edge] = number
        last = edge
    return numbers
