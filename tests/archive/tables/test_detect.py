import pytest

from archive.model import Block
from archive.tables.detect import recognise
from tests.archive import pages
from tests.archive.pages import STYLES, Rows, bars_within, blocks, proactive, requests, review, zeros


def kinds(found: tuple[Block, ...]) -> list[str | None]:
    return [block.table.kind for block in found if block.table]


def texts(found: tuple[Block, ...]) -> list[str]:
    return [block.text for block in found if block.table is None]


FORMS_AND_STYLES = [
    pytest.param(form, style, id=f"{form}-{style}") for form in (pages.TRIAL, pages.FORM) for style in STYLES
]


@pytest.mark.parametrize(("form", "style"), FORMS_AND_STYLES)
def test_each_table_is_one_table_with_its_kind(form: str, style: str) -> None:
    lines = STYLES[style]
    page = [
        "二、主动公开",
        *lines(proactive(form)),
        "三、申请",
        *lines(requests(zeros(form), form)),
        "四、复议",
        *lines(review()),
    ]
    found = recognise(blocks([*page, "五、问题", "宣传还不够。"]))
    assert kinds(found) == ["proactive", "requests", "review"]
    assert texts(found) == ["二、主动公开", "三、申请", "四、复议", "五、问题", "宣传还不够。"]


@pytest.mark.parametrize("style", STYLES)
def test_consecutive_tables_are_separated(style: str) -> None:
    rows = [*proactive(), *requests(zeros()), *review(), *proactive(), *requests(zeros()), *review()]
    assert kinds(recognise(blocks(STYLES[style](rows)))) == ["proactive", "requests", "review"] * 2


def test_no_cell_or_line_is_lost() -> None:
    lines = pages.bars_within([*proactive(), *requests(zeros()), *review()])
    page = blocks(lines)
    (whole,) = (block.table for block in page)
    assert whole is not None
    found = [block.table for block in recognise(page) if block.table]
    assert [cell for table in found for cell in table.cells()] == list(whole.cells())
    assert [table.place.first_line for table in found][1:] == [(table.place.last_line or 0) + 1 for table in found[:-1]]


def test_text_above_a_table_in_the_same_grid_is_kept() -> None:
    lines = pages.bars_within([["说明", "见下表"], *requests(zeros())])
    found = recognise(blocks(lines))
    assert kinds(found) == [None, "requests"]
    assert [cell.text for block in found if block.table for cell in block.table.cells()][:3] == [
        "说明",
        "见下表",
        pages.NOTE,
    ]


HEAD = requests(zeros())[:3]


@pytest.mark.parametrize("style", ["bars_within", "bars_behind", "bare_lines", "spaced"])
@pytest.mark.parametrize("after", [1, 2, 8, 20, 24])
def test_a_head_printed_again_after_a_page_break_begins_no_table(after: int, style: str) -> None:
    rows = requests(zeros())
    found = recognise(blocks(STYLES[style]([*rows[: 3 + after], *HEAD, *rows[3 + after :]])))
    assert kinds(found) == ["requests"]


ROWS = requests(zeros())
BREAKS = [
    (["（续表）"], ROWS[12:], ["requests"], "a mark of the word processor"),
    (["某局2021年政府信息公开工作年度报告", "— 2 —"], ROWS[12:], ["requests"], "a running title and a page number"),
    (["— 2 —"], [*HEAD, *ROWS[12:]], ["requests"], "the head again after a page number"),
    (["某局2021年政府信息公开工作年度报告"], ROWS, ["requests", "requests"], "another table with the same rows"),
    (["四、行政复议情况"], ROWS[12:], ["requests", "requests"], "a heading"),
    (["说" * 60], ROWS[12:], ["requests", "requests"], "a paragraph"),
]


@pytest.mark.parametrize(("between", "rest", "expected", "reason"), BREAKS, ids=[case[3] for case in BREAKS])
def test_what_stands_at_a_page_break(between: list[str], rest: Rows, expected: list[str], reason: str) -> None:
    parts = [blocks(bars_within(ROWS[:12])), blocks(between), blocks(bars_within(rest))]
    found = recognise([block for part in parts for block in part])
    assert kinds(found) == expected
    assert [block.text for block in found if not block.table] == between


