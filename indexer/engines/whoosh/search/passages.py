"""The text of a section as it is looked at, and which marks lie in it; what was read last is remembered."""

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

_ROOM = 8 << 20
"""Characters of the passages that are remembered: of ordinary ones some thousands."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a part of a passage stands in the text columns, and how many of its characters stand before that part.

    `halves` are the second units of characters that have two, from the beginning of the stretch.
    """

    first: int
    last: int
    before: int
    halves: Ints

    def inside(self, spans: Spans) -> Iterator[Span]:
        """Those of some spans, in order, that lie here, as offsets into the passage."""
        here = spans.those(slice(*spans.starts.searchsorted((self.first, self.last)).tolist()))
        return zip(self._offsets(here.starts - self.first), self._offsets(here.ends - self.first), strict=True)

    def _offsets(self, units: Ints) -> list[int]:
        if len(self.halves):
            units -= self.halves.searchsorted(units)
        offsets: list[int] = (units + self.before).tolist()
        return offsets


@dataclass(frozen=True, slots=True)
class SectionText:
    """What a hit shows of a section, its text as cleaned, and the normal form of that."""

    record: SectionRecord
    text: str
    form: str
    stretches: tuple[Stretch, ...]

    def inside(self, spans: Spans) -> Iterator[Span]:
        """Those of some spans of the columns, in order, that lie here, as offsets into the text."""
        return chain.from_iterable(stretch.inside(spans) for stretch in self.stretches)

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
    """Reads passages of an index, and remembers those read last."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._remembered = SizedCache[SectionText](_ROOM, lambda passage: len(passage.text))

    def of(self, section: int, where: Where) -> SectionText:
        """The running text of a section, or its table cells, or both."""
        return self._remembered.get((section, where), lambda: self._read(section, where))

    def _read(self, section: int, where: Where) -> SectionText:
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
    """The second units of the characters that have two, which few texts have."""
    wide = np.array([place for place, character in enumerate(text) if character > "\uffff"], np.int64)
    return wide + np.arange(1, len(wide) + 1)
