from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.extract.split_reports import opens_report, split_reports
from archive.tables.detect import recognise
from tests.archive import pages
from tests.archive.pages import FORM, TRIAL, blocks, form_report, paragraphs, prose_report, read


def titles(lines: list[str]) -> list[str | None]:
    return [draft.title.text if draft.title else None for draft in split_reports(recognise(blocks(lines)))]


@pytest.mark.parametrize("count", [1, 2, 5, 15])
def test_every_report_of_a_page_is_found(count: int) -> None:
    years = range(2008, 2008 + count)
    lines = [line for year in years for line in prose_report(year=year)]
    assert [report.year for report in read(lines).reports] == list(years)
    assert [
        (draft.blocks[0].place.first_line, draft.blocks[-1].place.last_line) for draft in split_reports(blocks(lines))
    ] == [(index * 10 + 2, index * 10 + 10) for index in range(count)]


@pytest.mark.parametrize("style", pages.STYLES)
def test_reports_of_all_three_forms_on_one_page(style: str) -> None:
    lines = [
        *form_report("某市教育局2022年政府信息公开工作年度报告", style=style),
        *form_report("某市教育局2019年政府信息公开工作年度报告", form=TRIAL, style=style),
        *prose_report(year=2015),
    ]
    reports = read(lines).reports
    assert [(report.year, report.form) for report in reports] == [(2022, FORM), (2019, TRIAL), (2015, "prose-2008")]
    assert [len(report.figures) >= 175 for report in reports] == [True, True, False]


def test_reports_without_titles() -> None:
    lines = [line for year in (2015, 2016, 2017) for line in prose_report(year=year)[1:]]
    assert [report.year for report in read(lines).reports] == [2015, 2016, 2017]


def test_reports_without_titles_and_preambles() -> None:
    lines = [line for year in (2015, 2016) for line in prose_report(year=year)[2:]]
    assert len(split_reports(blocks(lines))) == 2


ONE = [
    (
        [
            "某市教育局2015年政府信息公开工作年度报告",
            "一、概述",
            "本报告根据《条例》编制。",
            "做了许多事。",
            "二、主动公开",
            "有许多。",
        ],
        "the preamble inside 一",
    ),
    (
        ["某市教育局2015年政府信息公开工作年度报告", "某市教育局2015年政府信息公开工作年度报告", *prose_report()[1:]],
        "the title of the site and that of the report",
    ),
    (
        [*prose_report(), "某市教育局2014年政府信息公开工作年度报告", "某市教育局2013年政府信息公开工作年度报告"],
        "links to other years below",
    ),
    (
        [
            "某市教育局2014年政府信息公开工作年度报告",
            "目录",
            "一、概述",
            "二、主动公开情况",
            *prose_report(year=2014)[1:],
        ],
        "a list of contents",
    ),
    (
        [*prose_report(), "附表", *pages.bars_within([["指标", "单位", "数量"], ["主动公开信息数", "条", "3"]])],
        "an annex",
    ),
    (
        [
            "某市教育局2022年政府信息公开工作年度报告",
            *(x for table in (pages.proactive(), pages.requests(pages.zeros())) for x in pages.bars_behind(table)),
        ],
        "a title and tables only",
    ),
    (
        [
            *("某市教育局2015年度政府信息", "公开工作年度报告", "概述"),
            *("本报告根据《条例》由某市教育局编制。", "一、总体情况", "做了许多事。", "(一)主动公开", "公开信息3条。"),
        ],
        "an unnumbered heading above the preamble",
    ),
]


@pytest.mark.parametrize(("lines", "reason"), ONE, ids=[case[1] for case in ONE])
def test_pages_with_one_report(lines: list[str], reason: str) -> None:
    assert len(split_reports(recognise(blocks(lines)))) == 1


def test_repeated_tables_without_text_are_several_reports() -> None:
    year = [*pages.proactive(), *pages.requests(pages.zeros()), *pages.review()]
    drafts = split_reports(recognise(blocks(pages.bars_behind(year * 3))))
    assert [draft.tables_only for draft in drafts] == [True] * 3
    assert [[block.table.kind for block in draft.blocks if block.table] for draft in drafts] == [
        ["proactive", "requests", "review"]
    ] * 3


def test_a_report_of_tables_before_one_with_text() -> None:
    tables = pages.bars_behind([*pages.requests(pages.zeros()), *pages.review()])
    drafts = split_reports(recognise(blocks([*tables, *prose_report()])))
    assert [draft.tables_only for draft in drafts] == [True, False]


def test_only_the_title_is_removed() -> None:
    lines = ["首行文字在此。", *prose_report()]
    (draft,) = split_reports(blocks(lines))
    assert draft.title is not None
    assert [draft.title.text, *(block.text for block in draft.blocks)] == [lines[1], lines[0], *lines[2:]]


def test_a_page_without_reports_is_one_draft() -> None:
    (draft,) = split_reports(paragraphs("天气很好。"))
    assert draft.title is None
    assert split_reports(()) == (split_reports(())[0],)


OPENINGS = [
    ("本报告根据《中华人民共和国政府信息公开条例》编制。", True, "the model outline"),
    ("本年度报告是根据《条例》要求编制的。", True, "another wording"),
    ("依据《条例》第五十条规定,编制本报告。", True, "turned round"),
    ("按照上级要求,现公布某局2015年政府信息公开工作年度报告。", True, "a published report"),
    ("为做好工作,我们编制了2015年政府信息公开年度报告", True, "at the end of a sentence"),
    ("根據《條例》規定,編制本報告。", True, "traditional"),
    ("本报告期内,没有收到申请。", False, "a sentence on the period"),
    ("根据工作安排,我局举办了培训。", False, "根据 alone"),
    ("一、概述", False, "a heading"),
]


@pytest.mark.parametrize(("text", "opens", "reason"), OPENINGS, ids=[case[2] for case in OPENINGS])
def test_sentences_that_open_a_report(text: str, opens: bool, reason: str) -> None:  # noqa: FBT001
    assert opens_report(text) is opens


_LINES = st.sampled_from(
    [
        "引言",
        "一、概述",
        "二、主动公开情况",
        "三、依申请公开情况",
        "四、存在的问题",
        "某局2015年政府信息公开年度报告",
        "依据《条例》编制本报告。",
        "正文。",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_LINES, max_size=30))
def test_no_block_is_lost_or_moved(lines: list[str]) -> None:
    page = paragraphs(*lines)
    kept = [block for draft in split_reports(page) for block in draft.blocks]
    assert [block for block in page if block in kept] == kept
    lost = [block.text for block in page if block not in kept]
    assert all("年度报告" in text for text in lost), "only titles are removed"
