"""Tests the removal of page layout from PDF and OFD."""

import io
from itertools import chain

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.extract.pipeline import read_source
from archive.model import Report, SourceSpan
from archive.readers.line_joining import PAGE_NUMBER, PrintLine, join, margin
from archive.readers.registry import read_page
from archive.store.serialization import dump, load
from tests.archive.readers.documents import Paper, ofd_file, page, pdf_file, pdf_row, rows, source, texts


def line(text: str, *, full: bool = False, indented: bool | None = None) -> PrintLine:
    return PrintLine(text, SourceSpan(), full, indented)


JOINED = [
    ([line("我镇主动公开", full=True), line("信息5条。")], ["我镇主动公开信息5条。"], "a full line continues"),
    ([line("我镇主动公开"), line("信息5条。")], ["我镇主动公开", "信息5条。"], "a short line ends"),
    ([line("共5条。", full=True), line("今年")], ["共5条。", "今年"], "the end of a sentence, indents unknown"),
    (
        [line("共5条。", full=True, indented=False), line("今年", indented=False)],
        ["共5条。今年"],
        "a sentence that ends at the margin, the next line not indented",
    ),
    (
        [line("我镇主动公开", full=True, indented=True), line("今年", indented=True)],
        ["我镇主动公开", "今年"],
        "an indent begins a paragraph",
    ),
    (
        [line("我镇主动公开", full=True), line("二、主动公开政府信息情况", full=True), line("今年")],
        ["我镇主动公开", "二、主动公开政府信息情况", "今年"],
        "a heading is not joined",
    ),
    (
        [line("(七)总计 32 3 0 0 1 4 40", full=True), line("四、结转")],
        ["(七)总计 32 3 0 0 1 4 40", "四、结转"],
        "a row of a table ends",
    ),
    (
        [line("规章 1件 — 11件", full=True), line("规范性文件 / /")],
        ["规章 1件 — 11件", "规范性文件 / /"],
        "units and dashes",
    ),
    ([line("共收到申请 3件", full=True), line("均已答复")], ["共收到申请 3件均已答复"], "one number is no row"),
    ([line("见 open", full=True), line("data 专栏")], ["见 open data 专栏"], "words in another script"),
    ([line("共31", full=True), line("19件")], ["共3119件"], "a number broken at the margin"),
]


@pytest.mark.parametrize(("lines", "paragraphs", "reason"), JOINED, ids=[case[2] for case in JOINED])
def test_joining(lines: list[PrintLine], paragraphs: list[str], reason: str) -> None:
    assert [block.text for block in join(lines)] == paragraphs


def test_a_paragraph_has_the_place_of_its_lines() -> None:
    lines = [PrintLine("我镇主动公开", SourceSpan(3, 3), full=True), PrintLine("信息。", SourceSpan(4, 4))]
    assert [block.place for block in join(lines)] == [SourceSpan(3, 4)]


NUMBERS = ["- 1 -", "— 12 —", "第3页", "第 3 页 共 12 页", "3/12"]


@pytest.mark.parametrize("number", NUMBERS)
def test_page_numbers(number: str) -> None:
    assert PAGE_NUMBER.fullmatch(number)


@pytest.mark.parametrize("text", ["12", "-12", "3", "2021-2022", "第3条"])
def test_numbers_that_are_cells_or_words(text: str) -> None:
    assert not PAGE_NUMBER.fullmatch(text)


SENTENCE = "我镇坚持以公开为常态不公开为例外及时公开群众关心的财政预算义务教育"


LONG = SENTENCE * 3


def test_wrapped_text_is_recognised_by_its_margin() -> None:
    text = SENTENCE * 8
    wrapped = [text[start : start + 28] for start in range(0, len(text), 28)]
    assert margin(wrapped) == 48
    assert margin([SENTENCE + "。", SENTENCE[:9], SENTENCE[:20] + "。"] * 4) is None


