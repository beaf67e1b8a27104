"""Reads the lines of a concordance from the text columns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np

from indexer.answers.concordance import ConcordanceLine
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.utf16 import decoded, spelled
from indexer.engines.whoosh.search.spans import Spans

# '完成。', '（办理完毕。）', '“应公开尽公开！”', and the end of a paragraph
SENTENCE_MARKS = "。！!？?"
_SENTENCE_END = re.compile(rf"[{SENTENCE_MARKS}]+[”’」』）)]*|\n")


def lines(columns: Columns, spans: Spans, numbers: Ints, width: int | None) -> Iterator[ConcordanceLine]:
    """Yields the line of each numbered span, with whole sentences as context if there is no width."""
    current, boundaries = -1, _Boundaries("")
    lengths = np.broadcast_to(np.asarray(spans.lengths), len(spans))
    for number in numbers.tolist():
        start = int(spans.starts[number])
        end = start + int(lengths[number])
        text = int(columns.texts_of(np.array([start]))[0])
        first, last = int(columns.bounds[text]), int(columns.bounds[text + 1]) - 1
        if text != current:
            current, boundaries = text, _Boundaries(spelled(columns.stored.between(first, last)))
        if width is None:
            begin, finish = boundaries.sentences(start - first, end - first)
        else:  # a character has two units at most
            begin, finish = boundaries.paragraph(start - first, end - first)
            begin, finish = max(begin, start - first - 2 * width), min(finish, end - first + 2 * width)
        left = decoded(columns.stored.between(first + begin, start))
        right = decoded(columns.stored.between(end, first + finish))
        record = columns.record(text % columns.size)
        yield ConcordanceLine(
            left=left if width is None else left[max(len(left) - width, 0) :],
            hit=decoded(columns.stored.between(start, end)),
            right=right if width is None else right[:width],
            agency=record.agency,
            agency_name=record.agency_name,
            year=record.year,
            section=record.section,
            heading=record.heading,
            url=record.address,
        )


class _Boundaries:
    """The sentences and paragraphs of a text."""

    def __init__(self, text: str) -> None:
        matches = [*_SENTENCE_END.finditer(text)]
        self._ends = [match.start() if match[0] == "\n" else match.end() for match in matches] + [len(text)]
        self._starts = [0, *(match.end() for match in matches)]
        self._breaks = [-1, *(match.start() for match in matches if match[0] == "\n"), len(text)]

    def sentences(self, start: int, end: int) -> tuple[int, int]:
        """Returns the bounds of the sentences that contain a span."""
        return self._starts[bisect_right(self._starts, start) - 1], self._ends[bisect_left(self._ends, end)]

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """Returns the bounds of the paragraph that contains a span."""
        return self._breaks[bisect_right(self._breaks, start) - 1] + 1, self._breaks[bisect_left(self._breaks, end)]
