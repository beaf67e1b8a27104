"""The years of the archive as bars: the reports held, and those with a hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.answers.engine import Answer, FacetValue
from indexer.answers.trends import TrendPoint
from indexer.query.fields import UNDATED
from indexer.query.values import years
from webui.params.search_params import SearchParams
from webui.render.facet_choices import FacetChoice, choice

MOST_BARS = 60
LEAST_HEIGHT = 2.0
"""Percent: one report of a thousand is still seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A year: reports held under the other filters, reports with a hit, and sections that match.

    Heights are percentages of the most reports held in a year. A year without hits has no `choice`.
    """

    year: int
    held: int
    reports: int
    sections: int
    held_height: float
    height: float
    chosen: bool
    choice: FacetChoice | None


def year_bars(
    state: SearchParams, answer: Answer, points: Sequence[TrendPoint], archive: Sequence[TrendPoint]
) -> tuple[Bar, ...]:
    """Returns a bar for each year of the archive, from its first to its last one, whatever the query and its filters.

    Args:
        state: the search.
        answer: its answer, whose facet has the sections by year.
        points: the query by year, under all filters but that of the year.
        archive: the years of the whole archive.
    """
    present = sorted(point.year for point in archive if point.year is not None)
    if not present:
        return ()
    # Years without reports are shown, unless a misprinted year would make the row very long.
    axis = range(present[0], present[-1] + 1) if present[-1] - present[0] < MOST_BARS else present
    by_year = {point.year: point for point in points}
    values: dict[int | str | None, FacetValue] = {value.value: value for value in answer.facets.get("year", ())}
    most = max((point.all_reports for point in points if point.year is not None), default=0) or 1
    asked = [years(value) for value in state.filters.get("year", ()) if value.casefold() != UNDATED]

    def height(reports: int) -> float:
        return max(100 * reports / most, LEAST_HEIGHT) if reports else 0.0

    def bar(year: int) -> Bar:
        point, value = by_year.get(year), values.get(year)
        held, reports = (point.all_reports, point.reports) if point else (0, 0)
        return Bar(
            year,
            held,
            reports,
            value.count if value else 0,
            height(held),
            height(reports),
            any(each.holds(year) for each in asked),
            choice(state, "year", value) if value else None,
        )

    return tuple(map(bar, axis))
