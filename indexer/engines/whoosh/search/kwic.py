"""Reads the lines of a concordance from the text columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.answers.boundaries import Boundaries
from indexer.answers.concordance import ConcordanceLine
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.records import SectionRecord
from indexer.engines.whoosh.columns.utf16 import UNITS, spelled
from indexer.engines.whoosh.search.matching.spans import Spans
from indexer.sized_cache import SizedCache

_SURROGATE = re.compile("[\ud800-\udfff]")
_BATCH = 1000
"""Lines whose texts are looked up at once."""
_SOME = 60
"""Lines from which the size of all of them is estimated."""
_CACHED_CHARACTERS = 4 << 20
"""Lines sorted by their context have the texts of sections in any order."""


def lines(columns: Columns, spans: Spans, numbers: Ints, width: int | None) -> Iterator[ConcordanceLine]:
    """Yields the line of each numbered span, with whole sentences as context if there is no width."""
    lengths = np.broadcast_to(np.asarray(spans.lengths), len(spans))
    passages = SizedCache[_Passage](_CACHED_CHARACTERS, lambda passage: len(passage.text) + 1)
    for first in range(0, len(numbers), _BATCH):
        batch = numbers[first : first + _BATCH]
        starts = spans.starts[batch]
        order = np.argsort(starts, kind="stable")
        texts = np.empty(len(batch), np.int64)
        texts[order] = columns.texts_of(starts[order])
        places = starts - columns.bounds[texts]
        ends = places + lengths[batch]
        last, passage = -1, None
        for text, start, end in zip(texts.tolist(), places.tolist(), ends.tolist(), strict=True):
            if passage is None or text != last:
                last, passage = text, passages.get(text, lambda text=text: _Passage.read(columns, text))  # type: ignore[misc]
            yield passage.line(start, end, width)


def evenly(count: int) -> Ints:
    """Returns some of the numbers from 0 on, at even distances."""
    return np.linspace(0, count - 1, min(count, _SOME)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A text of a section, one character for each unit, with its record and its boundaries."""

    text: str
    is_wide: bool
    record: SectionRecord
    boundaries: Boundaries

    @classmethod
    def read(cls, columns: Columns, text: int) -> _Passage:
        units = columns.stored.between(*columns.stretch(text))
        shown = spelled(units)
        (record,) = columns.records(np.array([text % columns.size]))
        return cls(shown, _SURROGATE.search(shown) is not None, record, Boundaries(shown))

    def line(self, start: int, end: int, width: int | None) -> ConcordanceLine:
        if width is None:
            begin, finish = self.boundaries.sentences(start, end)
        else:  # a character has two units at most
            begin, finish = self.boundaries.paragraph(start, end)
            begin, finish = max(begin, start - 2 * width), min(finish, end + 2 * width)
        left, hit, right = self.text[begin:start], self.text[start:end], self.text[end:finish]
        if self.is_wide:
            left, hit, right = map(_joined, (left, hit, right))
        record = self.record
        return ConcordanceLine(
            left=left if width is None else left[max(len(left) - width, 0) :],
            hit=hit,
            right=right if width is None else right[:width],
            agency=record.agency,
            agency_name=record.agency_name,
            year=record.year,
            section=record.section,
            heading=record.heading,
            url=record.address,
        )


def _joined(text: str) -> str:
    """Joins surrogate pairs."""
    return text.encode(UNITS, "surrogatepass").decode(UNITS, "surrogatepass")
