"""Counts matches by year, and by agency and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from archive.model import Agency
from indexer.answers.trends import MatrixCell, MatrixRow, TrendPoint
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.ranking import years_of
from indexer.query.ast import Where


@dataclass(frozen=True, slots=True)
class YearTotals:
    """Sections, reports and characters by the code of a year, to divide by."""

    sections: list[int]
    reports: list[int]
    characters: list[int]


def totals_by_year(columns: Columns, where: Where, admitted: Bools) -> YearTotals | None:
    """Returns the totals of the sections that pass the filters; None for an index without years."""
    if "year" not in columns.facets:
        return None
    sections = np.flatnonzero(admitted)
    return YearTotals(*_counted(columns, sections), _summed(columns, sections, columns.characters[where][sections]))


def points(columns: Columns, result: ResultSet, totals: YearTotals | None) -> tuple[TrendPoint, ...]:
    """Returns a point for each year with sections that pass the filters, unknown years last."""
    if totals is None:
        return ()
    sections, values = np.flatnonzero(result.mask), columns.facets["year"].values
    occurrences: Sequence[int | None] = [None] * len(values)
    if result.has_text:
        occurrences = _summed(columns, *_occurrences(columns, result))
    years = [year if isinstance(year, int) else None for year in values]
    counts = (occurrences, *_counted(columns, sections), totals.characters, totals.sections, totals.reports)
    by_code = (TrendPoint(*each) for each in zip(years, *counts, strict=True))
    return tuple(sorted((p for p in by_code if p.all_sections), key=lambda p: (p.year is None, p.year or 0)))


def _counted(columns: Columns, sections: Ints) -> tuple[list[int], list[int]]:
    """Returns the numbers of sections and of their reports by year; sections are sorted."""
    facet, reports = columns.facets["year"], columns.reports[sections]
    codes = facet.codes[sections]  # a section has one year, so the rows of the facet are the sections
    first = np.append(True, reports[1:] != reports[:-1])[: len(reports)]
    size = len(facet.values)
    return _list(np.bincount(codes, minlength=size)), _list(np.bincount(codes[first], minlength=size))


def _summed(columns: Columns, sections: Ints, numbers: Ints) -> list[int]:
    """Returns the sums of the numbers of sections by year."""
    facet = columns.facets["year"]
    sums = np.bincount(facet.codes[sections], numbers, minlength=len(facet.values))
    return _list(sums.astype(np.int64))


def rows(
    columns: Columns, agencies: Iterable[Agency], result: ResultSet
) -> tuple[tuple[int | None, ...], tuple[MatrixRow, ...]]:
    """Returns the years from the first to the last, and a row for each agency with sections that pass the filters."""
    admitted, where = result.admitted, result.scope.where
    of_section = years_of(columns)
    present_years = of_section[admitted]
    dated = present_years[present_years >= 0]
    years: list[int | None] = [*range(int(dated.min()), int(dated.max()) + 1)] if len(dated) else []
    years += [None] * bool((present_years < 0).any())
    facet = columns.facets.get("agency")
    if facet is None:
        return (), ()
    width, size = len(years), len(years) * len(facet.values)
    column = np.where(of_section < 0, width - 1, of_section - (years[0] or 0)) if years else of_section
    inside = (column >= 0) & (column < width)
    places = np.where(inside, facet.codes * width + column, 0)
    written = columns.lengths[where] > (columns.headings[: columns.size] if where == "text" else 0)
    sections, counts = _occurrences(columns, result) if result.has_text else (np.flatnonzero(result.mask), None)
    counted = (
        np.bincount(places[sections], counts, minlength=size).astype(np.int64),
        np.bincount(places[admitted & written], minlength=size),
        np.bincount(places[inside], minlength=size),
        np.bincount(places[admitted], columns.characters[where][admitted], minlength=size).astype(np.int64),
    )
    present = {str(facet.values[code]): code * width for code in np.unique(facet.codes[admitted]).tolist()}
    return tuple(years), tuple(
        MatrixRow(agency.id, agency.name, tuple(_cells(years, [each[first : first + width] for each in counted])))
        for agency in agencies
        if (first := present.get(agency.id)) is not None
    )


def _cells(years: Sequence[int | None], counted: Sequence[Ints]) -> Iterator[MatrixCell]:
    """Yields the cells of one agency from its occurrences, sections with text, sections, and characters by year."""
    for year, count, texts, sections, characters in zip(years, *(each.tolist() for each in counted), strict=True):
        if count:
            yield MatrixCell(year, "said", count, characters)
        elif texts:
            yield MatrixCell(year, "not_said", 0, characters)
        else:
            yield MatrixCell(year, "no_text" if sections else "no_report", None, characters)


def _occurrences(columns: Columns, result: ResultSet) -> tuple[Ints, Ints]:
    """Returns the matching sections with occurrences, and their counts; a section may appear once for each leaf."""
    if len(result.leaves) > 1 and not result.disjoint:
        sections, counts, _ = columns.counted(result.occurrences.starts, result.scope.where)
        return sections, counts
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *(leaf.sections.take(rows) for leaf, rows in result.within)]),
        np.concatenate([none, *(leaf.counts.take(rows) for leaf, rows in result.within)]),
    )


def _list(numbers: Ints) -> list[int]:
    listed: list[int] = numbers.tolist()
    return listed
