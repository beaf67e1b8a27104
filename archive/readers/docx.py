"""Reads DOCX pages: paragraphs and tables of the body, with the numbers of lists (一、 before a heading)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from lxml import etree

from archive.model import Block, Page, Source
from archive.notices import notice
from archive.readers.containers import ZipContainer
from archive.readers.docx_numbering import Numbers, W, child_value, number_value
from archive.readers.html_main_content import ContentPiece
from archive.readers.scans import PagePictures
from archive.readers.table_builder import MOST_COLUMNS, RawCell, RawTable
from archive.text.clean import clean, footnote

# Elements around content: form fields, tracked insertions, smart tags.
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
# Content that is not shown: tracked deletions, and the second form of each drawing.
_NOT_SHOWN = frozenset(
    (f"{W}del", f"{W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_P, _TABLE, _ROW, _CELL = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc"))


def read_docx(data: bytes, source: Source) -> Page:
    """The paragraphs and tables of a document in reading order.

    Raises:
        GongkaiError: for a damaged zip or one beyond the limits.
    """
    archive = ZipContainer(data, source)
    for name in archive.names:
        archive.read(name)  # checks each file before python-docx unpacks it
    document = docx.Document(io.BytesIO(data))
    numbers = _numbers(document)
    pictures = PagePictures(source)
    pieces = [piece for part in _body(document, numbers, pictures) for piece in part]
    blocks = tuple(
        Block("" if piece.table else piece.text, table=piece.table, confidence=piece.confidence) for piece in pieces
    )
    drawing = next(document.element.body.iter(f"{W}drawing", f"{W}pict"), None)
    notices = (notice("image_only", heading=source.path),) if not blocks and drawing is not None else ()
    title = clean(document.core_properties.title or "")
    return Page(source, blocks, (*pictures.notices, *notices), {"title": title} if title else {})


def _body(document: Document, numbers: Numbers, pictures: PagePictures) -> Iterator[Iterator[ContentPiece]]:
    """Paragraphs and tables in order; a table around others lays out the page, and its cells are read in turn."""
    stack = list(reversed(document.element.body))
    while stack:
        element = stack.pop()
        if element.tag in _WRAPPERS:
            stack += reversed(element)
        elif element.tag == _P:
            yield _paragraph(element, numbers)
            yield _pictured(element, document, pictures)
        elif element.tag == _TABLE:
            inner = element.iter(_TABLE)
            next(inner)
            if next(inner, None) is None:
                yield _table(element, numbers).pieces()
                yield _pictured(element, document, pictures)
            else:
                stack += [part for cell in reversed(list(_shallow(element, _CELL))) for part in reversed(cell)]


def _paragraph(element: etree._Element, numbers: Numbers) -> Iterator[ContentPiece]:
    label = numbers.label(*_numbering(element))
    for line in _lines(element):
        if text := clean(label + line):
            yield ContentPiece(text)
            label = ""


def _pictured(element: etree._Element, document: Document, pictures: PagePictures) -> Iterator[ContentPiece]:
    """The tables and paragraphs in the pictures of a paragraph, or of the cells of a table."""
    for blip in element.iter(_BLIP):
        part = document.part.related_parts.get(blip.get(_EMBED))
        for block in pictures.blocks(part.blob if part else None):
            yield ContentPiece(block.text, table=block.table, confidence=block.confidence)


def _numbering(element: etree._Element) -> tuple[str | None, str | None, str | None]:
    """The list, the level and the style of a paragraph."""
    return (
        child_value(element, "pPr", "numPr", "numId"),
        child_value(element, "pPr", "numPr", "ilvl"),
        child_value(element, "pPr", "pStyle"),
    )


def _lines(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, divided at its line breaks, then the text in its frames."""
    text: list[str] = []
    frames: list[etree._Element] = []
    stack = list(reversed(element))
    while stack:
        part = stack.pop()
        if part.tag in _NOT_SHOWN:
            continue
        if part.tag == _P:
            frames.append(part)
        elif part.tag == f"{W}t":
            shown = part.text or ""
            is_raised = child_value(part.getparent(), "rPr", "vertAlign") == "superscript"
            text.append(footnote("".join(text[-1:]), shown) if is_raised else shown)
        elif part.tag in (f"{W}tab", f"{W}ptab"):
            text.append(" ")
        elif part.tag == f"{W}noBreakHyphen":
            text.append("-")
        elif part.tag in (f"{W}br", f"{W}cr"):
            yield "".join(text)
            text.clear()
        else:
            stack += reversed(part)
    yield "".join(text)
    for frame in frames:
        yield from _lines(frame)


def _table(table: etree._Element, numbers: Numbers) -> RawTable:
    """The grid; a cell merged over rows is in the row where it begins."""
    grid = RawTable()
    above: dict[int, RawCell] = {}
    for row in _shallow(table, _ROW):
        grid.start_row()
        column = _count(row, 0, "trPr", "gridBefore")
        for cell in _shallow(row, _CELL):
            colspan = _count(cell, 1, "tcPr", "gridSpan")
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            continues = merged is not None and merged.get(f"{W}val", "continue") == "continue"
            if continues and column in above:
                above[column].rowspan += 1
            else:
                above[column] = grid.start_cell(1, colspan)
                for paragraph in _shallow(cell, _P):
                    for piece in _paragraph(paragraph, numbers):
                        grid.add(piece.text)
                grid.end_cell()
            column += colspan
    return grid


def _shallow(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The descendants with a tag that are in no other one with this tag."""
    stack = list(reversed(element))
    while stack:
        part = stack.pop()
        if part.tag == tag:
            yield part
        elif part.tag in _WRAPPERS or (tag == _CELL and part.tag == _ROW):
            stack += reversed(part)


def _count(element: etree._Element, default: int, *path: str) -> int:
    value = number_value(child_value(element, *path))
    return default if value is None else min(value, MOST_COLUMNS)


def _numbers(document: Document) -> Numbers:
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None)
    return Numbers(getattr(part, "element", None), document.styles.element)
