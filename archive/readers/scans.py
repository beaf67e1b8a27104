"""Reads scanned sheets and pictures by OCR where the extra `ocr` is installed; importing this loads nothing of it."""

from __future__ import annotations

import base64
import binascii
import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from archive.errors import GongkaiError
from archive.limits import LIMITS, allow_ocr_memory
from archive.model import Block, Notice, Page, Source
from archive.notices import notice
from archive.readers.page_layout import Sheet

if TYPE_CHECKING:
    from pdfplumber.page import Page as PdfPage
    from pdfplumber.pdf import PDF

SMALLEST = 2_000
"""Bytes: a smaller picture is no page of print."""
_off: list[bool] = []


def ocr_is_installed() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2", "PIL"))


@contextmanager
def without_ocr() -> Iterator[None]:
    """Leaves pictures unread meanwhile, where only the rest of a page matters."""
    _off.append(True)
    try:
        yield
    finally:
        _off.pop()


def scanned(sheets: Iterable[Sheet], document: PDF, source: Source) -> Iterator[Sheet]:
    """The sheets of a PDF, those that are images read by OCR."""
    left = most_pictures()
    for sheet, page in zip(sheets, document.pages, strict=True):
        if sheet.is_image and left:
            left -= 1
            yield _ocr().scanned_sheet(page, source)
        else:
            yield sheet


def read_picture(data: bytes, source: Source) -> Page:
    """A picture as a page.

    Raises:
        GongkaiError: for a damaged picture, and one of more pixels than the limit.
    """
    page: Page = _ocr().picture_page(data, source)
    return page


def picture_on_page(page: PdfPage, box: tuple[float, float, float, float], source: Source) -> Sheet:
    """The lines and tables of a part of a PDF page, in points; none if it is no print."""
    sheet: Sheet = _ocr().picture_on_page(page, box, source)
    return sheet


def picture_in_box(data: bytes, box: tuple[float, float, float, float], source: Source) -> Sheet:
    """The lines and tables of a picture that is shown in a box, in the units of the box; none if it is no print."""
    sheet: Sheet = _ocr().picture_in_box(data, box, source)
    return sheet


class PagePictures:
    """Reads the pictures in a page; `found` has those that are kept beside it, by address."""

    def __init__(self, source: Source, found: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self.notices: list[Notice] = []
        self._source = source
        self._found = found
        self._left = most_pictures()

    def at(self, address: str) -> tuple[Block, ...]:
        """The tables and paragraphs of a picture by its address; nothing is fetched."""
        if not self._left:
            return ()
        return self.blocks(_in_address(address) if address.startswith("data:image/") else self._found.get(address))

    def blocks(self, data: bytes | None) -> tuple[Block, ...]:
        """The tables and paragraphs of a picture; none of one without a table or several lines of print."""
        if not self._left or data is None or len(data) < SMALLEST:
            return ()
        self._left -= 1
        try:
            found: tuple[Block, ...] = _ocr().picture_blocks(data, self._source)
        except GongkaiError as error:
            self.notices.append(notice("attachment_unread", why=error.zh, why_en=error.en))
            return ()
        return found


def most_pictures() -> int:
    """How many pictures of a page are read, 0 without the extra."""
    return LIMITS.pictures if ocr_is_installed() and not _off else 0


def _in_address(address: str) -> bytes | None:
    """The bytes of `data:image/png;base64,…`."""
    head, _, content = address.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(content)
    try:
        return base64.b64decode(unquote_to_bytes(content))
    except (binascii.Error, ValueError):
        return None


def _ocr() -> Any:
    allow_ocr_memory()
    return importlib.import_module("archive.readers.ocr.scanned_pages")
