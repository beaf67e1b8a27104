from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from archive.extract.prose_figures import prose_figures
from archive.model import Paragraph, Section, SourceSpan
from archive.rulebook import rulebook
from archive.vocabulary import prose_rows, row_label, table_label
from tests.archive.extract.prose_sentences import CASES

BOOK = rulebook("prose.toml")
RULES = BOOK["figure"]
IDS = [f"{rule['row']}-{index}" for index, rule in enumerate(RULES)]


def section(*texts: str) -> Section:
    return Section(
        "overview", "overview", None, tuple(Paragraph(text, SourceSpan(at, at)) for at, text in enumerate(texts, 1))
    )


def stated(*texts: str) -> list[tuple[str, str]]:
    return [(figure.row, str(figure.value)) for figure in prose_figures([section(*texts)])]


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_reads_its_sentences(rule: dict[str, Any]) -> None:
    units = {row["code"]: row["unit"] for row in BOOK["row"]}
    for sentence, value in rule["reads"].items():
        found = [figure for figure in prose_figures([section(sentence)]) if figure.row == rule["row"]]
        assert [(figure.value, figure.unit) for figure in found] == [(Decimal(value), units[rule["row"]])]
        assert found[0].printed in sentence
        assert rule["pattern"].search(sentence), "another rule reads it"
        assert rule["word"] in sentence


@pytest.mark.parametrize("rule", [*RULES, *BOOK["none"]])
def test_a_rule_does_not_match_other_sentences(rule: dict[str, Any]) -> None:
    rows = rule.get("rows") or {rule["row"]}
    assert [sentence for sentence in rule["not"] if any(row in rows for row, _ in stated(sentence))] == []


@pytest.mark.parametrize("rule", BOOK["none"])
def test_a_sentence_says_that_there_was_none(rule: dict[str, Any]) -> None:
    for sentence, rows in rule["reads"].items():
        assert rule["pattern"].search(sentence), "another rule reads it"
        assert {row for row, value in stated(sentence) if row in rule["rows"] and value == "0"} == set(rows)


@pytest.mark.parametrize(("text", "figures", "kind"), CASES, ids=[text for text, _, _ in CASES])
def test_what_a_sentence_states(text: str, figures: dict[str, str], kind: str) -> None:
    assert dict(stated(text)) == figures, kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("主动公开政府信息300条。", "300"),
        ("主动公开政府信息约300条。", "≈300"),
        ("主动公开政府信息近300条。", "≈300"),
        ("主动公开政府信息300余条。", "≈300"),
        ("主动公开政府信息300多条。", "≈300"),
        ("主动公开政府信息1万余条。", "≈10,000"),
        ("主动公开政府信息1200条左右。", "≈1,200"),
        ("附近公开政府信息300条。", "300"),
    ],
)
def test_approximate_numbers_are_marked(text: str, shown: str) -> None:
    (figure,) = prose_figures([section(text)])
    assert (figure.shown, figure.state) == (shown, "approximate" if shown[0] == "≈" else "number")


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_equal_numbers_the_exact_one_is_kept(order: int) -> None:
    texts = ["全年主动公开政府信息300条。", "主动公开政府信息约300条。"][::order]
    (figure,) = prose_figures([section(*texts)])
    assert (figure.state, figure.sentence) == ("number", "全年主动公开政府信息300条。")


def test_a_part_is_no_figure_beside_the_whole() -> None:
    whole = "2018年主动公开政府信息206条。"
    assert stated(whole, "其中,各部门主动公开政府信息159条。") == [("disclosed", "206")]
    assert stated(whole, "各乡镇主动公开政府信息47条,占22.8%。") == [("disclosed", "206")]


def test_numbers_that_add_up_to_another_one_are_its_parts() -> None:
    parts = ("直属机关主动公开政府信息16条。", "各县主动公开政府信息36条。")
    assert stated("2018年新增主动公开政府信息52条。", *parts) == [("disclosed", "52")]
    assert [value for _, value in stated("2018年新增主动公开政府信息53条。", *parts)] == ["53", "16", "36"]


