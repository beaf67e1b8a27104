"""Pictures of generated forms, read by OCR: numbers are right or unreadable and never wrong."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from PIL import Image

from archive.errors import LimitExceeded, UnreadableSource
from archive.extract.pipeline import parse_source
from archive.model import Reading
from archive.readers import scans
from archive.readers.registry import read_page
from bench.form_pictures import AGENCY, FACES, YEAR, FormReport, font_file, form_report, pages
from bench.ocr import rendered, score
from bench.scan_files import docx_file, html, mhtml, rtf
from tests.archive.readers import documents

pytestmark = pytest.mark.skipif(
    not scans.ocr_is_installed() or not all(map(font_file, FACES)), reason="needs the extra `ocr` and fonts-noto-cjk"
)


def short_report() -> FormReport:
    """The title and the section with the smallest table."""
    whole = form_report(1)
    values = {name: value for name, value in whole.values.items() if name.startswith("review")}
    return replace(whole, parts=[whole.parts[0], *whole.parts[8:10]], values=values)


def picture(report: FormReport, dpi: int = 120) -> bytes:
    return rendered(report, dpi, "PNG", 0, FACES[0])


def values(reading: Reading) -> dict[str, str]:
    (report,) = reading.reports
    assert {figure.basis for figure in report.figures} == {"ocr"}
    assert all(figure.confidence and 0.5 < figure.confidence <= 1 for figure in report.figures)
    return {figure.name: str(figure.value) for figure in report.figures}


def test_a_picture_of_a_report_is_read() -> None:
    report = short_report()
    reading = parse_source(picture(report), documents.source())
    assert values(reading) == report.values
    (read,) = reading.reports
    assert (read.agency_name, read.year, read.form) == (AGENCY, YEAR, "form-2021")
    assert [section.code for section in read.sections] == ["review"]
    assert [notice.code for notice in read.notices if notice.code.startswith("ocr")] == ["ocr_read"]
    assert {type(cell).__name__ for cell in read.sections[0].tables[0].cells()} == {"Cell"}


def _cell_of_docx(data: bytes) -> bytes:
    document = docx.Document()
    document.add_paragraph(f"{AGENCY}{YEAR}年政府信息公开工作年度报告")
    document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run().add_picture(io.BytesIO(data))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _rtf_of_word(data: bytes) -> bytes:
    """An RTF in which each picture stands twice, for newer and for older programs, inside a paragraph."""
    old = rb"{\nonshppict{\pict\wmetafile8 " + b"00" * 2000 + b"}}"
    file = rtf(data).replace(rb"{\pict", rb"\u25968?{\*\shppict{\pict{\*\picprop{\sp{\sn a}}}")
    return file[: -len(b"}\\par}")] + b"}}" + old + rb"\u25454?\par}"


AROUND = [
    (html, "an address with the picture in it"),
    (mhtml, "a saved page"),
    (docx_file, "a document"),
    (_cell_of_docx, "a cell"),
    (rtf, "an RTF"),
    (_rtf_of_word, "an RTF of a newer program"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("around", "reason"), AROUND, ids=[case[1] for case in AROUND])
def test_pictures_in_pages_are_read(around: object, reason: str) -> None:
    report = short_report()
    report.parts = report.parts[1:]
    reading = parse_source(around(picture(report)), documents.source())  # type: ignore[operator]
    assert {name: value for name, value in values(reading).items() if name in report.values} == report.values
    assert reading.reports[0].year == YEAR


def test_a_picture_without_print_is_no_part_of_a_page() -> None:
    photograph = io.BytesIO()
    Image.effect_noise((400, 300), 90).save(photograph, "PNG")
    page = read_page(html(photograph.getvalue()), documents.source())
    assert documents.texts(page) == [f"{AGENCY}{YEAR}年政府信息公开工作年度报告"]
    assert [notice.code for notice in page.notices] == ["image_only"]


def test_without_the_extra_scans_are_images_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "ocr_is_installed", lambda: False)
    page = read_page(rendered(short_report(), 96, "PDF", 0, FACES[0]), documents.source())
    assert (page.blocks, [notice.code for notice in page.notices]) == ((), ["image_only"])


def _bomb(side: int) -> bytes:
    """A PNG that declares a picture of `side` by `side` pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


HOSTILE = [
    (_bomb(30_000), LimitExceeded, "more than 40 million pixels", "a bomb, which is not unpacked"),
    (_bomb(10_000), LimitExceeded, "more than 40 million pixels", "a smaller bomb"),
    (_bomb(400), UnreadableSource, "damaged", "a picture that ends early"),
    (b"\x89PNG\r\n\x1a\n", UnreadableSource, "damaged", "a signature only"),
]


@pytest.mark.parametrize(("data", "error", "words", "reason"), HOSTILE, ids=[case[3] for case in HOSTILE])
def test_hostile_pictures_are_refused(data: bytes, error: type[Exception], words: str, reason: str) -> None:
    with pytest.raises(error, match=words):
        read_page(data, documents.source())


RENDERINGS = [
    (96, "PNG", 0.0, 0, 0.97, "small print"),
    (96, "JPEG", -4.0, 1, 0.85, "small, turned and compressed"),
    (150, "PNG", 0.0, 1, 0.97, "the usual resolution"),
    (150, "JPEG", 1.0, 0, 0.85, "turned and compressed"),
    (150, "PDF", 0.0, 0, 0.97, "a scan of several sheets"),
    (200, "PDF", -4.0, 1, 0.85, "a scan that is turned"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dpi", "kind", "turn", "face", "share", "reason"), RENDERINGS, ids=[case[5] for case in RENDERINGS]
)
def test_numbers_are_right_or_unreadable(
    dpi: int, kind: str, turn: float, face: int, share: float, reason: str
) -> None:
    report = form_report(dpi)
    right, _, wrong = score(rendered(report, dpi, kind, turn, FACES[face]), report)
    assert wrong == []
    assert right >= share * len(report.values)


def test_drawn_forms_satisfy_their_arithmetic() -> None:
    report = form_report(5)
    columns = ("natural_person", "enterprise", "research", "nonprofit", "legal_service", "other_organisation")
    parts = sum(Decimal(report.values[f"requests.new.{column}"]) for column in columns)
    assert parts == Decimal(report.values["requests.new.total"])
    assert len(pages(report, 96, FACES[0])) == 2
