from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from archive.extract.prose_figures import prose_figures
from archive.model import Paragraph, Section, SourceSpan
from archive.rulebook import rulebook
from archive.vocabulary import prose_rows, row_label, table_label

RULES = rulebook("prose.toml")["figure"]
IDS = [f"{rule['row']}-{index}" for index, rule in enumerate(RULES)]
ROWS = {
    *(
        "disclosed",
        "requests_received",
        "granted",
        "staff_full_time",
        "staff_part_time",
        "fees_yuan",
        "fees_waived_yuan",
    ),
    *("litigation_cost_yuan", "consultations", "reconsiderations", "lawsuits", "appeals"),
    *("processing_fee.notices", "processing_fee.charged", "processing_fee.collected"),
}


def section(*texts: str) -> Section:
    return Section(
        "overview", "overview", None, tuple(Paragraph(text, SourceSpan(at, at)) for at, text in enumerate(texts, 1))
    )


def stated(*texts: str) -> list[tuple[str, str]]:
    return [(figure.row, str(figure.value)) for figure in prose_figures([section(*texts)])]


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_reads_its_sentences(rule: dict[str, Any]) -> None:
    for sentence, value in rule["reads"].items():
        found = [figure for figure in prose_figures([section(sentence)]) if figure.row == rule["row"]]
        assert [(figure.value, figure.unit) for figure in found] == [(Decimal(value), rule["unit"])]
        assert found[0].printed in sentence


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_does_not_match_other_sentences(rule: dict[str, Any]) -> None:
    assert rule["row"] not in [row for sentence in rule["not"] for row, _ in stated(sentence)]


def test_no_rule_takes_a_figure_of_another() -> None:
    figures: dict[str, set[tuple[str, str]]] = {}
    for rule in RULES:
        for sentence, value in rule["reads"].items():
            figures.setdefault(sentence, set()).add((rule["row"], value))
    assert {sentence: set(stated(sentence)) for sentence in figures} == figures


def test_every_row_has_a_rule_and_a_name() -> None:
    assert {row for row, _ in prose_rows()} == ROWS
    assert all(row_label(None, "prose", row, language) for row in ROWS for language in ("zh", "en"))
    assert table_label("prose", "zh") == "正文数据"


SENTENCES = [
    ("全年主动公开政府信息1,234条。", [("disclosed", "1234")], "thousands"),
    ("全年主動公開政府信息１２条。", [("disclosed", "12")], "traditional and full width"),
    ("收到政府信息公开申请0件。", [("requests_received", "0")], "a zero is stated"),
    ("收到申请3件,其中同意公开2件,部分同意公开1件。", [("granted", "2")], "部分同意公开 is another figure"),
    ("专职人员2名,兼职人员3名。", [("staff_full_time", "2"), ("staff_part_time", "3")], "two in a sentence"),
    ("行政复议0件,行政诉讼1件,申诉2件。", [("reconsiderations", "0"), ("lawsuits", "1"), ("appeals", "2")], "three"),
    ("主动公开政府信息若干条。", [], "no number"),
    ("主动公开政府信息约十条。", [], "a word for a number is not read"),
    ("收取检索费用共计3.8元。", [("fees_yuan", "3.8")], "a fee"),
    ("减免收取检索费用共计0元。", [("fees_waived_yuan", "0")], "a fee waived is not a fee charged"),
    ("公开2015年工作要点268条。", [], "numbers of other things"),
]


@pytest.mark.parametrize(("text", "figures", "reason"), SENTENCES, ids=[case[2] for case in SENTENCES])
def test_sentences(text: str, figures: list[tuple[str, str]], reason: str) -> None:
    assert stated(text) == figures


def test_each_figure_has_its_sentence_and_place() -> None:
    (found,) = prose_figures([section("做了许多事。", "年内平稳;全年主动公开政府信息3条,比上年多1条。再接再厉。")])
    assert found.sentence == "全年主动公开政府信息3条,比上年多1条。"
    assert (found.place, found.printed, found.label) == (SourceSpan(2, 2), "3", "主动公开政府信息数")
    assert (found.basis, found.column, found.name) == ("prose", None, "prose.disclosed")


def test_different_numbers_of_one_row_are_kept_and_repetitions_are_not() -> None:
    texts = ("主动公开政府信息3条。", "主动公开政府信息3条。", "主动公开政府信息4条。")
    assert stated(*texts) == [("disclosed", "3"), ("disclosed", "4")]


def test_headings_have_no_figures() -> None:
    one = Section("proactive", "proactive", "二、主动公开政府信息5条", (Paragraph("如题。"),))
    assert prose_figures([one]) == ()
