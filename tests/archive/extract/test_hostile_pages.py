"""A hostile page of 1 MB is read in 2 s of CPU. The tests allow 6 s, as a busy machine slows the processor itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from tests.archive.pages import form_report, source
from tests.archive.readers.documents import zip_file

pytestmark = pytest.mark.slow

SIZE, SECONDS = 1 << 20, 6.0


def one_line(unit: str) -> bytes:
    """A line of 1 MB that repeats a unit."""
    return (unit * (SIZE // len(unit.encode()))).encode()


def html(body: str) -> bytes:
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def ofd(documents: int, pages: int) -> bytes:
    """An OFD of a few kilobytes that lists one page many times in each of many documents."""
    listed = "".join('<Page BaseLoc="page.xml"/>' for _ in range(pages))
    roots = "".join("<DocRoot>main.xml</DocRoot>" for _ in range(documents))
    text = '<TextObject Boundary="0 0 9 9"><TextCode>公开</TextCode></TextObject>'
    return zip_file({"OFD.xml": f"<OFD>{roots}</OFD>", "main.xml": f"<D>{listed}</D>", "page.xml": f"<P>{text}</P>"})


UNITS = [
    ("（一）", "numbers of sub-headings"),
    ("国(guó)", "pinyin annotations"),
    ("&#20844;", "references"),
    ("，。；：", "marks of sentences"),
    ("http://a.cn/", "addresses"),
    ("1.2.", "numbers of items"),
    ("a@b.cn ", "mail addresses"),
    ("结,", "commas"),
    ("9一", "numerals between digits"),
    ("2015年", "years"),
    ("一、", "numbers of headings"),
    ("(", "brackets that never close"),
    ("1(公", "notes behind values that never close"),
    ("《", "title marks that never close"),
    ("![", "images that never close"),
    ("# ", "marks of a Markdown heading"),
    ("[a](", "links that never close"),
    ("? ?", "indents that were lost"),
    (" 1", "a row of values"),
    ("教育", "a repeated part of a rule"),
    ("由某局编制", "mentions of an agency"),
    ("申诉3件", "figures in one sentence"),
]

PAGES: list[tuple[Callable[[], bytes], str]] = [
    (lambda: "".join(f"一、主动公开情况{number}\n" for number in range(10_000)).encode(), "10,000 headings"),
    (lambda: ofd(2_000, 2_000), "an OFD of 4,000,000 pages"),
    (lambda: html("<div>" * 50_000 + "公开"), "deep nesting"),
    (lambda: html("<table><tr><td>" * 3_000 + "公开"), "nested tables"),
    (lambda: html("<div>" * 2_000 + "<table></table>" * 20_000), "tables deep in a page"),
    (lambda: html("<table><tr><td>" + "公<br>" * 20_000 + "</td><td>1</td></tr></table>"), "a cell of many lines"),
    (lambda: html("&#20844;" * (SIZE // 8)), "references in HTML"),
]
PIECES = [unit for unit, _ in UNITS] + [
    *form_report()[:30],
    " ",
    "|",
    "年",
    "公开",
    "-",
    "“",
    "报告",
    "x",
    "\u3000",
    "1",
]


def mixture(seed: int) -> bytes:
    """1 MB of lines that repeat three pieces, and of a few line ends."""
    choose = random.Random(seed)  # noqa: S311
    unit = "".join(choose.choice(PIECES) for _ in "123")
    lines = choose.choice((1, 10, 100))
    return "\n".join([unit * (SIZE // lines // len(unit.encode()))] * lines).encode()


def seconds(data: bytes) -> float:
    """The CPU seconds of this thread in which a page is read or refused."""
    begin = time.thread_time()
    try:
        read_source(data, source(data))
    except GongkaiError as error:
        assert error.zh
    return time.thread_time() - begin


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Loads rules and tables, which is no work of a page."""
    seconds("\n".join(form_report()).encode())


@pytest.mark.parametrize(("unit", "reason"), UNITS, ids=[reason for _, reason in UNITS])
def test_one_line_is_read_in_time(unit: str, reason: str) -> None:
    assert seconds(one_line(unit)) < SECONDS, reason


@pytest.mark.parametrize(("make", "reason"), PAGES, ids=[reason for _, reason in PAGES])
def test_a_hostile_page_is_read_in_time(make: Callable[[], bytes], reason: str) -> None:
    assert seconds(make()) < SECONDS, reason


@pytest.mark.parametrize("seed", range(20))
def test_a_mixture_is_read_in_time(seed: int) -> None:
    assert seconds(mixture(seed)) < SECONDS, mixture(seed)[:60].decode("utf-8", "replace")
