"""Reads RTF documents: text by striprtf, each row of a table as one line with a bar behind each cell."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec
from striprtf.striprtf import rtf_to_text

from archive.model import Block, Page, Source, Table
from archive.readers.text import read_text

# '\bin1024 ' and the bytes of an image behind it
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
# An image as digits; no word has so many letters from a to f.
_IMAGE = re.compile(rb"[0-9A-Fa-f\r\n]{256,}")
# A character of GBK that is not escaped; its second byte can be a backslash or a brace.
_RAW = re.compile(rb"[\x81-\xfe][\x40-\xfe]|[\x80-\xff]")
_CHINESE = r"\ansicpg936"
_ROW = re.compile(r"\\trowd(?![a-z]).*?\\row(?![a-z])", re.DOTALL)
_PARAGRAPH = re.compile(r"\\(?:par|line)(?![a-z]) ?")
# Stands for the end of a paragraph in a cell; no document has this character.
_BREAK = "\ufdd0"
_BREAK_IN_NUMBER = re.compile(rf"(?<=\d)\s*{_BREAK}\s*(?=\d)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_rtf(data: bytes, source: Source) -> Page:
    """The paragraphs and tables, without headers, footers and images; the blocks have no lines."""
    markup = _RAW.sub(_escaped, _IMAGE.sub(b"", _without_binary(data))).decode("ascii", "replace")
    if _CHINESE in markup:  # Latin fonts are declared for Chinese text, too
        markup = re.sub(r"\\fcharset0(?!\d)", r"\\fcharset134", markup)
    # the text of numbers and the addresses of links, which the library leaves out and inserts
    markup = markup.replace(r"\pntext", r"\listtext").replace(r"\fldinst", r"\fldtype")
    markup = _ROW.sub(lambda row: _PARAGRAPH.sub(_BREAK, row[0]), markup)
    text = _SURROGATE.sub("\ufffd", rtf_to_text(markup, errors="replace"))  # type: ignore[no-untyped-call]
    text = _BREAK_IN_NUMBER.sub(" ", text).replace(_BREAK, "")
    page = read_text(text.encode(), source)
    return replace(page, blocks=tuple(Block(block.text, table=_without_lines(block.table)) for block in page.blocks))


def _without_lines(table: Table | None) -> Table | None:
    return table and Table(tuple(tuple(msgspec.structs.replace(cell, line=None) for cell in row) for row in table.rows))


def _without_binary(data: bytes) -> bytes:
    parts, position = [], 0
    for match in _BINARY.finditer(data):
        if match.start() >= position:
            parts.append(data[position : match.start()])
            position = match.end() + int(match[1])
    return b"".join((*parts, data[position:]))


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in match[0])
