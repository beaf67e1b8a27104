"""Wraps the results of the archive as tables for programs: records, data frames, JSON values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from archive.analysis.aggregates import Aggregate, AggregateRequest
from archive.analysis.compare import Comparison
from archive.analysis.computed import figure_name
from archive.analysis.coverage import CoverageCell
from archive.errors import GongkaiError, Language
from archive.export.csv import TableData
from archive.export.json import AGGREGATE, aggregate_json, comparison_json, coverage_json, figure_json, report_json
from archive.export.json_types import record
from archive.model import Figure, Report, ReportSummary
from archive.store.curation.notice_reviews import NO_REVIEWS, NoticeReviews
from indexer.answers.collocates import Collocates, collocates_table
from indexer.answers.concordance import Concordance, concordance_table
from indexer.answers.engine import Answer, Hit, SentenceList, Total
from indexer.answers.json import COLLOCATES, CONCORDANCE, answer_json
from indexer.answers.trends import Matrix, TrendSeries, trend_table

if TYPE_CHECKING:
    import pandas as pd

HIT_CELLS = ("report", "agency", "agency_name", "year", "section", "heading", "title", "url", "score", "occurrences")


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
    def document(self) -> object:
        """Returns the document of `to_json`, with dataclasses and dates in it."""

    def to_json(self) -> Any:
        """Returns the document that the command line prints with `--json`, as plain values."""
        return msgspec.json.decode(msgspec.json.encode(self.document()))

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
    once: SentenceList | None = None
    """The hits, those with identical sentences once; None if every hit is listed."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(entry.hit for entry in self.once.entries) if self.once else self.answer.hits

    @property
    def total(self) -> Total:
        return self.answer.total

    @property
    def data_version(self) -> str:
        seed = self.answer.sample.seed if self.answer.sample else None
        return self.answer.as_of.listing(self.language, self.total.sections, len(self.hits), "sections", seed)

    def table(self) -> TableData:
        stamp = (self.answer.query, self.answer.reading, self.data_version)
        values = attrgetter(*HIT_CELLS)
        cells = ((*values(hit), "…".join(snippet.text for snippet in hit.snippets)) for hit in self.hits)
        if self.once is None:
            return (*HIT_CELLS, "snippet", "query", "reading", "as_of"), ((*each, *stamp) for each in cells)
        same = ((entry.reports, entry.first_year) for entry in self.once.entries)
        rows = ((*each, *other, *stamp) for each, other in zip(cells, same, strict=True))
        return (*HIT_CELLS, "snippet", "reports", "first_year", "query", "reading", "as_of"), rows

    def document(self) -> object:
        return answer_json(self.answer, self.once)


@dataclass(frozen=True, slots=True)
class ConcordanceResult(Result):
    """The occurrences of a query with their context; one record an occurrence."""

    concordance: Concordance
    language: Language = "zh"

    @property
    def data_version(self) -> str:
        return self.concordance.counted_on(self.language)

    def table(self) -> TableData:
        return concordance_table(self.concordance, self.language)

    def document(self) -> object:
        return record(CONCORDANCE, self.concordance)


@dataclass(frozen=True, slots=True)
class CollocatesResult(Result):
    """The words near the occurrences of a query; one record a word, or a word and year."""

    collocates: Collocates
    language: Language = "zh"
    by_year: bool = False

    @property
    def data_version(self) -> str:
        return self.collocates.as_of.sentence(self.language, full=True)

    def table(self) -> TableData:
        return collocates_table(self.collocates, self.language, by_year=self.by_year)

    def document(self) -> object:
        return record(COLLOCATES, self.collocates)


@dataclass(frozen=True, slots=True)
class TrendResult(Result):
    """Counts by year; one record for each query and year."""

    series: tuple[TrendSeries, ...]
    language: Language = "zh"

    @property
    def data_version(self) -> str:
        return self.series[0].as_of.sentence(self.language, full=True) if self.series else ""

    def table(self) -> TableData:
        return trend_table(self.series, self.language)

    def document(self) -> object:
        return self.series


