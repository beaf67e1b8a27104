from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Cell
from archive.tables.cell_values import is_value, read_value, row_values

NUMBERS = [
    ("0", "0", "a zero is a number"),
    ("00", "0", "two zeros"),
    ("３５", "35", "full width"),
    ("-35", "-35", "a change from the year before"),
    ("－35", "-35", "full-width minus"),
    ("−35", "-35", "the mathematical minus"),
    ("—35", "-35", "a dash as the minus sign"),
    ("+5", "5", "an increase with a sign"),
    ("1,234", "1234", "thousands"),
    ("1，234，567", "1234567", "full-width commas"),
    ("82.3658", "82.3658", "four decimals, as in the form"),
    ("24252.311082", "24252.311082", "more decimals than in the form"),
    (" 12 ", "12", "padding"),
    ("减4", "-4", "a decrease with a word as the sign"),
    ("增72", "72", "an increase with a word as the sign"),
    ("增加1,200", "1200", "the whole word"),
    ("? 0", "0", "a question mark for a no-break space"),
    ("3(含上年结转1件)", "3", "a note behind the number"),
    ("0（无）", "0", "a note in full-width brackets"),
    ("12①", "12", "12 with a footnote is not 121"),
    ("12²", "12", "a raised footnote"),
    ("12[1]", "12", "a footnote in brackets"),
    ("12*", "12", "a star as the mark of a footnote"),
    ("零", "0", "the Chinese zero, which numbers no heading"),
    ("三", "3", "a Chinese numeral"),
    ("两", "2", "the word for two of something"),
    ("一百零二", "102", "several powers"),
    ("'12", "12", "a number that Excel keeps as text"),
    ("12[注1]", "12", "a footnote by its word"),
    ("共3", "3", "in all"),
]
NONE = [
    ("", "blank", "nothing"),
    ("  \u3000", "blank", "only padding"),
    ("/", "dash", "the usual dash"),
    ("／", "dash", "full width"),
    ("\\", "dash", "the backslash"),
    ("—", "dash", "one em dash"),
    ("——", "dash", "two"),
    ("-", "dash", "hyphen"),
    ("--", "dash", "two hyphens"),
    ("─", "dash", "a drawn line"),
    ("无", "dash", "the word for none"),
    ("1,23", "unreadable", "a misplaced comma"),
    ("6 4/0", "unreadable", "two numbers"),
    ("64 0", "unreadable", "two numbers in one cell, or a broken one"),
    ("1.2.3", "unreadable", "two points"),
    ("约10", "unreadable", "about ten is no number"),
    ("10余", "unreadable", "more than ten is no number"),
    ("规章", "unreadable", "a label"),
    ("一二", "unreadable", "two Chinese numerals"),
    ("二〇二一", "unreadable", "a year"),
    ("上百", "unreadable", "about a hundred"),
    ("//", "dash", "two slashes"),
    ("---", "dash", "three hyphens"),
    ("N/A", "unreadable", "not applicable"),
    ("没有", "unreadable", "a word that does not say what there is none of"),
    ("XX", "unreadable", "a form that was not filled in"),
    ("?0", "unreadable", "a question mark before a number without a space"),
    ("3(1)", "unreadable", "a number in brackets is no note"),
    ("减", "unreadable", "a sign without a number"),
    ("0/0", "unreadable", "an increase and a decrease in one cell"),
    ("持平", "unreadable", "a word for no change"),
    ("²", "unreadable", "the mark of a footnote, a digit in Unicode"),
    ("①", "unreadable", "the mark of a footnote alone"),
    ("1½", "unreadable", "a fraction"),
    ("1e5", "unreadable", "an exponent"),
    ("NaN", "unreadable", "a value that Decimal accepts"),
    ("Infinity", "unreadable", "likewise"),
]
NO_LABELS = ("64 0", "12①", "10余", "约10", "1,23", "6 4/0", "0/0", "减", "持平", "N/A", "没有", "XX")
"""Unreadable values, which are no labels: the row keeps its cells."""
UNITS = [
    ("82.3658万元", None, "82.3658", "万元", "no unit in the head: the value has the unit of the cell"),
    ("823658元", "万元", "82.3658", "元", "元 in a column of 万元"),
    ("1.5亿元", "万元", "15000", "亿元", "亿元 in a column of 万元"),
    ("3万元", "元", "30000", "万元", "万元 in a column of 元"),
    ("5万元", "万元", "5", "万元", "the same unit again"),
    ("3件", None, "3", "件", "a counting word"),
    ("12人次", None, "12", "人次", "人次 is not 人"),
    ("-2件", None, "-2", "件", "signed"),
    ("7件", "万元", "7", "件", "a unit that is not converted"),
]


@pytest.mark.parametrize(("printed", "value", "reason"), NUMBERS, ids=[case[2] for case in NUMBERS])
def test_numbers(printed: str, value: str, reason: str) -> None:
    read = read_value(printed)
    assert (read.value, read.state, read.unit) == (Decimal(value), "number", None)


@pytest.mark.parametrize(("printed", "state", "reason"), NONE, ids=[case[2] for case in NONE])
def test_texts_that_are_no_numbers(printed: str, state: str, reason: str) -> None:
    read = read_value(printed)
    assert (read.value, read.state) == (None, state)
    assert is_value(printed) == (state != "unreadable" or printed in NO_LABELS)


@pytest.mark.parametrize(("printed", "column", "value", "unit", "reason"), UNITS, ids=[case[4] for case in UNITS])
def test_units_in_a_cell(printed: str, column: str | None, value: str, unit: str, reason: str) -> None:
    read = read_value(printed, column)
    assert (read.value, read.unit) == (Decimal(value), unit)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_every_decimal_reads_back(value: Decimal) -> None:
    assert read_value(f"{value:f}").value == value
    assert read_value(f"{value:,f}").value == value


@given(st.text())
def test_any_text_has_a_state(printed: str) -> None:
    read = read_value(printed, "万元")
    assert (read.value is None) == (read.state != "number")


ROWS = [
    (("(一)予以公开", "十二", "0", "十二"), [False, True, True, True], "behind a label"),
    (("一", "主动公开政府信息数", "条", "268"), [False, False, False, True], "the number of a row"),
    (("三", "(三)不予公开", "两"), [False, False, True], "the number of a row, and a value"),
    (("一", "二", "三"), [True, True, True], "a row of values only"),
    (("一",), [False], "a cell alone can be a heading"),
    (("规章", "五", "其他", "5"), [False, False, False, True], "in front of a label"),
]


@pytest.mark.parametrize(("texts", "values", "reason"), ROWS, ids=[case[2] for case in ROWS])
def test_chinese_numerals_are_values_at_the_end_of_a_row(
    texts: tuple[str, ...], values: list[bool], reason: str
) -> None:
    assert row_values([Cell(text) for text in texts]) == values
