"""Where strings stand in the text columns: spans of units, in the order of their beginnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints

_LENGTH_BITS = 20
"""Bits of a span's number that hold its length: more than the longest query and its gaps can reach."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans by where they begin and how long they are.

    `lengths` is a single number where all are alike, as those of a phrase: a frequent one stands in millions of places.
    """

    starts: Ints
    lengths: Ints | int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends(self) -> Ints:
        """Where they end."""
        return self.starts + self.lengths

    @property
    def nbytes(self) -> int:
        """What they take of the memory."""
        return self.starts.nbytes + (0 if isinstance(self.lengths, int) else self.lengths.nbytes)

    def those(self, which: Bools | Ints | slice) -> Spans:
        """Some of them."""
        lengths = self.lengths if isinstance(self.lengths, int) else self.lengths[which]
        return Spans(self.starts[which], lengths)


NO_SPANS = Spans(np.zeros(0, np.int64), 0)


def united(spans: Sequence[Spans]) -> Spans:
    """The distinct spans of several strings, in order."""
    if len(spans) == 1:
        return spans[0]
    # sorted runs one behind the other, which a stable sort merges
    numbers = np.concatenate([NO_SPANS.starts, *((each.starts << _LENGTH_BITS) | each.lengths for each in spans)])
    numbers.sort(kind="stable")
    numbers = numbers[np.append(True, numbers[1:] != numbers[:-1])] if len(numbers) else numbers
    return Spans(numbers >> _LENGTH_BITS, numbers & ((1 << _LENGTH_BITS) - 1))
