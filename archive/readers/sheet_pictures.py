"""Reads the pictures on the sheets of a PDF or OFD by OCR, and puts what they say between the lines of the sheet.

Those on a sheet with text are read only if the document lacks a statutory table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archive.errors import GongkaiError
from archive.model import Notice, Table
from archive.notices import notice
from archive.readers.page_layout import PrintedLine, Sheet, sheet_blocks
from archive.readers.scans import most_pictures
from archive.tables.detect import recognise
from archive.vocabulary import STATUTORY

Box = tuple[float, float, float, float]
"""The left, upper, right and lower edge in the units of the sheet."""
# The share of the area of a sheet from which a picture on it can be a table.
_SMALLEST = 0.04


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture on a sheet: the place of the sheet in the document, the edges of the picture, and how it is read."""

    sheet: int
    box: Box
    read: Callable[[], Sheet]


def is_large(box: Box, width: float, height: float) -> bool:
    """Whether a picture on a sheet of that size can be a table; emblems and seals are smaller."""
    left, top, right, bottom = box
    return (right - left) * (bottom - top) >= _SMALLEST * width * height


def with_pictures(
    sheets: Sequence[Sheet], pictures: Sequence[PlacedPicture]
) -> tuple[Sequence[Sheet], tuple[Notice, ...]]:
    """The sheets with the lines and tables of their pictures, and notices on pictures that could not be read."""
    left = most_pictures()
    wanted = [each for each in pictures if sheets[each.sheet].is_image]
    if left and len(wanted) < len(pictures) and _lacks_table(sheets):
        wanted = [*pictures]
    found, notices = [*sheets], list[Notice]()
    for picture in wanted[:left]:
        try:
            parts = picture.read().parts
        except GongkaiError as error:
            notices.append(notice("attachment_unread", why=error.zh, why_en=error.en))
            continue
        if parts:
            found[picture.sheet] = _inserted(found[picture.sheet], parts, picture.box[1])
    return found, tuple(notices)


def _lacks_table(sheets: Sequence[Sheet]) -> bool:
    """Whether a table of the statutory forms is not there as text."""
    found = {block.table.kind for block in recognise([*sheet_blocks(sheets)]) if block.table}
    return not found >= set(STATUTORY)


def _inserted(sheet: Sheet, parts: Sequence[PrintedLine | Table], top: float) -> Sheet:
    """The sheet with the parts of a picture before the first line below its upper edge."""
    below = (place for place, part in enumerate(sheet.parts) if isinstance(part, PrintedLine) and part.top > top)
    place = next(below, len(sheet.parts))
    return replace(sheet, parts=(*sheet.parts[:place], *parts, *sheet.parts[place:]), is_image=False)
