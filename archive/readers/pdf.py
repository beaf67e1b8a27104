"""Reads PDF pages with a text layer by pdfplumber, with tables as grids."""

from __future__ import annotations

import io
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.pdf import PDF
from pdfplumber.table import Table as PdfTable
from pdfplumber.utils.exceptions import PdfminerException

from archive.model import Cell, Page, Source, Table
from archive.readers.containers import locked
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks
from archive.readers.scans import picture_on_page, scanned
from archive.readers.sheet_pictures import Box, PlacedPicture, is_large, with_pictures
from archive.readers.table_builder import in_one_cell
from archive.text.clean import clean

# '(cid:1234)', a character of a font without a map to Unicode (ToUnicode), or a map to characters of private use
_UNMAPPED = re.compile("\\(cid:|[\ue000-\uf8ff\ufffd]")
# Share of such characters above which the text of a page says nothing.
_MOST_UNMAPPED = 0.2
# Points, as in pdfplumber; shorter edges are the thickness of a line.
_SHORTEST_RULE = 3
# Share of the size of a digit that a raised one has at most, and by which its base line is higher at least.
_SMALL, _RAISED = 0.8, 0.2
# By how much the edges of two parts of one picture differ in all.
_STRIPS = 3.0
# Lines that end at one position and so are the rows of a table.
_FEWEST_ENDS = 4


def read_pdf(data: bytes, source: Source) -> Page:
    """The text and tables of a PDF; notices tell of pages of images and of fonts without characters.

    Raises:
        GongkaiError: for a PDF with a password.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            read = [*scanned(map(_sheet, document.pages), document, source)]
            sheets, notices = with_pictures(read, [*_pictures(read, document, source)])
            title = (document.metadata or {}).get("Title")
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise locked(source) from error
        raise
    blocks = tuple(sheet_blocks(sheets))
    metadata = {"title": clean(title)} if isinstance(title, str) and title.strip() else {}
    return Page(source, blocks, (*notices, *image_notices(sheets, source)), metadata)


def _pictures(sheets: Sequence[Sheet], document: PDF, source: Source) -> Iterator[PlacedPicture]:
    """The pictures on the sheets with text; one behind the text is a background, or a scan with the text of its OCR."""
    for number, (sheet, page) in enumerate(zip(sheets, document.pages, strict=True)):
        if sheet.is_image or sheet.is_unmapped:
            continue
        for left, top, right, bottom in _picture_boxes(page):
            box = left, top, right, bottom
            has_text = any(
                left < (each["x0"] + each["x1"]) / 2 < right and top < (each["top"] + each["bottom"]) / 2 < bottom
                for each in page.chars
            )
            if is_large(box, page.width, page.height) and not has_text:
                yield PlacedPicture(number, box, partial(picture_on_page, page, box, source))


def _picture_boxes(page: PdfPage) -> Sequence[Box]:
    """The edges of the pictures on a page; strips below each other are one picture."""
    boxes: list[Box] = []
    for image in sorted(page.images, key=lambda each: each["top"]):
        left, top, right, bottom = (image[edge] for edge in ("x0", "top", "x1", "bottom"))
        if boxes and abs(boxes[-1][0] - left) + abs(boxes[-1][2] - right) + abs(boxes[-1][3] - top) < _STRIPS:
            boxes[-1] = (left, boxes[-1][1], right, bottom)
        else:
            boxes.append((left, top, right, bottom))
    return boxes


def _sheet(page: PdfPage) -> Sheet:
    page = page.dedupe_chars(tolerance=1)  # bold print is often the same character twice
    for character in page.chars:
        _align(character)
    for before, raised in pairwise(page.chars):
        _mark_raised(before, raised)
    settings = {"explicit_vertical_lines": _open_sides(page)}
    tables = [table for table in page.find_tables(settings) if _is_grid(table)]
    boxes = [table.bbox for table in tables]

    def outside(thing: dict[str, float]) -> bool:
        across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in boxes)

    placed: list[tuple[float, PrintedLine | Table]] = [(table.bbox[1], _table(table)) for table in tables]
    for found in page.filter(outside).extract_text_lines():
        text = clean(found["text"])
        if text:
            size = statistics.median(character["size"] for character in found["chars"])
            placed.append((found["top"], PrintedLine(text, found["x0"], found["x1"], found["top"], size)))
    placed.sort(key=lambda each: each[0])
    unmapped = sum(_UNMAPPED.match(character["text"]) is not None for character in page.chars)
    parts = [] if unmapped > _MOST_UNMAPPED * len(page.chars) else [part for _, part in placed]
    return Sheet(tuple(parts), not parts and not unmapped and bool(page.images), unmapped > 0)


def _align(character: dict[str, Any]) -> None:
    """Moves the box of a character to its base line.

    2022 in 2022年政府信息公开 can have another font, whose boxes are higher or lower and so on another line.
    """
    if character["upright"]:
        base = character["bottom"] + character["y0"] - character["matrix"][5]
        character["top"], character["bottom"] = base - 0.8 * character["size"], base + 0.2 * character["size"]


def _mark_raised(before: dict[str, Any], raised: dict[str, Any]) -> None:
    """Puts brackets around a small digit above the base line behind a digit, the mark of a footnote, and lowers it."""
    if not (raised["text"].isdecimal() and before["text"].isdecimal()):
        return
    size = before["size"]
    is_beside = abs(raised["x0"] - before["x1"]) < _SMALL * size
    if is_beside and raised["size"] < _SMALL * size and _RAISED * size < before["bottom"] - raised["bottom"] < size:
        raised["text"], raised["top"], raised["bottom"] = f"[{raised['text']}]", before["top"], before["bottom"]


def _open_sides(page: PdfPage) -> list[dict[str, Any]]:
    """Vertical lines at the ends of rows without one: tables often have no outer lines."""
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
    """Whether ruled boxes are a table; the shade behind a paragraph has one column."""
    return len(table.rows) > 0 and max(sum(cell is not None for cell in row.cells) for row in table.rows) > 1


def _table(table: PdfTable) -> Table:
    """The grid; a merged cell is in the row where it begins, and the lines of a cell are joined."""
    lefts = {cell[0] for cell in table.cells}
    tops = {cell[1] for cell in table.cells}
    rows = []
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells = []
        for box, text in zip(row.cells, texts, strict=True):
            if box:
                left, top, right, bottom = box
                rowspan = sum(top <= edge < bottom for edge in tops)
                colspan = sum(left <= edge < right for edge in lefts)
                cells.append(Cell(in_one_cell(map(clean, (text or "").split("\n"))), None, rowspan, colspan))
        rows.append(tuple(cells))
    return Table(tuple(rows))
