"""Finds where a report, or one of its sections, begins in its original.

Pages hold many reports with the same headings and sentences. The passages of a report that occur once on the page
bound the part of the page in which a heading is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from archive.model import Report, Section
from webui.render.originals.folded_text import FoldedText, folded

_FEWEST = 8
"""Characters of a passage that can identify a place: a sentence, the label of a row; not 概述."""
_MOST = 30
"""Passages of a section that are looked for: each is a search through the page."""
_BEGINNING = 40
"""Characters of a paragraph that are marked if a section has no heading."""


def begin_of(report: Report, section: Section | None, text: FoldedText) -> tuple[int, int] | None:
    """The first and the last folded character of the title or the heading; None if the text does not have them."""
    at = report.sections.index(section) if section else 0
    found = _rarest(report, text)
    lowest = max((end for each in found[:at] for _, end in each), default=0)
    own = min((start for start, _ in found[at]), default=None) if found else None
    later = min((start for each in found[at + 1 :] for start, _ in each), default=None)
    highest = own if own is not None else later if later is not None else len(text.text)
    for mark in _marks(report, section):
        offsets = [offset for offset in text.all(mark) if lowest <= offset <= highest]
        if offsets:  # the nearest one before known text; the first one behind the text of an earlier section
            start = offsets[-1] if own is not None or not lowest else offsets[0]
            return start, start + len(mark) - 1
    return None if own is None else (own, own)


def _marks(report: Report, section: Section | None) -> Iterator[str]:
    """The texts to mark, best first, each in the folded form."""
    if section is None:
        yield from filter(None, (folded(report.title),))
        section = report.sections[0] if report.sections else None
    if section is not None:
        first = next(_passages(section), "")
        yield from filter(None, (folded(section.heading or ""), folded(first)[:_BEGINNING]))


def _rarest(report: Report, text: FoldedText) -> list[list[tuple[int, int]]]:
    """The start and the end of the rarest passages of each section, at their first occurrence.

    Most reports have passages that occur once; a report that is printed twice has none, and its first copy counts.
    """
    counted = [
        [
            (needle, text.text.count(needle))
            for needle in map(folded, islice(_passages(each), _MOST))
            if len(needle) >= _FEWEST
        ]
        for each in report.sections
    ]
    rarest = min((count for section in counted for _, count in section if count), default=0)
    return [
        [(start := text.text.find(needle), start + len(needle)) for needle, count in section if count == rarest > 0]
        for section in counted
    ]


def _passages(section: Section) -> Iterator[str]:
    yield from (paragraph.text for paragraph in section.paragraphs)
    yield from (cell.text for table in section.tables for cell in table.cells() if cell.text)
