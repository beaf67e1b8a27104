from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Block, Cell, Figure, Notice, Table
from archive.tables.detect import recognise
from archive.tables.figures import form_of_table, read_table
from archive.vocabulary import statutory_layout
from tests.archive import pages
from tests.archive.pages import (
    FORM,
    STYLES,
    STYLES_WITH_BLANKS,
    TRIAL,
    blocks,
    proactive,
    report,
    request_labels,
    requests,
    review,
    zeros,
)

FORMS = (FORM, TRIAL)
COLUMN_CODES = (
    *("natural_person", "enterprise", "research", "nonprofit", "legal_service", "other_organisation"),
    "total",
)
# Each example reads 175 cells; the machine is shared.
FEW = settings(max_examples=12, deadline=None)


def read(lines: list[str], form: str | None = FORM) -> tuple[tuple[Figure, ...], tuple[Notice, ...]]:
    (table,) = (block.table for block in recognise(blocks(lines)) if block.table)
    return read_table(table, form)


def printed(figures: tuple[Figure, ...]) -> dict[tuple[str, str | None], str]:
    return {(figure.row, figure.column): figure.printed for figure in figures}


def grid(form: str, values: list[list[str]]) -> dict[tuple[str, str | None], str]:
    layout = statutory_layout(form, "requests")
    assert layout is not None
    return {
        (row, column): value
        for row, line in zip(layout.rows, values, strict=True)
        for column, value in zip(layout.columns, line, strict=True)
    }


RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
NUMBER = st.integers(0, 99_999).map(str)
CELL = st.one_of(NUMBER, st.sampled_from(["", "/", "—", "-", "无", "1,234", "-35"]))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
@FEW
@given(st.data())
def test_every_cell_of_every_style_reads_back(form: str, style: str, data: st.DataObject) -> None:
    size = len(request_labels(form))
    values = data.draw(st.lists(st.lists(NUMBER, min_size=7, max_size=7), min_size=size, max_size=size))
    figures, notices = read(STYLES[style](requests(values, form)), form)
    assert printed(figures) == grid(form, values)
    assert [(figure.value, figure.state) for figure in figures] == [
        (Decimal(value), "number") for line in values for value in line
    ]
    assert notices == ()


@pytest.mark.parametrize("style", STYLES_WITH_BLANKS)
@FEW
@given(
    st.lists(st.lists(CELL, min_size=7, max_size=7).filter(lambda row: row[0] and row[-1]), min_size=25, max_size=25)
)
def test_blank_dash_zero_and_negative_are_different_states(style: str, values: list[list[str]]) -> None:
    figures, notices = read(STYLES[style](requests(values)))
    assert printed(figures) == grid(FORM, values)
    states = {"": "blank", "/": "dash", "—": "dash", "-": "dash", "无": "dash"}
    assert [figure.state for figure in figures] == [states.get(cell, "number") for line in values for cell in line]
    assert all(figure.value is None for figure in figures if figure.state != "number")
    blank = sum(not cell for line in values for cell in line)
    assert [(notice.code, notice.facts["count"]) for notice in notices] == (
        [("blank_cell", str(blank))] if blank else []
    )


@pytest.mark.parametrize("style", STYLES)
@FEW
@given(st.lists(st.integers(0, 999).map(str), min_size=15, max_size=15))
def test_review_reads_back(style: str, values: list[str]) -> None:
    figures, notices = read(STYLES[style](review(values)))
    assert [figure.printed for figure in figures] == values
    assert [figure.name for figure in figures][:6] == [
        *(f"review.reconsideration.{column}" for column in ("upheld", "corrected", "other", "pending", "total")),
        "review.litigation_direct.upheld",
    ]
    assert notices == ()


