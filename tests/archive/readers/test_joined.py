"""A page and the documents that it links to are one report where one container holds them."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.ingest.pool import parse_files
from archive.limits import LIMITS, Limits
from archive.model import Reading
from archive.readers.containers import JOINED
from archive.readers.warc import captures as warc_captures
from archive.readers.zips.joined import HeldPages
from archive.readers.zips.zip_files import captures
from tests.archive.readers.documents import (
    HEADINGS,
    TITLE,
    docx_file,
    html_page,
    parts,
    pdf_file,
    source,
    tables,
    warc_file,
    zip_file,
)
from tests.archive.readers.workbooks import compound_file, xlsx_file

DAY = '<meta name="PubDate" content="2022-01-20">'
LINKS = f'<html><head>{DAY}</head><body><h1>{TITLE}</h1><p>附件：<a href="{{}}">{{}}</a></p></body></html>'
TEXT = "".join(f"<p>{part}</p>" for part in parts() if isinstance(part, str))
SHEETS = {f"表{number}": rows for number, rows in enumerate(tables(), 1)}


def linking(address: str, name: str = "年度报告.pdf") -> bytes:
    return LINKS.format(address, name).encode()


def read(data: bytes, folder: Path, name: str = "a.zip") -> list[Reading]:
    path = folder / name
    path.write_bytes(data)
    parsed = [parsed for _, parsed in parse_files([path], 1)]
    assert not [each for each in parsed if isinstance(each, GongkaiError)]
    return [each[1] for each in parsed if not isinstance(each, GongkaiError)]


JOINED_ZIPS = [
    ({"index.html": linking("files/1.pdf"), "files/1.pdf": pdf_file()}, "in a folder below"),
    ({"files/1.pdf": pdf_file(), "index.html": linking("files/1.pdf")}, "the document first"),
    ({"index.html": linking("http://a.gov.cn/P0.pdf"), "P0.pdf": pdf_file()}, "by the name in its address"),
    ({"index.html": linking("/down?id=1"), "年度报告.pdf": pdf_file()}, "by the text of its link"),
    ({"index.html": linking("%E6%8A%A5%E5%91%8A.docx"), "报告.docx": docx_file()}, "by an escaped name"),
]


@pytest.mark.parametrize(("files", "reason"), JOINED_ZIPS, ids=[case[1] for case in JOINED_ZIPS])
def test_a_page_and_its_report_are_one(files: dict[str, bytes], reason: str, tmp_path: Path) -> None:
    (reading,) = read(zip_file(files), tmp_path)
    (report,) = reading.reports
    assert (report.title, report.year, report.published_on) == (TITLE, 2021, date(2022, 1, 20))
    assert [section.heading for section in report.sections] == [None, *HEADINGS]
    assert len(report.figures) > 200
    assert reading.notices == ()
    name = next(name for name in files if name != "index.html").rpartition("/")[2]
    assert reading.source.path == f"a.zip/index.html + {name}"
    assert reading.source.media_type == "application/zip"


def test_tables_of_a_workbook_belong_to_the_text_of_the_page(tmp_path: Path) -> None:
    page = f'<html><body>{TEXT}<p><a href="t.xlsx">附件</a></p></body></html>'.encode()
    (reading,) = read(zip_file({"a.html": page, "t.xlsx": xlsx_file(SHEETS)}), tmp_path)
    (report,) = reading.reports
    assert [section.heading for section in report.sections] == [None, *HEADINGS]
    assert len(report.figures) > 200


def test_pages_of_a_warc_are_joined_by_address(tmp_path: Path) -> None:
    page, other = "http://qinghe.gov.cn/a/1.html", "http://qinghe.gov.cn/2.html"
    records = [
        (page, "text/html", linking("../f/1.pdf")),
        (other, "text/html", html_page().encode()),
        ("http://qinghe.gov.cn/f/1.pdf", "application/pdf", pdf_file()),
    ]
    readings = read(warc_file(records), tmp_path, "a.warc.gz")
    assert [reading.source.url for reading in readings] == [other, page]
    assert [len(reading.reports) for reading in readings] == [1, 1]
    assert readings[1].reports[0].published_on == date(2022, 1, 20)


def cut(data: bytes, limits: Limits = LIMITS) -> list[str]:
    made = HeldPages(limits).join(captures(io.BytesIO(data), source("a.zip"), limits))
    return [each[1].path for each in made if isinstance(each, tuple)]


WHOLE = html_page().replace("</body>", '<a href="1.pdf">a.pdf</a></body>').encode()
PROSE = f'<html><body>{TEXT}<a href="1.pdf">a.pdf</a></body></html>'.encode()
APART = [
    ({"a.html": WHOLE, "1.pdf": pdf_file()}, ["a.zip/a.html", "a.zip/1.pdf"], "a whole report as a page and as PDF"),
    ({"a.html": PROSE, "1.pdf": pdf_file()}, ["a.zip/a.html", "a.zip/1.pdf"], "the text of a report and a PDF"),
    ({"a.html": linking("2.pdf"), "1.pdf": pdf_file()}, ["a.zip/1.pdf", "a.zip/a.html"], "a link to another file"),
    ({"a/a.html": linking("1.pdf"), "b/1.pdf": pdf_file()}, ["a.zip/b/1.pdf", "a.zip/a/a.html"], "another folder"),
    ({"a.html": linking("http://["), "1.pdf": pdf_file()}, ["a.zip/1.pdf", "a.zip/a.html"], "no address"),
]


@pytest.mark.parametrize(("files", "paths", "reason"), APART, ids=[case[2] for case in APART])
def test_what_is_no_attachment_stays_apart(files: dict[str, bytes], paths: list[str], reason: str) -> None:
    assert cut(zip_file(files)) == paths


def test_documents_larger_than_a_page_may_be_stay_apart() -> None:
    data = zip_file({"a.html": linking("1.pdf"), "1.pdf": pdf_file()})
    assert cut(data, Limits(size=len(pdf_file()) + 10)) == ["a.zip/a.html", "a.zip/1.pdf"]


def test_the_original_holds_the_files_as_they_were() -> None:
    pdf, page = pdf_file(), linking("1.pdf")
    made = [
        each[0]
        for _ in range(2)
        for each in HeldPages(LIMITS).join(captures(io.BytesIO(zip_file({"a.html": page, "1.pdf": pdf})), source()))
        if isinstance(each, tuple)
    ]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert archive.comment == JOINED
        assert [(name, archive.read(name)) for name in archive.namelist()] == [("0-a.html", page), ("1-1.pdf", pdf)]


def test_an_original_that_is_added_again_is_the_same_page(tmp_path: Path) -> None:
    found = HeldPages(LIMITS).join(
        captures(io.BytesIO(zip_file({"a.html": linking("1.pdf"), "1.pdf": pdf_file()})), source())
    )
    (data,) = (each[0] for each in found if isinstance(each, tuple))
    (reading,) = read(data, tmp_path)
    assert [report.title for report in reading.reports] == [TITLE]


def test_an_attachment_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    locked = compound_file({"EncryptedPackage": b"a"})
    (reading,) = read(zip_file({"a.html": linking("1.docx"), "1.docx": locked}), tmp_path)
    assert [found.code for found in reading.notices] == ["attachment_unread", "no_report"]
    assert reading.notices[0].facts["why_en"] == "1-1.docx is locked by a password. Get a copy without one."


def test_a_page_before_the_document_is_held_and_then_let_go() -> None:
    many = [(f"http://a.cn/{n}.html", "text/html", linking(f"{n}.pdf")) for n in range(60)]
    made = HeldPages(LIMITS).join(warc_captures(io.BytesIO(warc_file(many)), source("a.warc")))
    assert [each[1].url for each in made if isinstance(each, tuple)] == [address for address, _, _ in many]
