"""The concordance: every occurrence on a line of its own, with what stands on its left and right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal, TextIO

from archive.errors import Language
from archive.export.csv import write_csv
from indexer.answers.data_version import DataVersion

ConcordanceOrder = Literal["agency", "year", "-year", "left", "right"]
"""By agency and year, by year, or by the characters next to the hit, those nearest to it first."""


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
    """All lines, made as they are asked for; `total` counts the occurrences, `shown` those that are lines here.

    A query without any text in it (`has_text`) has no occurrences, whatever it finds.
    """

    query: str
    reading: str
    as_of: DataVersion
    total: int
    shown: int
    lines: Iterator[ConcordanceLine]
    has_text: bool = True

    def __iter__(self) -> Iterator[ConcordanceLine]:
        return self.lines

    def counted_on(self, language: Language) -> str:
        """What the lines were counted on, and how many of them are left out: stands in every file."""
        if self.has_text:
            return self.as_of.listing(language, self.total, self.shown, "occurrences")
        zh, en = "检索式里没有要查的文字，所以没有处可列", "the query asks for no text, so there is nothing to list"
        return f"{self.as_of.sentence(language)}{f'；{zh}' if language == 'zh' else f'; {en}'}"


def write_concordance_csv(file: TextIO, found: Concordance, language: Language) -> None:
    """The lines as CSV for spreadsheets, with the query and what they were counted on in the last columns; streamed."""
    cells = ("left", "hit", "right", "agency", "agency_name", "year", "section", "heading", "url")
    head, stamp = (*cells, "query", "reading", "as_of"), (found.query, found.reading, found.counted_on(language))
    write_csv(file, head, ((*(getattr(line, name) for name in cells), *stamp) for line in found))


def write_concordance_json(file: TextIO, found: Concordance) -> None:
    """The lines as one JSON document, a line on each of its lines; streamed."""
    head = {
        "query": found.query,
        "reading": found.reading,
        "as_of": asdict(found.as_of),
        "total": found.total,
        "shown": found.shown,
    }
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "lines": [')
    separator = "\n"
    for line in found:
        file.write(separator + json.dumps(asdict(line), ensure_ascii=False))
        separator = ",\n"
    file.write("\n]}\n")
