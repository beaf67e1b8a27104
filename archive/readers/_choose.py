"""The right reader for some bytes, or a sentence that says why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.errors import GongkaiError
from archive.model import Page, Source
from archive.readers.decode import is_wide
from archive.readers.html import read_html
from archive.readers.pdf import read_pdf
from archive.readers.text import read_text


@dataclass(frozen=True, slots=True)
class _Format:
    """A format that is read: its media type and its reader."""

    media_type: str
    read: Callable[[bytes, Source], Page]


_PDF = _Format("application/pdf", read_pdf)
_HTML = _Format("text/html", read_html)
_TEXT = _Format("text/plain", read_text)

# The first bytes of formats that are no text, with what they are called.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP (DOCX, OFD, XLSX)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"WARC/", "WARC"),
    (b"SQLite format 3\x00", "SQLite"),
)

# '<!DOCTYPE html>', '<?xml version="1.0"?><html xmlns=…>', a page saved from its middle: '<div class="content">'
_BEGINS_AS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?.*?>\s*)*<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|"
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
        GongkaiError: for an empty source, and for a format that no reader here knows.
    """
    if not data.strip():
        raise GongkaiError(
            f"{source.path} 是空文件。请重新抓取页面。", f"{source.path} is empty. Capture the page again."
        )
    chosen = _choose(data, source)
    return chosen.read(data, replace(source, media_type=chosen.media_type))


def _choose(data: bytes, source: Source) -> _Format:
    if b"%PDF-" in data[:1024]:
        return _PDF
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise _unreadable(source, name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or is_wide(data):
        narrow = data[:_SAMPLE].replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        return _HTML if _is_html(narrow) else _TEXT
    if b"\x00" in data[:4096]:
        raise _unreadable(source, None)
    return _HTML if _is_html(data[:_SAMPLE]) else _TEXT


def _is_html(sample: bytes) -> bool:
    """Whether a page is HTML: it begins as such, or is a piece of one with tags all through it."""
    return _BEGINS_AS_HTML.match(sample) is not None or len(_TAG.findall(sample)) >= _FEW_TAGS


def _unreadable(source: Source, name: str | None) -> GongkaiError:
    return GongkaiError(
        f"{source.path} 是{name or '二进制'}文件,目前只读文本页面。请先另存为纯文本(.txt)。",
        f"{source.path} is a {name or 'binary'} file; only text pages are read. Save it as plain text (.txt) first.",
    )
