from __future__ import annotations

from decimal import Decimal

import pytest

from archive.extract.quality import quality_notices
from archive.model import Figure, Notice, Paragraph, Section, SourceSpan, Table
from tests.archive.pages import FORM, form_report, report


def notices(*sections: Section, figures: tuple[Figure, ...] = (), form: str | None = FORM) -> list[Notice]:
    return list(quality_notices(sections, figures, form))


def section(code: str, heading: str | None, *texts: str, tables: tuple[Table, ...] = ()) -> Section:
    return Section(
        code, code, heading, tuple(Paragraph(text, SourceSpan(7, 7)) for text in texts), tables, place=SourceSpan(6, 7)
    )


def test_advertising_is_shown_with_its_context() -> None:
    text = "本中心认真落实公开要求,及时发布22游戏365bet官网的各类信息,接受群众监督,效果良好。"
    (notice,) = notices(section("overview", "一、概述", text))
    assert (notice.code, notice.place) == ("injected_text", SourceSpan(7, 7))
    assert "365bet" in notice.facts["text"]
    assert notice.facts["text"] in text
    assert len(notice.facts["text"]) < len(text)


def test_two_advertisements_in_one_paragraph_are_one_notice() -> None:
    (notice,) = notices(section("overview", "一、概述", "365bet很好,葡京娱乐也好。"))
    assert "365bet" in notice.facts["text"]
    assert "葡京" in notice.facts["text"]


HONEST = [
    "全市银河小区的信息已公开。",
    "皇冠镇人民政府。",
    "开展游戏规则培训。",
    "图书馆VIP以外的读者。".replace("VIP以外", "以外"),
    "澳门回归。",
]


@pytest.mark.parametrize("text", HONEST)
def test_words_that_are_no_advertising(text: str) -> None:
    assert notices(section("overview", "一、概述", text)) == []


# The blocks of a page that repeats something: one long line, or many short ones.
REPEATED = [
    (["一、" * 300_000], True, "a megabyte of a heading number"),
    (["公开。"] * 400, True, "one short line again and again"),
    (["。，" * 400], False, "less than a page of it"),
    (
        [f"{n}.《关于做好第{n}批信息公开的通知》（教办〔{n}〕{n}号）。" for n in range(500)],
        False,
        "a list of documents",
    ),
    (["全年公开信息。"], False, "a sentence"),
]


@pytest.mark.parametrize(("texts", "expected", "reason"), REPEATED, ids=[case[2] for case in REPEATED])
def test_a_section_that_says_nothing(texts: list[str], expected: bool, reason: str) -> None:  # noqa: FBT001
    said = notices(section("overview", "一、概述", *texts))
    assert [(notice.code, notice.place, notice.facts) for notice in said] == [
        ("repetitive_text", SourceSpan(6, 7), {"text": texts[0][:24]})
    ] * expected


def test_a_report_that_says_nothing_has_a_notice() -> None:
    found = report([*form_report()[:2], "一、总体情况", "（一）" * 10_000])
    assert [notice.code for notice in found.notices if notice.code == "repetitive_text"]


@pytest.mark.parametrize("code", ["proactive", "requests", "review"])
def test_a_section_without_its_table_is_an_image(code: str) -> None:
    (notice,) = notices(section(code, "二、某节"))
    assert (notice.code, notice.facts["heading"], notice.place) == ("image_only", "二、某节", SourceSpan(6, 7))


@pytest.mark.parametrize(
    ("given", "form", "reason"),
    [
        (section("proactive", "二、某节", "没有。"), FORM, "words"),
        (section("proactive", "二、某节", tables=(Table(()),)), FORM, "a table"),
        (section("overview", "一、总体情况"), FORM, "a section that has no table in the form"),
        (section("proactive", "二、某节"), None, "a report without a form"),
    ],
    ids=lambda value: value if isinstance(value, str) and value != FORM else "",
)
def test_sections_that_are_no_images(given: Section, form: str | None, reason: str) -> None:
    assert notices(given, form=form) == []


def figure(table: str, row: str, column: str | None, value: int | None, sentence: str | None = None) -> Figure:
    shown = None if value is None else Decimal(value)
    return Figure(table, row, column, shown, str(value), "number", sentence=sentence, place=SourceSpan(3, 3))


def test_text_that_contradicts_the_table() -> None:
    sentence = figure("prose", "requests_received", None, 17, "收到申请17件。")
    (notice,) = notices(figures=(sentence, figure("requests", "new", "total", 95)))
    assert (notice.code, notice.facts["sentence"], notice.facts["value"]) == (
        "prose_arithmetic",
        "收到申请17件。",
        "95",
    )


@pytest.mark.parametrize(("value", "reason"), [(17, "they agree"), (None, "the table has no figure")])
def test_no_contradiction(value: int | None, reason: str) -> None:
    sentence = figure("prose", "requests_received", None, 17, "收到申请17件。")
    assert notices(figures=(sentence, figure("requests", "new", "total", value))) == []


def test_a_correct_report_has_no_notice() -> None:
    assert report(form_report()).notices == ()
