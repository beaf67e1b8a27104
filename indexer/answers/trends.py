"""Trends: how often the years, or the agencies in each year, say something, and how much they say altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from archive.errors import Language
from archive.export.csv import TableData
from archive.export.json_types import Count
from archive.vocabulary import form_changes, form_label
from indexer.answers.data_version import DataVersion

State = Literal["said", "not_said", "no_report", "no_text"]

MARKS: dict[State, str] = {"not_said": "0", "no_report": "-", "no_text": "/"}
"""The marks of cells without a count: no mention, no such report, and a report without text."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One year of one query; `year` None holds the reports without a year.

    `characters`, `all_sections` and `all_reports` are what there is of that year under the filters, to divide by:
    characters of what the query looks at (running text, table cells, or both), line feeds not counted. `occurrences`
    and what is made of it are None for a query without text.
    """

    year: int | None
    occurrences: Count | None
    sections: Count
    reports: Count
    characters: Count
    all_sections: Count
    all_reports: Count
    per_10000: float | None = field(init=False)
    """Occurrences in 10,000 characters, None where there are no characters."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "per_10000", per_10000(self.occurrences, self.characters))


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
    count: Count | None
    characters: Count
    per_10000: float | None = field(init=False)
    """The count in 10,000 characters, None where there are no characters."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "per_10000", per_10000(self.count, self.characters))


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


def trend_table(trend: Sequence[TrendSeries], language: Language) -> TableData:
    """Several queries over the years, a row for each query and year; `note` marks the years with another form."""
    cells = ("year", "occurrences", "sections", "reports", "per_10000", "characters", "all_sections", "all_reports")
    rows = (
        (each.query, *row, form_note(row[0], language), each.reading, each.as_of.sentence(language, full=True))
        for each in trend
        for row in map(attrgetter(*cells), each.points)
    )
    return ("query", *cells, "note", "reading", "as_of"), rows


def form_note(year: int | None, language: Language) -> str | None:
    """States that reports have another form from this year on; None for other years."""
    if year is None or (form := form_changes().get(year)) is None:
        return None
    label = form_label(form, language)
    return f"报告格式改变：{label}" if language == "zh" else f"change of form: {label}"


def matrix_table(matrices: Sequence[Matrix], language: Language) -> TableData:
    """Matrices over the same years, a row for each query and agency, with the marks of `MARKS`."""
    years = matrices[0].years if matrices else ()
    undated = "年份不明" if language == "zh" else "undated"
    columns = (undated if year is None else str(year) for year in years)
    rows = (
        (
            each.query,
            row.agency,
            row.name,
            *map(shown, row.cells),
            each.reading,
            each.as_of.sentence(language, full=True),
        )
        for each in matrices
        for row in each.rows
    )
    return ("query", "agency", "name", *columns, "reading", "as_of"), rows


def shown(cell: MatrixCell) -> str:
    """The text of a cell: its count, or its mark."""
    return MARKS.get(cell.state, str(cell.count))
