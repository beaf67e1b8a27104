"""PDF pages with a text layer, by pdfplumber: its tables are true grids, with merged cells and broken lines."""

from __future__ import annotations

import io
import statistics
from collections import defaultdict
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.table import Table as PdfTable
from pdfplumber.utils.exceptions import PdfminerException

from archive.errors import UnreadableSource
from archive.model import Cell, Page, Source, Table
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks
from archive.readers.table_builder import in_one_cell
from archive.text.clean import clean

# A font without a table of its characters gives '(cid:1234)': with so many of them a page cannot be read.
_UNMAPPED = 0.2
# Points: what is shorter is the thickness of a line, as pdfplumber has it too. So many lines that end alike are rows.
_SHORTEST_RULE, _FEWEST_ENDS = 3, 4


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
            raise UnreadableSource(
                f"{source.path} 有密码，打不开。请换一份没有密码的 PDF。",
                f"{source.path} is locked by a password. Get a copy without one.",
            ) from error
        raise
    blocks = tuple(sheet_blocks(sheets))
    title = about.get("Title")
    metadata = {"title": clean(title)} if isinstance(title, str) and title.strip() else {}
    return Page(source, blocks, tuple(image_notices(sheets, source)), metadata)


def _sheet(page: PdfPage) -> Sheet:
    page = page.dedupe_chars(tolerance=1)  # bold type is often the same character printed twice
    for character in page.chars:
        _stand_on_line(character)
    settings = {"explicit_vertical_lines": _open_sides(page)}
    tables = [table for table in page.find_tables(settings) if _is_grid(table)]
    boxes = [table.bbox for table in tables]

    def outside(thing: dict[str, float]) -> bool:
        across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in boxes)

    placed: list[tuple[float, PrintedLine | Table]] = [(table.bbox[1], _table(table)) for table in tables]
    unmapped = total = 0
    for found in page.filter(outside).extract_text_lines():
        text = clean(found["text"])
        unmapped += text.count("(cid:")
        total += len(text)
        if text:
            size = statistics.median(character["size"] for character in found["chars"])
            placed.append((found["top"], PrintedLine(text, found["x0"], found["x1"], found["top"], size)))
    placed.sort(key=lambda each: each[0])
    parts = [part for _, part in placed]
    if unmapped * len("(cid:12)") > _UNMAPPED * total:
        parts = []
    return Sheet(tuple(parts), not parts and bool(page.images or unmapped))


def _stand_on_line(character: dict[str, Any]) -> None:
    """Gives a character the box that one of its size has on its base line.

    2022 inside 年政府信息公开 is of another font, whose own box is higher or lower: it would be another line.
    """
    if character["upright"]:
        base = character["bottom"] + character["y0"] - character["matrix"][5]
        character["top"], character["bottom"] = base - 0.8 * character["size"], base + 0.2 * character["size"]


def _open_sides(page: PdfPage) -> list[dict[str, Any]]:
    """Lines where rows of a table end without one: its outermost sides are often left open, or cut off by the sheet."""
    edges = [edge for edge in page.edges if max(edge["width"], edge["height"]) >= _SHORTEST_RULE]
    ruled = [edge["x0"] for edge in edges if edge["orientation"] == "v"]
    ends = defaultdict(list)
    for edge in (edge for edge in edges if edge["orientation"] == "h"):
        for end in {round(edge["x0"]), round(edge["x1"])}:
            ends[end].append(edge["top"])
    return [
        {
            "object_type": "line_edge",
            "orientation": "v",
            "x0": end,
            "x1": end,
            "top": min(tops),
            "bottom": max(tops),
            "height": max(tops) - min(tops),
        }
        for end, tops in ends.items()
        if len(tops) >= _FEWEST_ENDS and all(abs(end - line) > _SHORTEST_RULE for line in ruled)
    ]


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
