"""What was matched, counted by year, and by agency and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from archive import Agency
from indexer.engines.whoosh.columns import Bools, Columns, Ints
from indexer.engines.whoosh.matching import Matched
from indexer.engines.whoosh.order import years_of
from indexer.trends import Cell, Point, Row


def points(columns: Columns, matched: Matched) -> tuple[Point, ...]:
    """A point for each year that sections admitted by the filters have, the undated last."""
    found, admitted, where = matched.found, matched.admitted, matched.scope.where
    years = years_of(columns)
    kinds, codes = np.unique(years, return_inverse=True)
    report_codes = np.zeros(_reports(columns), np.int64)
    report_codes[columns.reports] = codes

    def sections(which: Bools) -> list[int]:
        return _list(np.bincount(codes[which], minlength=len(kinds)))

    def reports(which: Bools) -> list[int]:
        return _list(np.bincount(report_codes[np.unique(columns.reports[which])], minlength=len(kinds)))

    said: Sequence[int | None] = [None] * len(kinds)
    if matched.has_text:
        said = np.bincount(codes[columns.sections_of(matched.occurrences[0])], minlength=len(kinds)).tolist()
    characters = np.bincount(codes, columns.characters[where] * admitted, minlength=len(kinds)).astype(np.int64)
    dated = [None if year < 0 else year for year in kinds.tolist()]
    counted = (said, sections(found), reports(found), characters.tolist(), sections(admitted), reports(admitted))
    made = (Point(*each) for each in zip(dated, *counted, strict=True))
    return tuple(sorted((p for p in made if p.all_sections), key=lambda p: (p.year is None, p.year or 0)))


def rows(
    columns: Columns, agencies: Iterable[Agency], matched: Matched
) -> tuple[tuple[int | None, ...], tuple[Row, ...]]:
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
    said = columns.sections_of(matched.occurrences[0]) if matched.has_text else np.flatnonzero(found)
    counted = (
        np.bincount(places[said], minlength=size),
        np.bincount(places[admitted & written], minlength=size),
        np.bincount(places[inside], minlength=size),
        np.bincount(places[admitted], columns.characters[where][admitted], minlength=size).astype(np.int64),
    )
    present = {str(facet.values[code]): code * width for code in np.unique(facet.codes[admitted]).tolist()}
    return tuple(years), tuple(
        Row(agency.id, agency.name, tuple(_cells(years, [each[first : first + width] for each in counted])))
        for agency in agencies
        if (first := present.get(agency.id)) is not None
    )


def _cells(years: Sequence[int | None], counted: Sequence[Ints]) -> Iterator[Cell]:
    """The cells of one agency; counted are occurrences, sections with text, sections at all, and characters."""
    for year, count, texts, sections, characters in zip(years, *(each.tolist() for each in counted), strict=True):
        if count:
            yield Cell(year, "said", count, characters)
        elif texts:
            yield Cell(year, "not_said", 0, characters)
        else:
            yield Cell(year, "no_text" if sections else "no_report", None, characters)


def _reports(columns: Columns) -> int:
    return int(columns.reports[-1]) + 1 if columns.size else 0


def _list(numbers: Ints) -> list[int]:
    listed: list[int] = numbers.tolist()
    return listed