@dataclass(frozen=True, slots=True)
class MatrixResult(Result):
    """Counts by agency and year; one record for each agency and year.

    `state` is `said`, `not_said`, `no_report` or `no_text`; `count` is None without a report.
    """

    matrix: Matrix
    language: Language = "zh"

    @property
    def data_version(self) -> str:
        return self.matrix.as_of.sentence(self.language, full=True)

    def table(self) -> TableData:
        cells = ("year", "state", "count", "characters", "per_10000")
        values, stamp = attrgetter(*cells), (self.matrix.query, self.matrix.reading, self.data_version)
        rows = ((row.agency, row.name, *values(cell), *stamp) for row in self.matrix.rows for cell in row.cells)
        return ("agency", "name", *cells, "query", "reading", "as_of"), rows

    def document(self) -> object:
        return self.matrix


@dataclass(frozen=True, slots=True)
class ReportResult(Result):
    """One report; one record a section."""

    report: Report
    data_version: str
    language: Language = "zh"
    reviews: NoticeReviews = NO_REVIEWS

    def table(self) -> TableData:
        cells, report = ["code", "anchor", "heading", "text"], self.report
        rows = (
            (report.agency, report.year, *row, self.data_version) for row in map(attrgetter(*cells), report.sections)
        )
        return ("agency", "year", *cells, "as_of"), rows

    def document(self) -> object:
        return report_json(self.report, self.language, self.reviews)


@dataclass(frozen=True, slots=True)
class FigureTable(Result):
    """Figures of statutory tables and sentences; one record a figure."""

    rows: tuple[tuple[ReportSummary, Figure], ...]
    data_version: str

    def table(self) -> TableData:
        cells = ["agency", "year", "form", "table", "row", "column", "value", "printed", "state", "basis", "unit"]
        rows = (
            (*(each[name] for name in cells), each.get("confidence"), _checks(each["check"]), self.data_version)
            for each in self._figures()
        )
        return (*cells, "confidence", "check", "as_of"), rows

    def to_records(self) -> list[dict[str, Any]]:
        """Returns one flat dictionary for each figure; `value` is a number, None where none is printed or readable."""
        return [each | {"value": _number(each["value"])} for each in Result.to_records(self)]

    def document(self) -> object:
        return {"as_of": self.data_version, "figures": self._figures()}

    def _figures(self) -> list[dict[str, Any]]:
        return [
            {"agency": report.agency, "year": report.year, "form": report.form, **figure_json(figure)}
            for report, figure in self.rows
        ]


@dataclass(frozen=True, slots=True)
class AggregateResult(Result):
    """Figures over agencies; one record for each figure, year and group."""

    request: AggregateRequest
    aggregates: tuple[Aggregate, ...]
    data_version: str

    def table(self) -> TableData:
        names = tuple(AGGREGATE.__annotations__)
        rows = (
            (*(each[name] if name != "sources" else "; ".join(each[name]) for name in names), self.data_version)
            for each in map(aggregate_json, self.aggregates)
        )
        return (*names, "as_of"), rows

    def to_records(self) -> list[dict[str, Any]]:
        """Returns one flat dictionary for each aggregate, with numbers as numbers."""
        numbers = ("sum", "median", "lower_quartile", "upper_quartile", "share")
        return [each | {name: _number(each[name]) for name in numbers} for each in Result.to_records(self)]

    def document(self) -> object:
        of = figure_name(self.request.of) if self.request.of else None
        return {
            "as_of": self.data_version,
            "by": self.request.by,
            "of": of,
            "aggregates": [aggregate_json(each) for each in self.aggregates],
        }


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
        return ("fate", "section_before", "section_after", "before", "after", "numbers_only", "as_of"), rows

    def document(self) -> object:
        return comparison_json(self.comparison, self.language)


@dataclass(frozen=True, slots=True)
class CoverageResult(Result):
    """What the archive holds; one record for each agency and year."""

    cells: tuple[CoverageCell, ...]
    data_version: str

    def table(self) -> TableData:
        names = ("agency", "year", "state", "duplicate")
        return (*names, "as_of"), ((*row, self.data_version) for row in map(attrgetter(*names), self.cells))

    def document(self) -> object:
        return coverage_json(self.cells, self.data_version)


def _number(value: str | None) -> int | float | None:
    return None if value is None else float(value) if "." in value else int(value)


def _checks(check: dict[str, str]) -> str:
    return "; ".join(f"{name}={result}" for name, result in check.items())
