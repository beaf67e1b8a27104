"""The protocol of a search engine, and the types of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from archive.errors import Language
from archive.export.json_types import Count
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.data_version import DataVersion
from indexer.answers.hints.named_agencies import NamedAgencies
from indexer.answers.suggest import DistinctiveKeyword, Kind, Suggestion
from indexer.answers.trends import Matrix, TrendSeries
from indexer.query.request import Request


@dataclass(frozen=True, slots=True)
class Total:
    """Exact totals. `occurrences` is None for a query without text.

    `reports_without_figure` counts the reports that do not state a figure on which the query has a condition. They are
    in no other total. It is None for a query without conditions.
    """

    sections: Count
    reports: Count
    occurrences: Count | None
    reports_without_figure: Count | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and the number of its sections; the value None is a year that is unknown."""

    value: int | str | None
    label: str
    count: Count


@dataclass(frozen=True, slots=True)
class Snippet:
    """An extract of a text; `marks` are code-point offsets into it, ends exclusive."""

    text: str
    marks: tuple[tuple[Count, Count], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching section. `report` is `AGENCY/YEAR`, `url` the address of the section on the site."""

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
    occurrences: Count | None
    snippets: tuple[Snippet, ...]

    @property
    def key(self) -> str:
        """The last part of `report`: the year, or `undated-…`."""
        return self.report.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Alternative:
    """An interpretation of one or two plain words, as a query with its totals under the same filters.

    `kind` is `words` (as typed), `exact` (exactly these characters) or `whole` (as whole words).
    """

    kind: Literal["words", "exact", "whole"]
    query: str
    reading: str
    total: Total


@dataclass(frozen=True, slots=True)
class Correction:
    """A query with matches that a query without any may mean: `proposed` instead of `written`, with its totals."""

    query: str
    written: str
    proposed: str
    total: Total


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of at most `size` hits, the same for the same seed."""

    size: Count
    seed: Count


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request; `reading` explains how the query is interpreted.

    `readings` are the interpretations of one or two plain words, the one in effect first. `sample` is set if the hits
    are a sample; the totals always cover all matches. `agencies` are those that the words of the query name,
    `did_you_mean` corrections of a query without matches; neither is ever applied.
    """

    query: str
    reading: str
    as_of: DataVersion
    total: Total
    facets: Mapping[str, tuple[FacetValue, ...]]
    hits: tuple[Hit, ...]
    readings: tuple[Alternative, ...] = ()
    sample: Sample | None = None
    agencies: NamedAgencies | None = None
    did_you_mean: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """A section with the same sentences; `report` is `AGENCY/YEAR`."""

    report: str
    agency: str
    key: str
    agency_name: str
    year: int | None
    anchor: str


@dataclass(frozen=True, slots=True)
class SentenceEntry:
    """The first of the hits with the same sentences, in the order of the request.

    `reports` and `first_year` are those of all of them; `others` are the first ones of the rest.
    """

    hit: Hit
    reports: Count
    first_year: int | None
    others: tuple[SentencePlace, ...]
    more: Count
    """How many hits `others` leaves out."""


@dataclass(frozen=True, slots=True)
class SentenceList:
    """One page of entries; `total` counts the entries of all pages."""

    entries: tuple[SentenceEntry, ...]
    total: Count


class Engine(Protocol):
    """A search engine. Its methods raise `QueryError` for a query or a filter that cannot be read."""

    @property
    def as_of(self) -> DataVersion: ...

    @property
    def revision(self) -> int:
        """The revision of the catalogue that is indexed."""
        ...

    def search(self, request: Request) -> Answer:
        """Returns totals and facets of all matches, and one page of hits."""
        ...

    def every_hit(self, request: Request) -> Iterator[Hit]:
        """Returns an iterator over all hits from the offset on, or those of the sample; the limit is not used."""
        ...

    def is_repetitive(self, request: Request) -> bool:
        """Returns whether more than half of a page of hits have the sentences of another hit of the page."""
        ...

    def collapsed(self, request: Request) -> SentenceList:
        """Returns one page of hits without those that have the sentences of an earlier one.

        The sentences of a hit are those with an occurrence below its heading, in the normal form. A hit without such
        an occurrence, or with more than five, is listed by itself.
        """
        ...

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """Returns the values of a facet that fit an input by characters, pinyin or initials, however rare."""
        ...

    def concordance(
        self,
        request: Request,
        order: ConcordanceOrder = "agency",
        width: int | None = None,
        most: int | None = None,
        collocate: CollocateFilter | None = None,
    ) -> Concordance:
        """Returns every occurrence with its context.

        Args:
            request: the query and its filters; sort, limit, offset and sample are not used.
            order: how lines are sorted; equal lines stay in the order of reports.
            width: characters of context on each side; None gives whole sentences.
            most: the number of lines returned; None gives all.
            collocate: lists this word near the occurrences, and not the occurrences: as many lines as `collocates`
                counts.
        """
        ...

    def collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        """Returns the words near occurrences, compared with all words of the texts.

        The texts are those that pass the filters, and the parts of the query that contain no text (`year:2016`).

        Raises:
            InvalidRequest: for more occurrences than are counted.
        """
        ...

    def series(self, request: Request) -> TrendSeries:
        """Returns occurrences, sections and reports by year, with the totals to divide by."""
        ...

    def matrix(self, request: Request) -> Matrix:
        """Returns the occurrences by agency and year."""
        ...

    def suggest(
        self,
        typed: str,
        language: Language = "zh",
        most: int = 10,
        kind: Kind | None = None,
        line: str | None = None,
    ) -> tuple[Suggestion, ...]:
        """Returns the reports, agencies, sections, phrases and keywords that an input may mean, best first.

        Args:
            typed: the beginning or any characters of a name, or its pinyin or initials.
            language: the language of section names.
            most: the number of suggestions.
            kind: the kind of all suggestions.
            line: the whole input that `typed` is a word of; it names agencies and reports, else the word does.
        """
        ...

    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        """Returns the sections most similar to the one at an address, best first; empty for an unknown address."""
        ...

    def distinctive(self, request: Request, most: int = 20) -> tuple[DistinctiveKeyword, ...]:
        """Returns the keywords that are more frequent in a result than in the archive: to explore, not to cite."""
        ...
