"""Counts matches by year, and by agency and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    empty = [MatrixCell(year, "no_report", None, 0) for year in years]  # most cells of a large archive
    present = np.bincount(facet.codes[admitted], minlength=len(facet.values)).tolist()
    cells = {str(value): [*empty] for value, sections_of in zip(facet.values, present, strict=True) if sections_of}
    filled = np.flatnonzero(counted[2])
    for place, *numbers in zip(filled.tolist(), *(each[filled].tolist() for each in counted), strict=True):
        code, at = divmod(place, width)
        if row := cells.get(str(facet.values[code])):
            row[at] = _cell(years[at], *numbers)
    return tuple(years), tuple(
        MatrixRow(agency.id, agency.name, tuple(row)) for agency in agencies if (row := cells.get(agency.id))
    )


def _cell(year: int | None, count: int, texts: int, sections: int, characters: int) -> MatrixCell:
    """The cell of an agency with a report, from its occurrences, sections with text, sections, and characters."""
    if count:
        return MatrixCell(year, "said", count, characters)
    return MatrixCell(year, "not_said", 0, characters) if texts else MatrixCell(year, "no_text", None, characters)


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
