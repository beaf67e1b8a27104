from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import GongkaiError
from archive.model import Block
from archive.readers.encoding import decode
from archive.readers.registry import read_page
from archive.readers.text import read_text
from tests.archive import pages
from tests.archive.pages import prose_report, source


def read(text: str) -> tuple[Block, ...]:
    data = text.encode()
    return read_text(data, source(data)).blocks


def rows(block: Block) -> list[list[str]]:
    assert block.table is not None
    return [[cell.text for cell in row] for row in block.table.rows]


TABLES = [
    ("甲 |\n1 |\n2 |\n||\n乙 |\n3 |\n4 |\n||", [["甲", "1", "2", "", ""], ["乙", "3", "4", "", ""]], "one cell a line"),
    ("甲 | 1 | 2 |\n乙 | 3 | 4 |", [["甲", "1", "2"], ["乙", "3", "4"]], "a row a line"),
    ("| 甲 | 1 |\n| --- | :-: |\n| 乙 | 2 |", [["甲", "1"], ["乙", "2"]], "Markdown"),
    ("甲 | | 2 |\n乙 | 3 | |", [["甲", "", "2"], ["乙", "3", ""]], "blank cells inside a row"),
    ("甲 |\n||||\n乙 |\n1 |", [["甲", "", "", "", ""], ["乙", "1"]], "bars of merged cells end a row"),
    (
        "指标 |\n单位 |\n数量 |\n甲 |\n条 |\n1 |\n乙 |\n件 |\n2 |",
        [["指标", "单位", "数量"], ["甲", "条", "1"], ["乙", "件", "2"]],
        "merged rows, divided by the kind of their columns",
    ),
    ("甲 | 1 | 2 |\n| 乙 | 3 |", [["甲", "1", "2"], ["", "乙", "3"]], "a bar before some rows is behind a blank cell"),
    ("┌──┬──┐\n│ 甲 │ 1 │\n├──┼──┤\n│ 乙 │ 2 │", [["甲", "1"], ["乙", "2"]], "a table in box characters"),
    ("+----+----+\n| 甲 | 1 |\n+----+----+\n| 乙 | 2 |", [["甲", "1"], ["乙", "2"]], "a table in ASCII"),
    ("甲｜1｜\n乙｜2｜", [["甲", "1"], ["乙", "2"]], "full-width bars"),
    ("甲 | -- |\n乙 | -- |", [["甲", "--"], ["乙", "--"]], "cells of two dashes are no rule"),
    ("科研 机构 | 1 |\n乙 | 2 |", [["科研机构", "1"], ["乙", "2"]], "cells are cleaned"),
]


@pytest.mark.parametrize(("text", "cells", "reason"), TABLES, ids=[case[2] for case in TABLES])
def test_tables(text: str, cells: list[list[str]], reason: str) -> None:
    (block,) = read(text)
    assert rows(block) == cells


LAID_OUT = [
    ("2021年度石桥镇政府信息公开工作年度报告 | ||", "2021年度石桥镇政府信息公开工作年度报告", "a title"),
    ("全年未收到申请。二、其他事项 |", "全年未收到申请。二、其他事项", "sentences"),
    ("| 全年未收到申请。 |", "全年未收到申请。", "sentences between bars"),
]
CELLS = [
    ("一、本年新收政府信息公开申请数量 |", "a label"),
    ("年度报告 |", "a link in a menu"),
    ("全年未收到申请。 | 0 |", "two cells"),
]


@pytest.mark.parametrize(("line", "text", "reason"), LAID_OUT, ids=[case[2] for case in LAID_OUT])
def test_text_in_a_page_laid_out_as_a_table(line: str, text: str, reason: str) -> None:
    blocks = read(f"索引号： | 1-2021 |\n{line}\n")
    assert "".join(block.text for block in blocks if not block.table) == text, reason


@pytest.mark.parametrize(("line", "reason"), CELLS, ids=[case[1] for case in CELLS])
def test_a_cell_stays_a_cell(line: str, reason: str) -> None:
    assert all(block.table for block in read(f"索引号： | 1-2021 |\n{line}\n")), reason


@pytest.mark.parametrize("line", ["视频｜某局召开会议", "丨年度报告", "政务公开¦年报"])
def test_a_single_bar_of_another_kind_is_text(line: str) -> None:
    assert [block.text for block in read(line)] == [line]


def test_a_bar_on_its_own_line_separates_cells() -> None:
    (before, table, after) = read(
        "说明如下。\n一、甲\n规章\n|\n1\n|\n2\n|\n规范性文件\n|\n3\n二、乙".replace("一、甲\n", "")
    )
    assert (before.text, after.text) == ("说明如下。", "二、乙")
    assert [cell for row in rows(table) for cell in row] == ["规章", "1", "2", "规范性文件", "3"]


BLANKS_BETWEEN = [
    ("规章\n|\n|\n|\n2\n|\n3", ["规章", "", "", "2", "3"], "each additional bar is a blank cell"),
    ("规章\n|\n1\n|\n||\n乙\n|\n3", ["规章", "1", "", "", "乙", "3"], "several bars on a line pad a short row"),
]


@pytest.mark.parametrize(("text", "cells", "reason"), BLANKS_BETWEEN, ids=[case[2] for case in BLANKS_BETWEEN])
def test_blank_cells_between_bars_on_their_own_lines(text: str, cells: list[str], reason: str) -> None:
    (table,) = read(text)
    assert [cell for row in rows(table) for cell in row] == cells


def test_a_label_broken_between_two_bars_is_one_cell() -> None:
    (table,) = read("信息内容\n|\n本年新\n公开数量\n|\n规章\n|\n1")
    assert [cell for row in rows(table) for cell in row] == ["信息内容", "本年新公开数量", "规章", "1"]


