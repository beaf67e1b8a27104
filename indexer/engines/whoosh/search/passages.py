"""Reads the text of sections for hits, with offsets for highlights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from indexer.answers.engine import Hit
from indexer.answers.highlight import Span, snippets
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.records import SectionRecord
from indexer.engines.whoosh.search.cache import SizedCache
from indexer.engines.whoosh.search.spans import Spans
from indexer.query.ast import Where

_CACHED_CHARACTERS = 8 << 20
"""Some thousands of ordinary sections."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a section in the text columns.

    Attributes:
        first, last: its bounds in the columns.
        before: the characters of the section before this part.
        halves: offsets of the second units of surrogate pairs.
    """

    first: int
    last: int
    before: int
    halves: Ints

    def offsets(self, spans: Spans) -> Iterator[Span]:
        """Converts the spans inside to offsets in the text of the section."""
        here = spans.select(slice(*spans.starts.searchsorted((self.first, self.last)).tolist()))
        return zip(self._characters(here.starts - self.first), self._characters(here.ends - self.first), strict=True)

    def _characters(self, units: Ints) -> list[int]:
        if len(self.halves):
            units -= self.halves.searchsorted(units)
        offsets: list[int] = (units + self.before).tolist()
        return offsets


@dataclass(frozen=True, slots=True)
class SectionText:
    """The record of a section, its cleaned text, and the normal form."""

    record: SectionRecord
    text: str
    form: str
    stretches: tuple[Stretch, ...]

    def offsets(self, spans: Spans) -> Iterator[Span]:
        """Converts the spans of the columns inside this section to offsets in its text."""
        return chain.from_iterable(stretch.offsets(spans) for stretch in self.stretches)

    def hit(self, score: float, occurrences: int | None, marks: Sequence[Span]) -> Hit:
        record = self.record
        return Hit(
            report=record.report,
            agency=record.agency,
            agency_name=record.agency_name,
            year=record.year,
            section=record.section,
            anchor=record.anchor,
            heading=record.heading,
            title=record.title,
            url=record.address,
            score=round(score, 4),
            occurrences=occurrences,
            snippets=snippets(self.text, marks, self.form, record.heading or ""),
        )


class Passages:
    """Reads and caches the texts of sections."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._cache = SizedCache[SectionText](_CACHED_CHARACTERS, lambda passage: len(passage.text))

    def read(self, section: int, where: Where) -> SectionText:
        return self._cache.get((section, where), lambda: self._load(section, where))

    def _load(self, section: int, where: Where) -> SectionText:
        columns, texts, forms, stretches, before = self._columns, list[str](), list[str](), list[Stretch](), 0
        for number in columns.texts(section, where):
            first, last = columns.stretch(number)
            if first == last:
                continue
            text = columns.stored_text(number)
            texts.append(text)
            forms.append(columns.normal_text(number))
            halves = _second_halves(text) if len(text) < last - first else _NONE
            stretches.append(Stretch(first, last, before, halves))
            before += len(text) + 1
        return SectionText(columns.record(section), "\n".join(texts), "\n".join(forms), tuple(stretches))


_NONE = np.zeros(0, np.int64)


def _second_halves(text: str) -> Ints:
    wide = np.array([place for place, character in enumerate(text) if character > "\uffff"], np.int64)
    return wide + np.arange(1, len(wide) + 1)
