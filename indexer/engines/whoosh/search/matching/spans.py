"""Spans of units in the text columns, sorted by start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints

_LENGTH_BITS = 20
"""Bits for the length in the sort key of a span: more than the longest query and its gaps need."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans as starts and lengths. `lengths` is one number if all are equal: a phrase may occur millions of times."""

    starts: Ints
    lengths: Ints | int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends(self) -> Ints:
        return self.starts + self.lengths

    @property
    def nbytes(self) -> int:
        return self.starts.nbytes + (0 if isinstance(self.lengths, int) else self.lengths.nbytes)

    def select(self, which: Bools | Ints | slice) -> Spans:
        lengths = self.lengths if isinstance(self.lengths, int) else self.lengths[which]
        return Spans(self.starts[which], lengths)


NO_SPANS = Spans(np.zeros(0, np.int64), 0)


def united(spans: Sequence[Spans]) -> Spans:
    """Returns the distinct spans of several strings, sorted."""
    if len(spans) == 1:
        return spans[0]
    keys = np.concatenate([NO_SPANS.starts, *((each.starts << _LENGTH_BITS) | each.lengths for each in spans)])
    keys.sort(kind="stable")  # which merges runs that are sorted
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    return Spans(keys >> _LENGTH_BITS, keys & ((1 << _LENGTH_BITS) - 1))