def test_reviews_are_the_business_of_some_agencies() -> None:
    one = Section("overview", "overview", None, (Paragraph("全年行政复议案件120件,行政诉讼30件。"),))
    assert prose_figures([one]) == ()
    review = Section("review", "review", None, one.paragraphs)
    assert [figure.row for figure in prose_figures([review])] == ["reconsiderations", "lawsuits"]


def test_every_row_has_a_rule_and_a_name() -> None:
    rows = {row["code"] for row in BOOK["row"]}
    assert {row for row, _ in prose_rows()} == rows == {rule["row"] for rule in RULES}
    assert {row for rule in BOOK["none"] for row in rule["rows"]} <= rows
    assert all(row_label(None, "prose", row, language) for row in rows for language in ("zh", "en"))
    assert table_label("prose", "zh") == "正文数据"


@pytest.mark.parametrize("rule", BOOK["except"], ids=[rule["code"] for rule in BOOK["except"]])
def test_an_exception_is_needed(rule: dict[str, Any]) -> None:
    assert all(rule["pattern"].search(text) for text in rule["reads"])
    assert not any(rule["pattern"].search(text) for text in rule["not"])


def test_each_figure_has_its_sentence_and_place() -> None:
    (found,) = prose_figures([section("做了许多事。", "年内平稳;全年主动公开政府信息3条,比上年多1条。再接再厉。")])
    assert found.sentence == "全年主动公开政府信息3条,比上年多1条。"
    assert (found.place, found.printed, found.label) == (SourceSpan(2, 2), "3", "主动公开政府信息数")
    assert (found.basis, found.column, found.name) == ("prose", None, "prose.disclosed")


def test_different_numbers_of_one_row_are_kept_and_repetitions_are_not() -> None:
    texts = ("主动公开政府信息3条。", "主动公开政府信息3条。", "主动公开政府信息4条。")
    assert stated(*texts) == [("disclosed", "3"), ("disclosed", "4")]


@pytest.mark.parametrize(
    ("text", "values", "reason"),
    [
        ("2013年度主动公开政府信息54条。", [], "the sentence of a year before, or copied from its report"),
        ("(2)2013年,我局主动公开政府信息54条。", [], "also behind a number"),
        ("2013年,未收到政府信息公开申请。", [], "also none"),
        ("2015年,计划更新栏目,主动公开政府信息54条。", [], "a later year"),
        ("2014年度主动公开政府信息54条。", ["54"], "the year of the report"),
        ("2013年修订的指南发布后,主动公开政府信息54条。", ["54"], "the year of a document"),
        ("2013年12月改版后,主动公开政府信息54条。", ["54"], "a month"),
        ("2013年改版,2014年主动公开政府信息54条。", ["54"], "another year stands behind it"),
        ("主动公开政府信息54条,2013年为40条。", ["54"], "the other year stands behind the number"),
    ],
)
def test_a_sentence_of_another_year_is_not_of_the_report(text: str, values: list[str], reason: str) -> None:
    found = prose_figures([section(text)], 2014)
    assert [str(figure.value) for figure in found] == values, reason
    assert prose_figures([section(text)]), "without a year, each is read"


def test_headings_have_no_figures() -> None:
    one = Section("proactive", "proactive", "二、主动公开政府信息5条", (Paragraph("如题。"),))
    assert prose_figures([one]) == ()


def test_a_figure_is_shown_as_a_number() -> None:
    """Also where the sentence has words for it; `printed` keeps the words."""
    found = prose_figures([section("全年未收到政府信息公开申请。", "主动公开政府信息1.2万条。")])
    assert [(figure.shown, figure.printed) for figure in found] == [
        ("0", "未收到政府信息公开申请"),
        ("12,000", "1.2万"),
    ]
