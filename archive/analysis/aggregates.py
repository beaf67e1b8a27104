"""Sums, medians and quartiles of figures over agencies, by year and group.

Numbers are exact decimals. What a report does not state is in no sum, and the number of agencies that state a figure
stands beside it.
"""

from __future__ import annotations

import difflib
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Literal

from archive.agencies.agency_filter import AgencyFilter, AgencyTable, lies_in
from archive.agencies.division_tree import nested_regions
from archive.agencies.regions import UNKNOWN, regions_of
from archive.analysis.breaks import breaks_between
from archive.analysis.codebook import codebook
from archive.analysis.computed import (
    PRECISION,
    Name,
    ReportValues,
    another_source,
    computed_rows,
    figure_name,
    parse_name,
    source_table,
)
from archive.errors import InvalidRequest, Language
from archive.model import Agency, ReportSummary
from archive.vocabulary import SERIES, form_of_year, row_codes

Grouping = Literal["year", "division", "kind", "level"]
RegionsOf = Callable[[str, int | None], Sequence[str]]
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class AggregateRequest:
    """Which figures to aggregate over which agencies; `of` is the figure that shares are computed of.

    Every result is of one year: sums across years would join forms that count differently.
    """

    figures: tuple[Name, ...]
    by: Grouping = "year"
    of: Name | None = None
    where: AgencyFilter = field(default_factory=AgencyFilter)
    agencies: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    ocr: bool = True
    """Whether figures that were read by OCR count."""

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(dict.fromkeys((*self.figures, *((self.of,) if self.of else ()))))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over the agencies of a group in a year.

    `agencies` have a report, `stating` of them state the figure, `approximate` of these with 约, and OCR read it for
    `ocr` of them; `sources` are the tables that their numbers are from. `share` is the sum over the agencies that state
    both figures, divided by the sum of the other figure over the same `share_agencies`; it is None if the divisor is 0.
    """

    figure: str
    year: int
    group: str | None
    agencies: int
    stating: int
    sum: Decimal | None
    median: Decimal | None
    lower_quartile: Decimal | None
    upper_quartile: Decimal | None
    share: Decimal | None
    share_agencies: int | None
    sources: tuple[str, ...]
    approximate: int = 0
    ocr: int = 0


def usual_figures() -> tuple[Name, ...]:
    """The series since 2008."""
    return tuple((SERIES, row, None) for row in row_codes(SERIES))


def figure_named(name: str) -> Name:
    """The figure of a name.

    Raises:
        InvalidRequest: for an unknown name, with the nearest known ones.
    """
    if found := parse_name(name):
        return found
    known = [*map(figure_name, computed_rows()), *(entry.name for entry in codebook() if entry.kind != "measure")]
    nearest = difflib.get_close_matches(name[:100], dict.fromkeys(known), 3, 0.4)
    raise InvalidRequest(
        f"没有“{name[:60]}”这个数字。"
        + (f"相近的有：{'、'.join(nearest)}。" if nearest else "写法如 requests.new.total。"),
        f"There is no figure “{name[:60]}”. "
        + (f"Similar names: {', '.join(nearest)}." if nearest else "A name is, for example, requests.new.total."),
    )


def aggregate(
    reports: Iterable[ReportValues],
    request: AggregateRequest,
    agencies: Mapping[str, Agency],
    regions: RegionsOf | None = None,
) -> tuple[Aggregate, ...]:
    """The aggregates by year, group and figure, of the reports that the request selects; undated ones are left out.

    `regions` gives the regions of an agency in a year, if they are known.

    Raises:
        InvalidRequest: for a place that is not known, or a name that several divisions share.
    """
    group_of = grouping(request, agencies, regions)
    found: defaultdict[tuple[int, str | None], list[ReportValues]] = defaultdict(list)
    for report in reports:
        if report.year is not None and (group := group_of(report.agency, report.year)):
            found[report.year, None if request.by == "year" else group].append(report)
    with localcontext(prec=PRECISION):
        return tuple(
            _aggregate(name, year, group, found[year, group], request.of)
            for year, group in sorted(found, key=lambda key: (key[0], key[1] or ""))
            for name in request.figures
        )


def region_lookup(agencies: Mapping[str, Agency]) -> RegionsOf:
    """Returns a cached function from agency and year to regions, those of an agency that is not known are unknown."""

    @functools.cache
    def regions(name: str, year: int | None) -> tuple[str, ...]:
        agency = agencies.get(name)
        return tuple(regions_of(agency, year)) if agency else (UNKNOWN,)

    return regions


def grouping(
    request: AggregateRequest, agencies: Mapping[str, Agency], regions: RegionsOf | None = None
) -> Callable[[str, int | None], str | None]:
    """Returns a function from agency and year to the group of a report, None if the request does not select it.

    Divisions are those of the filter `place` and of the tree of divisions. The group is the division directly below the
    place of the request, or the place itself if the division of the agency is not narrower; `unknown` if the division,
    the kind or the level is not known.

    Raises:
        InvalidRequest: for a place that is not known, or a name that several divisions share.
    """
    where, regions_at = request.where, regions or region_lookup(agencies)
    place = AgencyTable(agencies.values()).region(where.place) if where.place else None
    first, last = request.first or 0, request.last or _LAST_YEAR

    def group(name: str, year: int | None) -> str | None:
        agency = agencies.get(name)
        if request.agencies and name not in request.agencies:
            return None
        if not where.fits(agency) or (year is not None and not first <= year <= last):
            return None
        if place is not None or request.by == "division":
            found = regions_at(name, year)
            if place is not None and not lies_in(found, place):
                return None
            if request.by == "division":
                nested = nested_regions(found)
                return nested[min(nested.index(place) + 1 if place else 0, len(nested) - 1)]
        groups = {"kind": agency.kind, "level": agency.level} if agency else {}
        return groups.get(request.by) or UNKNOWN

    return group


def quantile(values: Sequence[Decimal], quarters: int) -> Decimal:
    """A quartile of sorted values, interpolated linearly between the two nearest (type 7 of Hyndman and Fan)."""
    place, rest = divmod((len(values) - 1) * quarters, 4)
    low = values[place]
    return low if not rest else low + (values[place + 1] - low) * rest / 4


def breaks_by_year(found: Sequence[Aggregate], language: Language) -> Mapping[int, tuple[str, ...]]:
    """The reasons why a figure of one group is not continued, by the year after the break."""
    reasons: dict[int, tuple[str, ...]] = {}
    stated = [each for each in found if each.stating]
    for before, after in pairwise(stated):
        sides = [ReportSummary("", None, None, "", each.year, form_of_year(each.year), "") for each in (before, after)]
        tables = dict.fromkeys((*before.sources, *after.sources))
        known = dict.fromkeys(each for table in tables for each in breaks_between(table, *sides))
        said = [each.reason(language) for each in known]
        if before.sources != after.sources and sides[0].form == sides[1].form:
            said.append(another_source(before.sources, after.sources, language))
        if said:
            reasons[after.year] = tuple(said)
    return reasons


def _aggregate(name: Name, year: int, group: str | None, reports: Sequence[ReportValues], of: Name | None) -> Aggregate:
    found = (report.figures[name] for report in reports if name in report.figures)
    figures = [figure for figure in found if figure.value is not None]
    values = sorted(figure.value for figure in figures if figure.value is not None)
    of_parts = {figure.parts: figure for figure in figures}  # a few different ones
    sources = sorted({source_table(figure) or name[0] for figure in of_parts.values()})
    share, both = _share(name, of, reports) if of else (None, None)
    median, lower, upper = (quantile(values, quarters) if values else None for quarters in (2, 1, 3))
    total = sum(values, Decimal(0)) if values else None
    return Aggregate(
        figure=figure_name(name),
        year=year,
        group=group,
        agencies=len(reports),
        stating=len(values),
        sum=total,
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        share=share,
        share_agencies=both,
        sources=tuple(sources),
        approximate=sum(figure.state == "approximate" for figure in figures),
        ocr=sum(figure.confidence is not None for figure in figures),
    )


def _share(name: Name, of: Name, reports: Sequence[ReportValues]) -> tuple[Decimal | None, int]:
    pairs = [
        (part.value, whole.value)
        for report in reports
        if (part := report.figures.get(name)) and (whole := report.figures.get(of))
        if part.value is not None and whole.value is not None
    ]
    part_sum, whole_sum = (sum((pair[place] for pair in pairs), Decimal(0)) for place in (0, 1))
    return (round(part_sum / whole_sum, 6) if whole_sum else None), len(pairs)
