"""Pictures on the sheets of a PDF or OFD are read where they stand, if the document lacks a table."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from archive.errors import UnreadableSource
from archive.extract.pipeline import parse_source
from archive.model import Cell, Table
from archive.readers import scans, sheet_pictures
from archive.readers.page_layout import PrintedLine, Sheet
from archive.readers.registry import read_page
from archive.readers.sheet_pictures import PlacedPicture, is_large, with_pictures
from bench.form_pictures import FACES, FormReport, font_file
from bench.scan_files import ofd
from bench.scan_kinds import pdf_with_text, whole
from tests.archive.readers.documents import source, tables
from tests.archive.readers.ocr.test_scans import short_report, values

needs_ocr = pytest.mark.skipif(
    not scans.ocr_is_installed() or not all(map(font_file, FACES)), reason="needs the extra `ocr` and fonts-noto-cjk"
)


@pytest.fixture
def ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_pictures, "most_pictures", lambda: 2)


def line(text: str, top: float) -> PrintedLine:
    return PrintedLine(text, 10, 90, top, 10)


def placed(sheet: int, top: float, text: str = "图") -> PlacedPicture:
    return PlacedPicture(sheet, (0, top, 100, top + 50), lambda: Sheet((line(text, top),), is_image=False))


def texts(sheet: Sheet) -> list[str]:
    return [part.text for part in sheet.parts if isinstance(part, PrintedLine)]


TEXT = Sheet((line("上", 10), line("下", 90)), is_image=False)
SCAN = Sheet((), is_image=True)


@pytest.mark.usefixtures("ocr")
def test_a_picture_stands_between_the_lines_of_its_sheet() -> None:
    sheets, notices = with_pictures([TEXT, SCAN], [placed(0, 30), placed(1, 0, "页")])
    assert [texts(sheet) for sheet in sheets] == [["上", "图", "下"], ["页"]]
    assert not any(sheet.is_image for sheet in sheets) and not notices


@pytest.mark.usefixtures("ocr")
def test_pictures_beside_all_tables_are_not_read() -> None:
    grids = tuple(Table(tuple(tuple(map(Cell, row)) for row in rows)) for rows in tables())
    sheets, _ = with_pictures([replace(TEXT, parts=(*TEXT.parts, *grids)), SCAN], [placed(0, 30), placed(1, 0)])
    assert [texts(sheet) for sheet in sheets] == [["上", "下"], ["图"]], "a sheet without text is read all the same"


@pytest.mark.usefixtures("ocr")
def test_a_picture_that_cannot_be_read_is_noticed() -> None:
    def read() -> Sheet:
        raise UnreadableSource("坏", "damaged")

    sheets, notices = with_pictures([TEXT], [replace(placed(0, 30), read=read)])
    assert [*sheets] == [TEXT]
    assert [(each.code, each.facts["why_en"]) for each in notices] == [("attachment_unread", "damaged")]


@pytest.mark.usefixtures("ocr")
def test_pictures_beyond_the_limit_stay_unread() -> None:
    sheets, _ = with_pictures([SCAN] * 3, [placed(number, 0) for number in range(3)])
    assert [sheet.is_image for sheet in sheets] == [False, False, True]


def test_emblems_and_seals_are_no_tables() -> None:
    assert is_large((20, 20, 190, 60), 210, 297)
    assert not is_large((150, 200, 190, 240), 210, 297)


def turned_ofd(report: FormReport) -> bytes:
    return ofd([whole(report, 120).rotate(180)], 180)


def behind_text(report: FormReport) -> bytes:
    """A PDF with a picture behind its text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(600, 800))
    canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, 600, 800)
    canvas.drawString(60, 700, "printed on it")
    canvas.save()
    return file.getvalue()


READ = [
    (lambda report: ofd([whole(report, 120)]), "an OFD of scans"),
    (turned_ofd, "an OFD whose scan is upside down and turned by the page"),
    (pdf_with_text, "a PDF with a title and a picture"),
]


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize(("made", "reason"), READ, ids=[case[1] for case in READ])
def test_documents_with_pictures_are_read(made: Callable[[FormReport], bytes], reason: str) -> None:
    report = short_report()
    assert values(parse_source(made(report), source())) == report.values


@needs_ocr
def test_a_picture_behind_text_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "_ocr", lambda: pytest.fail("a background is read"))
    page = read_page(behind_text(short_report()), source())
    assert [block.text for block in page.blocks] == ["printed on it"]


@needs_ocr
def test_without_the_extra_pictures_of_an_ofd_are_images_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "ocr_is_installed", lambda: False)
    page = read_page(ofd([Image.new("L", (600, 800), 255)]), source())
    assert (page.blocks, [notice.code for notice in page.notices]) == ((), ["image_only"])
