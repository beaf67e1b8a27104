"""Tests reports without line breaks."""

from decimal import Decimal

import pytest

from archive.extract.pipeline import read_source
from archive.model import SourceSpan
from archive.readers.resegment import resegment
from archive.readers.text import read_text
from tests.archive.readers import documents
from tests.archive.readers.documents import HEADINGS, OTHER, OVERVIEW, PREAMBLE, PROBLEMS, TITLE


def without_line_breaks(between: str) -> str:
    """The report in one line."""
    whole = []
    for part in documents.parts():
        whole.append(part if isinstance(part, str) else between.join(cell for row in part for cell in row))
    return between.join(whole)


def texts(raw: str) -> list[str]:
    return ["▦" if block.table else block.text for block in resegment(raw)]


REPORT = [TITLE, PREAMBLE, HEADINGS[0], OVERVIEW, HEADINGS[1], "▦", HEADINGS[2], "▦", HEADINGS[3], "▦", HEADINGS[4]]
REPORT += [PROBLEMS, HEADINGS[5], OTHER]


def test_a_report_with_spaces_for_line_ends() -> None:
    assert texts(without_line_breaks(" ")) == REPORT


def test_a_report_without_any_spaces() -> None:
    assert texts(without_line_breaks("").replace(TITLE, f"{TITLE} ")) == REPORT


def test_every_block_has_the_line_of_the_paragraph() -> None:
    assert {block.place for block in resegment(without_line_breaks(" "), SourceSpan(7, 7))} == {SourceSpan(7, 7)}


def test_its_figures_are_solved() -> None:
    (report,) = read_source(without_line_breaks("").replace(TITLE, f"{TITLE} ").encode(), documents.source()).reports
    figures = {figure.name: figure for figure in report.figures}
    assert (report.year, report.agency_as_printed) == (2021, "青河县白桦镇人民政府")
    for name in ("requests.new.total", "requests.granted.enterprise", "review.reconsideration.total"):
        assert (figures[name].value, figures[name].state) == (Decimal(documents.figures()[name]), "solved"), name
    assert figures["proactive.licences.decisions"].value == 118
    assert figures["proactive.charges.amount"].value == Decimal("2.65")
    assert figures["proactive.normative_documents.issued"].state == "unreadable"


def test_a_heading_behind_an_amount_ends_the_table() -> None:
    whole = without_line_breaks("").replace(TITLE, f"{TITLE} ").replace(HEADINGS[2], f"万元{HEADINGS[2]}")
    (report,) = read_source(whole.encode(), documents.source()).reports
    figures = {figure.name: figure for figure in report.figures}
    assert HEADINGS[2] in [section.heading for section in report.sections]
    assert figures["requests.new.total"].value == Decimal(documents.figures()["requests.new.total"])
    assert (figures["proactive.charges.amount"].value, figures["proactive.charges.amount"].unit) == (
        Decimal("2.65"),
        "万元",
    )
    assert [name for name in figures if "、" in name] == []