ITEMS = {
    FORM: {
        "规章": ("1", "2", "3"),
        "行政规范性文件": ("4", "5", "6"),
        "行政许可": ("7",),
        "行政处罚": ("8",),
        "行政强制": ("9",),
        "行政事业性收费": ("10.5",),
    },
    TRIAL: {
        "规章": ("1", "2", "3"),
        "规范性文件": ("4", "5", "6"),
        "行政许可": ("1215", "-35", "1180"),
        "其他对外管理服务事项": ("7", "8", "9"),
        "行政处罚": ("10", "11", "12"),
        "行政强制": ("13", "14", "15"),
        "行政事业性收费": ("16", "-17"),
        "政府集中采购": ("18", "19.1234"),
    },
}
COLUMNS = {
    FORM: {"rules": ("issued", "repealed", "in_force"), "licences": ("decisions",), "charges": ("amount",)},
    TRIAL: {
        "rules": ("made", "disclosed", "public_total"),
        "licences": ("previous_items", "change", "decisions"),
        "charges": ("previous_items", "change"),
        "procurement": ("projects", "amount"),
    },
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
def test_proactive_reads_back(form: str, style: str) -> None:
    figures, notices = read(STYLES[style](proactive(form, ITEMS[form])), form)
    assert [figure.printed for figure in figures] == [value for row in ITEMS[form].values() for value in row]
    for row, columns in COLUMNS[form].items():
        assert tuple(figure.column for figure in figures if figure.row == row) == columns
    assert notices == ()


@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_that_of_rows_or_columns_that_only_it_has(form: str) -> None:
    for rows in (requests(zeros(form), form), proactive(form)):
        (table,) = (block.table for block in recognise(blocks(pages.bars_within(rows))) if block.table)
        assert form_of_table(table) == form
    (table,) = (block.table for block in recognise(blocks(pages.bars_within(review()))) if block.table)
    assert form_of_table(table) is None


def test_the_amount_has_the_printed_unit() -> None:
    figures, _ = read(pages.bars_within(proactive(FORM, ITEMS[FORM])))
    assert {figure.row: figure.unit for figure in figures if figure.unit} == {"charges": "万元"}
    figures, _ = read(pages.bars_within(proactive(TRIAL, ITEMS[TRIAL])), TRIAL)
    assert {figure.unit for figure in figures} == {None}


@pytest.mark.parametrize(
    ("cell", "value", "unit", "converted"),
    [
        ("58.5", "58.5", "万元", None),
        ("585000元", "58.5", "万元", "58.5万元"),
        ("58.5万元", "58.5", "万元", "58.5万元"),
    ],
)
def test_a_unit_in_a_cell(cell: str, value: str, unit: str, converted: str | None) -> None:
    figures, notices = read(pages.bars_within(proactive(FORM, {"行政事业性收费": (cell,)})))
    (charge,) = (figure for figure in figures if figure.row == "charges")
    assert (charge.value, charge.unit, charge.printed) == (Decimal(value), unit, cell)
    assert [notice.facts["value"] + notice.facts["unit"] for notice in notices] == ([converted] if converted else [])


def test_a_unit_in_a_cell_below_a_head_without_one() -> None:
    figures, notices = read(pages.bars_within(proactive(TRIAL, {"政府集中采购": ("2", "5000元")})), TRIAL)
    (amount,) = (figure for figure in figures if figure.name == "proactive.procurement.amount")
    assert (amount.value, amount.unit) == (Decimal(5000), "元")
    assert [notice.code for notice in notices] == ["unit_in_cell"]


@pytest.mark.parametrize(
    ("label", "row"),
    [
        ("行政检查", "other_services.inspection"),
        ("行政确认", "other_services.confirmation"),
        ("行政奖励", "other_services.行政奖励"),
        ("行政给付", "other_services.行政给付"),
    ],
)
def test_a_split_row_keeps_its_label_and_has_a_notice_if_unknown(label: str, row: str) -> None:
    rows = proactive(TRIAL)
    at = next(index for index, cells in enumerate(rows) if cells[0] == "其他对外管理服务事项")
    rows[at] = ["其他对外管理服务事项", label, "3", "-1", "40"]
    figures, notices = read(pages.bars_within(rows), TRIAL)
    assert [figure.printed for figure in figures if figure.row == row] == ["3", "-1", "40"]
    unknown = [notice.facts["label"] for notice in notices if notice.code == "unknown_row"]
    assert unknown == ([label] if row.endswith(label) else [])


def joined(row: list[str], values: int) -> list[str]:
    return [*row[:-values], "".join(row[-values:])]


def test_merged_digits_are_not_guessed() -> None:
    values = zeros()
    values[0] = ["11", "2", "0", "0", "0", "1", "14"]
    rows = [joined(row, 7) if "新收" in row[0] else row for row in requests(values)]
    figures, notices = read(pages.bars_within(rows))
    new = [figure for figure in figures if figure.row == "new"]
    assert [(figure.value, figure.state, figure.printed) for figure in new] == [(None, "unreadable", "112000114")] * 7
    assert [notice.facts["printed"] for notice in notices if notice.code == "unreadable_cell"] == ["112000114"]
    assert len(figures) == 175


def test_merged_digits_of_a_table_that_contradicts_itself_are_read_by_row() -> None:
    values = zeros()
    values[0] = ["30", "0", "0", "0", "0", "1", "31"]
    rows = [joined(row, 7) if "新收" in row[0] else row for row in requests(values)]
    figures, _ = read(pages.bars_within(rows))
    new = [figure for figure in figures if figure.row == "new"]
    assert [(figure.value, figure.state) for figure in new] == [
        (Decimal(value), "solved") for value in (30, 0, 0, 0, 0, 1, 31)
    ]


NO_LABELS = [
    "二、上年结转政府信息公开申请数量",
    "元三、收到和处理情况",
    "本机关无此事项的详细情况说明及其他需要说明的问题",
]


@pytest.mark.parametrize("label", NO_LABELS)
def test_a_row_whose_label_is_text_is_no_figure(label: str) -> None:
    rows = [[label, "3", "4", "5"] if row[0] == "行政许可" else row for row in proactive(TRIAL)]
    figures, _ = read(pages.bars_within(rows), TRIAL)
    assert [figure.name for figure in figures if label in (figure.row, figure.label)] == []


def test_merged_zeros_are_separated() -> None:
    rows = [["".join(row)] if row[0] == "信息内容" else joined(row, len(row) - 1) for row in proactive(TRIAL)[1:]]
    figures, notices = read(["".join(row) for row in rows], TRIAL)
    assert {(figure.value, figure.state) for figure in figures} == {(Decimal(0), "solved")}
    assert len(figures) == 3 * 6 + 2 * 2
    assert notices == ()


@pytest.mark.parametrize("digits", ["100", "0000", "00"])
def test_other_merged_digits_are_not_separated_without_an_identity(digits: str) -> None:
    rows = [["行政许可", digits] if row[0] == "行政许可" else row for row in proactive(TRIAL)]
    figures, notices = read(pages.bars_within(rows), TRIAL)
    assert {figure.state for figure in figures if figure.row == "licences"} == {"unreadable"}
    assert notices[0].code == "unreadable_cell"


def test_an_unknown_row_is_not_solved() -> None:
    values = zeros()
    for row in (0, 2, 23):
        values[row] = ["4", "0", "0", "0", "0", "0", "4"]
    rows = [joined(row, 7) if len(row) > 7 else row for row in requests(values)]
    figures, notices = read(pages.bars_within([*rows, ["另外咨询", "12"]]))
    assert {figure.state for figure in figures if figure.row == "另外咨询"} == {"unreadable"}
    assert [figure.value for figure in figures if figure.row == "new"] == [4, 0, 0, 0, 0, 0, 4]
    assert [notice.code for notice in notices] == ["unknown_row", "unreadable_cell"]


def test_a_review_line_of_merged_digits_is_unreadable() -> None:
    figures, notices = read(pages.bars_within([*review()[:-1], ["693665"]]))
    assert [notice.code for notice in notices if notice.code == "unreadable_cell"]
    assert {figure.value for figure in figures} == {None}


@pytest.mark.parametrize("size", [1, 2, 6, 8])
def test_a_row_whose_values_do_not_fit_is_unreadable(size: int) -> None:
    rows = requests(zeros())
    rows[5] = [rows[5][0], rows[5][1], *["3"] * size] if len(rows[5]) > 8 else [rows[5][0], *["3"] * size]
    figures, notices = read(pages.bars_within(rows))
    odd = [figure for figure in figures if figure.state == "unreadable"]
    assert [figure.value for figure in odd] == [None] * 7
    assert [notice.code for notice in notices] == ["unreadable_cell"]


def test_a_word_in_a_cell_is_no_number() -> None:
    values = zeros()
    values[0] = ["另见说明", *["0"] * 6]
    figures, notices = read(pages.bars_within(requests(values)))
    assert all(figure.value is None for figure in figures if figure.row == "new")
    assert {notice.code for notice in notices} & {"unreadable_cell", "missing_row"}


@pytest.mark.parametrize("row", range(25))
def test_a_missing_row_has_a_notice(row: int) -> None:
    code, _, label = request_labels(FORM)[row]
    rows = [line for line in requests(zeros()) if label not in line]
    figures, notices = read(pages.bars_within(rows))
    assert len(figures) == 24 * 7
    assert code not in {figure.row for figure in figures}
    assert [notice.code for notice in notices] == ["missing_row"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开 申请数量", "a blank inside"),
        ("二、上年结转政府信息公开申请数量", "二、上一年结转政府信息公开申请数量", "上一年"),
        ("3.危及“三安全一稳定”", "3．危及“三安全 一稳定”", "other points and a space"),
        ("(一)予以公开", "（一）予以公开", "full-width brackets"),
        ("4.保护第三方合法权益", "4.保護第三方合法權益", "traditional"),
        ("7.属于行政执法案卷", "7.属于行政執法(zhífǎ)案卷", "pinyin annotation of a converter"),
    ],
)
def test_labels_of_real_pages(old: str, new: str, reason: str) -> None:
    values = [[str(row)] * 7 for row in range(25)]
    rows = [[new if cell == old else cell for cell in row] for row in requests(values)]
    figures, notices = read(pages.bars_behind(rows))
    assert printed(figures) == grid(FORM, values)
    assert notices == ()


