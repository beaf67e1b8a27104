"""Wraps the results of the archive as tables for programs: records, data frames, JSON values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from archive.analysis.compare import Comparison
from archive.analysis.coverage import CoverageCell
from archive.errors import GongkaiError, Language
from archive.export.json import comparison_json, figure_json, report_json
from archive.model import Figure, Report, ReportSummary
from indexer.answers.concordance import ConcordanceLine
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Answer, Hit, Total
from indexer.answers.json import answer_json
from indexer.answers.trends import Matrix, TrendSeries, matrix_json, series_json

if TYPE_CHECKING:
    import pandas as pd

TableData = tuple[Sequence[str], Iterable[Sequence[object]]]
"""Column names, and rows of values in their order."""


class Result(ABC):
    """A result that is a table. The last column, `as_of`, names the data version."""

    @property
    @abstractmethod
    def data_version(self) -> str:
        """The catalogue revision or index generation, in words, on one line."""

    @abstractmethod
    def table(self) -> TableData:
        """Returns the columns and rows, with the columns of the CSV file where the command line writes one."""

    @abstractmethod
    def to_json(self) -> Any:
        """Returns the document that the command line prints with `--json`, as plain values."""

    def to_records(self) -> list[dict[str, Any]]:
        """Returns one flat dictionary for each row."""
        columns, rows = self.table()
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def to_pandas(self) -> pd.DataFrame:
        """Returns a data frame with one row for each record.

        Raises:
            GongkaiError: if pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 (optional)
        except ImportError as error:
            raise GongkaiError(
                "没有安装 pandas。请运行 pip install 'gongkai[pandas]'。",
                "pandas is not installed. Run pip install 'gongkai[pandas]'.",
            ) from error
        return pd.DataFrame(self.to_records(), columns=list(self.table()[0]))


@dataclass(frozen=True, slots=True)
class SearchResult(Result):
    """The sections that match a query; one record a section."""

    answer: Answer
    language: Language = "zh"

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.answer.hits

    @property
    def total(self) -> Total:
        return self.answer.total

    @property
    def data_version(self) -> str:
        seed = self.answer.sample.seed if self.answer.sample else None
        return self.answer.as_of.listing(self.language, self.total.sections, len(self.hits), "sections", seed)

    def table(self) -> TableData:
        cells = (
            "report",
            "agency",
            "agency_name",
            "year",
            "section",
            "heading",
            "title",
            "url",
            "score",
            "occurrences",
        )
        stamp = (self.answer.query, self.answer.reading, self.data_version)
        rows = (
            (*(getattr(hit, name) for name in cells), "…".join(snippet.text for snippet in hit.snippets), *stamp)
            for hit in self.hits
        )
        return (*cells, "snippet", "query", "reading", "as_of"), rows

    def to_json(self) -> dict[str, Any]:
        return dict(answer_json(self.answer))


@dataclass(frozen=True, slots=True)
class ConcordanceResult(Result):
    """The occurrences of a query with their context; one record an occurrence."""

    query: str
    reading: str
    as_of: DataVersion
    total: int
    lines: tuple[ConcordanceLine, ...]
    data_version: str

    def table(self) -> TableData:
        cells = ("left", "hit", "right", "agency", "agency_name", "year", "section", "heading", "url")
        stamp = (self.query, self.reading, self.data_version)
        rows = ((*(getattr(line, name) for name in cells), *stamp) for line in self.lines)
        return (*cells, "query", "reading", "as_of"), rows

    def to_json(self) -> dict[str, Any]:
        head = {"query": self.query, "reading": self.reading, "as_of": asdict(self.as_of), "total": self.total}
        return {**head, "shown": len(self.lines), "lines": [asdict(line) for line in self.lines]}


@dataclass(frozen=True, slots=True)
class TrendResult(Result):
    """Counts by year; one record for each query and year."""

    series: tuple[TrendSeries, ...]
    language: Language = "zh"

    @property
    def data_version(self) -> str:
        return self.series[0].as_of.sentence(self.language) if self.series else ""

    def table(self) -> TableData:
        cells = ("year", "occurrences", "sections", "reports", "per_10000", "characters", "all_sections", "all_reports")
        rows = (
            (each.query, *(getattr(point, name) for name in cells), each.reading, self.data_version)
            for each in self.series
            for point in each.points
        )
        return ("query", *cells, "reading", "as_of"), rows

    def to_json(self) -> list[dict[str, Any]]:
        return [series_json(each) for each in self.series]


