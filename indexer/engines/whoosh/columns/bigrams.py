"""Offsets of each bigram of UTF-16 units: the prefilter of exact search, built from the text column.

    pairs.keys      the different bigrams of a shard (first unit << 16 | second unit), sorted
    pairs.starts    the index in pairs.places of the first offset of each bigram
    pairs.places    offsets in the shard, sorted for each bigram

The files take four bytes a unit of text. The cost of a phrase is that of its rarest bigram, without a scan of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.mmap_columns import Column, Ints, Shard, mapped
from indexer.query.ast import Where


def write_bigrams(directory: Path) -> None:
    """Writes the bigrams of the text column of a directory."""
    first: NDArray[np.uint16] = np.fromfile(directory / "normal.u2", "<u2")
    second = np.append(first[1:], np.uint16(0))[: len(first)]
    order = np.argsort(second, kind="stable")  # stable on 16 bits is a radix sort: twice is the sort by both
    order = order[np.argsort(first[order], kind="stable")]
    codes = first[order].astype(np.uint32) << 16 | second[order]
    begins = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.zeros(0, np.int64)
    codes[begins].astype("<u4").tofile(directory / "pairs.keys")
    np.append(begins, len(codes)).astype("<u4").tofile(directory / "pairs.starts")
    order.astype("<u4").tofile(directory / "pairs.places")


class Bigrams:
    """Finds strings of units in one shard by their rarest bigram."""

    def __init__(self, shard: Shard, text: Column) -> None:
        self.shard = shard
        self._text, self._units = text, shard.text_units + shard.cell_units
        self._keys, self._starts = (mapped(shard.directory / f"pairs.{name}", "<u4") for name in ("keys", "starts"))
        self._places = Column(shard.directory / "pairs.places", "<u4")

    def places(self, units: NDArray[np.uint16]) -> NDArray[Any]:
        """Returns the offset of every occurrence of a string in the shard, sorted, overlapping ones included."""
        return np.sort(self._beginning_with(int(units[0]))) if len(units) == 1 else self._of_rarest_pair(units)

    def parted(self, places: NDArray[Any]) -> tuple[tuple[NDArray[Any], int], tuple[NDArray[Any], int]]:
        """Splits offsets into running text and cells, each with the shift to offsets of the index."""
        middle, shard = _before(places, self.shard.text_units), self.shard
        return (places[:middle], shard.text), (places[middle:], shard.cells - shard.text_units)

    def _beginning_with(self, unit: int) -> NDArray[np.uint32]:
        """Returns the offsets of a unit, not sorted."""
        first = np.searchsorted(self._keys, np.uint32(unit << 16))
        last = np.searchsorted(self._keys, np.uint32(unit << 16 | 0xFFFF), side="right")
        return self._places.between(int(self._starts[first]), int(self._starts[last]))

    def _of_rarest_pair(self, units: NDArray[np.uint16]) -> NDArray[Any]:
        codes = units[:-1].astype(np.uint32) << 16 | units[1:]
        at = self._keys.searchsorted(codes)
        if not len(self._keys) or (self._keys.take(at, mode="clip") != codes).any():
            return np.zeros(0, np.uint32)  # most shards do not contain a rare string
        begins, ends = self._starts[at], self._starts[at + 1]
        counts = ends - begins
        rarest = int(np.argmin(counts))
        places: NDArray[Any] = self._places.between(int(begins[rarest]), int(ends[rarest]))
        if rarest:
            places = places.astype(np.int64) - rarest
        places = places[_before(places, 0) : _before(places, self._units - len(units) + 1)]
        text = self._text.for_places(len(places))
        for place in np.argsort(np.append(counts, counts[-1]), kind="stable").tolist():
            if not len(places):
                break
            if place not in (rarest, rarest + 1):
                places = places[text[places + place] == units[place]]
        return places


def all_offsets(shards: Sequence[Bigrams], units: NDArray[np.uint16], where: Where) -> Ints:
    """Returns the offset of every occurrence of a string in the index, sorted: texts of all shards, then cells."""
    parted = [shard.parted(places) for shard in shards if len(places := shard.places(units))]
    wanted = {"text": (0,), "tables": (1,), "all": (0, 1)}[where]
    found = [each[part] for part in wanted for each in parted]
    # allocated once, because a frequent string has millions
    joined, end = np.empty(sum(len(places) for places, _ in found), np.int64), 0
    for places, shift in found:
        begin, end = end, end + len(places)
        np.add(places, shift, out=joined[begin:end], dtype=np.int64)
    return joined


def _before(places: NDArray[Any], place: int) -> int:
    """Returns the number of sorted offsets before one; searches in their own type, which avoids a copy."""
    return int(places.searchsorted(places.dtype.type(max(place, 0))))
