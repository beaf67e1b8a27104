"""Tests RTF: encodings, tables, numbers of lists, and what is not shown."""

import pytest

from archive.errors import GongkaiError
from archive.readers.registry import read_page
from tests.archive.readers.documents import page, rows, source, texts
from tests.archive.readers.rtf_documents import as_gbk, as_raw_gbk, rtf, rtf_part

TEXTS = [
    (as_gbk("一、总体情况"), ["一、总体情况"], "escaped bytes of GBK under a Latin font"),
    (as_raw_gbk("一、总体情况乗"), ["一、总体情况乗"], "bytes of GBK, one of them a backslash"),
    (r"\uc2\u20844\'b9\'ab\u24320\'bf\'aa", ["公开"], "fallbacks of two bytes"),
    (r"\u-27231?", ["\u95a1".replace("\u95a1", chr(0x10000 - 27231))], "a negative number"),
    (r"\u20844?{\*\bkmkstart a}\u24320?{\header \u31532?}", ["公开"], "a bookmark and a header"),
    (r"{\listtext\u19968?\u12289?}\u24635?", ["一、总"], "the number of a list"),
    (r"{\pntext\u19968?\u12289?}\u24635?", ["一、总"], "the number of a list of Word 95"),
    (r'{\field{\*\fldinst HYPERLINK "http://a.cn/1.pdf"}{\fldrslt \u20844?}}', ["公"], "a link without its address"),
    (r"\u20844?{\pict\pngblip " + "89504e47" * 99 + r"}\u24320?", ["公开"], "an image as digits"),
    (r"\u20844?{\pict\bin9 \'}}{{\par}\u24320?", ["公开"], "an image as bytes"),
    (r"\u20844?\par\par\u24320?\line\u31532?", ["公", "开", "第"], "paragraphs and lines"),
    (r"\u20844?\u-10240?\u24320?", ["公\ufffd开"], "half of a character"),
]


@pytest.mark.parametrize(("body", "expected", "reason"), TEXTS, ids=[case[2] for case in TEXTS])
def test_text(body: str, expected: list[str], reason: str) -> None:
    read = page(rtf(body))
    assert texts(read) == expected
    assert read.source.media_type == "application/rtf"
    assert {block.place.first_line for block in read.blocks} == {None}


TABLES = [
    (rtf_part([["行政许可", "118"], ["行政处罚", "7"]]), [["行政许可", "118"], ["行政处罚", "7"]], "cells"),
    (rtf_part([["甲", "", "1"], ["", "2", "3"]]), [["甲", "", "1"], ["", "2", "3"]], "blank cells"),
    (r"\trowd\pard\intbl \u19977?\par \u26412?\cell 7\cell\row" * 2, [["三本", "7"]] * 2, "a label over two lines"),
    (r"\trowd\intbl \u19977?\cell 1\par 2\cell\row" * 2, [["三", "1 2"]] * 2, "two numbers in a cell stay two"),
]


@pytest.mark.parametrize(("body", "expected", "reason"), TABLES, ids=[case[2] for case in TABLES])
def test_tables(body: str, expected: list[list[str]], reason: str) -> None:
    read = page(rtf(r"\pard \u20844?\par" + body + r"\pard \u24320?\par"))
    assert texts(read) == ["公", "▦", "开"]
    assert rows(read) == [expected]


HOSTILE = [
    (rtf(r"\u99999999?"), "a character that does not exist"),
    (rtf(r"\uc-99999999999"), "a number without end"),
    (rtf(r"\bin999999999 a"), "an image that is not there"),
    (rtf("{" * 100_000), "groups without end"),
    (rtf("}" * 100_000), "groups without beginning"),
    (rtf(r"\ansicpg99999\'d6\'d0"), "an unknown encoding"),
    (rtf(r"\trowd" * 2000), "rows without end"),
    (b"{\\rtf", "nothing in it"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=[case[1] for case in HOSTILE])
def test_damaged_documents_end_with_a_page_or_a_sentence(data: bytes, reason: str) -> None:
    try:
        read_page(data, source())
    except GongkaiError as error:
        assert error.en == "page is damaged or was not captured whole and cannot be read. Capture it again."