def test_wrapped_text_is_joined() -> None:
    text = SENTENCE * 6 + "。"
    lines = [
        "一、总体情况",
        *(text[start : start + 28] for start in range(0, len(text), 28)),
        "- 1 -",
        "二、主动公开情况",
    ]
    read = page("\n".join(lines))
    assert texts(read) == ["一、总体情况", text, "二、主动公开情况"]
    assert read.blocks[1].place == SourceSpan(2, len(lines) - 2)


def test_running_heads_are_removed_and_paragraphs_joined_across_pages() -> None:
    paper = Paper()
    for number in range(1, 4):
        paper.line("白桦镇年报", 240, 30, 10)
        if number == 1:
            paper.line("一、总体情况", 106, 80)
        for index in range(4):
            start = 3 * (4 * number + index - 4)
            paper.line(LONG[start : start + 28], 74, 110 + 30 * index)
        paper.line(f"第 {number} 页", 280, 800, 10)
        paper.end_page()
    assert texts(page(paper.bytes())) == ["一、总体情况", "".join(LONG[3 * n : 3 * n + 28] for n in range(12))]


def test_what_a_browser_prints_around_two_pages_is_removed() -> None:
    paper = Paper()
    for number in (1, 2):
        paper.line("2023/1/20 14:05 白桦镇年报", 74, 30, 10)
        paper.line("白桦镇" if number == 1 else "二、主动公开情况", 106, 80)
        paper.line(f"公开信息{number}条。", 106, 110)
        paper.line(f"https://www.example.gov.cn/1.html {number}/2", 74, 800, 10)
        paper.end_page()
    assert texts(page(paper.bytes())) == ["白桦镇", "公开信息1条。", "二、主动公开情况", "公开信息2条。"]


def test_a_row_divided_by_a_page_end_is_joined_and_a_repeated_head_removed() -> None:
    paper = Paper()
    widths = [160.0, 60.0, 60.0]
    top = pdf_row(paper, ["项目", "自然人", "总计"], 700, widths)
    top = pdf_row(paper, ["本年新收", "3", "3"], top, widths)
    pdf_row(paper, ["要求行政机关确认或重新出", "1", "1"], top, widths)
    paper.end_page()
    top = pdf_row(paper, ["项目", "自然人", "总计"], 80, widths)
    top = pdf_row(paper, ["具已获取信息", "", ""], top, widths)
    pdf_row(paper, ["其他", "0", "0"], top, widths)
    expected = [
        ["项目", "自然人", "总计"],
        ["本年新收", "3", "3"],
        ["要求行政机关确认或重新出具已获取信息", "1", "1"],
        ["其他", "0", "0"],
    ]
    assert rows(page(paper.bytes())) == [expected]


def test_a_shaded_paragraph_is_no_table() -> None:
    paper = Paper()
    paper.line("一、总体情况", 106, 80)
    for index in range(3):
        paper.box(74, 110 + 30 * index, 524, 140 + 30 * index)
        paper.line(SENTENCE[:28], 74, 112 + 30 * index)
    assert texts(page(paper.bytes())) == ["一、总体情况", SENTENCE[:28] * 3]


def test_kangxi_radicals_are_replaced() -> None:
    lines = [("⼀、总体情况", 20.0, 20.0, 5.0), ("全镇⾏政⼈员⼆名。", 30.0, 30.0, 5.0)]
    assert texts(page(ofd_file([lines]))) == ["一、总体情况", "全镇行政人员二名。"]


def test_ofd_rows_have_cells_at_gaps() -> None:
    lines = [("行政许可", 20.0, 20.0, 4.0), ("118", 90.0, 20.5, 4.0), ("7", 120.0, 20.0, 4.0)]
    assert rows(page(ofd_file([lines]))) == [[["行政许可", "118", "7"]]]


def test_ofd_prose_in_runs_is_one_line() -> None:
    lines = [("今年公开", 20.0, 20.0, 5.0), ("86", 40.0, 20.0, 5.0), ("条。", 50.0, 20.0, 5.0)]
    assert texts(page(ofd_file([lines]))) == ["今年公开86条。"]


RAISED = [
    (7, 81, "收到12[1]件", "small and raised, the mark of a footnote"),
    (11, 83, "收到121件", "a little smaller, on the base line"),
    (14, 78, "收到121件", "higher, and as large as the digit before it"),
]


