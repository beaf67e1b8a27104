"""Labels of the statutory tables, found as a reader writes them."""

from __future__ import annotations

import pytest

from archive.tables.form_labels import labels_named
from archive.vocabulary import TABLES, table_rules


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("不予公开", [("requests", "group", 8)], "a group of rows, without its number"),
        ("（三）不予公开", [("requests", "group", 8)], "with its number, in full width"),
        ("予以公开", [("requests", "row", 1)], "a row"),
        ("屬於國家秘密", [("requests", "row", 1)], "traditional characters"),
        ("其他处理", [("requests", "row", 4)], "a row of one form and a group of another"),
        ("法人或其他组织", [("requests", "column", 5)], "a heading above columns"),
        ("结果纠正", [("review", "column", 1)], "a column"),
        ("收到申请数", [("statistics", "row", 1)], "an annexed table"),
        ("Refused", [("requests", "group", 8), ("statistics", "row", 1)], "English, in two tables"),
        ("不予", [], "a part of a label"),
        ("微博", [], "no label"),
        ("其他", [], "a label of many rows and columns"),
        ("总计", [], "the same"),
        ("", [], "nothing"),
        ("（三）", [], "a number alone"),
    ],
)
def test_a_label_is_found(text: str, found: list[tuple[str, str, int]], reason: str) -> None:
    assert [(each.table, each.kind, len(each.codes)) for each in labels_named(text)] == found, reason


def test_labels_are_shown_without_numbers() -> None:
    (group,) = labels_named("不予公开")
    assert (group.label("zh"), group.label("en")) == ("不予公开", "Refused")


def test_every_code_is_one_of_its_table() -> None:
    for table in TABLES:
        rules = table_rules(table)
        rows, columns = ({entry["code"] for entry in rules[kind]} for kind in ("row", "column"))
        for row in rules["row"]:
            for entry in labels_named(row["zh"]):
                if entry.table == table:
                    assert {*entry.codes} <= (columns if entry.kind == "column" else rows)
