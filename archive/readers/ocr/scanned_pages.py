"""Reads scanned sheets of a PDF, pictures that are pages, and pictures in pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
from pdfplumber.page import Page as PdfPage

from archive.limits import LIMITS
from archive.model import Block, Page, Source, Table
from archive.readers.ocr.pictures import check_pixels, decode_picture, decode_pictures
from archive.readers.ocr.sheets import read_sheet
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks

# Dots an inch: of a sheet whose image has no size, and the least and the most that a sheet is drawn with.
_USUAL, _LEAST, _MOST = 200, 72, 300
_POINTS = 72
# Pixels of the smallest picture in a page that can be print, and the lines of print that make one without a table.
_WIDTH, _HEIGHT, _FEWEST_LINES = 300, 100, 5


def scanned_sheet(page: PdfPage, source: Source) -> Sheet:
    """A sheet of a PDF that is an image, in points as those with text are.

    Raises:
        LimitExceeded: if it has more pixels than the limit.
    """
    dots = [image["srcsize"][0] / image["width"] * _POINTS for image in page.images if image["width"] > 0]
    resolution = round(min(max(max(dots, default=_USUAL), _LEAST), _MOST))
    check_pixels(page.width / _POINTS * resolution, page.height / _POINTS * resolution, source)
    drawn = page.to_image(resolution=resolution).original.convert("L")
    return _scaled(read_sheet(np.asarray(drawn, np.uint8)), _POINTS / resolution)


def picture_page(data: bytes, source: Source) -> Page:
    """A picture as a page, or a TIFF as its sheets; those beyond the limit stay images."""
    sheets = [
        read_sheet(grey) if number < LIMITS.pictures else Sheet((), is_image=True)
        for number, grey in enumerate(islice(decode_pictures(data, source), LIMITS.pictures + 1))
    ]
    return Page(source, tuple(sheet_blocks(sheets)), tuple(image_notices(sheets, source)))


def picture_blocks(data: bytes, source: Source) -> tuple[Block, ...]:
    """The tables and paragraphs of a picture in a page; photographs and banners have none."""
    grey = decode_picture(data, source)
    height, width = grey.shape
    if width < _WIDTH or height < _HEIGHT:
        return ()
    sheet = read_sheet(grey)
    is_print = any(isinstance(part, Table) for part in sheet.parts) or len(sheet.parts) >= _FEWEST_LINES
    return tuple(sheet_blocks([sheet])) if is_print else ()


def _scaled(sheet: Sheet, factor: float) -> Sheet:
    return replace(sheet, parts=tuple(_scaled_part(part, factor) for part in sheet.parts))


def _scaled_part(part: PrintedLine | Table, factor: float) -> PrintedLine | Table:
    if isinstance(part, Table):
        return part
    left, right, top, size = (value * factor for value in (part.left, part.right, part.top, part.size))
    return replace(part, left=left, right=right, top=top, size=size)
