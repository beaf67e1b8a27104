"""WARC: every page in it on its own."""

import gzip
import io
from collections.abc import Callable, Sequence
from datetime import date

import brotli
import pytest

from archive.errors import GongkaiError
from archive.limits import LIMITS, Limits
from archive.readers.containers import Capture, is_warc
from archive.readers.registry import read_page
from archive.readers.warc import captures
from tests.archive.readers.documents import docx_file, html_page, pdf_file, source, texts, warc_file, zip_file

A, B, C = "http://qinghe.gov.cn/1.html", "http://qinghe.gov.cn/2.docx", "http://qinghe.gov.cn/logo.png"
PAGE = html_page().encode()
TWO = [(A, "text/html; charset=gbk", html_page().encode("gbk")), (B, "application/octet-stream", docx_file())]


def found(data: bytes, limits: Limits = LIMITS) -> Sequence[Capture | GongkaiError]:
    """What a WARC of that name holds."""
    return [found for found in captures(io.BytesIO(data), source("a.warc"), limits) if found is not None]


PACKED = [(True, "packed record by record"), (False, "not packed")]


@pytest.mark.parametrize(("packed", "reason"), PACKED, ids=[case[1] for case in PACKED])
def test_pages_with_their_addresses_and_days(packed: bool, reason: str) -> None:  # noqa: FBT001 (a row of a table)
    data = warc_file([*TWO, (C, "image/png", b"\x89PNG")], packed=packed)
    assert is_warc(io.BytesIO(data))
    read = [read_page(*capture) for capture in found(data) if isinstance(capture, tuple)]
    assert [(page.source.url, page.source.site, page.source.captured_on) for page in read] == [
        (A, "qinghe.gov.cn", date(2022, 3, 4)),
        (B, "qinghe.gov.cn", date(2022, 3, 4)),
    ]
    assert [page.source.media_type.rpartition(".")[2] for page in read] == ["text/html", "document"]
    assert texts(read[0]) == texts(read[1])
    assert len({page.source.sha256 for page in read}) == 2


SKIPPED = [
    ([("http://a.gov.cn/robots.txt", "text/plain", b"User-agent: *")], "200 OK", "for robots"),
    ([(A, "text/html", b"<p>not here</p>")], "404 Not Found", "an error of the server"),
    ([("http://a.gov.cn/a.css", "text/css", b"p {}")], "200 OK", "a style sheet"),
    ([(A, "text/html", b" ")], "200 OK", "nothing in it"),
]


@pytest.mark.parametrize(("records", "status", "reason"), SKIPPED, ids=[case[2] for case in SKIPPED])
def test_what_is_no_page_is_left_out(records: list[tuple[str, str, bytes]], status: str, reason: str) -> None:
    assert found(warc_file(records, status=status)) == []


TYPES = [
    ("application/force-download", pdf_file(), True, "a PDF to be saved"),
    ("", PAGE, True, "no type"),
    ("text/html; charset=utf-8", pdf_file(), True, "a PDF as a page"),
    ("application/x-msdownload", docx_file(), True, "a DOCX as a program"),
    ("application/x-download", pdf_file(), True, "a PDF to be saved, by another name"),
    ("application/vnd.ms-works", docx_file(), True, "a DOCX as a document of another program"),
    ("text/xml;charset=UTF-8", PAGE, True, "a page as XML"),
    ("application/json", PAGE, True, "a page as data"),
    ("image/jpeg", pdf_file(), True, "a PDF as an image"),
    ("application/zip", zip_file({"b.html": PAGE}), True, "a zip of pages"),
    ("text/html", b"\x89PNG\r\n", True, "an image as a page: its reader tells that it is one"),
    ("application/octet-stream", b"\x89PNG\r\n", False, "an image as a file"),
    ("application/javascript", b"var a = '</p></p></p></p></p></p></p></p></p></p>'", False, "a script with tags"),
    ("application/json", '{"title": "2021年报告"}'.encode(), False, "data"),
    ("text/xml", b"<?xml version='1.0'?><rss><item/></rss>", False, "a feed"),
    ("image/svg+xml", b"<svg><title>a</title></svg>", False, "a drawing"),
    ("application/octet-stream", zip_file({"ppt/presentation.xml": "<a/>"}), False, "slides"),
    ("video/mp4", b"\0\0\0\x20ftypisom" + bytes(99), False, "a video"),
]


@pytest.mark.parametrize(("media_type", "body", "is_read", "reason"), TYPES, ids=[case[3] for case in TYPES])
def test_a_record_is_a_page_by_its_content(media_type: str, body: bytes, is_read: bool, reason: str) -> None:  # noqa: FBT001
    cut = found(warc_file([(A, media_type, body)]))
    assert [isinstance(each, tuple) for each in cut] == [True] * is_read


