"""Reads XLSX and XLS workbooks: each visible sheet as tables and the paragraphs between them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from archive.cues.titles import read_title
from archive.limits import LIMITS
from archive.model import Block, Page, Source
from archive.readers.compound import is_cut
from archive.readers.containers import ZipContainer, damaged, locked
from archive.readers.html_main_content import ContentPiece
from archive.readers.table_builder import RawCell, RawTable, is_prose
from archive.tables.form_labels import labels_named
from archive.text.clean import clean

# Digits that a sheet shows of a number that binary fractions only approximate: 2.65 and not 2.6499999999999999.
_DIGITS = 15
# The record of encryption behind the one that begins a workbook of Excel 97, and the one of write protection.
_LOCKED = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_Lines = list[str]


def read_workbook(data: bytes, source: Source) -> Page:
    """The visible sheets in order. A number is shown with the digits that are stored, not in the format of its cell.

    Raises:
        GongkaiError: for a damaged workbook, one with a password or one beyond the limits.
    """
    if data.startswith(b"PK"):  # XLS is no zip
        archive = ZipContainer(data, source)
        for name in archive.names:
            archive.read(name)  # checks each file before the library unpacks it
    elif _LOCKED.search(data):
        raise locked(source)
    elif is_cut(data):  # the library reads the cells before the cut
        raise damaged(source)
    try:
        pieces = list(_pieces(CalamineWorkbook.from_filelike(io.BytesIO(data)), source))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library, which derives it from BaseException
            raise
        raise damaged(source) from error
    return Page(source, tuple(Block("", table=piece.table) if piece.table else Block(piece.text) for piece in pieces))


def _pieces(workbook: CalamineWorkbook, source: Source) -> Iterator[ContentPiece]:
    cells = 0
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible != SheetVisibleEnum.Visible:
            continue
        read = workbook.get_sheet_by_index(index)
        cells += read.total_height * read.total_width
        LIMITS.check(source.path, cells=cells)
        name = clean(sheet.name)
        if read_title(name):
            yield ContentPiece(name)
        yield from _tables(read)


def _tables(sheet: CalamineSheet) -> Iterator[ContentPiece]:
    """The rows as tables, divided at blank rows; columns without text on their right are left out."""
    rows = [[_lines(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spans: dict[tuple[int, int], tuple[int, int] | None] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        bottom, right = min(bottom, len(rows) - 1), min(right, sheet.total_width - 1)
        spans.update(((row, column), None) for row in range(top, bottom + 1) for column in range(left, right + 1))
        spans[top, left] = bottom - top + 1, right - left + 1
    for is_blank, run in groupby(enumerate(rows), key=lambda numbered: not any(numbered[1])):
        if not is_blank:
            yield from _table(list(run), spans).pieces()


def _table(rows: list[tuple[int, list[_Lines]]], spans: Mapping[tuple[int, int], tuple[int, int] | None]) -> RawTable:
    width = max(column + 1 for _, row in rows for column, lines in enumerate(row) if lines)
    grid = RawTable()
    for number, row in rows:
        grid.start_row()
        only = _only_text(row)
        for column, lines in enumerate(row[:width]):
            span = spans.get((number, column), (1, 1))
            if span and (only is None or lines):
                grid.start_cell(*span).paragraphs += lines
    return grid


def _only_text(row: list[_Lines]) -> _Lines | None:
    """The lines of the only cell with text, if they are a title, a heading or a sentence above or below a table."""
    first, *others = filter(None, row)
    cell = RawCell(1, 1, first)
    return None if others or not is_prose([cell]) or labels_named(cell.text) else first


def _lines(value: Any) -> _Lines:
    return [line for line in map(clean, _text(value).split("\n")) if line]


def _text(value: Any) -> str:
    """The value as text: 118.0 is 118, and a day is 2021年12月31日."""
    if isinstance(value, bool) or not isinstance(value, int | float | date | timedelta):
        return str(value).strip()
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, timedelta):
        return str(value)
    return f"{value:.{_DIGITS}g}" if abs(value) < 10**_DIGITS else str(int(value))
