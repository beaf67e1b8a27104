"""The same report in every format reads the same: sections, year, agency and figures."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.model import Source
from archive.readers.registry import read_page
from tests.archive.readers import documents

HTML = documents.html_page

FORMATS = [
    (lambda: HTML().encode(), "text/html", "HTML"),
    (documents.pdf_file, "application/pdf", "PDF, wrapped lines and tables over page ends"),
    (documents.docx_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"),
    (documents.ofd_report, "application/ofd", "OFD"),
]


@pytest.mark.parametrize(("make", "media_type", "reason"), FORMATS, ids=[case[2] for case in FORMATS])
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


@pytest.mark.parametrize(("make", "media_type", "reason"), FORMATS, ids=[case[2] for case in FORMATS])
def test_the_media_type_is_what_the_bytes_are(make: Callable[[], bytes], media_type: str, reason: str) -> None:
    given = Source("report.txt", "0" * 64, "text/plain")
    assert read_page(make(), given).source.media_type == media_type


REFUSED = [
    (b" \n", "page 是空文件。请重新抓取页面。", "page is empty. Capture the page again.", "nothing in it"),
    (
        b"\x89PNG\r\n\x1a\n",
        "page 是PNG文件，读不了。能读的是网页、文本、PDF、DOCX、DOC、OFD 和 WARC。",
        "page is a PNG file, which is not read. HTML, text, PDF, DOCX, DOC, OFD and WARC are.",
        "an image",
    ),
    (
        documents.zip_file({"xl/workbook.xml": "<a/>"}),
        "page 是ZIP/XLSX/PPTX文件，读不了。能读的是网页、文本、PDF、DOCX、DOC、OFD 和 WARC。",
        "page is a ZIP/XLSX/PPTX file, which is not read. HTML, text, PDF, DOCX, DOC, OFD and WARC are.",
        "a zip of something else",
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
        "an OFD that is no XML",
    ),
    (
        documents.warc_file([("http://a.gov.cn/", "text/html", b"<p>a</p>")]),
        "page 是 WARC，里面有许多页面，不能当作一页来读。",
        "page is a WARC; it holds many pages and cannot be read as one.",
        "many pages asked for as one",
    ),
]


@pytest.mark.parametrize(("data", "zh", "en", "reason"), REFUSED, ids=[case[3] for case in REFUSED])
def test_what_cannot_be_read_says_why(data: bytes, zh: str, en: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as raised:
        read_page(data, documents.source())
    assert (raised.value.zh, raised.value.en) == (zh, en)


TEXT = "说明:表格里的<br>和</td>不多,是抓取时剩下的。\n一、概述\n今年公开信息5条。\n"


def test_a_text_with_a_few_tags_left_in_it_is_no_html() -> None:
    assert documents.page(TEXT).source.media_type == "text/plain"
