"""Lists the reports that the archive has and lacks, by agency and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive.model import UNKNOWN_AGENCY, Report

CoverageState = Literal["held", "tables_only", "image_only", "missing"]
_BEST: tuple[CoverageState, ...] = ("held", "tables_only", "image_only", "missing")


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """The state of an agency's report on a year, and whether a page prints the report twice."""

    agency: str
    year: int
    state: CoverageState
    duplicate: bool = False


def cells(copies: Iterable[tuple[str, int, CoverageState, bool]]) -> tuple[CoverageCell, ...]:
    """One cell for each agency and each year from its first to its last report, with the state of the best copy.

    `copies` are agency id, year, `report_state` and whether it is a duplicate, for each copy of a dated report.
    """
    states: dict[str, dict[int, list[tuple[CoverageState, bool]]]] = defaultdict(lambda: defaultdict(list))
    for agency, year, state, duplicate in copies:
        states[agency][year].append((state, duplicate))
    found = []
    for agency, years in sorted(states.items()):
        expected = years if agency == UNKNOWN_AGENCY else range(min(years), max(years) + 1)
        for year in sorted(expected):
            year_states, duplicates = zip(*years.get(year, [("missing", False)]), strict=True)
            found.append(CoverageCell(agency, year, min(year_states, key=_BEST.index), any(duplicates)))
    return tuple(found)


def report_state(report: Report) -> CoverageState:
    """The state of one copy of a report: text, tables alone, or neither."""
    if any(section.paragraphs for section in report.sections):
        return "held"
    return "tables_only" if any(section.tables for section in report.sections) else "image_only"
