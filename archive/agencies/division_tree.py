"""Counts agencies and reports by division: provinces, the cities in them, and the counties in those."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.agencies.agency_filter import NOWHERE
from archive.agencies.regions import UNKNOWN
from archive.cues.divisions import divisions, path
from archive.model import Agency


@dataclass(frozen=True, slots=True)
class DivisionNode:
    """A region with its counts, those of narrower regions included; `name` is the last part of its path `place`.

    Top nodes are provinces, regions that the table of divisions lacks, `unknown` and `none`.
    """

    place: str
    name: str
    agencies: int
    reports: int
    children: tuple[DivisionNode, ...] = ()

    def every(self) -> Iterator[DivisionNode]:
        """The node and all below it, each one before those in it."""
        yield self
        for child in self.children:
            yield from child.every()


def division_tree(
    agencies: Iterable[Agency], regions: Mapping[str, Sequence[str]], reports: Mapping[str, int]
) -> tuple[DivisionNode, ...]:
    """The regions of agencies, in the order of their codes.

    Args:
        agencies: those to count.
        regions: the regions of each agency by id, the widest first (`AgencyTable.regions`).
        reports: the number of reports of each agency by id.
    """
    counted: Counter[str] = Counter()
    weighted: Counter[str] = Counter()
    below: dict[str, dict[str, None]] = {}
    for agency in agencies:
        above = ""
        for place in nested_regions(regions[agency.id]):
            counted[place] += 1
            weighted[place] += reports.get(agency.id, 0)
            below.setdefault(above, {})[place] = None
            above = place

    def nodes(above: str) -> tuple[DivisionNode, ...]:
        found = sorted(below.get(above, ()), key=_order)
        prefix = "" if above == UNKNOWN else above
        return tuple(
            DivisionNode(place, place.removeprefix(prefix), counted[place], weighted[place], nodes(place))
            for place in found
        )

    return nodes("")


def nested_regions(regions: Sequence[str]) -> Sequence[str]:
    """The regions from the top of the tree down: a name that several provinces share is below `unknown`."""
    if UNKNOWN in regions:
        return (UNKNOWN, *(place for place in regions if place != UNKNOWN))
    return regions or (NOWHERE,)


def _order(place: str) -> tuple[int, str]:
    """Orders regions of the table by their codes, then other ones, then agencies whose region is not known or none."""
    if place in (UNKNOWN, NOWHERE):
        return 2, place
    code = _codes().get(place)
    return (1, place) if code is None else (0, code)


@functools.cache
def _codes() -> Mapping[str, str]:
    """The code of each division by its path."""
    return {"".join(path(each)): each.code for each in divisions()}
