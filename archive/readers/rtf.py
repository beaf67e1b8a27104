"""Reads RTF documents: text by striprtf, each row of a table as one line with a bar behind each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
from striprtf.striprtf import rtf_to_text

from archive.model import Block, Cell, Page, Source, Table
from archive.readers.registry import is_picture
from archive.readers.scans import SMALLEST, PagePictures, most_pictures
from archive.readers.text import read_text

# '\bin1024 ' and the bytes of an image behind it
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
# An image as digits; no word has so many letters from a to f.
_IMAGE = re.compile(rb"[0-9A-Fa-f\r\n]{256,}")
# '{\*\shppict{\pict': the library leaves out such a group, with the mark of the picture behind its inner one.
_PICTURE = re.compile(rb"\\\*\s*\\shppict(?![a-z])")
# Stands for a picture, with its number; no document has this character.
_MARK = re.compile("\ufdd1(\\d{1,4});")
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
    """The paragraphs and tables, without headers and footers; the blocks have no lines.

    Its pictures stand where they are in the text, or behind the table that they are in.
    """
    pictures = PagePictures(source)
    kept: list[bytes] = []
    if most_pictures():
        data = _PICTURE.sub(rb"\\shown ", data)
    data = _IMAGE.sub(lambda digits: _mark(_from_digits(digits[0]), kept), _without_binary(data, kept))
    markup = _RAW.sub(_escaped, data).decode("ascii", "replace")
    if _CHINESE in markup:  # Latin fonts are declared for Chinese text, too
        markup = re.sub(r"\\fcharset0(?!\d)", r"\\fcharset134", markup)
    # the text of numbers and the addresses of links, which the library leaves out and inserts
    markup = markup.replace(r"\pntext", r"\listtext").replace(r"\fldinst", r"\fldtype")
    markup = _ROW.sub(lambda row: _PARAGRAPH.sub(_BREAK, row[0]), markup)
    text = _SURROGATE.sub("\ufffd", rtf_to_text(markup, errors="replace"))  # type: ignore[no-untyped-call]
    text = _BREAK_IN_NUMBER.sub(" ", text).replace(_BREAK, "")
    page = read_text(text.encode(), source)
    blocks = tuple(each for block in page.blocks for each in _with_pictures(block, kept, pictures))
    return replace(page, blocks=blocks, notices=(*page.notices, *pictures.notices))


def _with_pictures(block: Block, kept: Sequence[bytes], pictures: PagePictures) -> Iterator[Block]:
    """The block without the marks of pictures, and what the pictures say behind it."""
    cells = block.table.cells() if block.table else (Cell(block.text),)
    numbers = [int(match[1]) for cell in cells for match in _MARK.finditer(cell.text)]
    if text := _MARK.sub("", block.text) if numbers else block.text:
        yield Block(text)
    if block.table:
        yield Block("", table=_without_lines(block.table))
    for number in numbers:
        yield from pictures.blocks(kept[number] if number < len(kept) else None)


def _mark(picture: bytes, kept: list[bytes]) -> bytes:
    """The mark of a picture that OCR can read, which is then kept; nothing for any other."""
    if len(picture) < SMALLEST or not is_picture(picture) or len(kept) >= most_pictures():
        return b""
    kept.append(picture)
    return b"}\\u64977?%d;{\\*\\pict " % (len(kept) - 1)


def _from_digits(digits: bytes) -> bytes:
    text = re.sub(rb"\s", b"", digits)
    return bytes.fromhex(text[: len(text) // 2 * 2].decode("ascii"))


def _without_lines(table: Table | None) -> Table | None:
    return table and Table(
        tuple(
            tuple(msgspec.structs.replace(cell, line=None, text=_MARK.sub("", cell.text)) for cell in row)
            for row in table.rows
        )
    )


def _without_binary(data: bytes, kept: list[bytes]) -> bytes:
    parts, position = [], 0
    for match in _BINARY.finditer(data):
        if match.start() >= position:
            parts.append(data[position : match.start()])
            position = match.end() + int(match[1])
            parts.append(_mark(data[match.end() : position], kept))
    return b"".join((*parts, data[position:]))


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in match[0])