NOTED = [
    ("规章", "规章(本机关无权制定规章)", "in brackets"),
    ("规范性文件", "规范性文件 (指有正式文号的文件(含联合发文))", "brackets within"),
    ("规范性文件", "規範性檔案", "a converter to Taiwanese terms"),
    (
        "其他对外管理服务事项",
        "其他对外管理服务事项(指行政许可以外的事项,含行政确认、行政奖励、行政检查、行政征收和公共服务事项)",
        "long, with the names of other rows",
    ),
]


@pytest.mark.parametrize("style", ["bars_behind", "bars_within", "bars_between"])
@pytest.mark.parametrize(("label", "written", "reason"), NOTED, ids=[case[2] for case in NOTED])
def test_a_note_behind_a_label_changes_no_figure(label: str, written: str, reason: str, style: str) -> None:
    rows = [[written if cell == label else cell for cell in row] for row in proactive(TRIAL, ITEMS[TRIAL])]
    figures, notices = read(STYLES[style](rows), TRIAL)
    plain, _ = read(STYLES[style](proactive(TRIAL, ITEMS[TRIAL])), TRIAL)
    assert [(figure.name, figure.value) for figure in figures] == [(figure.name, figure.value) for figure in plain]
    assert notices == ()


def test_the_code_of_an_unknown_row_is_its_label_without_the_note() -> None:
    rows = proactive(TRIAL)
    rows.insert(4, ["其他文件(含联合发文)", "1", "2", "3"])
    figures, notices = read(pages.bars_within(rows), TRIAL)
    assert [figure.printed for figure in figures if figure.row == "其他文件"] == ["1", "2", "3"]
    assert [notice.facts["label"] for notice in notices] == ["其他文件"]


