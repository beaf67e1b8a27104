"""DOCX pages: the body's paragraphs and tables, with the numbers that Word counts itself (一、 before a heading)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from lxml import etree

from archive.model import Block, Page, Source
from archive.notices import notice
from archive.readers.containers import ZipContainer
from archive.readers.docx_numbering import Numbers, number_value
from archive.readers.html_main_content import ContentPiece
from archive.readers.table_builder import MOST_PLACES, RawCell, RawTable
from archive.text.clean import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What wraps content and says nothing of itself: fields of forms, insertions that were tracked, smart tags.
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
# What is in the file and not on the page: deletions that were tracked, and a second form of every drawing.
_NOT_SHOWN = frozenset(
    (f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)
_P, _TABLE, _ROW, _CELL = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc"))


def read_docx(data: bytes, source: Source) -> Page:
    """The paragraphs and tables of a document in reading order.

    Raises:
        GongkaiError: for a zip beyond the limits or a damaged one.
    """
    archive = ZipContainer(data, source)
    for name in archive.names:
        archive.read(name)  # what python-docx will unpack is then known to be within the limits, and whole
    document = docx.Document(io.BytesIO(data))
    numbers = _numbers(document)
    pieces = [piece for part in _body(document.element.body, numbers) for piece in part]
    blocks = tuple(Block("", table=piece.table) if piece.table else Block(piece.text) for piece in pieces)
    drawn = next(document.element.body.iter(f"{_W}drawing", f"{_W}pict"), None)
    said = (notice("image_only", heading=source.path),) if not blocks and drawn is not None else ()
    title = clean(document.core_properties.title or "")
    return Page(source, blocks, said, {"title": title} if title else {})


def _body(body: etree._Element, numbers: Numbers) -> Iterator[Iterator[ContentPiece]]:
    """Paragraphs and tables, in order; a table that holds others lays out the page, and its cells are read in turn."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag in _WRAPPERS:
            stack += reversed(element)
        elif element.tag == _P:
            yield _paragraph(element, numbers)
        elif element.tag == _TABLE:
            inner = element.iter(_TABLE)
            next(inner)
            if next(inner, None) is None:
                yield _table(element, numbers).pieces()
            else:
                stack += [part for cell in reversed(list(_shallow(element, _CELL))) for part in reversed(cell)]


def _paragraph(element: etree._Element, numbers: Numbers) -> Iterator[ContentPiece]:
    label = numbers.label(*_numbering(element))
    for line in _lines(element):
        if text := clean(label + line):
            yield ContentPiece(text)
            label = ""


def _numbering(element: etree._Element) -> tuple[str | None, str | None, str | None]:
    """The list and the level that a paragraph is set in, if any, and its style."""
    numbered, level, style = (
        element.find(f"{_W}pPr/{path}") for path in (f"{_W}numPr/{_W}numId", f"{_W}numPr/{_W}ilvl", f"{_W}pStyle")
    )
    return tuple(None if each is None else each.get(f"{_W}val") for each in (numbered, level, style))  # type: ignore[return-value]


def _lines(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, parted where a line was broken by hand; text in frames on it comes behind."""
    text: list[str] = []
    frames: list[etree._Element] = []
    stack = list(reversed(element))
    while stack:
        part = stack.pop()
        if part.tag in _NOT_SHOWN:
            continue
        if part.tag == _P:
            frames.append(part)
        elif part.tag == f"{_W}t":
            text.append(part.text or "")
        elif part.tag in (f"{_W}tab", f"{_W}ptab"):
            text.append(" ")
        elif part.tag == f"{_W}noBreakHyphen":
            text.append("-")
        elif part.tag in (f"{_W}br", f"{_W}cr"):
            yield "".join(text)
            text.clear()
        else:
            stack += reversed(part)
    yield "".join(text)
    for frame in frames:
        yield from _lines(frame)


def _table(table: etree._Element, numbers: Numbers) -> RawTable:
    """The grid: a cell that is merged downwards stands in the row where it begins."""
    grid = RawTable()
    above: dict[int, RawCell] = {}
    for row in _shallow(table, _ROW):
        grid.start_row()
        place = _span(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _shallow(row, _CELL):
            colspan = _span(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            if goes_on and place in above:
                above[place].rowspan += 1
            else:
                above[place] = grid.start_cell(1, colspan)
                for paragraph in _shallow(cell, _P):
                    for piece in _paragraph(paragraph, numbers):
                        grid.add(piece.text)
                grid.end_cell()
            place += colspan
    return grid


def _shallow(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The descendants of that tag that stand in no other one, through whatever wraps them."""
    stack = list(reversed(element))
    while stack:
        part = stack.pop()
        if part.tag == tag:
            yield part
        elif part.tag in _WRAPPERS or (tag == _CELL and part.tag == _ROW):
            stack += reversed(part)


def _span(element: etree._Element | None, otherwise: int) -> int:
    value = number_value(None if element is None else element.get(f"{_W}val"))
    return otherwise if value is None else min(value, MOST_PLACES)


def _numbers(document: Document) -> Numbers:
    """The lists of a document, none where it has no part for them."""
    part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None)
    return Numbers(getattr(part, "element", None), document.styles.element)
