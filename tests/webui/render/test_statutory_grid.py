"""Figures as tables of their form."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from archive.errors import Language
from archive.model import Check, CheckResult, Figure
from archive.vocabulary import TABLES, table_rules
from tests.archive.pages import report
from tests.webui.model_reports import SHOWN
from webui.render.report_layout import lay_out
from webui.render.statutory_grid import grid


def test_a_table_says_how_many_of_its_identities_hold() -> None:
    report = next(each for each in SHOWN if each.key == "2022" and any(f.table == "requests" for f in each.figures))
    results: tuple[CheckResult, ...] = ("passed", "passed_with_blanks", "failed", "not_checked")
    checks = [Check("requests", "balance", "total", (), (), Decimal(0), Decimal(0), result) for result in results]
    layout = lay_out(replace(report, checks=tuple(checks)), "zh", lambda _: ())
    holding = {table.kind: table.holding for part in layout.parts for table in part.grids}
    assert holding["requests"] == 2
    assert set(holding.values()) == {0, 2}


def test_a_table_without_layout_is_in_printed_order() -> None:
    figures = [
        Figure("indicators", row, column, None, "1", "number", label=label)
        for row, label in (("制作宣传折页", "制作宣传折页"), ("disclosed", None))
        for column in ("this_year", "cumulative")
    ]
    table = grid("indicators", figures, "prose-2008", "zh")
    assert [row.label for part in table.parts for row in part.rows] == ["制作宣传折页", "主动公开信息数"]
    assert [[heading.text for heading in line] for line in table.head] == [["本年", "历年累计"]]


def test_a_row_of_a_list_shows_its_unit() -> None:
    figures = [Figure("indicators", "disclosed", "this_year", None, "336", "number", unit="条")]
    assert grid("indicators", figures, "prose-2008", "zh").parts[0].rows[0].label == "主动公开信息数（条）"


@pytest.mark.parametrize(
    ("units", "language", "expected", "reason"),
    [
        (("万元", "万元"), "zh", "金额（万元）", "the unit that the page prints"),
        (("万元", "万元"), "en", "Amount (万元)", "is the page's own word in every language"),
        (("万元", "元"), "zh", "金额", "two units are no unit of the column"),
        ((None, None), "zh", "金额", "none printed: never assumed"),
    ],
)
def test_a_column_of_money_shows_its_unit(
    units: tuple[str | None, str | None], language: Language, expected: str, reason: str
) -> None:
    figures = [
        Figure("proactive", row, "amount", None, "1", "number", unit=unit)
        for row, unit in zip(("charges", "charges.fines"), units, strict=True)
    ]
    table = grid("proactive", figures, "form-2021", language)
    assert table.parts[0].columns == (expected,), reason


@pytest.mark.parametrize("table", [table for table in TABLES if "span" in table_rules(table)])
def test_a_span_covers_consecutive_columns_of_its_table(table: str) -> None:
    columns = [column["code"] for column in table_rules(table)["column"]]
    for span in table_rules(table)["span"]:
        start = columns.index(span["columns"][0])
        assert columns[start : start + len(span["columns"])] == span["columns"]


def test_rows_of_a_local_table_that_count_in_another_one_are_in_its_section() -> None:
    table = ["指标 | 单位 | 2012年度 | 历年累计 |", "1.传真申请数 | 件 | 3 | 20 |"]
    found = report(["某市水务局2012年政府信息公开工作年度报告", "一、概述", "公开工作有序。", "二、附表", *table])
    layout = lay_out(found, "zh", lambda _: [])
    assert [[grid.kind for grid in part.grids] for part in layout.parts] == [[], ["indicators", "statistics"]]
    assert layout.loose == ()
