"""Finds by how many quarters a picture is turned: by the lines of a part of it, as they are read in each direction."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive.readers.ocr.find_lines import Box, find_lines
from archive.readers.ocr.recognise import Line, Pixels, confidence_of, recognise
from archive.readers.ocr.ruled_cells import character_size, ink_of

# Heights of a character that the side of the part has, its least and most pixels, and the longest lines that are read.
_SIDE, _LEAST, _MOST, _FEWEST, _LINES = 45, 400, 1600, 2, 5
# The length of a line in its heights, from which it has a direction.
_LONG = 2.5
# The mean share of the characters in the right direction, and by how much it exceeds that of the picture as it is.
_CLEAR, _BETTER = 0.75, 0.2


def quarter_turns(grey: Pixels) -> int:
    """The quarters by which the picture must be turned counter-clockwise; 0 unless another direction is clear."""
    part = _densest(grey)
    boxes = [*find_lines(part)]
    flat = _longest([box for box in boxes if _width(box) > _LONG * _height(box)])
    upright = _longest([box for box in boxes if _height(box) > _LONG * _width(box)])
    shares = {0: _share(part, flat, 0), 2: 0.0, 1: 0.0, 3: 0.0}
    if shares[0] >= _CLEAR and sum(map(_width, flat)) >= sum(map(_height, upright)):
        return 0
    shares |= {2: _share(part, flat, 2), 1: _share(part, upright, 1), 3: _share(part, upright, 3)}
    best = max(shares, key=lambda turns: shares[turns])
    return best if shares[best] >= max(_CLEAR, shares[0] + _BETTER) else 0


def _densest(grey: Pixels) -> Pixels:
    """The square part of the picture with most print."""
    ink = ink_of(grey)
    side = round(min(max(_SIDE * character_size(ink), _LEAST), _MOST))
    sums = cv2.integral((ink > 0).astype(np.uint8))
    height, width = grey.shape
    step = max(1, side // 4)
    tops = range(0, max(1, height - side + 1), step)
    lefts = range(0, max(1, width - side + 1), step)

    def print_in(place: tuple[int, int]) -> int:
        top, left = place
        bottom, right = min(height, top + side), min(width, left + side)
        return int(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])

    top, left = max(((top, left) for top in tops for left in lefts), key=print_in)
    return grey[top : top + side, left : left + side]


def _longest(boxes: Sequence[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: -max(_width(box), _height(box)))[:_LINES]


def _share(grey: Pixels, boxes: Sequence[Box], turns: int) -> float:
    """The mean confidence in lines that are turned by some quarters; 0 where there are too few to tell."""
    if len(boxes) < _FEWEST:
        return 0.0
    lines = recognise([np.rot90(grey[top:bottom, left:right], turns) for left, top, right, bottom in boxes])
    return float(np.mean([_mean(line) for line in lines]))


def _mean(line: Line) -> float:
    """The mean share of a line's characters; a line of one or two says nothing."""
    return float(np.mean([glyph.share for glyph in line])) if len(line) > 2 and confidence_of(line) else 0.0


def _width(box: Box) -> int:
    return box[2] - box[0]


def _height(box: Box) -> int:
    return box[3] - box[1]
