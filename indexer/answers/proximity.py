"""Matches phrases with gaps, and NEAR, on sorted character offsets.

`breaks` are the offsets of line feeds, with one before the text and one after it: no match crosses a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NOWHERE = np.int64(1) << 60


def gapped(
    offsets: Sequence[Ints], texts: Sequence[str], widths: Sequence[tuple[int, int]], breaks: Ints
) -> tuple[Ints, Ints]:
    """Returns the starts and ends of texts in sequence with gaps of these widths.

    Args:
        offsets: all offsets of each text that is not empty, overlapping ones included.
        texts: the texts; the first and the last may be empty, if the gap beside them has a single width.
        widths: the least and the most characters between one text and the next.
        breaks: the line feeds.

    Returns:
        The shortest match from each start; matches may overlap.
    """
    texts, widths = list(texts), list(widths)
    before = widths.pop(0)[0] if not texts[0] else 0
    after = widths.pop()[0] if not texts[-1] else 0
    lengths = [len(text) for text in texts if text]
    starts, ends = offsets[-1], offsets[-1] + lengths[-1] + after
    inside = ends <= breaks[np.searchsorted(breaks, starts)]
    starts, ends = starts[inside], ends[inside]
    # From the last text to the first. The nearest next text gives the shortest match, because the shortest match from
    # a later start never ends before the one from an earlier start.
    for here, length, (least, most) in zip(offsets[-2::-1], lengths[-2::-1], widths[::-1], strict=True):
        reach = np.minimum(here + length + most, breaks[np.searchsorted(breaks, here)])
        following = np.searchsorted(starts, here + length + least)
        inside = following < np.searchsorted(starts, reach, side="right")
        starts, ends = here[inside], ends[following[inside]]
    inside = starts - before > breaks[np.searchsorted(breaks, starts) - 1]
    return starts[inside] - before, ends[inside]


def near(left: tuple[Ints, Ints], right: tuple[Ints, Ints], distance: int, breaks: Ints) -> Bools:
    """Returns which left spans (starts, ends) have a right one at most `distance` characters away, without overlap."""
    starts, ends = left
    # sorted already, except for ends of strings of several lengths: a stable sort is linear then
    right_starts, right_ends = (np.sort(each, kind="stable") for each in right)
    farthest = np.minimum(ends + distance, breaks[np.searchsorted(breaks, ends)] - 1)
    after = np.append(right_starts, _NOWHERE)[np.searchsorted(right_starts, ends)] <= farthest
    farthest = np.maximum(starts - distance, breaks[np.searchsorted(breaks, starts) - 1] + 1)
    before = np.append(-_NOWHERE, right_ends)[np.searchsorted(right_ends, starts, side="right")] >= farthest
    either: Bools = after | before
    return either


def without_overlap(starts: Ints, ends: Ints) -> Ints:
    """Returns the indexes of the spans that do not overlap the last one kept, from left to right."""
    if len(starts) < 2 or (starts[1:] >= ends[:-1]).all():
        return np.arange(len(starts))
    following = np.searchsorted(starts, ends).tolist()
    kept, at = [], 0
    while at < len(following):  # reached for texts such as a row of dots
        kept.append(at)
        at = following[at]
    return np.array(kept, np.int64)