def test_a_head_without_its_second_lines() -> None:
    rows = [["本年新" if "本年新" in cell else cell for cell in row] for row in proactive(TRIAL, ITEMS[TRIAL])]
    figures, notices = read(pages.bars_within(rows), TRIAL)
    assert [figure.column for figure in figures if figure.row == "rules"] == ["made", "disclosed", "public_total"]
    assert [figure.printed for figure in figures] == [value for row in ITEMS[TRIAL].values() for value in row]
    assert notices == ()


def test_rows_without_values_do_not_change_the_columns_of_the_next_item() -> None:
    lines = ["第二十条第(一)项", "信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量", "规章", "规范性文件"]
    lines += [
        "第二十条第(五)项",
        "信息内容",
        "上一年项目数量",
        "本年增/减",
        "处理决定数量",
        "行政许可",
        "126",
        "增72",
        "142",
    ]
    figures, _ = read(lines, TRIAL)
    assert {figure.name: figure.value for figure in figures} == {
        "proactive.licences.previous_items": 126,
        "proactive.licences.change": 72,
        "proactive.licences.decisions": 142,
    }


@pytest.mark.parametrize("cells", [["3", "3"], ["0"], ["3", "0", "3"]], ids=["two", "one", "three"])
def test_bars_that_pad_a_short_row_are_no_blank_cells(cells: list[str]) -> None:
    label, *lines = pages.bars_behind([["一、本年新收政府信息公开申请数量", *cells]])
    figures, notices = read([*pages.bars_behind(requests(zeros())[:3]), label, *lines[:-1], "|" * (9 - len(cells))])
    assert [figure.state for figure in figures] == ["unreadable"] * 7
    assert [notice.facts["printed"] for notice in notices if notice.code == "unreadable_cell"] == [" ".join(cells)]


_BOTH = ["", "", "4", "", "", "", "", ""]
MARGINS = [
    ([["", "3", "", "", "", "", "", "3"], _BOTH], "enterprise", "blanks before, as in the other rows"),
    ([["3", "", "", "", "", "", "3", ""], _BOTH], "research", "blanks after, as in the other rows"),
    ([["3", "", "", "", "", "", "3"], _BOTH], None, "no other row has padding"),
    ([_BOTH], None, "no other row at all"),
]


@pytest.mark.parametrize(("rows", "expected", "reason"), MARGINS, ids=[case[2] for case in MARGINS])
def test_a_row_with_blanks_on_both_sides_has_the_margins_of_the_others(
    rows: list[list[str]], expected: str | None, reason: str
) -> None:
    labels = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"][: len(rows)]
    cells = tuple(tuple(map(Cell, (label, *row))) for label, row in zip(labels, rows, strict=True))
    figures, _ = read_table(Table(cells, kind="requests"), FORM)
    at = {figure.column: figure.value for figure in figures[-7:] if figure.value is not None}
    assert at == ({expected: 4} if expected else {})
    assert {figure.state for figure in figures[-7:]} == ({"blank", "number"} if expected else {"unreadable"})


COUNTED = [
    "1 | 主动公开政府信息数 | 条 | 268 |",
    "2 | 其中:主动公开规范性文件数 | 条 | |",
    "3 | 制发规范性文件总数 | 件 | 5 |",
]


@pytest.mark.parametrize("style", ["rows", "lines"])
def test_row_numbers_are_no_figures(style: str) -> None:
    lines = ["序号 | 统计指标 | 单位 | 统计数 |", *COUNTED]
    if style == "lines":  # where the blank cell leaves nothing
        lines = [cell.strip() for line in lines for cell in line.split("|") if cell.strip()]
    figures, _ = read(lines, None)
    assert {figure.name: figure.value for figure in figures if figure.value is not None} == {
        "statistics.disclosed.count": 268,
        "statistics.normative_documents_issued.count": 5,
    }


@pytest.mark.parametrize(
    ("line", "unit", "value"),
    [
        ("依申请公开信息收取的费用 | 万元 | 3 |", "万元", "3"),
        ("依申请公开信息收取的费用 | 元 | 3 |", "元", "3"),
        ("依申请公开信息收取的费用 | 万元 | 30000元 |", "万元", "3"),
        ("依申请公开信息收取的费用(元) | 3 |", "元", "3"),
        ("依申请公开信息收取的费用 | 3 |", None, "3"),
    ],
)
def test_a_unit_is_printed_and_not_assumed(line: str, unit: str | None, value: str) -> None:
    figures, _ = read(["统计指标 | 单位 | 统计数 |", line], None)
    assert [(figure.name, figure.unit, figure.value) for figure in figures] == [
        ("statistics.fees.count", unit, Decimal(value))
    ]


