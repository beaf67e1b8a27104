"""Converts the sheets of a PDF or OFD into one text.

Removes page numbers and running heads; joins lines, and tables across pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from msgspec.structs import replace

from archive.cues.heading_numbers import numbered
from archive.model import Block, Cell, Notice, Source, SourceSpan, Table
from archive.notices import notice
from archive.readers.line_joining import PAGE_NUMBER, PrintLine, join

# In sizes of a character: a larger indent begins a paragraph; a line that ends closer to the margin is full.
_INDENT, _SHORT = 1.2, 1.6
# Share of the lines that begin or end at an edge of the text.
_USUAL = 0.1
# Share of the lines that is indented, or is not, on pages where indents begin paragraphs.
_FEWEST_INDENTED = 0.05
# Pages on which a running head or foot is printed at the same height, or both of two.
_RUNNING = 3
# The number of the page in such a line: 'https://www.example.gov.cn/1.html 1/2'
_NUMBERED = re.compile(r" ?\d{1,4} ?/ ?\d{1,4}$")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of print: its text, its edges and the size of its characters, all in one unit.

    `confidence` is that of OCR, None for the text of a document.
    """

    text: str
    left: float
    right: float
    top: float
    size: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of paper: its lines and tables from top to bottom, and whether it has only images.

    `is_unmapped`: its fonts do not tell which characters they draw.
    """

    parts: tuple[PrintedLine | Table, ...]
    is_image: bool
    is_unmapped: bool = False


def sheet_blocks(sheets: Sequence[Sheet]) -> Iterator[Block]:
    """The sheets as one text; paragraphs and tables continue across pages."""
    parts = list(_without_running(sheets))
    lines = [part for _, part in parts if isinstance(part, PrintedLine)]
    left = min(_usual(line.left for line in lines), default=0.0)
    right = max(_usual(line.right for line in lines), default=0.0)
    indented = sum(line.left > left + _INDENT * line.size for line in lines)
    has_indents = _FEWEST_INDENTED * len(lines) < indented < (1 - _FEWEST_INDENTED) * len(lines)
    for is_table, run in groupby(parts, key=lambda part: isinstance(part[1], Table)):
        if is_table:
            tables = [
                replace(part, place=SourceSpan(first_page=page, last_page=page))
                for page, part in run
                if isinstance(part, Table)
            ]
            yield from (Block("", table.place, table) for table in _joined(tables))
            continue
        printed = [(page, line) for page, line in run if isinstance(line, PrintedLine)]
        confidence = min((line.confidence for _, line in printed if line.confidence is not None), default=None)
        joined = join(
            PrintLine(
                line.text,
                SourceSpan(first_page=page, last_page=page),
                full=line.right >= right - _SHORT * line.size,
                indented=line.left > left + _INDENT * line.size if has_indents else None,
            )
            for page, line in printed
        )
        yield from joined if confidence is None else (replace(block, confidence=confidence) for block in joined)


def _without_running(sheets: Sequence[Sheet]) -> Iterator[tuple[int, PrintedLine | Table]]:
    """All parts except page numbers and running heads and feet, each with the number of its sheet, from 1."""
    edges = [{id(part) for part in (*sheet.parts[:2], *sheet.parts[-2:])} for sheet in sheets]
    least = max(2, min(_RUNNING, len(sheets)))
    counts = Counter(
        (_NUMBERED.sub("", part.text), round(part.top))
        for sheet, edge in zip(sheets, edges, strict=True)
        for part in sheet.parts
        if isinstance(part, PrintedLine) and id(part) in edge
    )
    for page, (sheet, edge) in enumerate(zip(sheets, edges, strict=True), 1):
        for part in sheet.parts:
            if isinstance(part, PrintedLine) and id(part) in edge:
                runs = counts[_NUMBERED.sub("", part.text), round(part.top)] >= least
                if runs or PAGE_NUMBER.fullmatch(part.text) or part.text.isdecimal():
                    continue
            yield page, part


def _usual(edges: Iterable[float]) -> list[int]:
    """The edges at which many lines begin or end."""
    counts = Counter(round(edge) for edge in edges)
    return [edge for edge, count in counts.items() if count >= _USUAL * counts.total()]


def _joined(tables: Iterable[Table]) -> list[Table]:
    """The tables, those divided by a page end joined."""
    joined: list[Table] = []
    for table in tables:
        if joined and _width(joined[-1]) == _width(table):
            joined[-1] = _continued(joined[-1], table)
        else:
            joined.append(table)
    return joined


def _continued(table: Table, following: Table) -> Table:
    """A table with its continuation on the next page, without the head that is printed again."""
    rows = list(following.rows)
    for row in table.rows[: len(rows) - 1]:
        if _texts(row) != _texts(rows[0]) or any(map(str.isdecimal, _texts(row))):
            break
        del rows[0]
    *before, last = table.rows
    if rows and _is_rest(last, rows[0]):
        last = tuple(_completed(cell, rest) for cell, rest in zip(last, rows.pop(0), strict=True))
    return replace(table, rows=(*before, last, *rows), place=table.place.to(following.place))


def _completed(cell: Cell, rest: Cell) -> Cell:
    """A cell with its part on the next page; a number is in one of the two."""
    if not cell.text:
        return replace(rest, rowspan=cell.rowspan, colspan=cell.colspan)
    return replace(cell, text=cell.text + rest.text)


def _is_rest(row: tuple[Cell, ...], following: tuple[Cell, ...]) -> bool:
    """Whether a row is the rest of one divided by a page end: its labels continue, its values are in one part."""
    if len(row) != len(following):
        return False
    values = [any(cell.text.isdecimal() for cell in each) for each in (row, following)]
    both = [(cell.text, rest.text) for cell, rest in zip(row, following, strict=True) if cell.text and rest.text]
    return sum(values) == 1 and bool(both) and not any(map(str.isdecimal, (text for pair in both for text in pair)))


def _width(table: Table) -> int:
    return max((sum(cell.colspan for cell in row) for row in table.rows), default=0)


def _texts(row: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in row]


def image_notices(sheets: Sequence[Sheet], source: Source) -> Iterator[Notice]:
    """A notice for each run of pages that are images or have unmapped fonts, with the last heading before it."""
    heading = ""
    for (is_image, is_unmapped), run in groupby(sheets, key=lambda sheet: (sheet.is_image, sheet.is_unmapped)):
        if is_image:
            yield notice("image_only", heading=heading or source.path)
        elif is_unmapped:
            yield notice("unmapped_font", heading=heading or source.path)
        lines = (part.text for sheet in run for part in sheet.parts if isinstance(part, PrintedLine))
        heading = next((text for text in reversed(list(lines)) if numbered(text).is_top), heading)
