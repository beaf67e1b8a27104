"""Tests that a report reads alike in every format: sections, year, agency and figures."""

import codecs
import importlib
import io
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.ingest.sources import captures_in
from archive.model import Block, Page, Source
from archive.readers import registry
from archive.readers.registry import Format, read_page
from archive.readers.warc import captures
from tests.archive.readers import documents
from tests.archive.readers.ofd_documents import ruled_report
from tests.archive.readers.rtf_documents import as_gbk, rtf_file
from tests.archive.readers.workbooks import report_rows, xls_file, xlsx_file

HTML = documents.html_page
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

REPORTS = [
    (lambda: HTML().encode(), "text/html", "HTML"),
    (documents.pdf_file, "application/pdf", "PDF with wrapped lines and tables across pages"),
    (documents.docx_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    (documents.ofd_report, "application/ofd", "OFD"),
    (ruled_report, "application/ofd", "OFD with page-wide objects and ruled tables"),
    (documents.mhtml_file, "multipart/related", "MHTML"),
    (
        lambda: documents.mhtml_file(charset="gb18030", encoding="base64"),
        "multipart/related",
        "MHTML of a Chinese Windows",
    ),
    (
        lambda: xlsx_file({"Sheet1": report_rows()[0]}, report_rows()[1]),
        XLSX_TYPE,
        "XLSX with merged cells",
    ),
    (rtf_file, "application/rtf", "RTF"),
    (lambda: rtf_file(as_gbk), "application/rtf", "RTF of a Chinese Windows"),
    (lambda: xls_file(*report_rows()), "application/vnd.ms-excel", "XLS with merged cells"),
]


@pytest.mark.parametrize(("make", "media_type", "reason"), REPORTS, ids=[case[2] for case in REPORTS])
def test_the_report_reads_alike_in_every_format(make: Callable[[], bytes], media_type: str, reason: str) -> None:
    (report,) = read_source(make(), documents.source()).reports
    assert (report.year, report.agency_as_printed) == (2021, "青河县白桦镇人民政府")
    assert [section.heading for section in report.sections] == [None, *documents.HEADINGS]
    texts = [paragraph.text for section in report.sections for paragraph in section.paragraphs]
    assert texts == [documents.PREAMBLE, documents.OVERVIEW, documents.PROBLEMS, documents.OTHER]
    found = {figure.name: figure for figure in report.figures}
    for name, value in documents.figures().items():
        assert found[name].value == Decimal(value), name
    assert {result for figure in report.figures for result in figure.check.values()} == {"passed"}


@pytest.mark.parametrize(("make", "media_type", "reason"), REPORTS, ids=[case[2] for case in REPORTS])
def test_the_media_type_is_that_of_the_content(make: Callable[[], bytes], media_type: str, reason: str) -> None:
    given = Source("report.txt", "0" * 64, "text/plain")
    assert read_page(make(), given).source.media_type == media_type


WORD_PAGE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'
    "<head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><!--[if gte mso 9]><xml>"
    "<w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]--></head>"
    f"<body lang=ZH-CN><div class=Section1>{documents.html_body()}</div></body></html>"
)

# What the name of a file says, and what it is.
MISNAMED = [
    ("报告.doc", WORD_PAGE.encode("gb18030"), "text/html", "HTML as Word saves it"),
    ("报告.doc", codecs.BOM_UTF8 + WORD_PAGE.encode(), "text/html", "HTML with a byte order mark"),
    ("报告.doc", documents.mhtml_file(WORD_PAGE, "gb18030", "base64"), "multipart/related", "MHTML"),
    ("报告.doc", codecs.BOM_UTF8 + documents.mhtml_file(WORD_PAGE), "multipart/related", "MHTML with a mark"),
    ("报告.doc", documents.docx_file(), REPORTS[2][1], "DOCX"),
    ("报告.doc", rtf_file(), "application/rtf", "RTF"),
    ("报告.xls", WORD_PAGE.encode("gb18030"), "text/html", "a table of HTML, as systems export it"),
    ("报告.xls", xlsx_file({"Sheet1": report_rows()[0]}, report_rows()[1]), XLSX_TYPE, "XLSX"),
    ("报告.docx", documents.pdf_file(), "application/pdf", "PDF"),
    ("报告.pdf", HTML().encode(), "text/html", "a page in place of the file"),
]


@pytest.mark.parametrize(("name", "data", "media_type", "reason"), MISNAMED, ids=[case[3] for case in MISNAMED])
def test_a_file_with_the_wrong_name_is_read_by_its_content(
    name: str, data: bytes, media_type: str, reason: str
) -> None:
    reading = read_source(data, documents.source(name))
    assert reading.source.media_type == media_type
    (report,) = reading.reports
    assert [section.heading for section in report.sections] == [None, *documents.HEADINGS]
    found = {figure.name: figure.value for figure in report.figures}
    assert {name: found[name] for name in documents.figures()} == {
        name: Decimal(value) for name, value in documents.figures().items()
    }


SAVED = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"

READABLE_ZH = "能读的格式：DOC、RTF、PDF、OFD、DOCX、XLSX、XLS、MHTML、WARC、ZIP、网页和文本。"
READABLE_EN = "Readable formats: DOC, RTF, PDF, OFD, DOCX, XLSX, XLS, MHTML, WARC, ZIP, HTML and text."
INSTALL_ZH = "安装OCR后可以识别：pip install 'gongkai[ocr]'。"
INSTALL_EN = "With OCR it can be read: pip install 'gongkai[ocr]'."

