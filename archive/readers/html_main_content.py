"""The report among all that a page shows: found by where text, headings and tables stand, not by a site's names.

Every element covers a run of the page's pieces, so an element is a pair of numbers here, and what it holds a
difference of two sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.cues.boilerplate import is_boilerplate
from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.model import Table
from archive.text.match import fold_alnum

# A report's own element holds so much of what the page says in sentences and tables.
_MOST = 0.9
# What a site puts around a report holds less than this.
_HALF = 0.5
# A piece that is links for the greater part leads elsewhere: what is not are brackets, dates and bars.
_LINKED = 0.5
# Words that stand in no sentence count little, as menus and footers consist of them.
_WORDS = 0.1
_SENTENCE = re.compile("[。；;，,]")
_LONGEST_HEADING = 60
# So many pieces may stand between the beginning of the report's element and its title.
_BEFORE_TITLE = 12
_SHORTEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class ContentPiece:
    """A paragraph or a table, which share of its text is links, and whether a <br> alone parts it from the last."""

    text: str
    linked: float = 0.0
    table: Table | None = None
    goes_on: bool = False

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it consists of links."""
        return self.linked >= _LINKED

    @property
    def weight(self) -> float:
        """How much it says, in characters."""
        if self.leads_elsewhere:
            return 0.0
        if self.table:
            return float(sum(len(cell.text) for cell in self.table.cells()))
        return len(self.text) * (1.0 if self.is_sentence else _WORDS)

    @property
    def is_sentence(self) -> bool:
        """Whether it says something, where a menu, a title or a date only names it."""
        return _SENTENCE.search(self.text) is not None

    @property
    def is_heading(self) -> bool:
        """Whether it is a section's heading that the rules know."""
        short = not self.table and not self.leads_elsewhere and len(self.text) <= _LONGEST_HEADING
        return short and numbered(self.text).is_top and bool(classify(self.text))


@dataclass(frozen=True, slots=True)
class _Span:
    """The pieces from `start` to before `end` that one element holds."""

    start: int
    end: int
    is_aside: bool
    is_title: bool


class ContentPieces:
    """The pieces of a page in reading order, and the elements that hold them."""

    def __init__(self) -> None:
        self.all: list[ContentPiece] = []
        self.spans: list[_Span] = []
        self._open: list[tuple[int, bool, bool]] = []

    def add(self, piece: ContentPiece) -> None:
        """The next piece."""
        self.all.append(piece)

    def open(self, *, is_aside: bool = False, is_title: bool = False) -> None:
        """Begins an element."""
        self._open.append((len(self.all), is_aside, is_title))

    def close(self) -> None:
        """Ends the element begun last."""
        start, is_aside, is_title = self._open.pop()
        if start < len(self.all):
            self.spans.append(_Span(start, len(self.all), is_aside, is_title))


def main_content(pieces: ContentPieces, named: str = "") -> Sequence[ContentPiece]:
    """The pieces of the report, its title first; of a page that says nothing, all of them.

    Args:
        pieces: all that the page shows.
        named: what the page calls itself in its head: the report's title is a part of it.
    """
    held = [0.0, *accumulate(piece.weight for piece in pieces.all)]
    aside = _covered(_asides(pieces, held))
    weights = [0.0 if index in aside else piece.weight for index, piece in enumerate(pieces.all)]
    held = [0.0, *accumulate(weights)]
    if not held[-1]:
        return pieces.all
    headings = [index for index, piece in enumerate(pieces.all) if index not in aside and piece.is_heading]
    first, last = (headings[0], headings[-1]) if headings else (len(weights), -1)
    core = min(
        (
            span
            for span in pieces.spans
            if _mass(span, held) >= _MOST * held[-1] and span.start <= first and span.end > last
        ),
        key=lambda span: span.end - span.start,
        default=_Span(0, len(weights), is_aside=False, is_title=False),
    )
    start = _beginning(pieces, core, aside, fold_alnum(named))
    return [
        piece
        for index, piece in enumerate(pieces.all[start : core.end], start)
        if index not in aside and (piece.is_heading or not piece.leads_elsewhere)
    ]


def _asides(pieces: ContentPieces, held: Sequence[float]) -> list[_Span]:
    """The elements around the report: named so, or half of what they say is known as the site's own."""
    titles = [0, *accumulate(not piece.linked and read_title(piece.text) is not None for piece in pieces.all)]
    boilerplate = [0, *accumulate(piece.leads_elsewhere or is_boilerplate(piece.text) for piece in pieces.all)]
    headings = [0, *accumulate(piece.is_heading for piece in pieces.all)]

    def count(counts: Sequence[int], span: _Span) -> int:
        return counts[span.end] - counts[span.start]

    return [
        span
        for span in pieces.spans
        if _mass(span, held) < _HALF * held[-1]
        and not count(titles, span)
        and (
            span.is_aside
            or (_HALF * (span.end - span.start) <= count(boilerplate, span) > 1 and not count(headings, span))
        )
    ]


def _beginning(pieces: ContentPieces, core: _Span, aside: set[int], named: str) -> int:
    """Where the report begins: its title often stands outside the element that holds its text.

    With the title comes what stands above it in the same element, as the table of 发文机关 and 索引号 does.
    """
    title = next(_titles(pieces, core, aside, named), None)
    if title is None:
        return core.start
    around = min(
        (span for span in pieces.spans if span.start <= title and span.end >= core.end),
        key=lambda span: span.end - span.start,
        default=None,
    )
    return around.start if around and title - around.start <= _BEFORE_TITLE else title


def _titles(pieces: ContentPieces, core: _Span, aside: set[int], named: str) -> Iterator[int]:
    """Pieces above the text that can be the report's title, the best first; none where the text begins with it."""
    inside = pieces.all[core.start : core.start + _BEFORE_TITLE]
    if any(read_title(piece.text) for piece in inside if not piece.is_heading):
        return
    above = [index for index in range(core.start - 1, -1, -1) if index not in aside and not pieces.all[index].linked]
    yield from (index for index in above if read_title(pieces.all[index].text))
    yield from (
        index for index in above if len(text := fold_alnum(pieces.all[index].text)) >= _SHORTEST_TITLE and text in named
    )
    yield from sorted((span.start for span in pieces.spans if span.is_title and span.end <= core.start), reverse=True)


def _mass(span: _Span, held: Sequence[float]) -> float:
    return held[span.end] - held[span.start]


def _covered(spans: Sequence[_Span]) -> set[int]:
    """The indices that some spans cover together, each looked at once."""
    covered: set[int] = set()
    reached = 0
    for span in sorted(spans, key=lambda span: span.start):
        covered.update(range(max(span.start, reached), span.end))
        reached = max(reached, span.end)
    return covered
