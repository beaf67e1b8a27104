"""Finds the lines of print on a picture with the model that rapidocr has for it (differentiable binarization)."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from archive.limits import report_progress
from archive.readers.ocr.recognise import Pixels, new_session

# The sides of the part of a picture that the model sees: memory grows with their product.
_SIDE, _STEP = 960, 32
# The part of a band of the picture in which it is cut, at the whitest row.
_CUT = 0.7
# The share from which a pixel is part of a line, that of a whole line, and how far the model shrinks lines.
_PIXEL, _LINE, _SHRUNK = 0.3, 0.5, 1.6
_SMALLEST = 3
# A band without a darker pixel is blank.
_WHITE = 200

Box = tuple[int, int, int, int]


def find_lines(grey: Pixels) -> Iterator[Box]:
    """The left, top, right and bottom edge of each line; long pictures are read in bands."""
    height, width = grey.shape
    scale = min(1.0, _SIDE / width)
    tallest = round(_SIDE / scale)
    top = 0
    while top < height:
        bottom = min(height, top + tallest)
        if bottom < height:
            first = top + round(_CUT * tallest)
            bottom = first + int(grey[first:bottom].min(axis=1).argmax()) + 1
        for left, upper, right, lower in _in_band(grey[top:bottom], scale):
            yield left, upper + top, right, lower + top
        top = bottom


def _in_band(grey: Pixels, scale: float) -> Iterator[Box]:
    height, width = grey.shape
    down, across = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in (height, width))
    small = cv2.resize(grey, (across, down), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if int(small.min()) > _WHITE:
        return
    session = _session()
    given = np.repeat((small.astype(np.float32) / 127.5 - 1)[np.newaxis, np.newaxis], 3, axis=1)
    shares = session.run(None, {session.get_inputs()[0].name: given})[0][0, 0]
    report_progress()
    count, labels, stats, _ = cv2.connectedComponentsWithStats((shares > _PIXEL).astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights=shares.ravel(), minlength=count)
    x, y = width / across, height / down
    for number in range(1, count):
        left, top, w, h, area = (int(value) for value in stats[number])
        if min(w, h) < _SMALLEST or sums[number] / area < _LINE:
            continue
        grown = w * h * _SHRUNK / (2 * (w + h))
        yield (
            max(0, math.floor((left - grown) * x)),
            max(0, math.floor((top - grown) * y)),
            min(width, math.ceil((left + w + grown) * x)),
            min(height, math.ceil((top + h + grown) * y)),
        )


@functools.cache
def _session() -> Any:
    return new_session("det")
