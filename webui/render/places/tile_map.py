"""Arranges the provinces as a map of equal tiles, shaded by the number of their reports.

The layout is `archive/rules/divisions/tiles.tsv`: no outline of a map is drawn, so none needs a licence.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from archive.agencies.division_tree import DivisionNode
from archive.cues.divisions import divisions

DEPTHS = 4
"""Shades of tiles with reports."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A province: its path, short name and English name, and where its tile is."""

    place: str
    short: str
    english: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class ShadedTile:
    """A tile with its counts, its shade (0 without reports) and its URL."""

    tile: Tile
    agencies: int
    reports: int
    depth: int
    address: str


@dataclass(frozen=True, slots=True)
class Shade:
    """A shade with the fewest and the most reports that have it."""

    depth: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """All provinces in the order of their codes, and the shades in use; none without reports."""

    tiles: tuple[ShadedTile, ...]
    steps: tuple[Shade, ...]


@functools.cache
def tiles() -> tuple[Tile, ...]:
    """The provinces of the table of divisions that exist, in the order of their codes."""
    source = files("archive").joinpath("rules", "divisions", "tiles.tsv").read_text("utf-8")
    provinces = {each.code: each for each in divisions() if each.level == "province"}
    rows = (line.split("\t") for line in source.splitlines()[1:])
    return tuple(
        Tile(provinces[code].name, provinces[code].short, english, int(column), int(row))
        for code, column, row, english in rows
    )


def tile_map(nodes: Iterable[DivisionNode], address: Callable[[str], str]) -> TileMap:
    """The map of the top nodes of a tree; `address` gives the URL of a province by its path."""
    counted = {node.place: node for node in nodes}
    steps = _steps([node.reports for tile in tiles() if (node := counted.get(tile.place)) and node.reports])
    first_depth = DEPTHS - len(steps) + 1  # the darkest shade is always in use

    def shaded(tile: Tile) -> ShadedTile:
        node = counted.get(tile.place)
        reports, agencies = (node.reports, node.agencies) if node else (0, 0)
        depth = next((n for n, (first, last) in enumerate(steps, first_depth) if first <= reports <= last), 0)
        return ShadedTile(tile, agencies, reports, depth, address(tile.place))

    return TileMap(tuple(map(shaded, tiles())), tuple(Shade(n, *step) for n, step in enumerate(steps, first_depth)))


def _steps(counts: Iterable[int]) -> list[tuple[int, int]]:
    """Ranges of numbers with about as many provinces in each: on an even scale a few large ones hide the others."""
    ordered = sorted(counts)
    firsts = [*dict.fromkeys(ordered[len(ordered) * number // DEPTHS] for number in range(DEPTHS if ordered else 0))]
    return [(first, after - 1) for first, after in pairwise((*firsts, ordered[-1] + 1))] if firsts else []