def test_a_row_of_merged_blank_cells_is_blank() -> None:
    rows = requests(zeros())
    rows[3] = [rows[3][0], ""]
    figures, notices = read(pages.bars_within(rows))
    assert [figure.state for figure in figures if figure.row == "new"] == ["blank"] * 7
    assert [(notice.code, notice.facts["count"]) for notice in notices] == [("blank_cell", "7")]


def test_values_behind_a_group_are_kept_and_have_a_notice() -> None:
    rows = [*requests(zeros())[:7], ["(三)不予公开", *["0"] * 56], ["(七)总计", *["0"] * 7]]
    figures, notices = read(pages.bars_within(rows))
    assert {figure.state for figure in figures if figure.row == "(三)不予公开"} == {"unreadable"}
    assert [figure.printed for figure in figures if figure.row == "handled_total"] == ["0"] * 7
    assert [notice.code for notice in notices] == ["unknown_row", "unreadable_cell", "missing_row"]


def test_an_unreadable_cell_does_not_change_the_rest_of_its_row() -> None:
    values = zeros()
    values[0] = ["12余", "0", "0", "0", "0", "0", "约12"]
    figures, notices = read(pages.bars_within(requests(values)))
    assert [figure.state for figure in figures[:7]] == ["unreadable", *["number"] * 5, "unreadable"]
    assert [notice.facts["printed"] for notice in notices] == ["12余", "约12"]


@pytest.mark.parametrize("word", ["0/0", "增", "无变化", "约3"])
@pytest.mark.parametrize("style", STYLES_WITH_BLANKS)
def test_text_in_place_of_a_number_changes_only_its_own_cell(style: str, word: str) -> None:
    rows = proactive(TRIAL, {"行政处罚": ["4", word, "25"], "行政事业性收费": ["2", word]})
    figures, notices = read(STYLES[style](rows), TRIAL)
    cells = [(figure.printed, figure.state) for figure in figures if figure.row in ("penalties", "charges")]
    assert cells == [("4", "number"), (word, "unreadable"), ("25", "number"), ("2", "number"), (word, "unreadable")]
    assert [notice.facts["printed"] for notice in notices] == [word, word]


def on_several_lines(row: list[str], size: int, *, alone: bool) -> list[str]:
    """A row of a PDF whose label has several lines, with the values on the first or between two."""
    label, values = "".join(cell for cell in row if not cell.isdigit()), " ".join(filter(str.isdigit, row))
    if not values or len(label) <= size:
        return [" ".join(row)]
    first, *rest = [label[start : start + size] for start in range(0, len(label), size)]
    return [first, values, *rest] if alone else [f"{first} {values}", *rest]


@pytest.mark.parametrize("alone", [True, False], ids=["values alone", "values after the first line"])
@pytest.mark.parametrize("size", [16, 18, 22])
@pytest.mark.parametrize("form", FORMS)
def test_values_between_the_lines_of_a_label(form: str, size: int, alone: bool) -> None:  # noqa: FBT001 (a case)
    values = [[str(100 + 7 * row + column) for column in range(7)] for row in range(len(request_labels(form)))]
    figures, notices = read(
        [line for row in requests(values, form) for line in on_several_lines(row, size, alone=alone)], form
    )
    assert printed(figures) == grid(form, values)
    assert notices == ()


def test_the_beginning_of_a_label_identifies_only_the_next_row() -> None:
    rows = [*requests(zeros())[:7], ["2.其他情况", *["5"] * 7]]  # behind 国家秘密 comes 2.其他法律…, which is due
    figures, _ = read(pages.bars_within([*rows, ["4.无正当", *["6"] * 7]]))
    assert {figure.row for figure in figures if figure.printed == "6"} == {"4.无正当"}


def test_a_label_broken_over_cells_and_lines() -> None:
    rows = proactive(TRIAL, ITEMS[TRIAL])
    lines = [part for line in pages.bare_lines(rows) for part in line.replace("本年新", "本年新\n").split("\n") if part]
    figures, _ = read(lines, TRIAL)
    assert [figure.column for figure in figures if figure.row == "rules"] == ["made", "disclosed", "public_total"]
    assert [figure.printed for figure in figures] == [value for row in ITEMS[TRIAL].values() for value in row]


@pytest.mark.parametrize("after", [1, 2, 8, 20, 24])
@pytest.mark.parametrize("style", ["bars_within", "bars_behind", "bare_lines", "spaced"])
def test_a_repeated_head_changes_no_figure(style: str, after: int) -> None:
    values = [[str(100 + row)] * 7 for row in range(25)]
    rows = requests(values)
    figures, notices = read(STYLES[style]([*rows[: 3 + after], *rows[:3], *rows[3 + after :]]))
    assert printed(figures) == grid(FORM, values)
    assert notices == ()


def test_the_place_of_a_figure_is_the_line_of_its_cell() -> None:
    lines = pages.bars_behind(requests([[str(row * 7 + column) for column in range(7)] for row in range(25)]))
    figures, _ = read(lines)
    for figure in figures:
        assert lines[(figure.place.first_line or 0) - 1] == f"{figure.printed} |"


