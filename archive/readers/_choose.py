"""The right reader for some bytes, or a sentence that says why there is none."""

from __future__ import annotations

from archive.errors import GongkaiError
from archive.model import Page, Source
from archive.readers.text import read_text

# The first bytes of formats that are no text, with what they are called.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (DOCX, OFD, XLSX)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"WARC/", "WARC"),
    (b"SQLite format 3\x00", "SQLite"),
)


def read_page(data: bytes, source: Source) -> Page:
    """The page that the bytes hold, as blocks in reading order.

    Raises:
        GongkaiError: for an empty source, and for a format that no reader here knows.
    """
    if not data.strip():
        raise GongkaiError(
            f"{source.path} 是空文件。请重新抓取页面。", f"{source.path} is empty. Capture the page again."
        )
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise _unreadable(source, name)
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(source, None)
    return read_text(data, source)


def _unreadable(source: Source, name: str | None) -> GongkaiError:
    return GongkaiError(
        f"{source.path} 是{name or '二进制'}文件,目前只读文本页面。请先另存为纯文本(.txt)。",
        f"{source.path} is a {name or 'binary'} file; only text pages are read. Save it as plain text (.txt) first.",
    )
