"""Finds the lines of print on a picture with the model that rapidocr has for it (differentiable binarization)."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from archive.readers.ocr.recognise import Pixels, new_session

# The longer side of the picture that the model sees: memory grows with its square.
_LONGEST, _STEP = 960, 32
# The share from which a pixel is part of a line, that of a whole line, and how far the model shrinks lines.
_PIXEL, _LINE, _SHRUNK = 0.3, 0.5, 1.6
_SMALLEST = 3


def find_lines(grey: Pixels) -> Iterator[tuple[int, int, int, int]]:
    """The left, top, right and bottom edge of each line."""
    height, width = grey.shape
    scale = min(1.0, _LONGEST / max(height, width))
    down, across = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in (height, width))
    small = cv2.resize(grey, (across, down), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    session = _session()
    given = np.repeat((small.astype(np.float32) / 127.5 - 1)[np.newaxis, np.newaxis], 3, axis=1)
    shares = session.run(None, {session.get_inputs()[0].name: given})[0][0, 0]
    count, labels, stats, _ = cv2.connectedComponentsWithStats((shares > _PIXEL).astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights=shares.ravel(), minlength=count)
    for number in range(1, count):
        left, top, w, h, area = (int(value) for value in stats[number])
        if min(w, h) < _SMALLEST or sums[number] / area < _LINE:
            continue
        grown = w * h * _SHRUNK / (2 * (w + h))
        x, y = width / across, height / down
        yield (
            max(0, math.floor((left - grown) * x)),
            max(0, math.floor((top - grown) * y)),
            min(width, math.ceil((left + w + grown) * x)),
            min(height, math.ceil((top + h + grown) * y)),
        )


@functools.cache
def _session() -> Any:
    return new_session("det")