REVIEW_BLANKS = ["", "1", "", "", "1", *["0"] * 5, "", "", "", "", ""]
KINDS = ("行政复议", "未经复议直接起诉", "复议后起诉")
REVIEWS = [
    (review(REVIEW_BLANKS), "one line"),
    ([[*row, *[""] * (15 - len(row))] for row in review(REVIEW_BLANKS)], "blanks that pad the head"),
    ([["", *RESULTS], *([kind, *REVIEW_BLANKS[at * 5 : at * 5 + 5]] for at, kind in enumerate(KINDS))], "a row each"),
]


@pytest.mark.parametrize("style", ["bars_within", "markdown"])
@pytest.mark.parametrize(("rows", "reason"), REVIEWS, ids=[case[1] for case in REVIEWS])
def test_blanks_in_the_review_table(rows: list[list[str]], reason: str, style: str) -> None:
    figures, notices = read(STYLES[style]([["行政复议", "行政诉讼"], *rows]))
    assert [figure.printed for figure in figures] == REVIEW_BLANKS
    assert [(notice.code, notice.facts["count"]) for notice in notices] == [("blank_cell", "8")]


def test_a_review_line_with_a_value_too_few_is_unreadable() -> None:
    figures, _ = read(pages.bars_within([*review()[:-1], ["0"] * 14]))
    assert {figure.state for figure in figures} == {"unreadable"}


INDICATORS = [
    ["指标名称", "计量单位", "2013年度", "历年累计"],
    ["主动公开信息数", "条", "268", "1302"],
    ["新增的行政规范性文件数", "件", "0", "17"],
    ["其中:1.政府网站公开数", "条", "261", "1290"],
    ["网上咨询数", "人次", "5", "5"],
]


@pytest.mark.parametrize("style", [*STYLES, "tabs"])
def test_local_indicators_in_every_style(style: str) -> None:
    lines = ["\t".join(row) for row in INDICATORS] if style == "tabs" else STYLES[style](INDICATORS)
    page = recognise(blocks(["附表一:主动公开情况统计", *lines, "以上数字由办公室汇总。", "某市教育局"]))
    (table,) = (block.table for block in page if block.table)
    assert [block.text for block in page if not block.table] == [
        "附表一:主动公开情况统计",
        "以上数字由办公室汇总。",
        "某市教育局",
    ]
    figures, notices = read_table(table, None)
    assert [(figure.name, figure.printed, figure.unit) for figure in figures] == [
        ("indicators.disclosed.this_year", "268", "条"),
        ("indicators.disclosed.cumulative", "1302", "条"),
        ("indicators.normative_documents_new.this_year", "0", "件"),
        ("indicators.normative_documents_new.cumulative", "17", "件"),
        ("statistics.channel.website.count", "261", "条"),
        ("indicators.channel.website.cumulative", "1290", "条"),
        ("indicators.网上咨询数.this_year", "5", "人次"),
        ("indicators.网上咨询数.cumulative", "5", "人次"),
    ]
    assert [notice.code for notice in notices] == ["unknown_row"]


# Each label of a local table, and the figure of its number of the year.
LOCAL_ROWS = [
    ("收到申请数", "statistics.requests.count", "no number in front"),
    ("其中:1.当面申请数", "statistics.requests.in_person.count", "a number behind 其中"),
    ("2.传真申请数", "statistics.requests.fax.count", "a number"),
    ("(2)传真申请数", "statistics.requests.fax.count", "a number in brackets"),
    ("二、传真申请数", "statistics.requests.fax.count", "a Chinese number"),
    ("3.电子邮件申请数", "indicators.requests.email.this_year", "a row that the form does not have"),
    ("4.网上申请数", "statistics.requests.online.count", "another name of a channel"),
    ("5、信函申请数", "statistics.requests.letter.count", "another mark behind the number"),
    ("对申请的答复总数", "statistics.replied.count", "another name of the replies"),
    ("其中:1.同意公开答复数", "statistics.replied.granted.count", "a result"),
    ("2.同意部分公开答复数", "statistics.replied.partly_granted.count", "a result whose label holds another one"),
    ("3.不同意公开答复总数", "statistics.replied.refused.count", "the opposite of a result"),
    (
        "3.“非《条例》所指政府信息”数",
        "statistics.replied.refused.not_government_information.count",
        "quotation marks and title marks",
    ),
    ("4.“信息不存在”数", "statistics.replied.not_existing.count", "quotation marks"),
    ("5.“非本部门掌握”数", "statistics.replied.not_this_agency.count", "a reason in other words"),
    ("6.“申请内容不明确”数", "statistics.replied.to_be_amended.count", "another one"),
    ("7.“重复申请”数", "indicators.replied.duplicate.this_year", "a reason that the form does not have"),
    ("8.“不予公开范围1”数", "indicators.“不予公开范围1”数.this_year", "an unknown row, without its number"),
    ("当面申请答复数", "indicators.当面申请答复数.this_year", "a longer label is another row"),
    ("行政复议数", "statistics.reconsideration.count", "a row of another table"),
    ("2.5公里内查阅点数", "indicators.2.5公里内查阅点数.this_year", "a number that belongs to the label"),
]


