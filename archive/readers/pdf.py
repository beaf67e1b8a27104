"""PDF pages with a text layer, by pdfplumber: its tables are true grids, cells merged and broken over lines included.

What belongs to the paper and not to the report goes: page numbers, running heads, line ends, page ends inside tables.
"""

from __future__ import annotations

import io
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.table import Table as PdfTable
from pdfplumber.utils.exceptions import PdfminerException

from archive.clean import clean
from archive.errors import GongkaiError
from archive.model import Block, Cell, Notice, Page, Source, Table
from archive.notices import notice
from archive.numbering import numbered
from archive.readers._grid import in_one_cell
from archive.readers.wrapping import PAGE_NUMBER, Line, join

# A line set in by more than one character begins a paragraph; one that ends nearer to the margin than this is full.
_INDENT, _SHORT = 1.2, 1.6
# So many of the lines must begin or end at an edge for it to be one, or be set in for indents to mean anything.
_USUAL, _FEWEST_INDENTED = 0.1, 0.05
# A line printed on so many pages, at the same height, is a running head or foot.
_RUNNING = 3
# A font without a table of its characters gives '(cid:1234)': with so many of them a page cannot be read.
_UNMAPPED = 0.2


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its text, where it stands in points, and the size of its characters."""

    text: str
    left: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page of paper: lines and tables from top to bottom; whether there is nothing on it but images."""

    parts: tuple[_Line | Table, ...]
    is_image: bool


def read_pdf(data: bytes, source: Source) -> Page:
    """The text and tables of a PDF; a page that is only an image gives the notice `image_only`.

    Raises:
        GongkaiError: for a PDF that a password locks.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            sheets = [_sheet(page) for page in document.pages]
            about = document.metadata or {}
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise GongkaiError(
                f"{source.path} 有密码,打不开。请换一份没有密码的 PDF。",
                f"{source.path} is locked by a password. Get a copy without one.",
            ) from error
        raise
    blocks = tuple(_blocks(sheets))
    title = about.get("Title")
    metadata = {"title": clean(title)} if isinstance(title, str) and title.strip() else {}
    return Page(source, blocks, tuple(_images(sheets, source)), metadata)


def _sheet(page: PdfPage) -> _Sheet:
    page = page.dedupe_chars(tolerance=1)  # bold type is often the same character printed twice
    tables = [table for table in page.find_tables() if _is_grid(table)]
    boxes = [table.bbox for table in tables]

    def outside(thing: dict[str, float]) -> bool:
        across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in boxes)

    placed: list[tuple[float, _Line | Table]] = [(table.bbox[1], _table(table)) for table in tables]
    unmapped = total = 0
    for found in page.filter(outside).extract_text_lines():
        text = clean(found["text"])
        unmapped += text.count("(cid:")
        total += len(text)
        if text:
            size = statistics.median(character["size"] for character in found["chars"])
            placed.append((found["top"], _Line(text, found["x0"], found["x1"], found["top"], size)))
    placed.sort(key=lambda each: each[0])
    parts = [part for _, part in placed]
    if unmapped * len("(cid:12)") > _UNMAPPED * total:
        parts = []
    return _Sheet(tuple(parts), not parts and bool(page.images or unmapped))


def _is_grid(table: PdfTable) -> bool:
    """Whether ruled boxes are a table: what is shaded behind a paragraph has one column."""
    return len(table.rows) > 0 and max(sum(cell is not None for cell in row.cells) for row in table.rows) > 1


def _table(table: PdfTable) -> Table:
    """The grid, a merged cell once, where it begins; the lines of a cell are joined."""
    lefts = sorted({cell[0] for cell in table.cells})
    tops = sorted({cell[1] for cell in table.cells})
    rows: list[tuple[Cell, ...]] = []
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells: list[Cell] = []
        for box, text in zip(row.cells, texts, strict=True):
            if box is None:
                continue
            left, top, right, bottom = box
            colspan = sum(left <= edge < right for edge in lefts)
            rowspan = sum(top <= edge < bottom for edge in tops)
            lines = (clean(line) for line in (text or "").split("\n"))
            cells.append(Cell(in_one_cell(lines), None, rowspan, colspan))
        rows.append(tuple(cells))
    return Table(tuple(rows))


def _blocks(sheets: Sequence[_Sheet]) -> Iterator[Block]:
    """The sheets as one text: paragraphs and tables go on over the end of a page."""
    parts = list(_without_running(sheets))
    lines = [part for part in parts if isinstance(part, _Line)]
    left = min(_usual(line.left for line in lines), default=0.0)
    right = max(_usual(line.right for line in lines), default=0.0)
    indented = sum(line.left > left + _INDENT * line.size for line in lines)
    tells = _FEWEST_INDENTED * len(lines) < indented < (1 - _FEWEST_INDENTED) * len(lines)
    for is_table, run in groupby(parts, key=lambda part: isinstance(part, Table)):
        if is_table:
            yield from (Block("", table=table) for table in _joined(part for part in run if isinstance(part, Table)))
            continue
        yield from join(
            Line(
                line.text,
                full=line.right >= right - _SHORT * line.size,
                indented=line.left > left + _INDENT * line.size if tells else None,
            )
            for line in run
            if isinstance(line, _Line)
        )


def _without_running(sheets: Sequence[_Sheet]) -> Iterator[_Line | Table]:
    """All parts but page numbers and what is printed on every page at the same height."""
    heights = Counter(
        (part.text, round(part.top)) for sheet in sheets for part in sheet.parts if isinstance(part, _Line)
    )
    for part in (part for sheet in sheets for part in sheet.parts):
        if isinstance(part, _Line):
            number = PAGE_NUMBER.fullmatch(part.text)
            if number or heights[part.text, round(part.top)] >= _RUNNING:
                continue
        yield part


def _usual(edges: Iterable[float]) -> list[int]:
    """The edges at which a good part of the lines begin or end, in points."""
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
    """Whether a row is the rest of the one before it, which a page's end cut: labels go on, values stand in one part."""
    if len(row) != len(following):
        return False
    values = [any(cell.text.isdecimal() for cell in each) for each in (row, following)]
    both = [(cell.text, rest.text) for cell, rest in zip(row, following, strict=True) if cell.text and rest.text]
    return sum(values) == 1 and bool(both) and not any(map(str.isdecimal, (text for pair in both for text in pair)))


def _width(table: Table) -> int:
    return max((sum(cell.colspan for cell in row) for row in table.rows), default=0)


def _texts(row: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in row]


def _images(sheets: Sequence[_Sheet], source: Source) -> Iterator[Notice]:
    """A notice for each run of pages that are images, under the heading that stands last before it."""
    heading = ""
    for is_image, run in groupby(sheets, key=lambda sheet: sheet.is_image):
        if is_image:
            yield notice("image_only", heading=heading or source.path)
            continue
        lines = (part.text for sheet in run for part in sheet.parts if isinstance(part, _Line))
        heading = next((text for text in reversed(list(lines)) if numbered(text).is_top), heading)
