"""Joins the lines of a PDF, or of text copied from one, into paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, ends_section_name
from archive.cues.titles import read_title
from archive.model import Block, SourceSpan

# '- 3 -', '— 3 —', '第3页', '第 3 页 共 12 页', '3/12'
PAGE_NUMBER = re.compile(
    r"[-—–－─·] ?\d{1,4} ?[-—–－─·]|第 ?\d{1,4} ?页(?:[ ,，/]*共 ?\d{1,4} ?页)?|\d{1,4} ?/ ?\d{1,4} ?页?"
)
_SENTENCE_END = tuple("。；;：:！!？?")
# '（七）总计 2932 53 0 0 61 4 3050', '规章 1件 — 11件'
_ROW = re.compile(r".*(?: (?:-?\d[\d,.]*(?:万元|[元件条项宗次个份起])?|[/／—–-]{1,2}|[无零])){2}")
# Widths are in half characters: a Han character is two, a digit one. A full line ends at most this far from the margin:
# a first line is indented by two characters, the width of digits depends on the font, and 》 cannot begin a line.
_SLACK = 8
_NARROWEST_PAGE, _WIDEST_PAGE = 40, 110
# A page is wrapped if at least this many of its lines, and this share of the longer ones, end at the margin,
_FULL_LINES, _FULL_SHARE = 6, 0.4
# at least this share of these in the middle of a sentence, and at most this share of all lines is wider than a page.
_BROKEN_SHARE, _TOO_WIDE_SHARE = 0.6, 0.02


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line of cleaned text; whether it reaches the right margin, and whether it is indented (None if unknown)."""

    text: str
    place: SourceSpan
    full: bool = False
    indented: bool | None = None


def join(lines: Iterable[PrintLine]) -> Iterator[Block]:
    pending: list[PrintLine] = []
    for line in lines:
        if pending and not _continues(pending[-1], line):
            yield _paragraph(pending)
            pending = []
        pending.append(line)
    if pending:
        yield _paragraph(pending)


def margin(lines: Sequence[str]) -> int | None:
    """The least width of a line that reaches the margin, None if the lines are whole paragraphs.

    On a wrapped page most longer lines are equally wide, and most of these end in the middle of a sentence.
    """
    prose = [line for line in lines if not _ROW.fullmatch(line)]
    counts = Counter(width_of(line) for line in prose)
    if sum(count for width, count in counts.items() if width > _WIDEST_PAGE) > _TOO_WIDE_SHARE * len(prose):
        return None
    usual = [
        width
        for width in counts
        if _NARROWEST_PAGE <= width <= _WIDEST_PAGE and sum(counts[near] for near in (width - 2, width - 1, width)) >= 3
    ]
    right = max(usual, default=0)
    full = [line for line in prose if width_of(line) >= right - _SLACK]
    broken = sum(not line.endswith(_SENTENCE_END) for line in full)
    longer = sum(width_of(line) > right // 2 for line in prose)
    wrapped = len(full) >= max(_FULL_LINES, _FULL_SHARE * longer) and broken >= _BROKEN_SHARE * len(full)
    return right - _SLACK if right and wrapped else None


def width_of(text: str) -> int:
    """The width of a line in half characters without spaces, as cleaning removes those between Han and digits.

    Of a line wider than a page it is the width of a part that is wider too.
    """
    start = text.replace(" ", "")[: _WIDEST_PAGE + 1]
    return sum(map(_WIDTHS.__getitem__, start))


class _Widths(dict[str, int]):
    """The width of each character that a page had so far."""

    def __missing__(self, character: str) -> int:
        self[character] = width = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def _continues(line: PrintLine, following: PrintLine) -> bool:
    if not line.full or following.indented or _ROW.fullmatch(line.text):
        return False
    if _is_heading(following.text) or (_is_heading(line.text) and ends_section_name(line.text)):
        return False
    if following.indented is None and line.text.endswith(_SENTENCE_END):
        return False
    return read_title(line.text) is None


def _is_heading(text: str) -> bool:
    return numbered(text).is_top and bool(classify(text))


def _paragraph(lines: Sequence[PrintLine]) -> Block:
    text = ""
    for line in lines:
        # the line end was the space between two Latin words
        is_latin = all(edge.isascii() and edge.isalpha() for edge in (text[-1:], line.text[:1]))
        text = f"{text} {line.text}" if is_latin else text + line.text
    return Block(text, lines[0].place.to(lines[-1].place))
