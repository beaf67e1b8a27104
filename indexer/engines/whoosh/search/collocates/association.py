"""Measures of association: how far the count of a word near occurrences differs from the expected one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.search.related import times_log

Numbers = NDArray[np.floating[Any]]

_HALF = 0.5
"""Stands for a count of 0 in a log ratio, as in Hardie (2014): the ratio would be infinite."""


def association(observed: Ints, frequency: Ints) -> tuple[Numbers, Numbers]:
    """Returns the expected counts of all words and their log-likelihood ratios, negative below the expected count.

    The arrays count every word in windows and in all texts, which contain the windows. The ratio is that of Dunning
    (1993) over the table of two rows and two columns: this word or another one, in a window or not.
    """
    near, words = int(observed.sum()), int(frequency.sum())
    if not words:
        return np.zeros(len(observed)), np.zeros(len(observed))
    table = (observed, frequency - observed, near - observed, words - near - frequency + observed)
    shares = (near / words, 1 - near / words)
    rows = (frequency, words - frequency)
    expected = [row * share for row in rows for share in shares]
    scores = 2 * sum(map(times_log, table, expected))
    return expected[0], np.copysign(np.maximum(scores, 0.0), observed - expected[0])


def log_ratio(observed: Ints, frequency: Ints) -> Numbers:
    """Returns the binary logarithm of the share of each word in windows over its share outside them (Hardie, 2014)."""
    near, outside = int(observed.sum()), int(frequency.sum() - observed.sum())
    counts = [np.maximum(each, _HALF) for each in (observed, frequency - observed)]
    return np.asarray(np.log2(counts[0] / max(near, _HALF)) - np.log2(counts[1] / max(outside, _HALF)))
