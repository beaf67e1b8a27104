"""Ranks the agencies of one year by a figure or a measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from archive.analysis.computed import ReportValues
from archive.analysis.measures import Measure, figures_of, measure
from archive.model import CellState, Figure, ReportSummary


@dataclass(frozen=True, slots=True)
class RankedReport:
    """A report in a ranking; equal values share a rank, a report without the value has none.

    `state` is that of the figure, None for a measure.
    """

    rank: int | None
    agency: str
    key: str
    value: Decimal | None
    state: CellState | None = None


class StatedValue(NamedTuple):
    """The value of one figure or measure in a report; `is_stated` also if the figure is there without a value."""

    agency: str
    year: int | None
    value: Decimal | None
    is_stated: bool


def stated_values(reports: Iterable[ReportValues], wanted: Measure | None) -> Iterator[StatedValue]:
    """Yields the value of a measure, or of the only figure of each report."""
    for each in reports:
        yield StatedValue(each.agency, each.year, value_of(each, wanted), bool(wanted or each.figures))


def ranked_reports(reports: Iterable[ReportValues], wanted: Measure | None) -> tuple[RankedReport, ...]:
    """Returns the reports of one year, the largest value first, those without a value last.

    Args:
        reports: reports with the figures of `wanted`, or with one figure.
        wanted: the measure to compute, None for the figure itself.
    """
    found = [(each, value_of(each, wanted)) for each in reports]
    found.sort(key=lambda pair: (pair[1] is None, -(pair[1] or 0), pair[0].agency))
    ranks = _ranks([value for _, value in found if value is not None])
    return tuple(
        RankedReport(next(ranks, None), each.agency, each.key, value, None if wanted else _state(each))
        for each, value in found
    )


def _state(report: ReportValues) -> CellState | None:
    return next((each.state for each in report.figures.values()), None)


def value_of(report: ReportValues, wanted: Measure | None) -> Decimal | None:
    """The value of a measure, or of the only figure of a report."""
    if wanted is None:
        return next((each.value for each in report.figures.values()), None)
    names = figures_of(wanted)
    figures = tuple(Figure(*name, each.value, "", each.state) for name, each in report.figures.items() if name in names)
    return measure(
        wanted, ReportSummary(report.agency, None, None, report.key, report.year, report.form, "", figures)
    ).value


def _ranks(values: Sequence[Decimal]) -> Iterator[int]:
    rank, before = 0, None
    for number, value in enumerate(values, 1):
        rank, before = (rank, value) if value == before else (number, value)
        yield rank
