"""A page and the documents beside it in a folder are one report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.ingest.folders import attachments_of
from archive.ingest.pool import parse_files
from archive.ingest.sources import pages_in
from archive.limits import Limits
from archive.model import Reading
from tests.archive.readers.documents import HEADINGS, TITLE, docx_file, html_page, pdf_file
from tests.archive.readers.test_joined import SHEETS, TEXT, linking
from tests.archive.readers.workbooks import xlsx_file

PDF = pdf_file()


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def read(*paths: Path) -> list[Reading]:
    parsed = [parsed for _, parsed in parse_files(pages_in(paths), 1)]
    assert not [each for each in parsed if isinstance(each, GongkaiError)]
    return [each[1] for each in parsed if not isinstance(each, GongkaiError)]


JOINED = [
    ({"b.html": linking("a.pdf"), "a.pdf": PDF}, "a.pdf", "beside the page, before it in the list"),
    ({"b.html": linking("./files/a.pdf"), "files/a.pdf": PDF}, "a.pdf", "at a relative address below"),
    ({"b.html": linking("http://a.gov.cn/x/P0.pdf"), "P0.pdf": PDF}, "P0.pdf", "by the name in its address"),
    ({"b.html": linking("/down?id=1"), "年度报告.pdf": PDF}, "年度报告.pdf", "by the text of its link"),
    ({"b.html": linking("%E6%8A%A5%E5%91%8A.docx"), "报告.docx": docx_file()}, "报告.docx", "by an escaped name"),
    (
        {"b.html": linking("http://a.cn/P0.pdf"), "b_files/P0.pdf": PDF, "b_files/a.css": b"p{}", "b_files/a.js": b"0"},
        "P0.pdf",
        "in the folder that a browser saved with the page",
    ),
    ({"b.htm": linking("P0.pdf"), "b.files/P0.pdf": PDF, "b.files/a.gif": b"GIF"}, "P0.pdf", "in that of another one"),
]


@pytest.mark.parametrize(("files", "document", "reason"), JOINED, ids=[case[2] for case in JOINED])
def test_a_page_and_its_document_are_one_report(
    files: Mapping[str, bytes], document: str, reason: str, tmp_path: Path
) -> None:
    (reading,) = read(written(tmp_path, files))
    (report,) = reading.reports
    assert (report.title, report.year, report.published_on) == (TITLE, 2021, date(2022, 1, 20)), reason
    assert [section.heading for section in report.sections] == [None, *HEADINGS]
    assert len(report.figures) > 200
    page = next(name for name in files if name.startswith("b.h"))
    assert (reading.source.path, reading.source.media_type) == (f"{page} + {document}", "application/zip")


def test_tables_of_a_workbook_belong_to_the_text_of_the_page(tmp_path: Path) -> None:
    page = f'<html><body>{TEXT}<p><a href="t.xlsx">附件</a></p></body></html>'.encode()
    (reading,) = read(written(tmp_path, {"a.html": page, "t.xlsx": xlsx_file(SHEETS)}))
    assert len(reading.reports[0].figures) > 200


def test_what_is_known_of_the_page_is_known_of_both(tmp_path: Path) -> None:
    given = 'page = "a.html"\nurl = "http://qinghe.gov.cn/a.html"\n'
    written(tmp_path, {"a.html": linking("1.pdf"), "1.pdf": PDF, "source.toml": given.encode()})
    (reading,) = read(tmp_path)
    assert (reading.source.url, len(reading.reports)) == ("http://qinghe.gov.cn/a.html", 1)


APART = [
    ({"a.html": html_page().replace("</body>", '<a href="1.pdf">a.pdf</a></body>').encode()}, "1.pdf", "a whole page"),
    ({"a.html": linking("2.pdf")}, "1.pdf", "a link to another file"),
    ({"a/a.html": linking("../1.pdf")}, "1.pdf", "a file above the folder of the page"),
    ({"a/a.html": linking("1.pdf")}, "b/1.pdf", "a file of another folder"),
    ({"a.html": linking("http://[")}, "1.pdf", "no address"),
    ({"a.html": linking("a\x00.pdf", "x" * 99 + ".pdf")}, "1.pdf", "names that no file can have"),
]


@pytest.mark.parametrize(("files", "document", "reason"), APART, ids=[case[2] for case in APART])
def test_what_is_no_attachment_stays_apart(
    files: Mapping[str, bytes], document: str, reason: str, tmp_path: Path
) -> None:
    written(tmp_path, {**files, document: PDF})
    assert sorted(pages_in([tmp_path])) == sorted(tmp_path / name for name in (*files, document)), reason


def test_a_document_that_is_named_alone_is_read_alone(tmp_path: Path) -> None:
    written(tmp_path, {"a.html": linking("1.pdf"), "1.pdf": PDF})
    (alone,) = read(tmp_path / "1.pdf")
    assert alone.source.path == "1.pdf"
    (both,) = read(tmp_path / "1.pdf", tmp_path / "a.html")
    assert both.source.path == "a.html + 1.pdf"


def test_documents_larger_than_a_page_may_be_stay_apart(tmp_path: Path) -> None:
    written(tmp_path, {"a.html": linking("1.pdf"), "1.pdf": PDF})
    assert attachments_of(tmp_path / "a.html") == (tmp_path / "1.pdf",)
    assert attachments_of(tmp_path / "a.html", Limits(size=len(PDF) + 10)) == ()


def test_a_document_that_comes_later_is_found(tmp_path: Path) -> None:
    page = written(tmp_path, {"a.html": linking("files/1.pdf"), "files/a.txt": b"a"}) / "a.html"
    assert attachments_of(page) == ()
    written(tmp_path, {"files/1.pdf": PDF})
    assert attachments_of(page) == (tmp_path / "files" / "1.pdf",)
    page.write_bytes(linking("files/2.pdf"))
    os.utime(page, ns=(0, 0))  # whatever the clock of the file system
    assert attachments_of(page) == ()


def test_files_of_a_folder_that_belongs_to_no_page_are_read(tmp_path: Path) -> None:
    written(tmp_path, {"a_files/a.txt": b"a", "b.html": html_page().encode()})
    assert list(pages_in([tmp_path])) == [tmp_path / "a_files" / "a.txt", tmp_path / "b.html"]