def test_paragraphs_one_a_line_with_their_lines() -> None:
    found = read("一、概述\n\n 引 言 \r\n\r\n第二段。\u2028第三段。\n\u200b\n")
    assert [(block.text, str(block.place)) for block in found] == [
        ("一、概述", "1"),
        ("引言", "3"),
        ("第二段。", "5"),
        ("第三段。", "6"),
    ]


def test_a_table_has_the_lines_of_its_first_and_last_cell() -> None:
    before, table, after = read("甲\n乙 | 1 |\n丙 | 2 |\n\n丁")
    assert [str(block.place) for block in (before, table, after)] == ["1", "2-3", "5"]
    assert table.table is not None
    assert [cell.line for cell in table.table.cells()] == [2, 2, 3, 3]


def test_bars_alone_are_no_blocks() -> None:
    assert read("||\n|\n") == ()


REPORT = "\n".join(prose_report())
TRADITIONAL = REPORT.replace("政府信息公开工作年度报告", "政府信息公開工作年度報告").replace("申请", "申請")
ENCODINGS = [
    (REPORT, "utf-8", "UTF-8"),
    (REPORT, "utf-8-sig", "UTF-8 with a mark"),
    (REPORT, "gbk", "GBK"),
    (REPORT, "gb18030", "GB18030"),
    (TRADITIONAL.translate(str.maketrans("没应还够证开时", "沒應還夠證開時")), "utf-16", "UTF-16 with a mark"),
    (REPORT, "utf-16-be", "UTF-16 big-endian with a mark"),
]


@pytest.mark.parametrize(("text", "encoding", "reason"), ENCODINGS, ids=[case[2] for case in ENCODINGS])
def test_encodings(text: str, encoding: str, reason: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    decoded, notices = decode(mark + text.encode(encoding))
    assert decoded.removeprefix("\ufeff") == text
    assert notices == ()


def test_big5() -> None:
    text = "某市教育局政府資訊公開工作年度報告\n一、概述\n主動公開政府信息三條,沒有收到申請。"
    assert decode(text.encode("big5")) == (text, ())


@pytest.mark.parametrize("cut", [1, 2])
def test_a_page_truncated_inside_a_character_has_a_notice(cut: int) -> None:
    text, notices = decode(REPORT.encode()[:-cut])
    assert text == REPORT[:-1]
    assert [(notice.code, str(notice.place)) for notice in notices] == [("truncated_source", "10")]


def test_one_bad_byte_does_not_change_the_encoding() -> None:
    data = REPORT.encode()
    text, notices = decode(data.replace(b"\n", b"\xff\n", 1))
    assert text.replace("\ufffd", "") == REPORT
    assert [(notice.code, notice.facts["encoding"], notice.facts["count"]) for notice in notices] == [
        ("encoding_repaired", "UTF-8", "1")
    ]


REFUSED = [
    (b"", "page.txt 是空文件。请重新抓取页面。", "page.txt is empty. Capture the page again.", "empty"),
    (b" \r\n\t ", "page.txt 是空文件。请重新抓取页面。", "page.txt is empty. Capture the page again.", "blank"),
]


@pytest.mark.parametrize(("data", "zh", "en", "reason"), REFUSED, ids=[case[3] for case in REFUSED])
def test_sentences(data: bytes, zh: str, en: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as caught:
        read_page(data, source(data))
    assert (caught.value.zh, caught.value.en) == (zh, en)


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"\x1f\x8b\x08", b"SQLite format 3\x00", b"\x00\x01\x02"],
)
def test_a_file_that_is_no_page_is_an_error(data: bytes) -> None:
    with pytest.raises(GongkaiError) as caught:
        read_page(data + b"\x00" * 100, source(data))
    assert caught.value.zh.startswith("page.txt ")
    assert caught.value.en.startswith("page.txt ")


@given(st.binary())
def test_any_bytes_are_decoded(data: bytes) -> None:
    text, _ = decode(data)
    assert isinstance(text, str)


_CELL = st.text(st.sampled_from("甲乙丙12"), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=2, max_size=6)
    )
)
def test_rows_within_bars_read_back(cells: list[list[str]]) -> None:
    (block,) = read("\n".join(pages.bars_within(cells)))
    assert rows(block) == cells


TABS = [
    ("信息内容\t本年处理决定数量\n行政许可\t7", [["信息内容", "本年处理决定数量"], ["行政许可", "7"]], "two rows"),
    ("规章\t\t3\n\t\t4", [["规章", "", "3"], ["", "", "4"]], "blank cells, in front too"),
]


@pytest.mark.parametrize(("text", "cells", "reason"), TABS, ids=[case[2] for case in TABS])
def test_tabs_between_cells(text: str, cells: list[list[str]], reason: str) -> None:
    (table,) = read(text)
    assert rows(table) == cells


@pytest.mark.parametrize("text", ["\t一、概述\n\t全年平稳。", "首页\t新闻\n公告\t地图", "行政许可\t7"])
def test_tabs_that_only_indent_or_have_no_numbers_are_no_table(text: str) -> None:
    assert all(block.table is None for block in read(text))


def test_cells_aligned_with_spaces() -> None:
    lines = ["项目  总计  自然人", "予以公开  5  3", "部分公开  2    0", "重复申请  1  1"]
    (table,) = read("\n".join(lines))
    assert rows(table)[:2] == [["项目", "总计", "自然人"], ["予以公开", "5", "3"]]


def test_wide_gaps_in_unequal_lines_are_no_table() -> None:
    lines = ["姓  名  张三", "电  话  12345", "地  址  白桦街", "邮  编  10"]
    assert all(block.table is None for block in read("\n".join(lines)))
