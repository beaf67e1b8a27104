"""Arranges the coverage as a grid of agencies and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.analysis.coverage import CoverageCell
from archive.model import Agency

STATES = ("held", "tables_only", "image_only", "missing")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One agency with a cell for each year of the grid, None before its first and after its last report.

    `name` is None for reports without a known agency.
    """

    agency: str
    name: str | None
    cells: tuple[CoverageCell | None, ...]


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """Some agencies. `counts` has each state and `duplicate` over all agencies, `left_out` the number not shown."""

    years: tuple[int, ...]
    rows: tuple[CoverageRow, ...]
    counts: dict[str, int]
    agencies: int
    left_out: int

    @property
    def reports(self) -> int:
        """The number of reports with a year in the archive."""
        return sum(self.counts[state] for state in STATES if state != "missing")


def coverage_grid(
    cells: Iterable[CoverageCell], agencies: Iterable[Agency], most: int | None = None, start: int = 0
) -> CoverageGrid:
    """The grid of `most` agencies from offset `start`, in the order of the catalogue."""
    by_agency: dict[str, dict[int, CoverageCell]] = {}
    for cell in cells:
        by_agency.setdefault(cell.agency, {})[cell.year] = cell
    names = {agency.id: agency.name for agency in agencies}
    ordered = [agency for agency in names if agency in by_agency]
    ordered += [agency for agency in by_agency if agency not in names]
    every = [cell for row in by_agency.values() for cell in row.values()]
    found = [cell.year for cell in every]
    years = tuple(range(min(found), max(found) + 1)) if found else ()
    shown = ordered[start : None if most is None else start + most]
    rows = tuple(CoverageRow(agency, names.get(agency), tuple(map(by_agency[agency].get, years))) for agency in shown)
    counts: Counter[str] = Counter(cell.state for cell in every)
    totals = {state: counts[state] for state in STATES} | {"duplicate": sum(cell.duplicate for cell in every)}
    return CoverageGrid(years, rows, totals, len(ordered), len(ordered) - len(rows))
