"""Finds the report on an HTML page by its sentences, headings and tables, without rules for single sites.

Each element is a span of the page's pieces, and the weight of an element a difference of two cumulative sums.
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

# Share of the page's weight that the element of the report has at least.
_REPORT_SHARE = 0.9
# Share of the page's weight that an element around the report has at most, and of its pieces that are boilerplate.
_ASIDE_SHARE = 0.5
# Share of a piece's text above which it is a link: the rest are brackets, dates and bars.
_LINK_SHARE = 0.5
# Weight of a character outside a sentence; menus and footers have no sentences.
_WORD_WEIGHT = 0.1
_SENTENCE = re.compile("[。；;，,]")
_LONGEST_HEADING = 60
# Pieces between the beginning of the report's element and its title.
_BEFORE_TITLE = 12
_SHORTEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class ContentPiece:
    """A paragraph or a table, the share of its text in links, and whether only a <br> is before it.

    A paragraph in a picture has the `confidence` of OCR.
    """

    text: str
    link_share: float = 0.0
    table: Table | None = None
    after_br: bool = False
    confidence: float | None = None

    @property
    def is_link(self) -> bool:
        return self.link_share >= _LINK_SHARE

    @property
    def weight(self) -> float:
        """The number of characters outside links; those outside sentences count less."""
        if self.is_link:
            return 0.0
        if self.table:
            return float(sum(len(cell.text) for cell in self.table.cells()))
        return len(self.text) * (1.0 if self.is_sentence else _WORD_WEIGHT)

    @property
    def is_sentence(self) -> bool:
        """Whether it is a sentence, not an entry of a menu, a title or a date."""
        return _SENTENCE.search(self.text) is not None

    @property
    def is_heading(self) -> bool:
        """Whether it is a known heading of a section."""
        is_short = not self.table and not self.is_link and len(self.text) <= _LONGEST_HEADING
        return is_short and numbered(self.text).is_top and bool(classify(self.text))


@dataclass(frozen=True, slots=True)
class _ElementSpan:
    """An element with the pieces from `start` up to `end`."""

    start: int
    end: int
    is_aside: bool = False
    is_title: bool = False
    is_hidden: bool = False

    def total(self, cumulative: Sequence[float]) -> float:
        return cumulative[self.end] - cumulative[self.start]

    def size(self) -> int:
        return self.end - self.start


class ContentPieces:
    """The pieces of a page in reading order, and its elements."""

    def __init__(self) -> None:
        self.all: list[ContentPiece] = []
        self.elements: list[_ElementSpan] = []
        # where each open element begins, and what it is; a table has thousands of cells
        self._open: list[tuple[int, bool, bool, bool]] = []

    def open(self, *, is_aside: bool, is_title: bool, is_hidden: bool) -> None:
        self._open.append((len(self.all), is_aside, is_title, is_hidden))

    def close(self) -> None:
        start, is_aside, is_title, is_hidden = self._open.pop()
        if start < len(self.all):
            self.elements.append(_ElementSpan(start, len(self.all), is_aside, is_title, is_hidden))


def main_content(pieces: ContentPieces, page_title: str = "") -> Sequence[ContentPiece]:
    """The pieces of the report, its title first; all pieces of a page without text.

    The `page_title` in the head of the page can contain the title of the report.
    """
    weights = [piece.weight for piece in pieces.all]
    asides = _indexes(_asides(pieces, [0.0, *accumulate(weights)]))
    weights = [0.0 if index in asides else weight for index, weight in enumerate(weights)]
    cumulative = [0.0, *accumulate(weights)]
    if not cumulative[-1]:
        return pieces.all
    headings = [index for index, piece in enumerate(pieces.all) if index not in asides and piece.is_heading]
    first, last = (headings[0], headings[-1]) if headings else (len(weights), -1)
    candidates = (
        element
        for element in pieces.elements
        if element.total(cumulative) >= _REPORT_SHARE * cumulative[-1] and element.start <= first and element.end > last
    )
    core = min(candidates, key=_ElementSpan.size, default=_ElementSpan(0, len(weights)))
    start = _beginning(pieces, core, asides, fold_alnum(page_title))
    return [
        piece
        for index, piece in enumerate(pieces.all[start : core.end], start)
        if index not in asides and (piece.is_heading or not piece.is_link)
    ]


def _asides(pieces: ContentPieces, cumulative: Sequence[float]) -> list[_ElementSpan]:
    """The elements around the report: asides by name, hidden ones, and those with mostly boilerplate and links.

    One with a title is the report's; a hidden one only if no title is visible.
    """
    hidden = _indexes([element for element in pieces.elements if element.is_hidden])
    is_title = [not piece.link_share and read_title(piece.text) is not None for piece in pieces.all]
    if any(is_title[index] for index in range(len(is_title)) if index not in hidden):
        is_title = [title and index not in hidden for index, title in enumerate(is_title)]
    titles = [0, *accumulate(is_title)]
    boilerplate = [0, *accumulate(piece.is_link or is_boilerplate(piece.text) for piece in pieces.all)]
    headings = [0, *accumulate(piece.is_heading for piece in pieces.all)]
    return [
        element
        for element in pieces.elements
        if element.total(cumulative) < _ASIDE_SHARE * cumulative[-1]
        and not element.total(titles)
        and (
            element.is_aside
            or element.is_hidden
            or (_ASIDE_SHARE * element.size() <= element.total(boilerplate) > 1 and not element.total(headings))
        )
    ]


def _beginning(pieces: ContentPieces, core: _ElementSpan, asides: set[int], page_title: str) -> int:
    """The index of the first piece of the report: its title is often outside the element of its text.

    The report includes what is above the title in the same element, such as the table of 发文机关 and 索引号.
    """
    title = next(_titles(pieces, core, asides, page_title), None)
    if title is None:
        return core.start
    around = (element for element in pieces.elements if element.start <= title and element.end >= core.end)
    nearest = min(around, key=_ElementSpan.size, default=None)
    return nearest.start if nearest and title - nearest.start <= _BEFORE_TITLE else title


def _titles(pieces: ContentPieces, core: _ElementSpan, asides: set[int], page_title: str) -> Iterator[int]:
    """Pieces above the text that can be the report's title, the best first; none if the text begins with it."""
    inside = pieces.all[core.start : core.start + _BEFORE_TITLE]
    if any(read_title(piece.text) for piece in inside if not piece.is_heading):
        return
    above = [index for index in reversed(range(core.start)) if index not in asides and not pieces.all[index].link_share]
    yield from (index for index in above if read_title(pieces.all[index].text))
    for index in above:
        text = fold_alnum(pieces.all[index].text)
        if len(text) >= _SHORTEST_TITLE and text in page_title:
            yield index
    headers = (element.start for element in pieces.elements if element.is_title and element.end <= core.start)
    yield from sorted(headers, reverse=True)


def _indexes(elements: Sequence[_ElementSpan]) -> set[int]:
    """The indexes of all pieces in some elements; nested elements take no more time."""
    indexes: set[int] = set()
    reached = 0
    for element in sorted(elements, key=lambda element: element.start):
        indexes.update(range(max(element.start, reached), element.end))
        reached = max(reached, element.end)
    return indexes
