"""Files that try to exhaust, to read or to confuse the program: name, content and what each tries."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise, repeat

from tests.archive.extract import short_blocks
from tests.archive.readers.documents import TITLE, docx_file, html_body, html_page, zip_file

MEGABYTE = 1 << 20
HEAD = f"{TITLE}\n一、概述\n"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'

# Pieces that a line of a megabyte repeats: each once took quadratic time, or many seconds.
PIECES = {
    "numbers in brackets": "（一）",
    "pinyin annotations": "国(guó)",
    "character references": "&#20844;",
    "punctuation": "，。；：",
    "addresses": "http://a.cn/",
    "numbered items": "1.2.",
    "mail addresses": "a@b.cn ",
    "words before commas": "结，",
    "digits before numerals": "9一",
    "years": "2015年",
    "numbers without headings": "一、",
    "blanks": " 　\t",
    "right-to-left overrides": "\u202e公",
    "combining marks": "公\u0301\u0302\u0303",
}
CONTROLS = {
    "right-to-left override": "\u202e1开公",
    "NUL and controls": "公\x00开\x01\x1b[31m\x7f\x85",
    "private use and noncharacters": "\ue000\ufffe\uffff\U0010ffff",
    "byte order marks": "\ufeff公\ufeff开",
    "script": "<script>alert(1)</script>",
    "zero width": "公\u200b\u200d开",
}


def files(heaviest: int, secret: str) -> Iterator[tuple[str, bytes, str]]:
    """The files.

    Args:
        heaviest: size in megabytes of what the largest bomb unpacks to.
        secret: address of a file that no page may read.
    """
    for number, (reason, piece) in enumerate(PIECES.items()):
        yield f"line{number}.txt", (HEAD + piece * (MEGABYTE // len(piece.encode()))).encode(), f"a line of {reason}"
    for number, (reason, text) in enumerate(CONTROLS.items()):
        yield f"control{number}.txt", (HEAD + text).encode(), reason
        yield f"control{number}.html", html_page().replace("常态", text).encode("utf-8"), f"{reason} in HTML"
    yield from _encodings()
    yield from _html()
    yield from _zips(heaviest, secret)
    yield from _pdfs()
    for number, kind in enumerate(short_blocks.KINDS):
        suffix = "html" if "<" in kind[0] else "txt"
        yield f"blocks{number}.{suffix}", short_blocks.page_of_size(kind, MEGABYTE), f"very many {kind[2]}"


def _encodings() -> Iterator[tuple[str, bytes, str]]:
    page = html_page()
    yield "surrogate.txt", HEAD.encode() + b"\xed\xa0\x80\xed\xbf\xbf", "lone surrogates in UTF-8"
    yield "surrogate.utf16.txt", HEAD.encode("utf-16") + b"\x00\xd8\x00\xd8", "lone surrogates in UTF-16"
    utf7 = page.replace("<head>", "<head><meta charset=utf-7>")
    yield "utf7.html", utf7.encode("utf-7"), "UTF-7"
    yield "charset.html", page.replace("<head>", "<head><meta charset=zlib_codec>").encode(), "a codec as charset"
    yield "mixed.html", page.encode() + page.encode("gb18030") + page.encode("utf-16"), "three encodings"


def _html() -> Iterator[tuple[str, bytes, str]]:
    page = html_page()
    yield "deep.html", b"<div>" * 100_000 + page.encode(), "tags nested 100,000 deep"
    yield "tables.html", b"<table><tr><td>" * 3_000 + page.encode(), "tables nested 3,000 deep"
    yield "spans.html", page.replace("<td>", "<td colspan=99999999 rowspan=99999999>").encode(), "spans of 10^8"
    yield "zero.html", page.replace("<td>", "<td colspan=0 rowspan=-1>").encode(), "spans of none"
    yield "cells.html", (page + f"<table><tr>{'<td>1' * 200_000}</table>").encode(), "a row of 200,000 cells"
    yield "attributes.html", f"<p {'a ' * 300_000}>{html_body()}".encode(), "300,000 attributes"
    yield "comment.html", (page + "<!--" * 100_000).encode(), "comments that never close"
    yield "base.html", page.replace("<head>", "<head><base href='file:///'>").encode(), "a base that is a file"


def document(body: str, prologue: str = "") -> bytes:
    """A DOCX with a body of its own."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_file())) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_body = name == "word/document.xml"
            text = f'<?xml version="1.0"?>{prologue}<w:document {WORD}><w:body>{body}</w:body></w:document>'
            new.writestr(name, text if is_body else old.read(name))
    return changed.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _zips(heaviest: int, secret: str) -> Iterator[tuple[str, bytes, str]]:
    title = paragraph(TITLE)
    external = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]>'
    yield "xxe.docx", document(title + paragraph("&x;"), external), "an external entity in DOCX"
    yield "xxe.ofd", zip_file({"OFD.xml": f"{external}<OFD><DocBody><DocRoot>&x;</DocRoot></DocBody></OFD>"}), "in OFD"
    names = "abcdefghi"
    nested = "".join(f'<!ENTITY {b} "{f"&{a};" * 30}">' for a, b in pairwise(names))
    laughs = f'<!DOCTYPE a [<!ENTITY a "{"公" * 30}">{nested}]>'
    yield "laughs.docx", document(title + paragraph("&i;"), laughs), "entities of entities in DOCX"
    document_type = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'
    yield "dtd.docx", document(title, document_type), "a document type at another address"
    yield "blanks.docx", document(title + paragraph(" " * (heaviest << 20))), "a DOCX that unpacks to blanks"
    inside = "<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000
    yield "tables.docx", document(title + inside), "tables nested 3,000 deep in DOCX"
    span = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc>'
    yield "span.docx", document(f"{title}<w:tbl><w:tr>{span}</w:tr></w:tbl>"), "a cell of 2*10^9 columns"
    yield "outside.docx", zip_file({"../../etc/passwd": "a", "word/document.xml": "<a/>"}), "a path outwards"
    yield "members.docx", zip_file({f"word/{n}.xml": "a" for n in range(20_000)}), "20,000 files in a zip"
    pages = '<ofd:Page ID="1" BaseLoc="p.xml"/>' * 2_000
    delta = '<ofd:TextCode X="0" Y="1" DeltaX="g 999999999 1">公</ofd:TextCode>'
    for name, page, reason in (
        ("pages.ofd", "<ofd:TextObject/>" * 2_000, "2,000 pages of 2,000 objects in OFD"),
        ("delta.ofd", f'<ofd:TextObject Boundary="0 0 1 1" Size="1">{delta}</ofd:TextObject>', "10^9 distances in OFD"),
    ):
        files = {
            "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>d.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "d.xml": f"<ofd:Document {OFD}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>",
            "p.xml": f"<ofd:Page {OFD}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>",
        }
        yield name, zip_file(files), reason