def test_the_lines_of_a_report_end_with_its_last_line() -> None:
    lines = [f"{pages.PREAMBLE}", "一、总体情况", "说明。", "三、收到和处理政府信息公开申请情况"]
    lines += [*bars_within(ROWS[:12]), "（续上表）见后", *bars_within(ROWS[12:])]
    (report,) = pages.read(lines).reports
    assert report.place.last_line == len(lines)
    assert report.sections[-1].place.last_line == len(lines)


NO_TABLES = [
    (["一、本年新收政府信息公开申请数量", "今年没有收到申请。"], "a heading that resembles a row"),
    (["第二十条", "规定了主动公开的范围。"], "an article of the Regulation"),
    (["行政复议、行政诉讼", "没有发生。"], "a heading that resembles the review table"),
    (["申请人情况", "多为居民。"], "a sub-heading that resembles the head"),
    (["共收到申请12", "件。"], "a sentence broken after its number"),
]


@pytest.mark.parametrize(("lines", "reason"), NO_TABLES, ids=[case[1] for case in NO_TABLES])
def test_paragraphs_with_labels_only_are_no_table(lines: list[str], reason: str) -> None:
    assert recognise(blocks(lines)) == blocks(lines)


def test_an_unknown_table_stays_unchanged() -> None:
    page = blocks(["姓名 | 电话 |", "某人 | 123 |"])
    assert recognise(page) == page


PARTS = [
    (
        ["2.其他法律行政法规禁止公开 | 0 |", "3.危及“三安全一稳定” | 0 |", "2.重复申请 | 1 |"],
        "requests",
        "rows in bars",
    ),
    (["6.属于四类过程性信息", *"1000001", "7.属于行政执法案卷", *"0000000"], "requests", "one cell a line"),
    (["四、结转下年度继续办理 0 0 0 0 0 0 0"], "requests", "the last row at the top of a sheet"),
    (["按时办结数 | 件 | 3 |", "延期办结数 | 件 | 0 |", "申请答复数 | 件 | 3 |"], "statistics", "another table"),
]


@pytest.mark.parametrize(("lines", "kind", "reason"), PARTS, ids=[case[2] for case in PARTS])
def test_a_page_that_begins_in_the_middle_of_a_table(lines: list[str], kind: str, reason: str) -> None:
    found = recognise(blocks([*lines, "五、问题", "宣传还不够。"]))
    assert kinds(found) == [kind]
    assert texts(found) == ["五、问题", "宣传还不够。"]


NO_PARTS = [
    (["重复申请", "3", "件。"], "one number"),
    (["姓名 | 其他 |", "某人 | 123 |", "年龄 | 40 |"], "one label of the form among others"),
    (["其他 0 0 0 0 0 0 0"], "a label that any table has"),
]


@pytest.mark.parametrize(("lines", "reason"), NO_PARTS, ids=[case[1] for case in NO_PARTS])
def test_blocks_that_are_not_part_of_a_table(lines: list[str], reason: str) -> None:
    assert kinds(recognise(blocks(lines))) in ([], [None])


def test_a_head_with_characters_in_columns_belongs_to_its_table() -> None:
    head = [
        "行政复议 行政诉讼",
        "未经复议直接起诉 复议后起诉",
        "结 结 其 尚",
        "果 果 他 未 总",
        "维 纠 结 审 计",
        "持 正 果 结",
    ]
    found = recognise(blocks([*head, "0 1 0 0 1 0 0 0 0 0 0 0 0 0 0", "五、问题", "宣传还不够。"]))
    assert kinds(found) == ["review"]
    assert texts(found) == ["五、问题", "宣传还不够。"]


def test_text_after_a_table_of_lines_is_text() -> None:
    lines = [*pages.bare_lines(review()), "以上数字由办公室汇总。", "某市教育局", "2023年1月10日"]
    assert texts(recognise(blocks(lines))) == lines[-3:]


def test_labels_broken_over_lines_belong_to_their_table() -> None:
    lines = [
        "第二十条第(一)项",
        "信息内容",
        "本年新",
        "制作数量",
        "本年新",
        "公开数量",
        "对外公开",
        "总数量",
        "规章",
        "1",
        "2",
        "3",
    ]
    (found,) = recognise(blocks(lines))
    assert found.table is not None
    assert [cell.text for cell in found.table.cells()] == lines
