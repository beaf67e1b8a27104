"""Bad pages: each ends with reports or with a sentence, in time that grows with the page and not with its square.

The pages are a few hundred thousand characters, at which a loop of squares takes minutes and an honest one a second.
"""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import GongkaiError
from archive.model import Reading
from archive.reading import read_source
from tests.archive import pages
from tests.archive.pages import form_report, prose_report, source

TITLE = "某市教育局2015年政府信息公开工作年度报告"
SECONDS = 6
MANY = 10_000


def read(data: bytes) -> Reading | GongkaiError:
    """What a page says, or the sentence that says why it says nothing."""
    try:
        return read_source(data, source(data))
    except GongkaiError as error:
        assert error.zh
        assert error.en
        return error


LINES = [
    ([TITLE, "公开信息" * 100_000], "one line of 400,000 characters"),
    (["政府信息公开" * 60_000], "nothing but that"),
    ([TITLE, "1234567890" * 40_000], "digits without an end"),
    ([TITLE, "《" * 200_000], "title marks that never close"),
    ([TITLE, "(" * 200_000], "brackets that never close"),
    ([TITLE, "国(a" * 100_000], "reading aids that never close"),
    ([TITLE, "编制公布2015年" * 40_000], "preambles without a report"),
    ([TITLE, "由某" * 100_000], "names without an end"),
    ([TITLE, "收取" * 100_000], "fees without a number"),
    ([TITLE, "22游戏a" * 40_000], "advertisements without a site"),
    ([TITLE, "一、" * 100_000], "numbers without headings"),
    (["<!---->" * 30_000 + "x"], "comments before nothing"),
    (["<?x?>" * 30_000 + "x"], "instructions before nothing"),
    ([TITLE, "主动公开政府信息" * 40_000 + "3条"], "a figure at the end of a long way"),
    (["一、概述"] * MANY, "one heading many times"),
    ([f"一、概述{number}" for number in range(MANY)], "many headings with one number"),
    ([TITLE] * MANY, "titles alone"),
    (["引言"] * MANY, "prefaces alone"),
    (["一、概述", *["(一)依申请公开"] * MANY], "sub-headings alone"),
    (["一、本年新收政府信息公开申请数量"] * MANY, "the first row alone"),
    (["一、本年新收政府信息公开申请数量 | 0 |"] * MANY, "the first row alone, with a value"),
    (["第二十条第(一)项"] * MANY, "the first item alone"),
    (["第二十条第(一)项 |"] * MANY, "the first item alone, as cells"),
    (["第二十条第(一)项", *["信息内容"] * MANY], "labels alone"),
    (["第二十条第(一)项", *["3"] * MANY], "values alone"),
    (["行政复议 | 3 |"] * 4000, "the review table begun again and again"),
    (prose_report() * 500, "500 reports"),
    ([TITLE, *["公开了三条信息。"] * MANY], "10,000 paragraphs"),
    ([TITLE, *["甲 | 乙 | 1 |"] * MANY], "a table of 10,000 rows"),
    ([TITLE, " | ".join(["1"] * 50_000)], "a row of 50,000 cells"),
]


@pytest.mark.parametrize(("lines", "reason"), LINES, ids=[case[1] for case in LINES])
def test_long_pages_end_in_time(lines: list[str], reason: str) -> None:
    start = time.process_time()
    read("\n".join(lines).encode())
    assert time.process_time() - start < SECONDS


REPORT = "\n".join(form_report()).encode()


@pytest.mark.parametrize("seed", range(40))
def test_bytes_flipped_and_pages_cut_anywhere(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    data = bytearray(REPORT)
    for _ in range(chance.choice([1, 3, 30, 300])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    read(bytes(data[chance.choice([0, chance.randrange(len(data))]) :][: chance.randrange(1, len(data))]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_report_says_the_same_in_every_encoding(encoding: str) -> None:
    expected = read("\n".join(form_report()).encode())
    found = read("\n".join(form_report()).encode(encoding))
    assert isinstance(expected, Reading)
    assert isinstance(found, Reading)
    assert [report.fingerprint for report in found.reports] == [report.fingerprint for report in expected.reports]
    assert found.notices == ()


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_page_cut_off_keeps_what_it_has(cut: int) -> None:
    found = read(REPORT[:-cut])
    assert isinstance(found, Reading)
    assert [len([figure for figure in report.figures if figure.table == "requests"]) for report in found.reports] == [
        175
    ]


def test_control_characters_are_in_no_text() -> None:
    odd = "".join(map(chr, [*range(1, 9), *range(14, 32), *range(127, 133), *range(134, 160)]))
    found = read("\n".join([TITLE, "一、概述", f"办好{odd}实事。", "二、主动公开情况", "有。"]).encode())
    assert isinstance(found, Reading)
    (report,) = found.reports
    assert report.sections[0].text == "一、概述\n办好实事。"


_PIECES = st.sampled_from(
    [
        *prose_report(),
        *pages.bars_behind(pages.review()),
        *pages.bars_within(pages.requests(pages.zeros())),
        *pages.spaced(pages.proactive()),
        "",
        "|",
        "||",
        "引言",
        "目录",
        "附表",
        "指标 | 单位 | 数量 |",
        "统计指标 | 单位 | 统计数 |",
        "2016年3月1日",
        "发布机构:某市民政局",
        "自2015年1月1日至2015年12月31日。",
        "\x00",
        "\u200b",
        "0",
        "/",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=60))
def test_pieces_of_pages_in_any_order(lines: list[str]) -> None:
    found = read("\n".join(lines).encode("utf-8", "replace"))
    if isinstance(found, Reading):
        for report in found.reports:
            assert report.sections or report.title_basis == "printed"
            assert len({section.anchor for section in report.sections}) == len(report.sections)
            assert all(
                (figure.value is None) == (figure.state in ("blank", "dash", "unreadable")) for figure in report.figures
            )
