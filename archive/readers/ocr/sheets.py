"""Reads a picture as a sheet of lines and tables; numbers are read three times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import cv2
import numpy as np
from msgspec.structs import replace

from archive.cues.section_codes import classify
from archive.limits import report_progress
from archive.model import Cell, RecognisedCell, Table
from archive.readers.ocr.cleaned import cleaned
from archive.readers.ocr.cut_tables import TableEdges, is_tiled
from archive.readers.ocr.find_lines import find_lines
from archive.readers.ocr.number_readings import number_readings
from archive.readers.ocr.pictures import upright
from archive.readers.ocr.placing import placed
from archive.readers.ocr.quarter_turns import quarter_turns
from archive.readers.ocr.recognise import Line, Pixels, as_number, confidence_of, recognise, text_of
from archive.readers.ocr.ruled_cells import CellBox, Ruled, print_of, ruled_tables
from archive.readers.page_layout import PrintedLine, Sheet
from archive.readers.table_builder import in_one_cell
from archive.tables.misread_labels import printed_heading, printed_label
from archive.text.clean import clean

# In heights of a character: the height of a line of print as it is cut out, the space beside it, the gap between two
# lines, what is a mark of the printer and no character, and the gap that is a blank.
_BAND, _BESIDE, _BETWEEN, _SPECK, _BLANK = 1.4, 0.5, 0.12, 0.2, 1.5
_WIDEST_DIGIT = 0.8
# Lines recognised between two signs of life.
_AT_ONCE = 32
_DIGITS = frozenset("0123456789")
UNREAD = "□"
"""Stands for a digit that cannot be read for certain."""


class _Print(NamedTuple):
    """A line of print in pixels."""

    left: int
    top: int
    right: int
    bottom: int


def read_sheet(grey: Pixels) -> Sheet:
    """The lines and tables of a picture from top to bottom, in pixels."""
    grey, factor = cleaned(grey)
    page = upright(grey)
    if turns := quarter_turns(page):
        page = upright(np.ascontiguousarray(np.rot90(grey, turns)))
    ruled = ruled_tables(page)
    report_progress()
    ink, faint = print_of(ruled.without_lines)
    parts: list[tuple[float, PrintedLine | Table]] = []
    outside = page.copy()
    edges = [TableEdges.of(boxes) for boxes in ruled.tables]
    for boxes, edge in zip(ruled.tables, edges, strict=True):
        outside[edge.top - 3 : edge.bottom + 3, edge.left - 3 : edge.right + 3] = 255
        table = _table(boxes, ruled, ink, faint)
        is_divided = any(edge.is_divided_from(other, ruled.size) for other in edges if other is not edge)
        parts.append((boxes[0].top, table if is_tiled(boxes) and not is_divided else _doubted(table)))
    parts += ((line.top, line) for line in _lines(outside, ruled.size))
    parts.sort(key=lambda part: part[0])
    return placed(Sheet(tuple(part for _, part in parts), is_image=not parts), 1 / factor)


def _table(boxes: Sequence[CellBox], ruled: Ruled, ink: Pixels, faint: Pixels) -> Table:
    edges = TableEdges.of(boxes)
    prints = [_prints(box, ink, ruled.size) for box in boxes]
    flat = [each for lines in prints for each in lines]
    first = _recognised([_cut(ruled.without_lines, each, ruled.size) for each in flat])
    numbers = {
        place: number for place, line in zip(flat, first, strict=True) if (number := as_number(line)) is not None
    }
    again = {
        place: [as_number(line) or () for line in lines]
        for place, *lines in zip(
            numbers,
            *(
                _recognised([look(ruled.without_lines, place, ruled.size) for place in numbers])
                for look in (_enlarged, _loose)
            ),
            strict=True,
        )
    }
    found = dict(zip(flat, first, strict=True))
    rows: list[tuple[Cell, ...]] = []
    for _, row in groupby(zip(boxes, prints, strict=True), key=lambda pair: pair[0].row):
        cells = []
        for box, places in row:
            if len(places) == 1 and places[0] in numbers:
                (place,) = places
                blobs = _count_blobs(ink, place, ruled.size)
                readings, confidence = number_readings([numbers[place], *again[place]], blobs)
                if len(readings) == 1 and edges.is_close(place, ruled.size):
                    readings *= 2
                text = readings[0]
            else:
                lines = [found[place] for place in places]
                text = printed_label(in_one_cell(clean(text_of(line)) for line in lines))
                readings, confidence = (), min(map(confidence_of, lines), default=1.0)
                if not text and (places or _is_printed(box, faint, ruled.size)):  # print that is no character
                    text, readings = UNREAD, (UNREAD,) * 2
            cells.append(RecognisedCell(text, None, box.rowspan, box.colspan, round(confidence, 3), readings))
        rows.append(tuple(cells))
    return Table(tuple(rows))


def _doubted(table: Table) -> Table:
    """A table that is not whole: each number and each blank can be another one."""
    return replace(table, rows=tuple(tuple(map(_doubtful, row)) for row in table.rows))


def _doubtful(cell: Cell) -> Cell:
    if not isinstance(cell, RecognisedCell) or len(cell.readings) > 1 or (cell.text and not cell.readings):
        return cell
    return replace(cell, text=cell.text or UNREAD, readings=(cell.text or UNREAD,) * 2)


def _prints(box: CellBox, ink: Pixels, size: float) -> list[_Print]:
    """The lines of print in a cell, divided where a row of pixels is white."""
    part = ink[box.top : box.bottom, box.left : box.right]
    count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    specks = [n for n in range(1, count) if max(stats[n][2], stats[n][3]) < _SPECK * size]
    if len(specks) == count - 1:
        return []
    rows = np.flatnonzero(part.any(axis=1))
    runs = [
        (int(run[0]), int(run[-1]) + 1)
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > max(1.0, _BETWEEN * size)) + 1)
    ]
    lines: list[tuple[int, int]] = []
    for top, bottom in runs:
        # a stroke of 三 or a point is part of the line that it is close to
        if lines and bottom - lines[-1][0] <= 1.15 * size:
            lines[-1] = (lines[-1][0], bottom)
        else:
            lines.append((top, bottom))
    found = []
    for top, bottom in lines:
        columns = np.flatnonzero(part[top:bottom].any(axis=0))
        if bottom - top < _SPECK * size and len(columns) < _SPECK * size:
            continue
        found.append(
            _Print(box.left + int(columns[0]), box.top + top, box.left + int(columns[-1]) + 1, box.top + bottom)
        )
    return found


def _is_printed(box: CellBox, faint: Pixels, size: float) -> bool:
    """Whether a cell without dark print has marks of the height of a character: it is no blank."""
    part = faint[box.top : box.bottom, box.left : box.right]
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    return bool((stats[1:, cv2.CC_STAT_HEIGHT] >= 0.5 * size).any())


def _count_blobs(ink: Pixels, place: _Print, size: float) -> int:
    """The fewest characters that the ink can be: marks with white between them, or the width of as many digits."""
    part = ink[place.top : place.bottom, place.left : place.right]
    columns = np.flatnonzero(part.any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return max(len(runs), math.ceil((place.right - place.left) / (_WIDEST_DIGIT * size)))


def _cut(grey: Pixels, place: _Print, size: float, band: float = _BAND, beside: float = _BESIDE) -> Pixels:
    """A line of print with white around it; one sign alone gets the height of a line."""
    height = max(place.bottom - place.top + 0.4 * size, band * size)
    middle = (place.top + place.bottom) / 2
    top, bottom = math.floor(middle - height / 2), math.ceil(middle + height / 2)
    width = max(place.right - place.left + 2 * beside * size, 1.6 * height)
    centre = (place.left + place.right) / 2
    left, right = math.floor(centre - width / 2), math.ceil(centre + width / 2)
    canvas = np.full((bottom - top, right - left), 255, np.uint8)
    # what is printed beside it is not part of it
    margin = 2
    y0, y1 = max(0, place.top - margin), min(grey.shape[0], place.bottom + margin)
    x0, x1 = max(0, place.left - margin), min(grey.shape[1], place.right + margin)
    y0, y1 = max(y0, top), min(y1, bottom)
    x0, x1 = max(x0, left), min(x1, right)
    canvas[y0 - top : y1 - top, x0 - left : x1 - left] = grey[y0:y1, x0:x1]
    return canvas


def _enlarged(grey: Pixels, place: _Print, size: float) -> Pixels:
    """The line three times as large, with a sharper contrast."""
    cut = _cut(grey, place, size, 1.7, 0.9)
    large = cv2.resize(cut, None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
    soft = np.asarray(cv2.GaussianBlur(large, (0, 0), 1.2), np.float32)
    darkest, lightest = float(soft.min()), float(soft.max())
    return np.asarray((soft - darkest) * 255 / max(lightest - darkest, 1.0), np.uint8)


def _loose(grey: Pixels, place: _Print, size: float) -> Pixels:
    """The line smaller in a wider band."""
    return _cut(grey, place, size, 2.1, 1.4)


def _recognised(lines: Sequence[Pixels]) -> list[Line]:
    found: list[Line] = []
    for start in range(0, len(lines), _AT_ONCE):
        found += recognise(lines[start : start + _AT_ONCE])
        report_progress()
    return found


def _lines(grey: Pixels, size: float) -> list[PrintedLine]:
    """The lines of print outside tables."""
    prints = [_Print(*box) for box in find_lines(grey)]
    report_progress()
    prints.sort(key=lambda each: (each.top + each.bottom) / 2)
    rows: list[list[_Print]] = []
    for each in prints:
        middle = (each.top + each.bottom) / 2
        if rows and any(other.top < middle < other.bottom for other in rows[-1]):
            rows[-1].append(each)
        else:
            rows.append([each])
    flat = [each for row in rows for each in sorted(row)]
    first = _recognised([grey[each.top : each.bottom, each.left : each.right] for each in flat])
    with_digits = [place for place, line in zip(flat, first, strict=True) if not _DIGITS.isdisjoint(text_of(line))]
    again = dict(zip(with_digits, _recognised([_enlarged_line(grey, each) for each in with_digits]), strict=True))
    read = {
        place: _certain(line, again[place]) if place in again else text_of(line)
        for place, line in zip(flat, first, strict=True)
    }
    confidence = {place: confidence_of(line) for place, line in zip(flat, first, strict=True)}
    usual = float(np.median([each.bottom - each.top for each in flat])) if flat else size
    lines = []
    for row in rows:
        row.sort()
        text = printed_heading(_with_number(clean(_spaced(row, read, size))))
        if any(character.isalnum() for character in text):  # an emblem is read as □ or signs
            top, left, right = min(each.top for each in row), row[0].left, row[-1].right
            lowest = round(min(confidence[each] for each in row), 3)
            lines.append(PrintedLine(text, left, right, top, usual, lowest))
    return lines


def _with_number(text: str) -> str:
    """The text with the 一 in front of the first heading, a stroke that is lost in thin print."""
    return f"一{text}" if text.startswith("、") and classify(text[1:])[:1] == ("overview",) else text


def _spaced(row: Sequence[_Print], read: dict[_Print, str], size: float) -> str:
    text = ""
    for before, each in zip([None, *row], row, strict=False):
        text += " " if before and each.left - before.right > _BLANK * size else ""
        text += read[each]
    return text


def _enlarged_line(grey: Pixels, place: _Print) -> Pixels:
    cut = grey[place.top : place.bottom, place.left : place.right]
    padded = np.pad(cut, ((3, 3), (8, 8)), constant_values=255)
    return np.asarray(cv2.resize(padded, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _certain(line: Line, again: Line) -> str:
    """The text of a line; digits that a second reading does not confirm are unread."""
    digits = [[glyph for glyph in each if glyph.text in _DIGITS] for each in (line, again)]
    if len(digits[0]) != len(digits[1]):
        return "".join(UNREAD if glyph.text in _DIGITS else glyph.text for glyph in line)
    other = iter(digits[1])
    text = ""
    for glyph in line:
        if glyph.text in _DIGITS:
            second = next(other)
            is_certain = second.text == glyph.text and max(glyph.share, second.share) >= 0.9
            text += glyph.text if is_certain else UNREAD
        else:
            text += glyph.text
    return text
