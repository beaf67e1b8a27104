"""What is held of each agency, year by year, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive.model import Report

CoverageState = Literal["held", "tables_only", "image_only", "missing"]
_BEST: tuple[CoverageState, ...] = ("held", "tables_only", "image_only", "missing")


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """What is held of one agency for one year; `duplicate` where a page printed the report twice."""

    agency: str
    year: int
    state: CoverageState
    duplicate: bool = False


def cells(reports: Iterable[tuple[str, Report]]) -> tuple[CoverageCell, ...]:
    """One cell for each agency and each year between its first and its last report; the best copy counts.

    Args:
        reports: every copy of every report that has a year, beside the id of its agency.
    """
    states: dict[str, dict[int, list[tuple[CoverageState, bool]]]] = defaultdict(lambda: defaultdict(list))
    for agency, report in reports:
        if report.year is not None:
            states[agency][report.year].append((_state(report), report.duplicate_of is not None))
    found = []
    for agency, years in sorted(states.items()):
        for year in range(min(years), max(years) + 1):
            copies = years.get(year, [("missing", False)])
            best = min((state for state, _ in copies), key=_BEST.index)
            found.append(CoverageCell(agency, year, best, any(duplicate for _, duplicate in copies)))
    return tuple(found)


def _state(report: Report) -> CoverageState:
    if any(section.paragraphs for section in report.sections):
        return "held"
    return "tables_only" if any(section.tables for section in report.sections) else "image_only"
