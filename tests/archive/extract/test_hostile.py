"""Bad pages: each ends with reports or with a sentence, by work that grows with the page and not with its square."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import FrameType, FunctionType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.ingest.sandbox import parse_in_sandbox
from archive.model import Reading
from tests.archive import pages
from tests.archive.pages import form_report, prose_report, source

pytestmark = pytest.mark.slow

TITLE = "某市教育局2015年政府信息公开工作年度报告"


def read(data: bytes) -> Reading | GongkaiError:
    """The reading of a page, or the message of its error."""
    try:
        return read_source(data, source(data))
    except GongkaiError as error:
        assert error.zh
        assert error.en
        return error


def lines(*given: str) -> bytes:
    return "\n".join(given).encode()


# Each of a size that a number sets: at MANY a loop of squares takes minutes, and an honest one a second.
MANY, FEW = 10_000, 250
PAGES: list[tuple[Callable[[int], bytes], str]] = [
    (lambda n: lines(TITLE, "公开信息" * 10 * n), "one line without an end"),
    (lambda n: lines("政府信息公开" * 6 * n), "only headings"),
    (lambda n: lines(TITLE, "1234567890" * 4 * n), "digits without an end"),
    (lambda n: lines(TITLE, "《" * 20 * n), "title marks that never close"),
    (lambda n: lines(TITLE, "(" * 20 * n), "brackets that never close"),
    (lambda n: lines(TITLE, "国(a" * 10 * n), "pinyin annotations that never close"),
    (lambda n: lines(TITLE, "编制公布2015年" * 4 * n), "preambles without a report"),
    (lambda n: lines(TITLE, "由某" * 10 * n), "names without an end"),
    (lambda n: lines(TITLE, "收取" * 10 * n), "fees without a number"),
    (lambda n: lines(TITLE, "22游戏a" * 4 * n), "advertisements without a site"),
    (lambda n: lines(TITLE, "一、" * 10 * n), "numbers without headings"),
    (lambda n: lines("<!---->" * 3 * n + "x"), "comments before nothing"),
    (lambda n: lines("<?x?>" * 3 * n + "x"), "instructions before nothing"),
    (lambda n: lines(TITLE, "主动公开政府信息" * 4 * n + "3条"), "a figure after a long text"),
    (lambda n: lines(*["一、概述"] * n), "one heading many times"),
    (lambda n: lines(*(f"一、概述{number}" for number in range(n))), "many headings with one number"),
    (lambda n: lines(*[TITLE] * n), "titles alone"),
    (lambda n: lines(*["引言"] * n), "prefaces alone"),
    (lambda n: lines("一、概述", *["(一)依申请公开"] * n), "sub-headings alone"),
    (lambda n: lines(*["一、本年新收政府信息公开申请数量"] * n), "the first row alone"),
    (lambda n: lines(*["一、本年新收政府信息公开申请数量 | 0 |"] * n), "the first row alone, with a value"),
    (lambda n: lines(*["第二十条第(一)项"] * n), "the first item alone"),
    (lambda n: lines(*["第二十条第(一)项 |"] * n), "the first item alone, as cells"),
    (lambda n: lines("第二十条第(一)项", *["信息内容"] * n), "labels alone"),
    (lambda n: lines("第二十条第(一)项", *["3"] * n), "values alone"),
    (lambda n: lines(*["行政复议 | 3 |"] * (n // 2)), "the head of the review table many times"),
    (lambda n: lines(*prose_report() * (n // 20)), "many reports"),
    (lambda n: lines(TITLE, *["公开了三条信息。"] * n), "many paragraphs"),
    (lambda n: lines(TITLE, *["甲 | 乙 | 1 |"] * n), "a table of many rows"),
    (lambda n: lines(TITLE, " | ".join(["1"] * 5 * n)), "a row of many cells"),
    (lambda n: lines("|" + "-" * 2 * n + "x"), "a line of bars and hyphens that is no rule"),
    (lambda n: lines("|" * 20 * n + "x"), "bars and a letter"),
    (lambda n: lines("| " * 10 * n + "x"), "bars, blanks and a letter"),
    (lambda n: lines("|" + " " * 20 * n + "x"), "blanks behind a bar"),
    (lambda n: lines(*["|"] * 10 * n), "lines of bars"),
    (lambda n: lines(*["甲|"] * 5 * n), "one cell a line without an end"),
    (lambda n: lines(*["甲", "|"] * 5 * n), "bars between without an end"),
    (lambda n: lines("一、总体情况 " + " " * 30 * n + "二、主动公开政府信息情况 今年"), "spaces on a line of headings"),
    (lambda n: lines("一、概述" * 5 * n), "headings on one line"),
    (
        lambda n: lines("二、主动公开政府信息情况第二十条第(一)项信息内容规章" + "1" * 10 * n + "。三、申请情况 今年"),
        "digits on a line of headings",
    ),
    (
        lambda n: lines(
            "二、主动公开政府信息情况 " + "第二十条第(一)项规章1。" * (n // 3) + "三、收到和处理申请情况 今年"
        ),
        "tables on a line of headings",
    ),
]
IDS = [reason for _, reason in PAGES]


@pytest.mark.parametrize(("make", "reason"), PAGES, ids=IDS)
def test_long_pages_are_read_in_time(make: Callable[[int], bytes], reason: str) -> None:
    data = make(MANY)
    try:
        parse_in_sandbox(data, source(data))
    except GongkaiError as error:
        assert "GONGKAI_READ_" in error.en, reason


@pytest.mark.parametrize(("make", "reason"), PAGES, ids=IDS)
def test_work_grows_linearly_with_the_page(make: Callable[[int], bytes], reason: str) -> None:
    read(make(FEW))  # what is made once, rules and tables, is no work of the page
    once, twice = (calls(read, make(number)) for number in (FEW, 2 * FEW))
    assert twice <= 2.4 * once + 1000, reason


def calls(read: Callable[[bytes], object], data: bytes) -> int:
    """The number of function calls in reading a page, no text of which has been read before."""
    count = 0
    forget_texts()

    def heard(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(heard)
    try:
        read(data)
    finally:
        sys.setprofile(before)
    return count


def forget_texts() -> None:
    """Empties the caches of values of texts (`bounded_cache`)."""
    modules = [module for name, module in sys.modules.items() if name.startswith("archive.")]
    for value in [value for module in modules for value in vars(module).values() if isinstance(value, FunctionType)]:
        while hasattr(value, "cache_clear"):
            value.cache_clear()
            value = value.__wrapped__


REPORT = "\n".join(form_report()).encode()


@pytest.mark.parametrize("seed", range(40))
def test_corrupt_and_truncated_pages_are_read(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    data = bytearray(REPORT)
    for _ in range(chance.choice([1, 3, 30, 300])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    read(bytes(data[chance.choice([0, chance.randrange(len(data))]) :][: chance.randrange(1, len(data))]))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_report_reads_alike_in_every_encoding(encoding: str) -> None:
    expected = read("\n".join(form_report()).encode())
    reading = read("\n".join(form_report()).encode(encoding))
    assert isinstance(expected, Reading)
    assert isinstance(reading, Reading)
    assert [report.fingerprint for report in reading.reports] == [report.fingerprint for report in expected.reports]
    assert reading.notices == ()


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_truncated_page_keeps_its_beginning(cut: int) -> None:
    reading = read(REPORT[:-cut])
    assert isinstance(reading, Reading)
    assert [len([figure for figure in report.figures if figure.table == "requests"]) for report in reading.reports] == [
        175
    ]


def test_control_characters_are_removed() -> None:
    odd = "".join(map(chr, [*range(1, 9), *range(14, 32), *range(127, 133), *range(134, 160)]))
    reading = read("\n".join([TITLE, "一、概述", f"办好{odd}实事。", "二、主动公开情况", "有。"]).encode())
    assert isinstance(reading, Reading)
    (report,) = reading.reports
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
def test_parts_of_pages_in_any_order(lines: list[str]) -> None:
    reading = read("\n".join(lines).encode("utf-8", "replace"))
    if isinstance(reading, Reading):
        for report in reading.reports:
            assert report.sections or report.title_basis == "printed"
            assert len({section.anchor for section in report.sections}) == len(report.sections)
            assert all(
                (figure.value is None) == (figure.state in ("blank", "dash", "unreadable")) for figure in report.figures
            )
