import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cues.heading_numbers import Numbered, numbered
from tests.archive.text.test_numerals import han


@pytest.mark.parametrize("number", range(1, 100))
def test_every_heading_from_1_to_99(number: int) -> None:
    numeral = han(number)
    assert numbered(f"{numeral}、概述") == Numbered(0, number, "概述")
    assert numbered(f"第{numeral}部分 概述") == Numbered(0, number, "概述")
    assert numbered(f"({numeral})概述") == numbered(f"（{numeral}）概述") == Numbered(1, number, "概述")
    assert numbered(f"{number}.概述") == numbered(f"{number}、概述") == Numbered(2, number, "概述")
    assert numbered(f"({number})概述") == Numbered(3, number, "概述")
    assert numbered(f"第{numeral},概述") == Numbered(3, number, "概述")


@pytest.mark.parametrize("number", range(1, 21))
def test_every_circled_and_bracketed_sign(number: int) -> None:
    assert numbered(f"{chr(ord('①') + number - 1)}概述") == Numbered(3, number, "概述")
    assert numbered(f"{chr(ord('⑴') + number - 1)}概述") == Numbered(3, number, "概述")
    if number <= 10:
        assert numbered(f"{chr(ord('㈠') + number - 1)}概述") == Numbered(1, number, "概述")


STYLES = [
    ("一、概述", 0, 1, "概述", "the usual style"),
    ("一 、概 述", 0, 1, "概 述", "a space before the mark"),
    ("一.概述", 0, 1, "概述", "a full stop"),
    ("一．概述", 0, 1, "概述", "a full-width one"),
    ("二,主动公开", 0, 2, "主动公开", "a comma typed for the mark"),
    ("一:概述", 0, 1, "概述", "a colon"),
    ("壹、概述", 0, 1, "概述", "the banker's numeral"),
    ("第二章 主动公开", 0, 2, "主动公开", "chapters"),
    ("(四)、加强督查", 1, 4, "加强督查", "brackets and a mark"),
    ("㈡建立制度", 1, 2, "建立制度", "a bracketed sign"),
    ("1.健全机制", 2, 1, "健全机制", "an Arabic number"),
    ("4．公开", 2, 4, "公开", "with a full-width point"),
    ("一是加强学习", 3, 1, "加强学习", "in a sentence"),
    ("第一,加强学习", 3, 1, "加强学习", "in a sentence"),
    ("②公开", 3, 2, "公开", "circled"),
]
AIDED = [
    ("一(yī)、總體(tǐ)情況", 0, 1, "總體(tǐ)情況"),
    ("(一(yī))持續夯實", 1, 1, "持續夯實"),
]


@pytest.mark.parametrize(("line", "level", "number", "rest"), AIDED)
def test_a_pinyin_annotation_inside_a_number(line: str, level: int, number: int, rest: str) -> None:
    assert numbered(line) == Numbered(level, number, rest)


NONE = [
    ("概述", "no number"),
    ("一概述", "a numeral without a mark"),
    ("一般情况", "一 as part of a word"),
    ("1.5万条信息", "a decimal"),
    ("2018.3.1", "a date"),
    ("2018年,我局", "a year"),
    ("123、其他", "a number above 99 in digits"),
    ("()主动公开数量", "the numeral is missing"),
    ("•公开", "a bullet has no number"),
    ("十是", "no text after the numeral"),
    ("", "an empty line"),
]


@pytest.mark.parametrize(("line", "level", "number", "rest", "reason"), STYLES, ids=[case[0] for case in STYLES])
def test_styles(line: str, level: int, number: int, rest: str, reason: str) -> None:
    assert numbered(line) == Numbered(level, number, rest)
    assert numbered(line).is_top == (level == 0)


@pytest.mark.parametrize(("line", "reason"), NONE, ids=[case[1] for case in NONE])
def test_lines_without_a_number(line: str, reason: str) -> None:
    assert numbered(line) == Numbered(None, None, line)


@given(st.text())
def test_a_line_is_its_number_and_the_rest(line: str) -> None:
    parts = numbered(line)
    assert line.endswith(parts.rest)
    assert (parts.level is None) == (parts.number is None)