@pytest.mark.parametrize(("label", "name", "reason"), LOCAL_ROWS, ids=[row[2] for row in LOCAL_ROWS])
def test_local_rows_line_up_with_those_of_the_form(label: str, name: str, reason: str) -> None:
    (table,) = (block.table for block in recognise(blocks([*LOCAL_HEAD, f"{label} | 件 | 3 | 20 |"])) if block.table)
    figures, _ = read_table(table, None)
    assert [(figure.name, figure.printed) for figure in figures][:1] == [(name, "3")]
    row = name.split(".", 1)[1].rpartition(".")[0]
    assert [(figure.name, figure.printed) for figure in figures][1:] == [(f"indicators.{row}.cumulative", "20")]


LOCAL_HEAD = ["指标 | 单位 | 2012年度 | 历年累计 |"]


def test_the_arithmetic_of_the_form_is_not_that_of_a_local_table() -> None:
    lines = [*LOCAL_HEAD, *(f"{label} | 件 | {number} | 99 |" for label, number in LOCAL_REQUESTS)]
    page = ["某市水务局2012年政府信息公开工作年度报告", "一、概述", "公开工作有序。", "二、附表", *lines]
    found = report(page)
    assert {figure.row: figure.printed for figure in found.figures if figure.table == "statistics"} == {
        "requests": "6",
        "requests.in_person": "1",
        "requests.fax": "1",
        "requests.online": "1",
        "requests.letter": "1",
    }
    assert not found.checks
    assert "check_failed" not in {each.code for each in found.notices}


LOCAL_REQUESTS = [
    ("收到申请数", 6),
    ("其中:1.当面申请数", 1),
    ("2.传真申请数", 1),
    ("3.电子邮件申请数", 2),
    ("4.网上申请数", 1),
    ("5.信函申请数", 1),
]


def test_merged_digits_of_indicators_are_unreadable_except_zeros() -> None:
    lines = ["".join(row) for row in [*INDICATORS[:2], ["行政复议数", "件", "0", "0"]]]
    figures, _ = read(lines, None)
    assert [(figure.row, figure.value, figure.state) for figure in figures] == [
        *[("disclosed", None, "unreadable")] * 2,
        *[("reconsideration", 0, "solved")] * 2,
    ]


