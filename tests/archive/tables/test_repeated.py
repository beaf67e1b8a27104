"""A table that a report prints twice: what both state counts, and nothing that they state differently."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from archive.extract.pipeline import parse_source
from archive.model import Figure
from archive.tables.repeated import once
from tests.archive.pages import FORM, form_report, source
from tests.archive.tables.layouts import TD, Truth, html, proactive, requests, review
from tests.archive.tables.test_layouts import read, stated

_FIRST, _OTHER = requests(FORM, seed=5), requests(FORM, seed=6)
_SHARED: Truth = {name: value for name, value in _FIRST.truth.items() if value == _OTHER.truth[name]}


def figures_with(tables: str) -> Truth:
    report = read((html(proactive(FORM).grid), tables, html(review().grid)))
    return {name: value for name, value in stated(report.figures).items() if name.startswith("requests.")}


CAPTIONS = [
    ("<p>2020年度情况</p>", _FIRST.truth, "a caption with another year"),
    ("<p>(二)2020年收到和处理政府信息公开申请情况</p>", _FIRST.truth, "the same with a number"),
    ("<p>2021年度情况</p>", _SHARED, "the year of the report: two versions of one table"),
    ("<p>2021年与2020年比较情况</p>", _SHARED, "a comparison of years"),
    ("", _SHARED, "no caption"),
]


@pytest.mark.parametrize(("caption", "truth", "reason"), CAPTIONS, ids=[case[2] for case in CAPTIONS])
def test_a_second_table(caption: str, truth: Truth, reason: str) -> None:
    assert figures_with(html(_FIRST.grid) + caption + html(_OTHER.grid)) == truth, reason


def test_a_contradiction_has_a_notice_with_both_values() -> None:
    report = read((html(proactive(FORM).grid), html(_FIRST.grid) + html(_OTHER.grid), html(review().grid)))
    found = {each.name: each for each in report.figures}
    name = "requests.new.total"
    assert (found[name].value, found[name].state) == (None, "unreadable")
    assert found[name].printed == f"{_FIRST.truth[name]} / {_OTHER.truth[name]}"
    rows = {name.split(".", 2)[1] for name in _FIRST.truth.keys() - _SHARED.keys()}
    notices = [each for each in report.notices if each.code == "unreadable_cell"]
    assert len({each.facts["row"] for each in notices}) == len(notices) >= len(rows)


def test_the_same_table_twice_counts_once() -> None:
    report = read((html(proactive(FORM).grid), html(_FIRST.grid) * 2, html(review().grid)))
    names = [each.name for each in report.figures if each.table == "requests"]
    assert len(names) == len(set(names))
    assert not [each for each in report.notices if each.code == "unreadable_cell"]


def test_tables_of_two_reports_without_their_headings_are_two_reports() -> None:
    """Nothing says that the second tables belong to the first report."""
    page = form_report()
    begins = next(number for number, line in enumerate(page) if "|" in line)
    data = "\n".join((*page, *page[begins:])).encode()
    assert len(parse_source(data, source(data)).reports) == 2


def test_a_statistics_table_of_the_year_before_only() -> None:
    """Its numbers are not those of the report."""
    rows = [[TD("统计指标"), TD("单位"), TD("上年数")]]
    rows += [
        [TD(label), TD("条"), TD(str(number))]
        for number, label in enumerate(("主动公开政府信息数", "收到申请数", "制发规范性文件总数"), 3)
    ]
    report = read((html(proactive(FORM).grid), html(_FIRST.grid), html(review().grid) + html(rows)))
    assert not [each for each in report.figures if each.table == "statistics" and each.value is not None]


def figure(value: int | None, **changes: object) -> Figure:
    number = None if value is None else Decimal(value)
    state = "blank" if value is None else "number"
    made = Figure("requests", "new", "total", number, "" if value is None else str(value), state, "table", label="一")
    return replace(made, **changes)


PAIRS = [
    (figure(3), figure(3), 3, "equal"),
    (figure(None), figure(3), 3, "a blank cell, as in a form to be filled in"),
    (figure(3), figure(None), 3, "a blank cell in the second table"),
    (figure(3), figure(8, basis="ocr", confidence=0.9), 3, "a picture of the table, read by OCR"),
    (figure(8, basis="ocr", confidence=0.9), figure(3), 3, "the picture first"),
    (figure(3), figure(4), None, "a contradiction"),
]


@pytest.mark.parametrize(("first", "second", "value", "reason"), PAIRS, ids=[case[3] for case in PAIRS])
def test_which_of_two_numbers_counts(first: Figure, second: Figure, value: int | None, reason: str) -> None:
    (found,), notices = once([[first], [second]])
    assert found.value == (None if value is None else Decimal(value)), reason
    assert len(notices) == (value is None)


def test_a_third_table_does_not_settle_a_contradiction() -> None:
    (found,), notices = once([[figure(3)], [figure(4)], [figure(3)]])
    assert (found.value, found.printed, len(notices)) == (None, "3 / 4", 1)


def test_numbers_of_one_table_are_all_kept() -> None:
    """A table that names a row twice is for the reader of rows to settle."""
    found, notices = once([[figure(3), figure(4)]])
    assert ([each.value for each in found], notices) == ([3, 4], [])
