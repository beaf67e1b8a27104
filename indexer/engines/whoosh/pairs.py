"""Where each pair of neighbouring units stands: the prefilter of exact search, made from the text column.

    pairs.keys      the different pairs (first unit << 16 | second unit), in order, block by block
    pairs.starts    where the places of each pair begin
    pairs.places    places, counted from the beginning of the block; those of one pair in order

Four bytes for each unit of text; a phrase then costs what its rarest pair costs and no scan of the whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns import Ints, mapped

_BLOCK = 1 << 23
"""Units that are sorted in one go: 200 MB of memory while building."""


def write_pairs(directory: Path) -> None:
    """Writes the pairs of the text column that lies in a directory."""
    text: NDArray[np.uint16] = mapped(directory / "normal.u2", "<u2")
    blocks = []
    with (
        (directory / "pairs.keys").open("wb") as keys,
        (directory / "pairs.starts").open("wb") as starts,
        (directory / "pairs.places").open("wb") as places,
    ):
        for start in range(0, len(text), _BLOCK):
            first = text[start : start + _BLOCK]
            second = np.append(text[start + 1 : start + 1 + len(first)], np.uint16(0))[: len(first)]
            order = np.argsort(second, kind="stable")  # stable on 16 bits is a radix sort: twice is the sort by both
            order = order[np.argsort(first[order], kind="stable")]
            codes = first[order].astype(np.uint32) << 16 | second[order]
            begins = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
            codes[begins].astype("<u4").tofile(keys)
            np.append(begins, len(codes)).astype("<u4").tofile(starts)
            order.astype("<u4").tofile(places)
            blocks.append([start, len(first), len(begins)])
    (directory / "pairs.json").write_text(json.dumps(blocks), "utf-8")


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    keys: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    places: NDArray[np.uint32]

    def beginning_with(self, unit: int) -> NDArray[np.uint32]:
        """Where a unit stands, out of order."""
        first = np.searchsorted(self.keys, np.uint32(unit << 16))
        last = np.searchsorted(self.keys, np.uint32(unit << 16 | 0xFFFF), side="right")
        return self.places[self.starts[first] : self.starts[last]]


class Pairs:
    """Finds strings of units by their rarest pair."""

    def __init__(self, directory: Path, text: NDArray[np.uint16]) -> None:
        self._text = text
        keys, starts, places = (mapped(directory / f"pairs.{name}", "<u4") for name in ("keys", "starts", "places"))
        self._blocks = []
        at = 0
        for number, (start, length, count) in enumerate(json.loads((directory / "pairs.json").read_text("utf-8"))):
            held = starts[at + number : at + number + count + 1]
            self._blocks.append(_Block(start, keys[at : at + count], held, places[start : start + length]))
            at += count

    def places(self, units: NDArray[np.uint16], first: int, last: int) -> Ints:
        """Every place between two places where a string stands whole, overlapping ones too, in order."""
        found = [*self._found(units, first, last)]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _found(self, units: NDArray[np.uint16], first: int, last: int) -> Iterator[Ints]:
        for block in self._blocks:
            if block.start + len(block.places) <= first or block.start >= last:
                continue
            if len(units) == 1:
                places = np.sort(block.beginning_with(int(units[0]))).astype(np.int64) + block.start
            else:
                places = self._of_rarest_pair(block, units)
            yield places[np.searchsorted(places, first) : np.searchsorted(places, last - len(units), side="right")]

    def _of_rarest_pair(self, block: _Block, units: NDArray[np.uint16]) -> Ints:
        codes = units[:-1].astype(np.uint32) << 16 | units[1:]
        at = np.minimum(np.searchsorted(block.keys, codes), len(block.keys) - 1)
        begins, ends = block.starts[at], block.starts[at + 1]
        counts = np.where(block.keys[at] == codes, ends - begins, 0)
        rarest = int(np.argmin(counts))
        places = block.places[begins[rarest] : begins[rarest] + counts[rarest]].astype(np.int64)
        places += block.start - rarest
        places = places[(places >= 0) & (places + len(units) <= len(self._text))]
        for place in np.argsort(np.append(counts, counts[-1]), kind="stable").tolist():
            if not len(places):
                break
            if place not in (rarest, rarest + 1):
                places = places[self._text[places + place] == units[place]]
        return places