@pytest.mark.parametrize(("size", "top", "expected", "reason"), RAISED, ids=[case[3] for case in RAISED])
def test_a_raised_digit_is_no_digit_of_the_number(size: int, top: int, expected: str, reason: str) -> None:
    paper = Paper()
    paper.line("收到", 74, 80, 14)
    paper.line("12", 102, 80, 14, "Helvetica")
    paper.line("1", 118, top, size, "Helvetica")
    paper.line("件", 130, 80, 14)
    paper.end_page()
    assert texts(page(paper.bytes())) == [expected]


def test_digits_of_another_font_are_on_their_line() -> None:
    paper = Paper()
    for left, text, font in ((72, "全年公开", "STSong-Light"), (138, "268", "Symbol"), (166, "条。", "STSong-Light")):
        paper.line(text, left, 100, font=font)
    assert texts(page(paper.bytes())) == ["全年公开268条。"]


def image_pdf(pages: list[list[str]]) -> bytes:
    """A PDF with these lines; pages without lines have an image."""
    file = io.BytesIO()
    canvas = Canvas(file)
    Paper()  # registers the font
    for lines in pages:
        canvas.setFont("STSong-Light", 16)
        for index, text in enumerate(lines):
            canvas.drawString(74, 740 - 24 * index, text)
        if not lines:
            canvas.drawInlineImage(_pixel(), 50, 50, 400, 600)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _pixel() -> object:
    from PIL import Image  # noqa: PLC0415 (comes with pdfplumber)

    return Image.new("L", (1, 1))


IMAGES = [
    ([[], []], ["page"], "only images: one notice with the name of the file"),
    ([["三、收到和处理政府信息公开申请情况"], []], ["三、收到和处理政府信息公开申请情况"], "an image below a heading"),
    ([["三、收到和处理政府信息公开申请情况"]], [], "no image"),
]


@pytest.mark.parametrize(("pages", "headings", "reason"), IMAGES, ids=[case[2] for case in IMAGES])
def test_pages_that_are_images(pages: list[list[str]], headings: list[str], reason: str) -> None:
    read = read_page(image_pdf(pages), source())
    assert [(notice.code, notice.facts["heading"]) for notice in read.notices] == [("image_only", h) for h in headings]
    assert texts(read) == list(chain.from_iterable(pages))


def without_map(data: bytes) -> bytes:
    """The PDF with fonts whose characters are numbers of glyphs only."""
    return data.replace(b"/UniGB-UCS2-H", b"/Identity-H   ").replace(b"(GB1)", b"(XY1)")


def test_fonts_without_a_character_map_are_named() -> None:
    lines = ["三、收到和处理政府信息公开申请情况", "2021年收到申请14件。"]
    read = read_page(without_map(image_pdf([lines])), source())
    assert texts(read) == []
    assert [(notice.code, notice.facts["heading"]) for notice in read.notices] == [("unmapped_font", "page")]


def test_a_table_in_a_font_without_a_character_map_has_no_figures() -> None:
    reading = read_source(without_map(pdf_file()), source())
    assert reading.reports == ()
    assert [notice.code for notice in reading.notices] == ["unmapped_font", "no_report"]


def test_sections_and_paragraphs_of_a_pdf_have_the_pages_of_the_file() -> None:
    read = page(pdf_file())
    pages = [(block.place.first_page, block.place.last_page) for block in read.blocks]
    assert all(first and last and first <= last for first, last in pages)
    assert [first for first, _ in pages] == sorted(first for first, _ in pages), "in reading order"
    assert any(first != last for first, last in pages), "a paragraph or a table across pages"
    (report,) = read_source(pdf_file(), source()).reports
    assert (report.place.first_page, report.place.last_page) == (1, pages[-1][1])
    for section in report.sections:
        inside = [each.place for each in (*section.paragraphs, *section.tables)]
        assert section.place.first_page and section.place.first_line is None
        assert all(section.place.first_page <= (each.first_page or 0) for each in inside)
    assert load(dump(report), Report) == report
