"""Pages of paper as one text: what PDF and OFD have in common.

What belongs to the paper and not to the report goes: page numbers, running heads, line ends, page ends inside tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive.cues.heading_numbers import numbered
from archive.model import Block, Cell, Notice, Source, SourceSpan, Table
from archive.notices import notice
from archive.readers.line_joining import PAGE_NUMBER, PrintLine, join

# A line set in by more than one character begins a paragraph; one that ends nearer to the margin than this is full.
_INDENT, _SHORT = 1.2, 1.6
# So many of the lines must begin or end at an edge for it to be one, or be set in for indents to mean anything.
_USUAL, _FEWEST_INDENTED = 0.1, 0.05
# A line printed on so many pages, at the same height, is a running head or foot.
_RUNNING = 3


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A printed line: its text, where it stands on the sheet, and the size of its characters, in one unit."""

    text: str
    left: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of paper: lines and tables from top to bottom; whether there is nothing on it but images."""

    parts: tuple[PrintedLine | Table, ...]
    is_image: bool


def sheet_blocks(sheets: Sequence[Sheet]) -> Iterator[Block]:
    """The sheets as one text: paragraphs and tables go on over the end of a page."""
    parts = list(_without_running(sheets))
    lines = [part for part in parts if isinstance(part, PrintedLine)]
    left = min(_usual(line.left for line in lines), default=0.0)
    right = max(_usual(line.right for line in lines), default=0.0)
    indented = sum(line.left > left + _INDENT * line.size for line in lines)
    tells = _FEWEST_INDENTED * len(lines) < indented < (1 - _FEWEST_INDENTED) * len(lines)
    for is_table, run in groupby(parts, key=lambda part: isinstance(part, Table)):
        if is_table:
            yield from (Block("", table=table) for table in _joined(part for part in run if isinstance(part, Table)))
            continue
        yield from join(
            PrintLine(
                line.text,
                SourceSpan(),
                full=line.right >= right - _SHORT * line.size,
                indented=line.left > left + _INDENT * line.size if tells else None,
            )
            for line in run
            if isinstance(line, PrintedLine)
        )


def _without_running(sheets: Sequence[Sheet]) -> Iterator[PrintedLine | Table]:
    """All parts but page numbers and what is printed at the same height on several pages, above or below the text."""
    edges = [{id(part) for part in (*sheet.parts[:2], *sheet.parts[-2:])} for sheet in sheets]
    counts = Counter(
        (part.text, round(part.top))
        for sheet, edge in zip(sheets, edges, strict=True)
        for part in sheet.parts
        if isinstance(part, PrintedLine) and id(part) in edge
    )
    for sheet, edge in zip(sheets, edges, strict=True):
        for part in sheet.parts:
            if isinstance(part, PrintedLine) and id(part) in edge:
                runs = counts[part.text, round(part.top)] >= _RUNNING
                if runs or PAGE_NUMBER.fullmatch(part.text) or part.text.isdecimal():
                    continue
            yield part


def _usual(edges: Iterable[float]) -> list[int]:
    """The edges at which a good part of the lines begin or end."""
    counts = Counter(round(edge) for edge in edges)
    return [edge for edge, count in counts.items() if count >= _USUAL * counts.total()]


def _joined(tables: Iterable[Table]) -> Iterator[Table]:
    """The tables, each in one that a page's end cut; a head printed again on the next page is left out."""
    before: Table | None = None
    for table in tables:
        if before is None or _width(before) != _width(table):
            if before:
                yield before
            before = table
            continue
        rows = list(table.rows)
        for row in before.rows[: len(rows) - 1]:
            if _texts(row) != _texts(rows[0]) or any(map(str.isdecimal, _texts(row))):
                break
            del rows[0]
        last = before.rows[-1]
        if rows and _is_rest(last, rows[0]):
            rows[0] = tuple(replace(cell, text=cell.text + rest.text) for cell, rest in zip(last, rows[0], strict=True))
            before = replace(before, rows=before.rows[:-1])
        before = replace(before, rows=(*before.rows, *rows))
    if before:
        yield before


def _is_rest(row: tuple[Cell, ...], following: tuple[Cell, ...]) -> bool:
    """Whether a row is the rest of one that a page's end cut: its labels go on, its values stand in one part."""
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
    """A notice for each run of pages that are images, under the heading that stands last before it."""
    heading = ""
    for is_image, run in groupby(sheets, key=lambda sheet: sheet.is_image):
        if is_image:
            yield notice("image_only", heading=heading or source.path)
            continue
        lines = (part.text for sheet in run for part in sheet.parts if isinstance(part, PrintedLine))
        heading = next((text for text in reversed(list(lines)) if numbered(text).is_top), heading)
