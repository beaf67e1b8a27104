"""Trends: how often the years, or the agencies in each year, say something, and how much they say altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TextIO

from archive.errors import Language
from archive.export.csv import write_csv
from indexer.answers.data_version import DataVersion

State = Literal["said", "not_said", "no_report", "no_text"]

MARKS: dict[State, str] = {"not_said": "0", "no_report": "-", "no_text": "/"}
"""What stands in a matrix where nothing was counted: not said; no such report here; a report without text."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One year of one query; `year` None holds the reports without a year.

    `characters`, `all_sections` and `all_reports` are what there is of that year under the filters, to divide by:
    characters of what the query looks at (running text, table cells, or both), line feeds not counted. `occurrences`
    and what is made of it are None for a query without text.
    """

    year: int | None
    occurrences: int | None
    sections: int
    reports: int
    characters: int
    all_sections: int
    all_reports: int

    @property
    def per_10000(self) -> float | None:
        """Occurrences in 10,000 characters, None where there are no characters."""
        return per_10000(self.occurrences, self.characters)


@dataclass(frozen=True, slots=True)
class TrendSeries:
    """One query over the years."""

    query: str
    reading: str
    as_of: DataVersion
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One agency in one year: `count` occurrences, or sections for a query without text, None without a report."""

    year: int | None
    state: State
    count: int | None
    characters: int

    @property
    def per_10000(self) -> float | None:
        """The count in 10,000 characters, None where there are no characters."""
        return per_10000(self.count, self.characters)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One agency over the years."""

    agency: str
    name: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One query, agency by year. Every row has every year."""

    query: str
    reading: str
    as_of: DataVersion
    years: tuple[int | None, ...]
    rows: tuple[MatrixRow, ...]


def per_10000(count: int | None, characters: int) -> float | None:
    """A count in 10,000 characters, to four places; None where there is no count, or nothing to divide by."""
    return None if count is None or not characters else round(10_000 * count / characters, 4)


def series_json(found: TrendSeries) -> dict[str, object]:
    """One query over the years as plain values."""
    points = [asdict(point) | {"per_10000": point.per_10000} for point in found.points]
    return {"query": found.query, "reading": found.reading, "as_of": asdict(found.as_of), "points": points}


def write_trend_csv(file: TextIO, trend: Sequence[TrendSeries], language: Language) -> None:
    """Several queries over the years as CSV, a row for each query and year."""
    cells = ("year", "occurrences", "sections", "reports", "per_10000", "characters", "all_sections", "all_reports")
    rows = (
        (each.query, *(getattr(point, name) for name in cells), each.reading, each.as_of.sentence(language))
        for each in trend
        for point in each.points
    )
    write_csv(file, ("query", *cells, "reading", "as_of"), rows)


def matrix_json(found: Matrix) -> dict[str, object]:
    """The matrix as plain values."""
    return {
        "query": found.query,
        "reading": found.reading,
        "as_of": asdict(found.as_of),
        "years": [*found.years],
        "rows": [
            {
                "agency": row.agency,
                "name": row.name,
                "cells": [asdict(cell) | {"per_10000": cell.per_10000} for cell in row.cells],
            }
            for row in found.rows
        ],
    }


def write_matrix_csv(file: TextIO, matrices: Sequence[Matrix], language: Language) -> None:
    """Matrices over the same years as CSV, a row for each query and agency, with the marks of `MARKS`."""
    years = matrices[0].years if matrices else ()
    undated = "年份不明" if language == "zh" else "undated"
    columns = (undated if year is None else str(year) for year in years)
    rows = (
        (each.query, row.agency, row.name, *map(shown, row.cells), each.reading, each.as_of.sentence(language))
        for each in matrices
        for row in each.rows
    )
    write_csv(file, ["query", "agency", "name", *columns, "reading", "as_of"], rows)


def shown(cell: MatrixCell) -> str:
    """What stands in a cell: its count, or its mark."""
    return MARKS.get(cell.state, str(cell.count))