def _pdfs() -> Iterator[tuple[str, bytes, str]]:
    catalogue = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    end = b"\ntrailer<</Root 1 0 R>>"
    kids = b"2 0 obj<</Type/Pages/Kids[" + b"3 0 R " * 200_000 + b"]/Count 200000>>endobj\n3 0 obj<</Type/Page>>endobj"
    yield "kids.pdf", catalogue + kids + end, "200,000 pages that are one"
    yield "brackets.pdf", catalogue + b"2 0 obj" + b"[" * 200_000 + end, "200,000 brackets in PDF"
    packed = zlib.compress(zlib.compress(b"0 " * (50 * MEGABYTE), 9), 9)
    stream = b"4 0 obj<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(packed) + packed
    page = (
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n"
    )
    yield "flate.pdf", catalogue + page + stream + b"\nendstream endobj" + end, "a stream packed twice in PDF"


def member(parts: Iterable[bytes]) -> bytes:
    """One member of a gzip file, of any size."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as file:
        for part in parts:
            file.write(part)
    return packed.getvalue()


def endless_header(megabytes: int) -> bytes:
    """A WARC whose first header line never ends."""
    return member([b"WARC/1.0\r\nWARC-Type: response\r\nX: ", *repeat(b"a" * MEGABYTE, megabytes)])


def large_pages(count: int, megabytes: int) -> bytes:
    """A WARC of many pages, each just within the limit of size."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        b"WARC-Target-URI: http://a.example/\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    head = record % (len(answer) + (megabytes << 20)) + answer
    return member([head, *repeat(b"a" * MEGABYTE, megabytes), b"\r\n\r\n"]) * count
