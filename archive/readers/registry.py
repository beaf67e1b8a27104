"""The right reader for some bytes, by what they are, or a sentence that says why there is none."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.errors import GongkaiError, UnreadableSource
from archive.model import Page, Source
from archive.readers.containers import damaged
from archive.readers.docx import read_docx
from archive.readers.encoding import is_wide
from archive.readers.html import read_html
from archive.readers.libreoffice import docx_of
from archive.readers.ofd import read_ofd
from archive.readers.pdf import read_pdf
from archive.readers.text import read_text
from archive.readers.warc import is_warc


@dataclass(frozen=True, slots=True)
class _Format:
    """A format that is read: its media type, its reader, and whether that stands on a library for the format.

    Such a library raises anything on a damaged file.
    """

    media_type: str
    read: Callable[[bytes, Source], Page]
    by_library: bool = True


_TEXT = _Format("text/plain", read_text, by_library=False)
_HTML = _Format("text/html", read_html, by_library=False)
_PDF = _Format("application/pdf", read_pdf)
_OFD = _Format("application/ofd", read_ofd)
_DOCX = _Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", read_docx)
_LOG = logging.getLogger(__name__)

# The first bytes of formats that are not read, with what they are called.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"SQLite format 3\x00", "SQLite"),
)
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
# The stream that makes a compound file a Word document, by its name in the directory.
_WORD_STREAM = "WordDocument".encode("utf-16-le")

# '<!DOCTYPE html>', '<?xml version="1.0"?><html xmlns=…>', a page saved from its middle: '<div class="content">'
_BEGINS_AS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?>.*?-->)\s*|<\?(?>.*?>)\s*)*+<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|"
    rb"div|table|center|p|h[1-6]|span|font|section|article|main|ul|ol|li|form|a|b|br|img|td|tr|tbody|strong)\b)",
    re.IGNORECASE | re.DOTALL,
)
# '</p>', '<br/>', '</td>': a few stand in text pages too, as leftovers
_TAG = re.compile(rb"</(?:p|div|td|tr|table|span|font|li|a|h[1-6]|o:p)\s*>|<br\s*/?>", re.IGNORECASE)
_FEW_TAGS = 8
_SAMPLE = 65536


def read_page(data: bytes, source: Source) -> Page:
    """The page that the bytes hold, as blocks in reading order, its source with the media type that it really has.

    Raises:
        GongkaiError: for an empty source, one that is damaged or beyond the limits, and a format that is not read.
    """
    if not data.strip():
        raise UnreadableSource(
            f"{source.path} 是空文件。请重新抓取页面。", f"{source.path} is empty. Capture the page again."
        )
    if data.startswith(_RTF) or (data.startswith(_COMPOUND) and _WORD_STREAM in data):
        page = read_page(docx_of(data, source), source)
        return replace(page, source=replace(source, media_type="application/msword"))
    chosen = _choose(data, source)
    try:
        return chosen.read(data, replace(source, media_type=chosen.media_type))
    except (GongkaiError, MemoryError):
        raise
    except Exception as error:
        if not chosen.by_library:
            raise
        _LOG.info("%s could not be read", source.path, exc_info=True)
        raise damaged(source) from error


def _choose(data: bytes, source: Source) -> _Format:
    if b"%PDF-" in data[:1024]:
        return _PDF
    if data.startswith(_ZIP):
        return _zipped(data, source)
    if is_warc(io.BytesIO(data)):
        raise UnreadableSource(
            f"{source.path} 是 WARC，里面有许多页面，不能当作一页来读。",
            f"{source.path} is a WARC; it holds many pages and cannot be read as one.",
        )
    for signature, name in (*_SIGNATURES, (_COMPOUND, "XLS/PPT")):
        if data.startswith(signature):
            raise _unreadable(source, name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or is_wide(data):
        narrow = data[:_SAMPLE].replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        return _HTML if _is_html(narrow) else _TEXT
    if b"\x00" in data[:4096]:
        raise _unreadable(source, None)
    return _HTML if _is_html(data[:_SAMPLE]) else _TEXT


def _zipped(data: bytes, source: Source) -> _Format:
    """What a zip is, by the files that it lists; one that lists none is read as the DOCX that it most likely was."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as listed:
            names = set(listed.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        return _DOCX
    if "OFD.xml" in names:
        return _OFD
    if any(name.startswith("word/") for name in names):
        return _DOCX
    raise _unreadable(source, "ZIP/XLSX/PPTX")


def _is_html(sample: bytes) -> bool:
    """Whether a page is HTML: it begins as such, or is a piece of one with tags all through it."""
    return _BEGINS_AS_HTML.match(sample) is not None or len(_TAG.findall(sample)) >= _FEW_TAGS


def _unreadable(source: Source, name: str | None) -> UnreadableSource:
    return UnreadableSource(
        f"{source.path} 是{name or '二进制'}文件，读不了。能读的是网页、文本、PDF、DOCX、DOC、OFD 和 WARC。",
        f"{source.path} is a {name or 'binary'} file, which is not read. HTML, text, PDF, DOCX, DOC, OFD and WARC are.",
    )
