"""Selects the reader of a page by its content, from the table of formats.

A format is one row of `FORMATS`. The types of WARC records, the formats in messages and the table in docs/reading.md
derive from it.
"""

from __future__ import annotations

import codecs
import importlib
import io
import logging
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from archive.errors import GongkaiError, Language, UnreadableSource
from archive.limits import LIMITS
from archive.model import Page, Source, count_cells
from archive.readers import compound
from archive.readers.compound import has_stream
from archive.readers.containers import damaged, holds_pages, is_warc, locked
from archive.readers.encoding import is_wide
from archive.readers.scans import ocr_is_installed

_LOG = logging.getLogger(__name__)

_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = b"PK\x03\x04"
_RTF = b"{\\rtf"
# The first bytes of formats without a reader; of ZIP and compound files, those that no row of `FORMATS` recognises.
_UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"SQLite format 3\x00", "SQLite"),
    (_ZIP, "ZIP/PPTX"),
    (compound.SIGNATURE, "PPT"),
)

# The same with the size of the file between; the zeros tell BMP from a text that begins with BM.
_SIZED: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"BM.{4}\x00{4}", re.DOTALL), "BMP"),
)
_PICTURES = frozenset({"PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"})

# '<!DOCTYPE html>', '<?xml version="1.0"?><html xmlns=…>', a page saved from its middle: '<div class="content">'
_BEGINS_AS_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?>.*?-->)\s*|<\?(?>.*?>)\s*)*+<(?:!doctype\s+html|(?:html|head|body|meta|title|link|script|style|"
    rb"div|table|center|p|h[1-6]|span|font|section|article|main|ul|ol|li|form|a|b|br|img|td|tr|tbody|strong)\b)",
    re.IGNORECASE | re.DOTALL,
)
# '</p>', '<br/>', '</td>': text pages keep a few of them
_TAG = re.compile(rb"</(?:p|div|td|tr|table|span|font|li|a|h[1-6]|o:p)\s*>|<br\s*/?>", re.IGNORECASE)
_FEW_TAGS = 8
SAMPLE = 65536
"""Bytes of the beginning that tell whether a file can be a page."""
# 'From: <Saved by Blink>', 'MIME-Version: 1.0', 'Content-Type: multipart/related;' and their further lines
_MAIL_HEADER = re.compile(rb"(?>(?:[A-Za-z][A-Za-z-]*:|[ \t])[^\r\n]*\r?\n)*")
_SAVED = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_SAVED_AS = re.compile(rb"^Content-Type:[ \t]*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
# Types that servers send for files of any format.
_ANY_TYPES = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/binary", "application/unknown"}
    | {
        f"application/{name}"
        for name in ("download", "x-download", "force-download", "x-force-download", "x-msdownload")
    }
)


class FileContent:
    """The bytes of a file and their properties that identify formats."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def zip_names(self) -> frozenset[str] | None:
        """The names in a zip, empty for other files; None if its directory is damaged."""
        if not self.data.startswith(_ZIP):
            return frozenset()
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as listed:
                return frozenset(listed.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            return None

    @property
    def unreadable_format(self) -> str | None:
        """The name of a known format without a reader."""
        known = next((name for signature, name in _UNREADABLE if self.data.startswith(signature)), None)
        return known or next((name for pattern, name in _SIZED if pattern.match(self.data)), None)

    @cached_property
    def text_sample(self) -> bytes | None:
        """The beginning of a text with ASCII as single bytes, None for a binary file."""
        if self.unreadable_format:
            return None
        sample = self.data[:SAMPLE]
        if self.data.startswith((b"\xff\xfe", b"\xfe\xff")) or is_wide(self.data):
            return sample.replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        return None if b"\x00" in self.data[:4096] else sample


@dataclass(frozen=True, slots=True)
class Format:
    """A readable format."""

    name: str
    """As in English sentences; the documentation capitalises it."""
    media_types: tuple[str, ...]
    """The type of the page, then others that servers send for it."""
    suffixes: tuple[str, ...]
    recognises: Callable[[FileContent], bool]
    reader: str | None
    """`module:function`, imported when the first file of the format is read; None for a container of pages."""
    zh: str = ""
    """The name in Chinese sentences, if it is another one."""
    by_library: bool = True
    """Whether it is parsed by a library, which can raise any exception for a damaged file."""
    is_page_in_container: bool = True
    """Whether a file in a WARC or ZIP is a page by itself; pictures there belong to pages."""

    def read(self, data: bytes, source: Source) -> Page:
        module, _, function = (self.reader or "").partition(":")
        page: Page = getattr(importlib.import_module(module), function)(data, source)
        return page


def _is_doc(content: FileContent) -> bool:
    return has_stream(content.data, "WordDocument")


def _is_rtf(content: FileContent) -> bool:
    return content.data.startswith(_RTF)


def _is_pdf(content: FileContent) -> bool:
    # a zip can hold a PDF as it is
    return b"%PDF-" in content.data[:1024] and not content.data.startswith(_ZIP)


def _is_ofd(content: FileContent) -> bool:
    return "OFD.xml" in (content.zip_names or ())


def _is_docx(content: FileContent) -> bool:
    """A zip without a directory counts as DOCX, the most frequent zip among pages: its reader reports the damage."""
    return content.zip_names is None or any(name.startswith("word/") for name in content.zip_names)


def _is_xlsx(content: FileContent) -> bool:
    return any(name.startswith("xl/") for name in content.zip_names or ())


def _is_xls(content: FileContent) -> bool:
    return has_stream(content.data, "Workbook", "Book")


def _is_mhtml(content: FileContent) -> bool:
    header = _MAIL_HEADER.match(content.data[:4096].removeprefix(codecs.BOM_UTF8).lstrip())
    return header is not None and bool(_SAVED.search(header[0]) and _SAVED_AS.search(header[0]))


def _is_warc(content: FileContent) -> bool:
    return is_warc(io.BytesIO(content.data))


def _is_zip(content: FileContent) -> bool:
    return holds_pages(content.zip_names or ())


def _is_html(content: FileContent) -> bool:
    """A page that begins as HTML or has several tags."""
    sample = content.text_sample
    return sample is not None and (_BEGINS_AS_HTML.match(sample) is not None or len(_TAG.findall(sample)) >= _FEW_TAGS)


def _is_picture(content: FileContent) -> bool:
    return content.unreadable_format in _PICTURES and ocr_is_installed()


def _is_text(content: FileContent) -> bool:
    return content.text_sample is not None


FORMATS: tuple[Format, ...] = (
    Format(
        "DOC", ("application/msword",), (".doc",), _is_doc, "archive.readers.libreoffice:read_doc", by_library=False
    ),
    Format("RTF", ("application/rtf", "text/rtf"), (".rtf",), _is_rtf, "archive.readers.rtf:read_rtf"),
    Format("PDF", ("application/pdf",), (".pdf",), _is_pdf, "archive.readers.pdf:read_pdf"),
    Format("OFD", ("application/ofd",), (".ofd",), _is_ofd, "archive.readers.ofd.ofd_pages:read_ofd"),
    Format("DOCX", (_DOCX_TYPE,), (".docx",), _is_docx, "archive.readers.docx:read_docx"),
    Format("XLSX", (_XLSX_TYPE,), (".xlsx", ".xlsm"), _is_xlsx, "archive.readers.workbook:read_workbook"),
    Format("XLS", ("application/vnd.ms-excel",), (".xls",), _is_xls, "archive.readers.workbook:read_workbook"),
    Format(
        "MHTML",
        ("multipart/related", "message/rfc822"),
        (".mhtml", ".mht"),
        _is_mhtml,
        "archive.readers.mhtml:read_mhtml",
    ),
    Format("WARC", ("application/warc",), (".warc", ".warc.gz", ".arc", ".arc.gz"), _is_warc, None),
    Format("ZIP", ("application/zip",), (".zip", ".wacz"), _is_zip, "archive.readers.zips.read_joined:read_joined"),
    Format(
        "HTML",
        ("text/html", "application/xhtml+xml"),
        (".html", ".htm", ".shtml", ".xhtml"),
        _is_html,
        "archive.readers.html:read_html",
        zh="网页",
        by_library=False,
    ),
    Format(
        "picture",
        ("image/png", "image/jpeg", "image/gif", "image/tiff", "image/webp", "image/bmp"),
        (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".bmp"),
        _is_picture,
        "archive.readers.scans:read_picture",
        zh="图片",
        is_page_in_container=False,
    ),
    Format("text", ("text/plain",), (".txt",), _is_text, "archive.readers.text:read_text", "文本", by_library=False),
)
"""In the order of recognition: the first row that recognises a file reads it."""


def read_page(data: bytes, source: Source) -> Page:
    """The page as blocks in reading order; the media type of its source is that of the content.

    Raises:
        GongkaiError: for an empty or damaged file, one beyond the limits, and a format without a reader.
    """
    if not data.strip():
        raise UnreadableSource(
            f"{source.path} 是空文件。请重新抓取页面。", f"{source.path} is empty. Capture the page again."
        )
    content = FileContent(data)
    if has_stream(data, "EncryptedPackage"):  # of Office 2007 or later
        raise locked(source)
    chosen = next((row for row in FORMATS if row.recognises(content)), None)
    if chosen is None:
        raise _unreadable(source, content.unreadable_format)
    if chosen.reader is None:
        raise UnreadableSource(
            f"{source.path} 是 {chosen.zh or chosen.name}，里面有许多页面，不能当作一页来读。",
            f"{source.path} is a {chosen.name}; it holds many pages and cannot be read as one.",
        )
    try:
        page = chosen.read(data, replace(source, media_type=chosen.media_types[0]))
    except (GongkaiError, MemoryError):
        raise
    except Exception as error:
        if not chosen.by_library:
            raise
        _LOG.info("%s could not be read", source.path, exc_info=True)
        raise damaged(source) from error
    LIMITS.check(source.path, paragraphs=len(page.blocks), cells=count_cells(block.table for block in page.blocks))
    return page


def can_be_page(start: bytes, media_type: str = "") -> bool:
    """Whether a file that begins so can be a page, by its first `SAMPLE` bytes and the type that its server sent.

    The type matters for text only: scripts, style sheets and data are text, too.
    """
    content = FileContent(start)
    rows = [row for row in FORMATS if row.is_page_in_container]
    name = next((row.name for row in rows if row.recognises(content)), None)
    is_declared = any(media_type in row.media_types for row in rows)
    if name in ("HTML", "text"):
        begins_as_html = _BEGINS_AS_HTML.match(content.text_sample or b"") is not None
        return begins_as_html or is_declared or media_type in _ANY_TYPES
    # the end of a zip and of a compound file tells what it is
    return name is not None or is_declared or start.startswith((_ZIP, compound.SIGNATURE))


def is_picture(start: bytes) -> bool:
    """Whether a file that begins so is a picture that OCR reads."""
    return _is_picture(FileContent(start))


def is_page(data: bytes, media_type: str = "") -> bool:
    """Whether a row of the table recognises a whole file, or it is a document that cannot be opened.

    A file that its server calls a page is one, too: its reader tells what it is instead.
    """
    content = FileContent(data)
    rows = [row for row in FORMATS if row.is_page_in_container]
    is_declared = any(media_type in row.media_types for row in rows)
    return is_declared or any(row.recognises(content) for row in rows) or has_stream(data, "EncryptedPackage")


def readable_formats(language: Language) -> str:
    """The formats as a list in a sentence."""
    rows = [row for row in FORMATS if row.is_page_in_container or ocr_is_installed()]
    *names, last = (row.zh if language == "zh" and row.zh else row.name for row in rows)
    return f"{'、'.join(names)}和{last}" if language == "zh" else f"{', '.join(names)} and {last}"


def _unreadable(source: Source, name: str | None) -> UnreadableSource:
    if name in _PICTURES:
        return UnreadableSource(
            f"{source.path} 是图片（{name}）。安装OCR后可以识别：pip install 'gongkai[ocr]'。",
            f"{source.path} is a picture ({name}). With OCR it can be read: pip install 'gongkai[ocr]'.",
        )
    return UnreadableSource(
        f"{source.path} 是{name or '二进制'}文件，读不了。能读的格式：{readable_formats('zh')}。",
        f"{source.path} is a {name or 'binary'} file, which is not read. Readable formats: {readable_formats('en')}.",
    )
