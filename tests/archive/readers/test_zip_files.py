"""ZIP and WACZ: every page in them on its own, by its content."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.ingest.pool import parse_files
from archive.limits import LIMITS, Limits
from archive.readers.containers import is_zip_of_pages
from archive.readers.registry import read_page
from archive.readers.zips.zip_files import captures
from tests.archive.readers.documents import docx_file, html_page, ofd_report, pdf_file, source, warc_file, zip_file
from tests.archive.readers.workbooks import report_rows, xlsx_file

PAGE = html_page().encode()
WARC = warc_file([("http://qinghe.gov.cn/1.html", "text/html", PAGE)])


def found(data: bytes, limits: Limits = LIMITS) -> list[str]:
    """The paths of the pages, and the sentences in place of others."""
    cut = captures(io.BytesIO(data), source("a.zip"), limits)
    return [each.en if isinstance(each, GongkaiError) else each[1].path for each in cut if each is not None]


def gbk_names(data: bytes) -> bytes:
    """The zip as a Chinese Windows writes it: names in GBK and no mark of UTF-8."""
    name = "报告.html"
    assert len(name.encode("gbk")) == len(b"abcdefghi") == 9
    return data.replace(b"abcdefghi", name.encode("gbk"))


ZIPS = [
    ({"2021.html": PAGE, "附件/报告.pdf": pdf_file()}, ["2021.html", "附件/报告.pdf"], "pages in folders"),
    ({"a.docx": docx_file(), "b.xlsx": xlsx_file({"a": report_rows()[0]})}, ["a.docx", "b.xlsx"], "zips of documents"),
    ({"a.ofd": ofd_report(), "b.doc": PAGE}, ["a.ofd", "b.doc"], "a page with the name of a document"),
    (
        {"a.html": PAGE, "a_files/a.css": b"p {}", "a_files/a.js": b"var a", "a_files/a.png": b"\x89PNG"},
        ["a.html"],
        "a page with its styles, scripts and images",
    ),
    ({"a.html": PAGE, "__MACOSX/._a.html": PAGE, ".DS_Store": b"a", "~$a.doc": b"a"}, ["a.html"], "files of systems"),
    ({"a.html": b" ", "b.html": PAGE}, ["b.html"], "nothing in it"),
    ({"b.zip": zip_file({"c.html": PAGE})}, ["b.zip/c.html"], "a zip in a zip"),
    ({"b.warc.gz": WARC}, ["b.warc.gz http://qinghe.gov.cn/1.html"], "a WARC in a zip"),
    (
        {"archive/data.warc.gz": WARC, "datapackage.json": b"{}", "pages/pages.jsonl": b"{}", "readme.txt": b"a"},
        ["archive/data.warc.gz http://qinghe.gov.cn/1.html"],
        "a WACZ",
    ),
    ({"a\x1b[2J.html": PAGE}, ["a?[2J.html"], "a name with a control character"),
]


@pytest.mark.parametrize(("files", "paths", "reason"), ZIPS, ids=[case[2] for case in ZIPS])
def test_each_page_is_read_with_its_path_inside(files: dict[str, bytes], paths: list[str], reason: str) -> None:
    data = zip_file(files)
    assert is_zip_of_pages(io.BytesIO(data))
    assert found(data) == [f"a.zip/{path}" for path in paths]


def test_names_of_a_chinese_windows_are_decoded() -> None:
    assert found(gbk_names(zip_file({"abcdefghi": PAGE}))) == ["a.zip/报告.html"]


@pytest.mark.parametrize(
    "data",
    [docx_file(), ofd_report(), xlsx_file({"a": []}), PAGE, b"PK\x03\x04", docx_file()[:99]],
    ids=["docx", "ofd", "xlsx", "html", "signature alone", "cut docx"],  # DOCX files hold the time of their making
)
def test_documents_are_no_zips_of_pages(data: bytes) -> None:
    assert not is_zip_of_pages(io.BytesIO(data))


def locked(data: bytes) -> bytes:
    """The zip with the mark of encryption on its first file, in both places."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