REFUSED = [
    (b" \n", "page 是空文件。请重新抓取页面。", "page is empty. Capture the page again.", "an empty file"),
    (
        b"\x89PNG\r\n\x1a\n",
        f"page 是图片（PNG）。{INSTALL_ZH}",
        f"page is a picture (PNG). {INSTALL_EN}",
        "an image",
    ),
    (
        documents.zip_file({"ppt/presentation.xml": "<a/>"}),
        f"page 是ZIP/PPTX文件，读不了。{READABLE_ZH}",
        f"page is a ZIP/PPTX file, which is not read. {READABLE_EN}",
        "another zip",
    ),
    (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog",
        "page 已损坏，或只抓到一部分，读不出来。请重新抓取。",
        "page is damaged or was not captured whole and cannot be read. Capture it again.",
        "the beginning of a PDF",
    ),
    (
        documents.docx_file()[:9000],
        "page 已损坏，或只抓到一部分，读不出来。请重新抓取。",
        "page is damaged or was not captured whole and cannot be read. Capture it again.",
        "the beginning of a DOCX",
    ),
    (
        documents.zip_file({"OFD.xml": "<ofd:OFD"}),
        "page 已损坏，或只抓到一部分，读不出来。请重新抓取。",
        "page is damaged or was not captured whole and cannot be read. Capture it again.",
        "an OFD without XML",
    ),
    (
        documents.warc_file([("http://a.gov.cn/", "text/html", b"<p>a</p>")]),
        "page 是 WARC，里面有许多页面，不能当作一页来读。",
        "page is a WARC; it holds many pages and cannot be read as one.",
        "a container read as one page",
    ),
    (
        SAVED + b"--b\r\nContent-Type: image/png\r\n\r\na",
        "page 是保存的网页（MHTML），但其中没有网页正文。请重新保存。",
        "page is a saved page (MHTML) without a page in it. Save the page again.",
        "a saved page of images alone",
    ),
    (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/related; boundary=b\n\n" * 2000,
        "page 是保存的网页（MHTML），但其中没有网页正文。请重新保存。",
        "page is a saved page (MHTML) without a page in it. Save the page again.",
        "a saved page of nested parts",
    ),
]


@pytest.fixture
def _without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not installed."""
    monkeypatch.setattr(registry, "ocr_is_installed", lambda: False)


@pytest.mark.parametrize(("data", "zh", "en", "reason"), REFUSED, ids=[case[3] for case in REFUSED])
@pytest.mark.usefixtures("_without_ocr")
def test_errors_name_the_reason(data: bytes, zh: str, en: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as raised:
        read_page(data, documents.source())
    assert (raised.value.zh, raised.value.en) == (zh, en)


TEXT = "说明:表格里的<br>和</td>不多,是抓取时剩下的。\n一、概述\n今年公开信息5条。\n"


def test_a_text_with_a_few_tags_is_no_html() -> None:
    assert documents.page(TEXT).source.media_type == "text/plain"


def test_a_letter_about_a_report_is_no_saved_page() -> None:
    assert documents.page("Subject: a\nTo: b\n\n一、概述\n今年公开信息5条。\n").source.media_type == "text/plain"


def _parse_memo(data: bytes, source: Source) -> Page:
    return Page(source, tuple(Block(line) for line in data.decode().splitlines()[1:]), ())


def _is_memo(content: registry.FileContent) -> bool:
    return content.data.startswith(b"MEMO\n")


MEMO = Format("MEMO", ("application/x-memo",), (".memo",), _is_memo, f"{__name__}:_parse_memo", "备忘录")


def test_one_row_adds_a_format_to_files_warcs_and_sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = "MEMO\n一、总体情况\n全年主动公开政府信息86条。".encode()
    (tmp_path / "a.memo").write_bytes(data)
    warc = documents.warc_file([("http://a.cn/1", "application/x-memo", data)])
    assert not any(captures(io.BytesIO(warc), documents.source()))
    monkeypatch.setattr(registry, "FORMATS", (MEMO, *registry.FORMATS))
    for capture in (*captures_in(tmp_path / "a.memo"), *captures(io.BytesIO(warc), documents.source())):
        assert isinstance(capture, tuple)
        page = read_page(*capture)
        assert (page.source.media_type, documents.texts(page)[0]) == ("application/x-memo", "一、总体情况")
    with pytest.raises(GongkaiError, match="Readable formats: MEMO, DOC, ") as raised:
        read_page(b"Rar!", documents.source())
    assert "能读的格式：备忘录、DOC、" in raised.value.zh


def test_every_reader_can_be_imported() -> None:
    for row in registry.FORMATS:
        if row.reader:
            module, _, function = row.reader.partition(":")
            assert callable(getattr(importlib.import_module(module), function)), row.name


def test_the_documentation_lists_every_format() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "reading.md").read_text("utf-8")
    rows = page.partition("|---|---|\n")[2].partition("\n\n")[0].splitlines()
    cells = [name.strip() for row in rows for name in row.split("|")[1].split(",")]
    documented = {cell.rpartition(" · ")[2].upper() for cell in cells}
    names = {row.name: {row.name.upper(), *(each[1:].upper() for each in row.suffixes)} for row in registry.FORMATS}
    assert documented <= set().union(*names.values())
    assert [name for name, own in names.items() if not own & documented] == []


def test_importing_the_registry_loads_no_library_of_a_format() -> None:
    libraries = (
        "{'bs4', 'cv2', 'docx', 'lxml', 'onnxruntime', 'pdfplumber', 'PIL', 'python_calamine', 'striprtf', 'warcio'}"
    )
    program = f"import sys, archive.readers.registry; print(*{libraries} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == []


def test_an_rtf_record_of_a_warc_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(documents.warc_file([("http://a.cn/1.rtf", "application/rtf", rb"{\rtf1 a}")]))
    assert [type(capture) for capture in captures_in(path)] == [tuple]
