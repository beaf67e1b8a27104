"""Smooths the noise of a picture and enlarges small print, before anything is read."""

from __future__ import annotations

import cv2
import numpy as np

from archive.limits import LIMITS
from archive.readers.ocr.recognise import Pixels
from archive.readers.ocr.ruled_cells import character_size, ink_of

# The kernel whose median on normal noise of deviation 1 is `_MEDIAN_OF_NORMAL`, and the least deviation that is noise.
_LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_MEDIAN_OF_NORMAL, _LEAST_NOISE = 6 * 0.6745, 1.0
# The side of the part of a picture in the middle that shows whether it has noise.
_SAMPLE = 1500
# The height of small characters in pixels, by how much they are enlarged, and the deviations of the smoothing.
_SMALL, _LARGER = 18.0, 1.6
_BLUR, _BLUR_OF_LARGER = 0.8, 1.1


def cleaned(grey: Pixels) -> tuple[Pixels, float]:
    """The picture as it is read, and how many times as large it is.

    Noise and the marks of compression would count as ink. In small print they are as large as the strokes of digits,
    so that it is enlarged first.
    """
    is_small = character_size(ink_of(grey)) < _SMALL and grey.size * _LARGER**2 <= LIMITS.pixels
    noise = is_noisy(grey)
    if is_small:
        grey = np.asarray(cv2.resize(grey, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC), np.uint8)
    if noise:
        grey = np.asarray(cv2.medianBlur(grey, 3), np.uint8)
    if noise or is_small:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), _BLUR_OF_LARGER if is_small else _BLUR), np.uint8)
    return grey, _LARGER if is_small else 1.0


def is_noisy(grey: Pixels) -> bool:
    """Whether a scanner or a camera left noise (J. Immerkaer, Fast Noise Variance Estimation, 1996).

    The median leaves out the edges of print.
    """
    top, left = (max(0, (side - _SAMPLE) // 2) for side in grey.shape)
    sample = np.ascontiguousarray(grey[top : top + _SAMPLE, left : left + _SAMPLE])
    laplacian = cv2.filter2D(sample, cv2.CV_32F, _LAPLACIAN)
    return float(np.median(np.abs(laplacian))) / _MEDIAN_OF_NORMAL >= _LEAST_NOISE
