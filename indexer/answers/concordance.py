"""The concordance: one line for each occurrence, with its left and right context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from archive.errors import Language
from archive.export.csv import TableData
from archive.export.json_types import Count
from indexer.answers.data_version import DataVersion

ConcordanceOrder = Literal["agency", "year", "-year", "left", "right", "left-right", "right-left"]
"""By agency and year, by year, or by the characters next to the hit, those nearest to it first: of one side, or of one
side and then the other."""


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence. `left` and `right` are of the same paragraph; `agency` is an id, `url` leads to the section."""

    left: str
    hit: str
    right: str
    agency: str
    agency_name: str
    year: int | None
    section: str
    heading: str | None
    url: str

    @property
    def key(self) -> str:
        """The last part of the report's address: the year, or `undated-…`."""
        return self.url.partition("#")[0].rpartition("/")[2]

    @property
    def anchor(self) -> str:
        """The anchor of the section in the report."""
        return self.url.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Concordance(Iterable[ConcordanceLine]):
    """The lines, built on iteration; `total` counts all occurrences, `shown` those with a line.

    A query without any text in it (`has_text`) has no occurrences, whatever it finds.
    """

    query: str
    reading: str
    as_of: DataVersion
    total: Count
    shown: Count
    lines: Iterable[ConcordanceLine]
    has_text: bool = True
    some: Callable[[], Iterable[ConcordanceLine]] | None = None
    """Reads lines at even distances with whole sentences, from which the size of a file is estimated."""

    def __iter__(self) -> Iterator[ConcordanceLine]:
        return iter(self.lines)

    def counted_on(self, language: Language, *, full: bool = True) -> str:
        """The data version and the number of lines that are left out, for every file."""
        if self.has_text:
            return self.as_of.listing(language, self.total, self.shown, "occurrences", full=full)
        zh, en = "检索式里没有要查的文字，所以没有可列的内容", "the query asks for no text, so there is nothing to list"
        return f"{self.as_of.sentence(language, full=full)}{f'；{zh}' if language == 'zh' else f'; {en}'}"


def concordance_table(found: Concordance, language: Language) -> TableData:
    """The lines, with the query and what they were counted on in the last columns."""
    cells = ("left", "hit", "right", "agency", "agency_name", "year", "section", "heading", "url")
    stamp = (found.query, found.reading, found.counted_on(language))
    return (*cells, "query", "reading", "as_of"), ((*row, *stamp) for row in map(attrgetter(*cells), found))