RANDOM = random.Random(0).randbytes(1 << 20).hex().encode()  # noqa: S311 (no secret)
TWO = {"a.html": PAGE, "b.html": PAGE}


def nested(depth: int) -> bytes:
    data = zip_file({"a.html": PAGE})
    for _ in range(depth):
        data = zip_file({"a.zip": data})
    return data


REFUSED = [
    (
        locked(zip_file(TWO)),
        LIMITS,
        ["a.zip/a.html is locked by a password.", "a.zip/b.html"],
        "a file with a password",
    ),
    (
        zip_file(TWO).replace(b"PK\x03\x04", b"PK\x03\x05", 1),
        LIMITS,
        ["a.zip/a.html is damaged or was not", "a.zip/b.html"],
        "a file without its head",
    ),
    (zip_file(TWO)[:-30], LIMITS, ["a.zip is damaged"], "a zip without its end"),
    (
        zip_file({"a.html": PAGE + RANDOM, "b.html": PAGE}),
        Limits(size=1 << 20),
        ["a.zip/a.html is larger than 1 MB", "a.zip/b.html"],
        "a page beyond the limit",
    ),
    (zip_file({"a.html": bytes(40 << 20)}), Limits(size=1 << 20), ["a.zip unpacks to more than"], "a bomb"),
    (
        zip_file({f"{n}.zip": zip_file({"a.html": bytes(1 << 20)}) for n in range(9)}),
        Limits(size=4 << 20),
        ["a.zip/8.zip unpacks to more than"],
        "a bomb of zips",
    ),
    (nested(4), LIMITS, ["a.zip/a.zip/a.zip/a.zip unpacks to more than"], "zips in zips"),
    (zip_file({"a.html": docx_file()[:9000]}), LIMITS, ["a.zip/a.html"], "a damaged document is left to its reader"),
]


@pytest.mark.parametrize(("data", "limits", "ends", "reason"), REFUSED, ids=[case[3] for case in REFUSED])
def test_hostile_zips_end_and_their_other_files_are_read(
    data: bytes, limits: Limits, ends: list[str], reason: str
) -> None:
    said = found(data, limits)
    assert len(said) >= len(ends)
    assert all(any(end in text for text in said) for end in ends)


def test_a_zip_cannot_be_read_as_one_page() -> None:
    with pytest.raises(GongkaiError) as raised:
        read_page(zip_file(TWO), source())
    assert raised.value.zh == "page 是 ZIP，里面有许多页面，不能当作一页来读。"
    assert raised.value.en == "page is a ZIP; it holds many pages and cannot be read as one."


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "pages.zip"
    path.write_bytes(zip_file({"2021.html": PAGE, "b.zip": zip_file({"报告.pdf": pdf_file()}), "c.png": b"\x89PNG"}))
    parsed = [parsed for _, parsed in parse_files([path], 1)]
    readings = [each[1] for each in parsed if not isinstance(each, GongkaiError)]
    assert [reading.source.path for reading in readings] == ["pages.zip/2021.html", "pages.zip/b.zip/报告.pdf"]
    assert [len(reading.reports) for reading in readings] == [1, 1]
    assert len(parsed) == 2


def test_a_zip_without_pages_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_file({"a.png": b"\x89PNG"}))
    (parsed,) = (parsed for _, parsed in parse_files([path], 1))
    assert isinstance(parsed, GongkaiError)
    assert parsed.en.startswith("a.zip holds no readable page.")


def test_more_is_unpacked_from_a_larger_zip() -> None:
    """A WACZ of several gigabytes is no bomb."""
    pages = {f"{n}.html": PAGE + f"<p>{n}</p>".encode() for n in range(9)}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in pages.items():
            archive.writestr(name, content)
    assert len(found(data.getvalue(), Limits(size=len(PAGE) * 2))) == 9
