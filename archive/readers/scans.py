"""Reads scanned sheets and pictures by OCR where the extra `ocr` is installed; importing it loads nothing of that."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.limits import LIMITS, allow_ocr_memory
from archive.model import Page, Source, Table
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

# Dots an inch: of pictures whose size says nothing, and the least and the most that a sheet is drawn with.
_USUAL, _LEAST, _MOST = 200, 72, 300
_POINTS = 72


def ocr_is_installed() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def scanned(sheets: Iterable[Sheet], document: PDF, source: Source) -> Iterator[Sheet]:
    """The sheets of a PDF, those that are images read by OCR."""
    left = LIMITS.pictures
    for sheet, page in zip(sheets, document.pages, strict=True):
        if not sheet.is_image or not left or not ocr_is_installed():
            yield sheet
            continue
        left -= 1
        allow_ocr_memory()
        import numpy as np

        from archive.readers.ocr.pictures import check_pixels
        from archive.readers.ocr.sheets import read_sheet

        widths = [image["srcsize"][0] / image["width"] * _POINTS for image in page.images if image["width"] > 0]
        dots = round(min(max(max(widths, default=_USUAL), _LEAST), _MOST))
        check_pixels(page.width / _POINTS * dots, page.height / _POINTS * dots, source)
        drawn = page.to_image(resolution=dots).original.convert("L")
        yield _scaled(read_sheet(np.asarray(drawn, np.uint8)), _POINTS / dots)


def read_picture(data: bytes, source: Source) -> Page:
    """A picture as a page.

    Raises:
        GongkaiError: for a damaged picture, and one of more pixels than the limit.
    """
    allow_ocr_memory()
    from archive.readers.ocr.pictures import decode_picture
    from archive.readers.ocr.sheets import read_sheet

    sheets = [read_sheet(decode_picture(data, source))]
    return Page(source, tuple(sheet_blocks(sheets)), tuple(image_notices(sheets, source)))


def _scaled(sheet: Sheet, factor: float) -> Sheet:
    """The sheet in points, as those with text are."""
    parts: list[PrintedLine | Table] = [
        part
        if isinstance(part, Table)
        else replace(
            part,
            left=part.left * factor,
            right=part.right * factor,
            top=part.top * factor,
            size=part.size * factor,
        )
        for part in sheet.parts
    ]
    return replace(sheet, parts=tuple(parts))
