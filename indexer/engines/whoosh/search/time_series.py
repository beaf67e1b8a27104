"""What was matched, counted by year, and by agency and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from archive.model import Agency
from indexer.answers.trends import MatrixCell, MatrixRow, TrendPoint
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.ranking import years_of
from indexer.engines.whoosh.search.result_set import ResultSet
from indexer.query.ast import Where


@dataclass(frozen=True, slots=True)
class YearColumn:
    """What sections there are, by the code of their year: sections, reports, and characters of what is looked at."""

    sections: list[int]
    reports: list[int]
    characters: list[int]


def by_year(columns: Columns, where: Where, admitted: Bools) -> YearColumn | None:
    """What the filters admit of each year; None for an index without years. No query changes it."""
    if "year" not in columns.facets:
        return None
    held = np.flatnonzero(admitted)
    return YearColumn(*_counted(columns, held), _summed(columns, held, columns.characters[where][held]))


def points(columns: Columns, matched: ResultSet, whole: YearColumn | None) -> tuple[TrendPoint, ...]:
    """A point for each year that sections admitted by the filters have, the undated last; `whole` is all of these."""
    if whole is None:
        return ()
    found, values = np.flatnonzero(matched.found), columns.facets["year"].values
    said: Sequence[int | None] = [None] * len(values)
    if matched.has_text:
        said = _summed(columns, *_occurrences(columns, matched))
    years = [year if isinstance(year, int) else None for year in values]
    counted = (said, *_counted(columns, found), whole.characters, whole.sections, whole.reports)
    made = (TrendPoint(*each) for each in zip(years, *counted, strict=True))
    return tuple(sorted((p for p in made if p.all_sections), key=lambda p: (p.year is None, p.year or 0)))


def _counted(columns: Columns, sections: Ints) -> tuple[list[int], list[int]]:
    """How many sections, and how many of their reports, each year has; sections are in order."""
    facet, reports = columns.facets["year"], columns.reports[sections]
    codes = facet.codes[sections]  # a section has one year, so the rows of the facet are the sections themselves
    first = np.append(True, reports[1:] != reports[:-1])[: len(reports)]
    size = len(facet.values)
    return _list(np.bincount(codes, minlength=size)), _list(np.bincount(codes[first], minlength=size))


def _summed(columns: Columns, sections: Ints, numbers: Ints) -> list[int]:
    """What the numbers of some sections add up to in each year."""
    facet = columns.facets["year"]
    sums = np.bincount(facet.codes[sections], numbers, minlength=len(facet.values))
    return _list(sums.astype(np.int64))


def rows(
    columns: Columns, agencies: Iterable[Agency], matched: ResultSet
) -> tuple[tuple[int | None, ...], tuple[MatrixRow, ...]]:
    """The years from the first to the last, and a row for each agency that has a section admitted by the filters."""
    found, admitted, where = matched.found, matched.admitted, matched.scope.where
    of_section = years_of(columns)
    held = of_section[admitted]
    dated = held[held >= 0]
    years: list[int | None] = [*range(int(dated.min()), int(dated.max()) + 1)] if len(dated) else []
    years += [None] * bool((held < 0).any())
    facet = columns.facets.get("agency")
    if facet is None:
        return (), ()
    width, size = len(years), len(years) * len(facet.values)
    column = np.where(of_section < 0, width - 1, of_section - (years[0] or 0)) if years else of_section
    inside = (column >= 0) & (column < width)
    places = np.where(inside, facet.codes * width + column, 0)
    written = columns.lengths[where] > (columns.headings[: columns.size] if where == "text" else 0)
    said, counts = _occurrences(columns, matched) if matched.has_text else (np.flatnonzero(found), None)
    counted = (
        np.bincount(places[said], counts, minlength=size).astype(np.int64),
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
    """The cells of one agency; counted are occurrences, sections with text, sections at all, and characters."""
    for year, count, texts, sections, characters in zip(years, *(each.tolist() for each in counted), strict=True):
        if count:
            yield MatrixCell(year, "said", count, characters)
        elif texts:
            yield MatrixCell(year, "not_said", 0, characters)
        else:
            yield MatrixCell(year, "no_text" if sections else "no_report", None, characters)


def _occurrences(columns: Columns, matched: ResultSet) -> tuple[Ints, Ints]:
    """The sections found that hold occurrences, with how many; one may come several times, once for each leaf."""
    if len(matched.leaves) > 1 and not matched.disjoint:
        sections, counts, _ = columns.counted(matched.occurrences.starts, matched.scope.where)
        return sections, counts
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *(leaf.sections.take(held) for leaf, held in matched.within)]),
        np.concatenate([none, *(leaf.counts.take(held) for leaf, held in matched.within)]),
    )


def _list(numbers: Ints) -> list[int]:
    listed: list[int] = numbers.tolist()
    return listed
