"""Where each pair of neighbouring units stands: the prefilter of exact search, made from the text column.

    pairs.keys      the different pairs of a shard (first unit << 16 | second unit), in order
    pairs.starts    where the places of each pair begin
    pairs.places    places in the shard; those of one pair in order

Four bytes for each unit of text; a phrase then costs what its rarest pair costs and no scan of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.joined import Ints, Shard, mapped
from indexer.tree import Where


def write_pairs(directory: Path) -> None:
    """Writes the pairs of the text column that lies in a directory."""
    first: NDArray[np.uint16] = np.fromfile(directory / "normal.u2", "<u2")
    second = np.append(first[1:], np.uint16(0))[: len(first)]
    order = np.argsort(second, kind="stable")  # stable on 16 bits is a radix sort: twice is the sort by both
    order = order[np.argsort(first[order], kind="stable")]
    codes = first[order].astype(np.uint32) << 16 | second[order]
    begins = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.zeros(0, np.int64)
    codes[begins].astype("<u4").tofile(directory / "pairs.keys")
    np.append(begins, len(codes)).astype("<u4").tofile(directory / "pairs.starts")
    order.astype("<u4").tofile(directory / "pairs.places")


class Pairs:
    """Finds strings of units in one shard by their rarest pair."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self._text: NDArray[np.uint16] = mapped(shard.directory / "normal.u2", "<u2")
        self._keys, self._starts, self._places = (
            mapped(shard.directory / f"pairs.{name}", "<u4") for name in ("keys", "starts", "places")
        )

    def places(self, units: NDArray[np.uint16], where: Where) -> tuple[Ints, Ints]:
        """Every place where a string stands whole, overlapping ones too, in order: in running text, and in cells."""
        if len(units) == 1:
            places = np.sort(self._beginning_with(int(units[0]))).astype(np.int64)
        else:
            places = self._of_rarest_pair(units)
        if not len(places):
            return places, places
        middle = int(places.searchsorted(self._shard.text_units))
        return (
            places[:middle] + self._shard.text if where != "tables" else places[:0],
            places[middle:] + (self._shard.cells - self._shard.text_units) if where != "text" else places[:0],
        )

    def _beginning_with(self, unit: int) -> NDArray[np.uint32]:
        """Where a unit stands, out of order."""
        first = np.searchsorted(self._keys, np.uint32(unit << 16))
        last = np.searchsorted(self._keys, np.uint32(unit << 16 | 0xFFFF), side="right")
        return self._places[self._starts[first] : self._starts[last]]

    def _of_rarest_pair(self, units: NDArray[np.uint16]) -> Ints:
        codes = units[:-1].astype(np.uint32) << 16 | units[1:]
        at = self._keys.searchsorted(codes)
        if not len(self._keys) or (self._keys.take(at, mode="clip") != codes).any():
            return np.zeros(0, np.int64)  # most shards hold no rare string, and are left here
        begins, ends = self._starts[at], self._starts[at + 1]
        counts = ends - begins
        rarest = int(np.argmin(counts))
        places = self._places[begins[rarest] : begins[rarest] + counts[rarest]].astype(np.int64)
        places -= rarest
        places = places[slice(*np.searchsorted(places, (0, len(self._text) - len(units) + 1)))]
        for place in np.argsort(np.append(counts, counts[-1]), kind="stable").tolist():
            if not len(places):
                break
            if place not in (rarest, rarest + 1):
                places = places[self._text[places + place] == units[place]]
        return places


def all_places(shards: Sequence[Pairs], units: NDArray[np.uint16], where: Where) -> Ints:
    """Every place where a string stands in an index, in order: texts of all shards come before cells of all."""
    found = [pairs.places(units, where) for pairs in shards]
    return np.concatenate([np.zeros(0, np.int64), *(text for text, _ in found), *(cells for _, cells in found)])
