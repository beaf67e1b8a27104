"""Columns of several shards, read as one: first the running texts of all shards, then the table cells of all.

Nothing is copied for it: an index of half a million sections has a gigabyte of text, and a report more should not write
it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    import resource
except ImportError:  # pragma: no cover
    resource = None  # type: ignore[assignment]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard as an index reads it: its folder, its first section, and how long it is, in sections and in units.

    `text` and `cells` are where its running text and its table cells begin among those of all shards.
    """

    directory: Path
    section: int
    sections: int
    text: int
    text_units: int
    cells: int
    cell_units: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Arrays one behind the other; `starts` says where each begins, and where the last one ends."""

    pieces: Sequence[NDArray[Any]]
    starts: Ints

    def __len__(self) -> int:
        return int(self.starts[-1])

    def between(self, first: int, last: int) -> NDArray[Any]:
        """The entries from one place to another, which lie in one array."""
        piece = int(np.searchsorted(self.starts[:-1], first, side="right")) - 1
        start = int(self.starts[piece]) if piece >= 0 else 0
        return self.pieces[piece][first - start : last - start] if piece >= 0 else np.zeros(0, np.uint16)

    def at(self, places: Ints) -> NDArray[Any]:
        """The entries at some places, which are in order."""
        found = [self.pieces[piece][places[of] - self.starts[piece]] for piece, of in self.parts(places)]
        return np.concatenate(found) if found else np.zeros(0, np.uint16)

    def parts(self, places: Ints) -> Iterator[tuple[int, slice]]:
        """The arrays in which some places, in order, lie, with those that lie there."""
        bounds = np.searchsorted(places, self.starts).tolist()
        for piece, (first, last) in enumerate(pairwise(bounds)):
            if first < last:
                yield piece, slice(first, last)


def allow_files(count: int) -> None:
    """Lets this process hold so many files open, as far as the system lets it: each column that is mapped is one.

    Many systems begin with 1,024 and give more to who asks.
    """
    if resource is None:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def mapped(path: Path, kind: str) -> NDArray[Any]:
    """A column of numbers, mapped into memory."""
    if not path.stat().st_size:  # an empty file cannot be mapped
        return np.zeros(0, kind)
    return np.memmap(path, kind, "r").view(np.ndarray)
