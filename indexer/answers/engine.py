"""What any search engine of the archive is asked and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.data_version import DataVersion
from indexer.answers.trends import Matrix, TrendSeries
from indexer.query.request import Request


@dataclass(frozen=True, slots=True)
class Total:
    """Exact totals. `occurrences` is None for a query without any text in it, 0 when text was asked and not found.

    `reports_without_figure` counts the reports of which nobody knows whether they match, because they do not state a
    figure that the query puts a condition on; None without any condition. They are in no other total.
    """

    sections: int
    reports: int
    occurrences: int | None
    reports_without_figure: int | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of sections that have it; `value` None means no year."""

    value: int | str | None
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of running text; `marks` are code-point offsets into it, end exclusive."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One section that matches. `report` is `AGENCY/YEAR`, `url` the address of the section on the site."""

    report: str
    agency: str
    agency_name: str
    year: int | None
    section: str
    anchor: str
    heading: str | None
    title: str
    url: str
    score: float
    occurrences: int | None
    snippets: tuple[Snippet, ...]

    @property
    def key(self) -> str:
        """The last part of `report`: the year, or `undated-…`."""
        return self.report.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to read one or two plain words, as a query of its own, with its totals under the same filters.

    `kind` is `words` (as asked), `exact` (exactly these characters) or `whole` (as whole words).
    """

    kind: Literal["words", "exact", "whole"]
    query: str
    reading: str
    total: Total


@dataclass(frozen=True, slots=True)
class Sample:
    """Hits that were drawn at random: so many at most, the same ones for the same seed."""

    size: int
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person or a program gets back; `reading` says in words how the query was understood.

    `readings` are the ways in which one or two plain words can be read, the one that was taken first; else empty.
    `sample` says that the hits were drawn, and not the totals.
    """

    query: str
    reading: str
    as_of: DataVersion
    total: Total
    facets: Mapping[str, tuple[FacetValue, ...]]
    hits: tuple[Hit, ...]
    readings: tuple[Alternative, ...] = ()
    sample: Sample | None = None


class Engine(Protocol):
    """An index that can be asked. A query, or a filter, that cannot be read raises `QueryError`."""

    @property
    def as_of(self) -> DataVersion:
        """What its answers are counted on."""
        ...

    def search(self, request: Request) -> Answer:
        """The answer to a request: totals and facets over all matches, hits for the page asked."""
        ...

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """The values of one facet that fit what was typed: the way to those too rare to be listed."""
        ...

    def concordance(
        self, request: Request, order: ConcordanceOrder = "agency", width: int | None = None, most: int | None = None
    ) -> Concordance:
        """Every occurrence that the answer counts, line by line.

        Args:
            request: the query and its filters; sort, limit, offset and sample are about sections and not used.
            order: how lines are sorted; lines that are alike there stand in the order of reports.
            width: characters of context on each side; None gives whole sentences.
            most: lines that are given at most; None gives all.
        """
        ...

    def series(self, request: Request) -> TrendSeries:
        """Occurrences, sections and reports by year, and what to divide them by."""
        ...

    def matrix(self, request: Request) -> Matrix:
        """How often it is said, agency by year, with different marks for where it is not."""
        ...