@dataclass(frozen=True, slots=True)
class MatrixResult(Result):
    """Counts by agency and year; one record for each agency and year.

    `state` is `said`, `not_said`, `no_report` or `no_text`; `count` is None without a report.
    """

    matrix: Matrix
    language: Language = "zh"

    @property
    def data_version(self) -> str:
        return self.matrix.as_of.sentence(self.language)

    def table(self) -> TableData:
        stamp = (self.matrix.query, self.matrix.reading, self.data_version)
        rows = (
            (row.agency, row.name, cell.year, cell.state, cell.count, cell.characters, cell.per_10000, *stamp)
            for row in self.matrix.rows
            for cell in row.cells
        )
        columns = ("agency", "name", "year", "state", "count", "characters", "per_10000", "query", "reading", "as_of")
        return columns, rows

    def to_json(self) -> dict[str, Any]:
        return matrix_json(self.matrix)


@dataclass(frozen=True, slots=True)
class ReportResult(Result):
    """One report; one record a section."""

    report: Report
    data_version: str
    language: Language = "zh"

    def table(self) -> TableData:
        cells = ("code", "anchor", "heading", "text")
        report = self.report
        rows = (
            (report.agency, report.year, *(getattr(section, name) for name in cells), self.data_version)
            for section in report.sections
        )
        return ("agency", "year", *cells, "as_of"), rows

    def to_json(self) -> dict[str, Any]:
        return report_json(self.report, self.language)


@dataclass(frozen=True, slots=True)
class FigureTable(Result):
    """Figures of statutory tables and sentences; one record a figure."""

    rows: tuple[tuple[ReportSummary, Figure], ...]
    data_version: str

    def table(self) -> TableData:
        cells = ("agency", "year", "form", "table", "row", "column", "value", "printed", "state", "basis", "unit")
        rows = (
            (*(document[name] for name in cells), _checks(document["check"]), self.data_version)
            for document in self._documents()
        )
        return (*cells, "check", "as_of"), rows

    def to_records(self) -> list[dict[str, Any]]:
        """Returns one flat dictionary for each figure; `value` is a number, None where none is printed or readable."""
        return [each | {"value": _number(each["value"])} for each in Result.to_records(self)]

    def to_json(self) -> dict[str, Any]:
        return {"as_of": self.data_version, "figures": self._documents()}

    def _documents(self) -> list[dict[str, Any]]:
        return [
            {"agency": report.agency, "year": report.year, "form": report.form, **figure_json(figure)}
            for report, figure in self.rows
        ]


@dataclass(frozen=True, slots=True)
class ComparisonResult(Result):
    """Two reports of one agency; one record a paragraph."""

    comparison: Comparison
    data_version: str
    language: Language = "zh"

    def table(self) -> TableData:
        rows = (
            (
                line.fate,
                line.before and line.before.section,
                line.after and line.after.section,
                line.before and line.before.text,
                line.after and line.after.text,
                line.numbers_only,
                self.data_version,
            )
            for pair in self.comparison.sections
            for line in pair.lines
        )
        columns = ("fate", "section_before", "section_after", "before", "after", "numbers_only", "as_of")
        return columns, rows

    def to_json(self) -> dict[str, Any]:
        return comparison_json(self.comparison, self.language)


@dataclass(frozen=True, slots=True)
class CoverageResult(Result):
    """What the archive holds; one record for each agency and year."""

    cells: tuple[CoverageCell, ...]
    data_version: str

    def table(self) -> TableData:
        rows = ((cell.agency, cell.year, cell.state, cell.duplicate, self.data_version) for cell in self.cells)
        return ("agency", "year", "state", "duplicate", "as_of"), rows

    def to_json(self) -> dict[str, Any]:
        cells: list[dict[str, object]] = []
        for cell in self.cells:
            duplicate = {"duplicate": True} if cell.duplicate else {}
            cells.append({"agency": cell.agency, "year": cell.year, "state": cell.state, **duplicate})
        return {"as_of": self.data_version, "cells": cells}


def _number(value: str | None) -> int | float | None:
    return None if value is None else float(value) if "." in value else int(value)


def _checks(check: dict[str, str]) -> str:
    return "; ".join(f"{name}={result}" for name, result in check.items())