GZIP = gzip.compress(PAGE)
BROTLI = brotli.compress(PAGE)
LONG = gzip.compress(PAGE * 9, 0)
ENCODED = [
    ("Content-Encoding: gzip", GZIP, "gzip"),
    ("Content-Encoding: br", BROTLI, "Brotli"),
    ("Content-Encoding: br", PAGE, "a body that is not packed as declared"),
    (
        "Transfer-Encoding: chunked",
        b"400\r\n" + PAGE[:1024] + b"\r\n%x\r\n" % len(PAGE[1024:]) + PAGE[1024:] + b"\r\n0\r\n\r\n",
        "chunks",
    ),
]


@pytest.mark.parametrize(("header", "body", "reason"), ENCODED, ids=[case[2] for case in ENCODED])
@pytest.mark.parametrize(("packed", "how"), PACKED, ids=[case[1] for case in PACKED])
def test_bodies_are_unpacked(header: str, body: bytes, reason: str, packed: bool, how: str) -> None:  # noqa: FBT001
    (capture,) = found(warc_file([(A, f"text/html\r\n{header}", body)], packed=packed))
    assert isinstance(capture, tuple)
    assert capture[0] == PAGE


def test_a_brotli_bomb_is_no_page_and_ends_nothing() -> None:
    bomb = brotli.compress(b" " * (20 << 20))
    first, second = found(warc_file([(A, "text/html\r\nContent-Encoding: br", bomb), TWO[0]]), Limits(size=1 << 20))
    assert isinstance(first, GongkaiError)
    assert isinstance(second, tuple)


def test_a_file_that_is_packed_as_a_whole() -> None:
    data = gzip.compress(warc_file([*TWO, TWO[0]], packed=False))
    assert is_warc(io.BytesIO(data))
    assert [capture[1].url for capture in found(data) if isinstance(capture, tuple)] == [A, B, A]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["not packed", "packed"])
def test_arc_files(pack: Callable[[bytes], bytes]) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    fields = "1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://a.arc 0.0.0.0 20080304050607 text/plain {len(fields)}\n{fields}\n"
    record = f"{A} 127.0.0.1 20080304050607 text/html {len(answer)}\n".encode() + answer + b"\n"
    data = pack(head.encode()) + pack(record)
    assert is_warc(io.BytesIO(data))
    ((body, made),) = found(data)
    assert (body, made.url, made.captured_on) == (PAGE, A, date(2008, 3, 4))


_FIRST, _NEXT, _SECOND = warc_file(TWO, packed=False).rpartition(b"WARC/1")
BROKEN = [
    (warc_file(TWO, packed=False)[:-2000], "the file ends inside a record"),
    (_FIRST + _NEXT + _SECOND.replace(b"Content-Length", b"Content-L#ngth"), "a record does not say how long it is"),
    (warc_file(TWO)[:-200], "the file ends inside a packed record"),
    (
        warc_file([TWO[0], (A, "text/html\r\nContent-Encoding: gzip", LONG.replace(b"</body>", b"</BODY>", 1))]),
        "the body cannot be unpacked to its end",
    ),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN, ids=[case[1] for case in BROKEN])
def test_a_broken_record_is_named_and_what_stands_before_it_is_read(data: bytes, reason: str) -> None:
    page, error = found(data)
    assert isinstance(page, tuple)
    assert isinstance(error, GongkaiError)
    assert error.zh == "a.warc 的第 2 条记录损坏，它后面的可能没有读到。请重新抓取。"
    assert error.en == "Record 2 of a.warc is damaged; what follows it may not have been read. Capture it again."


def test_a_record_of_the_wrong_length_is_named() -> None:
    data = warc_file([TWO[0], TWO[0]], packed=False)
    cut = data.replace("青河县".encode("gbk"), b"", 1)
    errors = [each for each in found(cut) if isinstance(each, GongkaiError)]
    assert errors
    assert errors[0].zh == "a.warc 的第 1 条记录损坏，它后面的可能没有读到。请重新抓取。"
    assert errors[0].en == ("Record 1 of a.warc is damaged; what follows it may not have been read. Capture it again.")


def test_a_record_beyond_the_limit_is_not_read() -> None:
    data = warc_file([(A, "text/html", b"<p>a</p>" * 300_000), TWO[0]])
    first, second = found(data, Limits(size=1 << 20))
    assert isinstance(first, GongkaiError)
    assert (first.zh, first.en) == (
        f"a.warc {A} 超过 1 MB，没有读。可设 GONGKAI_READ_SIZE（MB）放宽。",
        f"a.warc {A} is larger than 1 MB and was not read. Set GONGKAI_READ_SIZE (in MB) to allow more.",
    )
    assert isinstance(second, tuple)


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"\x1f\x8bWARC/", b"", b"WARC", html_page().encode()])
def test_what_is_no_warc(data: bytes) -> None:
    assert not is_warc(io.BytesIO(data))
