"""Tests headings that share their line with text."""

import pytest

from archive.extract.inline_headings import split_inline_headings
from archive.model import Block

LINES = [
    ("一、总体情况:2022年公开信息3条。", ["一、总体情况:", "2022年公开信息3条。"], "a colon and a sentence"),
    ("一、总体情况：没有收取费用。", ["一、总体情况：", "没有收取费用。"], "a colon and a short sentence"),
    ("一、其他需要报告的事项：无。", ["一、其他需要报告的事项：", "无。"], "a colon and the only word"),
    ("一、其他需要报告的事项 无", ["一、其他需要报告的事项", "无"], "a space and the only word"),
    ("一、其他需要报告的事项暂无。", ["一、其他需要报告的事项", "暂无。"], "the only word without a mark"),
    ("一、其他需要报告的事项。", ["一、其他需要报告的事项。"], "a full stop behind the heading"),
    ("一、存在的问题:改进措施", ["一、存在的问题:改进措施"], "a colon inside a heading"),
    ("一、主动公开情况的说明。", ["一、主动公开情况的说明。"], "a longer heading"),
]


@pytest.mark.parametrize(("line", "parts", "reason"), LINES, ids=[case[2] for case in LINES])
def test_headings_and_the_text_behind_them(line: str, parts: list[str], reason: str) -> None:
    assert [block.text for block in split_inline_headings([Block(line)])] == parts
