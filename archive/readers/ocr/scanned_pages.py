"""Reads scanned sheets of a PDF, pictures that are pages, and pictures in pages."""

from __future__ import annotations

from itertools import islice

import numpy as np
from pdfplumber.page import Page as PdfPage
from PIL.Image import Image

from archive.limits import LIMITS
from archive.model import Block, Page, Source, Table
from archive.readers.ocr.pictures import check_pixels, decode_picture, decode_pictures, without_seals
from archive.readers.ocr.placing import placed
from archive.readers.ocr.recognise import Pixels
from archive.readers.ocr.sheets import read_sheet
from archive.readers.page_layout import Sheet, image_notices, sheet_blocks

# Dots an inch: of a sheet whose image has no size, and the least and the most that a sheet is drawn with.
_USUAL, _LEAST, _MOST = 200, 72, 300
_POINTS = 72
# Pixels of the smallest picture in a page that can be print, and the lines of print that make one without a table.
_WIDTH, _HEIGHT, _FEWEST_LINES = 300, 100, 5
_Box = tuple[float, float, float, float]


def scanned_sheet(page: PdfPage, source: Source) -> Sheet:
    """A sheet of a PDF that is an image, in points as those with text are.

    Raises:
        LimitExceeded: if it has more pixels than the limit.
    """
    dots = [image["srcsize"][0] / image["width"] * _POINTS for image in page.images if image["width"] > 0]
    resolution = round(min(max(max(dots, default=_USUAL), _LEAST), _MOST))
    check_pixels(page.width / _POINTS * resolution, page.height / _POINTS * resolution, source)
    return placed(read_sheet(_grey(page.to_image(resolution=resolution).original)), _POINTS / resolution)


def picture_on_page(page: PdfPage, box: _Box, source: Source) -> Sheet:
    """The lines and tables of a part of a page, in points; none if it is no print.

    Raises:
        LimitExceeded: if it has more pixels than the limit.
    """
    inside = page.crop(box, strict=False)
    left, top, right, bottom = inside.bbox
    check_pixels((right - left) / _POINTS * _USUAL, (bottom - top) / _POINTS * _USUAL, source)
    grey = _grey(inside.to_image(resolution=_USUAL).original)
    return placed(_print_only(read_sheet(grey)), _POINTS / _USUAL, left, top)


def picture_in_box(data: bytes, box: _Box, source: Source) -> Sheet:
    """The same of a picture that is shown in a box.

    Raises:
        GongkaiError: for a damaged picture, and one of more pixels than the limit.
    """
    grey = decode_picture(data, source)
    left, top, right, _ = box
    if not _is_large(grey):
        return Sheet((), is_image=True)
    return placed(_print_only(read_sheet(grey)), (right - left) / grey.shape[1], left, top)


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
    return tuple(sheet_blocks([_print_only(read_sheet(grey))])) if _is_large(grey) else ()


def _is_large(grey: Pixels) -> bool:
    height, width = grey.shape
    return bool(width >= _WIDTH and height >= _HEIGHT)


def _print_only(sheet: Sheet) -> Sheet:
    """The sheet, without the few lines that a photograph or a banner has."""
    is_print = any(isinstance(part, Table) for part in sheet.parts) or len(sheet.parts) >= _FEWEST_LINES
    return sheet if is_print else Sheet((), is_image=True)


def _grey(drawn: Image) -> Pixels:
    return without_seals(np.asarray(drawn.convert("RGB"), np.uint8))
