"""Which places in a text lie near enough to each other: phrases with gaps, and NEAR.

Places count characters, in order. `breaks` are the places of line feeds, with one before the text and one behind it:
nothing reaches from one paragraph into the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NOWHERE = np.int64(1) << 60


def gapped(
    places: Sequence[Ints], texts: Sequence[str], widths: Sequence[tuple[int, int]], breaks: Ints
) -> tuple[Ints, Ints]:
    """Where texts stand one behind the other with gaps of these widths: where each match begins and ends.

    Args:
        places: every place of each text that is not empty, overlapping ones too.
        texts: the texts; the first and the last may be empty, the gap beside them then has one width.
        widths: the fewest and the most characters between one text and the next.
        breaks: the line feeds.

    Returns:
        For each place where a match begins the shortest one; matches may overlap.
    """
    texts, widths = list(texts), list(widths)
    before = widths.pop(0)[0] if not texts[0] else 0
    after = widths.pop()[0] if not texts[-1] else 0
    lengths = [len(text) for text in texts if text]
    starts, ends = places[-1], places[-1] + lengths[-1] + after
    held = ends <= breaks[np.searchsorted(breaks, starts)]
    starts, ends = starts[held], ends[held]
    # From the last text to the first. The nearest next text is the best one: what ends first from a later place
    # never ends before what ends first from an earlier one.
    for here, length, (fewest, most) in zip(places[-2::-1], lengths[-2::-1], widths[::-1], strict=True):
        reach = np.minimum(here + length + most, breaks[np.searchsorted(breaks, here)])
        following = np.searchsorted(starts, here + length + fewest)
        held = following < np.searchsorted(starts, reach, side="right")
        starts, ends = here[held], ends[following[held]]
    held = starts - before > breaks[np.searchsorted(breaks, starts) - 1]
    return starts[held] - before, ends[held]


def near(left: tuple[Ints, Ints], right: tuple[Ints, Ints], distance: int, breaks: Ints) -> Bools:
    """Which left spans (beginnings, ends) have a right one near that does not overlap them, on either side."""
    starts, ends = left
    # in order already, but for ends of strings of several lengths: a stable sort only looks
    right_starts, right_ends = (np.sort(each, kind="stable") for each in right)
    farthest = np.minimum(ends + distance, breaks[np.searchsorted(breaks, ends)] - 1)
    after = np.append(right_starts, _NOWHERE)[np.searchsorted(right_starts, ends)] <= farthest
    farthest = np.maximum(starts - distance, breaks[np.searchsorted(breaks, starts) - 1] + 1)
    before = np.append(-_NOWHERE, right_ends)[np.searchsorted(right_ends, starts, side="right")] >= farthest
    found: Bools = after | before
    return found


def without_overlap(starts: Ints, ends: Ints) -> Ints:
    """The numbers of the spans that are left when, from the left, each that overlaps the one kept before is dropped."""
    if len(starts) < 2 or (starts[1:] >= ends[:-1]).all():
        return np.arange(len(starts))
    following = np.searchsorted(starts, ends).tolist()
    kept, at = [], 0
    while at < len(following):  # only spans that overlap come here, such as those of a row of dots
        kept.append(at)
        at = following[at]
    return np.array(kept, np.int64)