FILL = "全年主动公开政府信息五条,涉及财政预算、乡村振兴、义务教育,均在规定时间内公开。" * 6
DIVIDED = [
    (
        f"白桦镇2018年政府信息公开年度报告 根据条例编制本报告。一、概述2018年,{FILL}二、主动公开政府信息情况5条。",
        ["白桦镇2018年政府信息公开年度报告", "根据条例编制本报告。", "一、概述", f"2018年,{FILL}"],
        "headings without a space after them",
    ),
    (
        f"请与本局联系,电子邮箱:abc@example.com一、概述2018年,{FILL}二、主动公开政府信息情况5条。",
        ["请与本局联系,电子邮箱:abc@example.com", "一、概述", f"2018年,{FILL}"],
        "a heading behind a web address",
    ),
    (
        f"首页 年报 白桦镇2018年政府信息公开年度报告 来源:白桦镇 本报告由白桦镇编制。 一、概述 {FILL}",
        ["首页", "年报", "白桦镇2018年政府信息公开年度报告", "来源:白桦镇", "本报告由白桦镇编制。", "一、概述", FILL],
        "text of the site before the title",
    ),
    (
        f"白桦镇2018 年政府信息 公开年度报告 根据条例(以下简 称条例)编制。一、概述 {FILL}",
        ["白桦镇2018年政府信息公开年度报告", "根据条例(以下简称条例)编制。", "一、概述", FILL],
        "spaces for line ends",
    ),
    (
        f"引言。一、存在的主要问题及改进情况{FILL}二、政府信息公开情况统计表指标",
        ["引言。", "一、存在的主要问题及改进情况", FILL, "二、政府信息公开情况统计表", "指标"],
        "names that continue after a possible end",
    ),
    (
        f"引言。一、概述 {FILL}(一)公开的数量 我镇公开5条。 2018年又公开1条。 1.网站 公开3条。",
        ["引言。", "一、概述", FILL, "(一)公开的数量", "我镇公开5条。", "2018年又公开1条。", "1.网站", "公开3条。"],
        "sub-headings and paragraphs",
    ),
    (
        f"引言。一、概述 {FILL} 二○一九年二月二日 附件1:白桦镇2018年政府信息公开情况统计表 "
        "指标名称 计量单位 其中:1.网站公开 条 3",
        [
            *("引言。", "一、概述", FILL, "二○一九年二月二日", "附件1:白桦镇2018年政府信息公开情况统计表"),
            "指标名称计量单位其中:1.网站公开条3",
        ],
        "an annexed table without identities is not divided",
    ),
]


def test_a_heading_that_ends_a_paragraph() -> None:
    assert texts("全年公开信息108条。二、主动公开政府信息情况") == ["全年公开信息108条。", "二、主动公开政府信息情况"]
    assert texts("统计期限自 一、概述") == ["统计期限自", "一、概述"]


def test_a_heading_at_the_end_of_a_line_of_wrapped_text() -> None:
    line = "本报告所列数据的统计期限为全年,电子版可在门户网站下载,如有疑问请与本局办公室联系地址为某市某区某路"
    lines = [*(line[start : start + 24] for start in range(0, 48, 24)), *[line[:24]] * 6]
    page = "\n".join((*lines, "邮编000000)。一、概述", "(一)人员配备", f"根据《条例》{line[:20]}。"))
    headings = [block.text for block in read_text(page.encode(), documents.source()).blocks]
    assert "一、概述" in headings


def test_pinyin_annotations_are_kept() -> None:
    parts = ["一、總體(tǐ)情況", f"今年,{FILL}", "二、主動(dòng)公開(kāi)政府信息情況", f"公開(kāi)了。{FILL}"]
    assert texts(f"特向社會(huì)公布。 {' '.join(parts)}") == ["特向社會(huì)公布。", *parts]


@pytest.mark.parametrize(("raw", "expected", "reason"), DIVIDED, ids=[case[2] for case in DIVIDED])
def test_divided_paragraphs(raw: str, expected: list[str], reason: str) -> None:
    assert texts(raw)[: len(expected)] == expected


WHOLE = [
    ("一、概述今年公开信息5条。二、主动公开政府信息情况", "too short to be a report"),
    (f"本报告包括:一、概述,二、主动公开政府信息情况,三、依申请公开情况。{FILL}", "a list of the report's contents"),
    (f"{FILL}依照第一项、第二项、第三项办理。", "numbers that are not those of headings"),
    (f"一、概述{FILL}", "only one heading at the beginning"),
    (f"{FILL}共收到:一、本年新收政府信息公开申请情况", "a row of a table"),
]


@pytest.mark.parametrize(("raw", "reason"), WHOLE, ids=[case[1] for case in WHOLE])
def test_undivided_paragraphs(raw: str, reason: str) -> None:
    assert texts(raw) == [raw]
