"""Columns of several shards read as one: the running texts of all shards, then the table cells of all.

Nothing is copied: an index of half a million sections has a gigabyte of text, which an update must not write again.
"""

from __future__ import annotations

import functools
import json
import mmap
import os
import resource
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MANY = 100
"""Ranges for which mapping a column pays: a mapped range takes a third of the time of a read."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard of an index: its folder, its first section, and its lengths in sections and in units.

    `text` and `cells` are the offsets of its running text and its table cells among those of all shards.
    """

    directory: Path
    section: int
    sections: int
    text: int
    text_units: int
    cells: int
    cell_units: int


class Column:
    """A column of numbers in a file, read in ranges: the first access to a mapped page costs more than a read."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, np.dtype(kind)
        self._file = os.open(path, os.O_RDONLY)
        self._bytes = os.fstat(self._file).st_size
        weakref.finalize(self, os.close, self._file)

    def between(self, first: int, last: int) -> NDArray[Any]:
        """Returns a range of entries."""
        return np.frombuffer(self.bytes_between(first, last), self._kind)

    def bytes_between(self, first: int, last: int) -> bytes:
        """Returns a range of entries as bytes; for a few entries an array costs more than the read."""
        size = self._kind.itemsize
        return os.pread(self._file, (last - first) * size, first * size)

    def for_places(self, count: int) -> NDArray[Any]:
        """Returns the whole column: mapped if few places of it are needed, otherwise read."""
        if count * mmap.PAGESIZE < self._bytes:
            return self._mapped
        return self.between(0, self._bytes // self._kind.itemsize)

    @functools.cached_property
    def view(self) -> memoryview:
        """The whole column, mapped, as items."""
        return self._mapped.data

    @functools.cached_property
    def _mapped(self) -> NDArray[Any]:
        return mapped(self._path, self._kind)


class ShardedColumn:
    """The texts of all shards as one column of units: running texts first, then cells."""

    def __init__(self, shards: Sequence[Shard], name: str) -> None:
        ends = [shards[-1].cells + shards[-1].cell_units if shards else 0]
        starts = [shard.text for shard in shards] + [shard.cells for shard in shards] + ends
        self.starts: Ints = np.array(starts, np.int64)
        self._shards = shards
        shifts = [shard.text for shard in shards] + [shard.cells - shard.text_units for shard in shards]
        self._shifts: Ints = np.array(shifts, np.int64)
        self.texts = [Column(shard.directory / name, "<u2") for shard in shards]

    def __len__(self) -> int:
        return int(self.starts[-1])

    def between(self, first: int, last: int) -> NDArray[np.uint16]:
        """Returns a range of units inside one text."""
        shard, shift = self._place(int(self.starts[:-1].searchsorted(first, side="right")) - 1)
        return self.texts[shard].between(first - shift, last - shift)

    def ranges(self, firsts: Ints, lasts: Ints) -> Iterator[bytes | memoryview]:
        """Yields ranges of units, each inside one text."""
        pieces = self.starts[:-1].searchsorted(firsts, side="right") - 1
        shifts = self._shifts[pieces]
        shards, begins, ends = pieces % max(len(self._shards), 1), firsts - shifts, lasts - shifts
        places = zip(shards.tolist(), begins.tolist(), ends.tolist(), strict=True)
        if len(firsts) < MANY:
            return (self.texts[shard].bytes_between(begin, end) for shard, begin, end in places)
        return (self.texts[shard].view[begin:end] for shard, begin, end in places)

    def at(self, places: Ints) -> NDArray[np.uint16]:
        """Returns the units at sorted offsets."""
        found = np.empty(len(places), np.uint16)
        for shard, shift, of in self.parts(places):
            found[of] = self.texts[shard].for_places(of.stop - of.start)[places[of] - shift]
        return found

    def parts(self, places: Ints) -> Iterator[tuple[int, int, slice]]:
        """Splits sorted offsets by shard: yields its number, the shift to its own offsets, and the slice."""
        bounds = places.searchsorted(self.starts).tolist()
        for piece, (first, last) in enumerate(pairwise(bounds)):
            if first < last:
                yield *self._place(piece), slice(first, last)

    def _place(self, piece: int) -> tuple[int, int]:
        """Returns the shard of a piece, and the shift to its own offsets."""
        return piece % len(self._shards), int(self._shifts[piece])


def allow_files(count: int) -> None:
    """Raises the limit of open files, as far as the system allows; each mapped column is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def mapped(path: Path, kind: str | np.dtype[Any]) -> NDArray[Any]:
    """Maps a column of numbers into memory."""
    if not path.stat().st_size:  # an empty file cannot be mapped
        return np.zeros(0, kind)
    return np.memmap(path, kind, "r").view(np.ndarray)


def shards_of(directory: Path, folder: Path) -> list[Shard]:
    """Returns the shards of an index in order; `directory` contains its columns, `folder` the shards."""
    rows = json.loads((directory / "shards.json").read_text("utf-8"))
    return [Shard(folder / name, *numbers) for name, *numbers in rows]