def test_the_rest_of_a_label_behind_its_values() -> None:
    heads = ["第二十条第(一)项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    next_item = ["第二十条第(五)项", "信息内容", "本年处理决定数量", "行政许可", "7"]
    figures, notices = read([*heads, "规章 1 0 11", "行政规范性文", "69 36 65", "件", *next_item])
    assert [(figure.row, figure.printed) for figure in figures] == [
        *(("rules", value) for value in ("1", "0", "11")),
        *(("normative_documents", value) for value in ("69", "36", "65")),
        ("licences", "7"),
    ]
    assert "unknown_row" not in {notice.code for notice in notices}


def test_a_value_out_of_place_is_not_appended() -> None:
    values = ["1", "0", "2", "0", "3", "12", "0", "0", "0", "12", "0", "0", "0", "0", "0"]
    head = ["行政复议 | 行政诉讼 |", *(f"{label} |" for label in RESULTS), "未经复议直接起诉 | 复议后起诉 |"]
    kept = [*head, "|".join(values[1:]) + " |", *(f"{label} |" for label in RESULTS[:1]), f"{values[0]} |"]
    figures, _ = read(kept)
    assert {figure.state for figure in figures} == {"unreadable"}
    assert all(figure.value is None for figure in figures)
    whole, _ = read([*head, "|".join(values) + " |"])
    assert [figure.printed for figure in whole] == values


def test_a_row_in_an_overfull_table_is_unreadable() -> None:
    rows = requests([[str(row), *["1", "0", "0", "0", "0", "0", "1"]] for row in (4, 9, 2, 7, 5) * 5])
    fits = next(row for row in rows if "(一)予以公开" in row)
    fits.pop()
    figures, _ = read(pages.bars_within(rows))
    assert {figure.state for figure in figures} == {"unreadable"}


HEADS = [
    (("商业企业", "科研机构"), ["1", "5", "2", "3", "4", "6", "21"], "two columns in each other's place"),
    (("自然人", "总计"), ["21", "2", "3", "4", "5", "6", "1"], "the total first"),
]


@pytest.mark.parametrize(("swapped", "printed", "reason"), HEADS, ids=[case[2] for case in HEADS])
@pytest.mark.parametrize("style", [pages.bars_within, pages.bars_behind, pages.markdown])
def test_columns_follow_the_printed_head(
    style: Callable[[pages.Rows], list[str]], swapped: tuple[str, str], printed: list[str], reason: str
) -> None:
    values = zeros()
    values[0] = printed
    rows = requests(values)
    names = dict(zip(swapped, reversed(swapped), strict=True))
    rows[1:3] = [[names.get(cell, cell) for cell in row] for row in rows[1:3]]
    figures, notices = read(style(rows))
    order = [names.get(column, column) for column in pages.COLUMNS]
    found = {figure.column: str(figure.value) for figure in figures if figure.row == "new"}
    codes = dict(zip(pages.COLUMNS, COLUMN_CODES, strict=True))
    assert found == {codes[column]: value for column, value in zip(order, printed, strict=True)}
    assert [each.code for each in notices if each.code == "head_differs"] == ["head_differs"]


def test_a_head_that_is_printed_in_part_shows_no_order() -> None:
    values = zeros()
    values[0] = ["1", "2", "3", "4", "5", "6", "21"]
    rows = requests(values)
    rows[2] = ["科研机构", "商业企业", "社会公益"]
    figures, notices = read(pages.bars_within(rows))
    assert [str(figure.value) for figure in figures if figure.row == "new"] == values[0]
    assert notices == ()


def test_merged_digits_below_a_head_in_another_order_are_not_solved() -> None:
    values = zeros()
    values[0] = ["11", "2", "0", "0", "0", "1", "14"]
    rows = [joined(row, 7) if "新收" in row[0] else row for row in requests(values)]
    rows[2] = ["科研机构", "商业企业", *rows[2][2:]]
    figures, _ = read(pages.bars_within(rows))
    assert {figure.state for figure in figures if figure.row == "new"} == {"unreadable"}


def test_the_groups_of_the_review_table_follow_the_printed_head() -> None:
    head, _, _, values = review([str(number) for number in (1, 0, 0, 0, 1, *[0] * 5, 2, 0, 0, 0, 2)])
    results = ["结果纠正", "结果维持", "其他结果", "尚未审结", "总计"]
    rows = [list(reversed(head)), ["复议后起诉", "未经复议直接起诉", *results], [*results, *results], values]
    figures, notices = read(pages.bars_within(rows))
    found = {figure.name: str(figure.value) for figure in figures if figure.value}
    assert found == {
        "review.litigation_after_reconsideration.corrected": "1",
        "review.litigation_after_reconsideration.total": "1",
        "review.reconsideration.corrected": "2",
        "review.reconsideration.total": "2",
    }
    assert [each.code for each in notices] == ["head_differs"]


LINES = [
    (["规章2 / 5"], ["2", "/", "5"], "slashes, where cleaning keeps the blanks"),
    (["规章2无5"], ["2", "无", "5"], "words, where cleaning removes the blanks"),
    (["规章2件0件14件"], ["2件", "0件", "14件"], "a unit behind each number"),
    (["规章 - - -"], ["-", "-", "-"], "hyphens"),
    (["规章零零零"], ["零", "零", "零"], "Chinese zeros"),
]


@pytest.mark.parametrize(("row", "cells", "reason"), LINES, ids=[case[2] for case in LINES])
def test_a_label_and_its_values_on_one_line(row: list[str], cells: list[str], reason: str) -> None:
    lines = ["第二十条第(一)项", "信息内容本年制发件数本年废止件数现行有效件数", *row]
    figures, _ = read(lines)
    assert [figure.printed for figure in figures if figure.row == "rules"] == cells


def test_the_head_of_an_item_follows_without_the_item() -> None:
    rows = [row for row in proactive(FORM, ITEMS[FORM]) if not row[0].startswith("第二十条")]
    figures, notices = read(pages.bars_within(rows))
    assert printed(figures)["licences", "decisions"] == ITEMS[FORM]["行政许可"][0]
    assert {figure.row: figure.column for figure in figures}["charges"] == "amount"
    assert notices == ()


def test_the_same_zero_before_every_label_is_no_row_number() -> None:
    """Bars behind the name of an item look like a row without a label."""
    rows = [["第二十条第(一)项", "", "", ""], ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开数量"]]
    rows += [[label, "0", "0", "0"] for label in ("规章", "规范性文件")]
    rows += [["第二十条第(五)项", "", "", ""], ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]]
    rows += [[label, "0", "0", "0"] for label in ("行政许可", "其他对外管理服务事项")]
    (table,) = (block.table for block in recognise([one_row(rows)]) if block.table)
    figures, _ = read_table(table, TRIAL)
    assert [figure.value for figure in figures] == [Decimal(0)] * 12
    assert {figure.column for figure in figures} >= {"public_total"}


def one_row(rows: list[list[str]]) -> Block:
    """All cells of a table in one row, as text with one cell a line leaves them."""
    cells = tuple(Cell(text, line) for line, row in enumerate(rows, 1) for text in row)
    return Block("", table=Table((cells,)))


@pytest.mark.parametrize("style", ["one line a row", "one line a cell", "with row numbers"])
def test_units_of_statistics_do_not_end_the_table(style: str) -> None:
    rows = [
        ["一、主动公开情况"],
        ["(一)主动公开政府信息数", "条", "268"],
        ["3.政策解读稿件发布数", "篇", "7"],
        ["三、依申请公开情况"],
        ["(一)收到申请数", "件", "9"],
        ["七、依申请公开信息收取的费用", "万元", "0.5"],
        ["(三)接受培训人员数", "人次", "77"],
    ]
    lines = ["统计指标单位统计数", *("".join(row) for row in rows)]
    if style == "with row numbers":
        lines = ["序号统计指标单位统计数", *(f"{at}{''.join(row)}" for at, row in enumerate(rows, 21))]
    if style == "one line a cell":
        lines = ["统计指标", "单位", "统计数", *(cell for row in rows for cell in row)]
    figures, _ = read(lines, None)
    assert {figure.row: str(figure.value) for figure in figures} == {
        "disclosed": "268",
        "response.interpretations": "7",
        "requests": "9",
        "fees": "0.5",
        "trainees": "77",
    }
