"""Statutory tables in other layouts than that of the form: the figures that each states, and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from archive.extract.pipeline import parse_source
from archive.model import Figure, Report
from archive.vocabulary import table_rules
from tests.archive.pages import FORM, TRIAL, request_labels, source
from tests.archive.readers.documents import HEADINGS, OVERVIEW, PREAMBLE, PROBLEMS, TITLE
from tests.archive.tables.layouts import (
    COLUMN_CODES,
    RESULTS,
    TD,
    Grid,
    Made,
    Truth,
    full,
    html,
    proactive,
    request_truth,
    request_values,
    requests,
    review,
    review_truth,
    review_values,
)

_NAMES = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_TOWNS = ("白桦镇", "青松镇", "红柳镇", "黑河镇", "云杉镇", "落叶镇", "合计")


def read(tables: Sequence[str], form: str = FORM) -> Report:
    """The report with these tables below the headings of the three statutory tables."""
    title = TITLE if form == FORM else TITLE.replace("2021", "2020")
    pro, req, rev = tables
    parts = [title, PREAMBLE, HEADINGS[0], OVERVIEW, HEADINGS[1], pro, HEADINGS[2], req, HEADINGS[3], rev]
    parts += [HEADINGS[4], PROBLEMS]
    body = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    data = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()
    (report,) = parse_source(data, source(data, "page.html")).reports
    return report


def stated(figures: Sequence[Figure]) -> Truth:
    return {
        each.name: f"{each.value.normalize():f}" for each in figures if each.value is not None and each.table != "prose"
    }


def shown(values: Callable[[int], str]) -> Callable[[str], Sequence[Made]]:
    return lambda form: (proactive(form, values), requests(form, values), review(values))


def han(value: int) -> str:
    digits = "零一二三四五六七八九"
    thousands, hundreds, tens, ones = (value // power % 10 for power in (1000, 100, 10, 1))
    text = f"{digits[thousands]}千" if thousands else ""
    if hundreds:
        text += f"{digits[hundreds]}百"
    elif text and (tens or ones):
        text += "零"
    if tens:
        text += ("" if tens == 1 and not text else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + digits[ones] if ones else text or "零"


VALUES: Sequence[tuple[str, Callable[[int], str]]] = (
    ("Chinese numerals", han),
    ("a unit in each cell", lambda value: f"{value}件"),
    ("full-width digits", lambda value: str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))),
    ("decimals of a spreadsheet", lambda value: f"{value}.00"),
    ("thousands separators", lambda value: f"{value:,}"),
    ("the mark of a footnote by its word", lambda value: f"{value}[注1]" if value % 7 == 3 else str(value)),
    ("numbers that Excel keeps as text", lambda value: f"'{value}"),
    ("in all", lambda value: f"共{value}件" if value % 5 == 1 else str(value)),
)


@pytest.mark.parametrize("form", [FORM, TRIAL])
@pytest.mark.parametrize(("reason", "values"), VALUES, ids=[case[0] for case in VALUES])
def test_values_in_another_writing(reason: str, values: Callable[[int], str], form: str) -> None:
    made = shown(values)(form)
    assert stated(read([html(each.grid) for each in made], form).figures) == {
        k: v for m in made for k, v in m.truth.items()
    }


def columns(*kept: tuple[str, int]) -> Callable[[str], Made]:
    """A flat head with these columns of the form, by name and index."""

    def make(form: str) -> Made:
        values = request_values(form)
        rows = [[TD("项目"), *(TD(name) for name, _ in kept)]]
        for (_, _, label), row in zip(request_labels(form), values, strict=True):
            rows.append([TD(label), *(TD(str(row[index])) for _, index in kept)])
        codes = {COLUMN_CODES[index] for _, index in kept}
        truth = {name: value for name, value in request_truth(values, form).items() if name.split(".")[-1] in codes}
        return Made(rows, truth)

    return make


def added(name: str, cell: Callable[[int], str], *, before: int | None = None) -> Callable[[str], Made]:
    """The table of the form with one column more: behind its values, or before the first value or label."""

    def make(form: str) -> Made:
        grid, truth = requests(form)
        rows = [list(row) for row in grid]
        rows[0].insert(len(rows[0]) if before is None else before, TD(name, 3))
        for index, row in enumerate(rows[3:], 1):
            first = next(at for at, each in enumerate(row) if each.text.isdecimal())
            row.insert(len(row) if before is None else first if before else 0, TD(cell(index)))
        return Made(rows, truth)

    return make


def exchanged(form: str) -> Made:
    grid, truth = requests(form)
    return Made([list(map(TD, column)) for column in zip(*full(grid), strict=True)], truth)


def last_year_beside(form: str) -> Made:
    grid, truth = requests(form)
    rows = [list(row) for row in grid]
    rows[0][1:] = [TD("本年", 1, 7), TD("上年", 1, 7)]
    rows[1] *= 2
    rows[2] *= 2
    for row in rows[3:]:
        row += [TD(str(int(cell.text) + 100)) for cell in row if cell.text.isdecimal()]
    return Made(rows, truth)


def towns(form: str) -> Made:
    grid, _ = columns(*zip(_TOWNS, range(7), strict=True))(form)
    return Made(grid, {})


def agencies(form: str) -> Made:
    head = ["单位", "本年新收申请", "上年结转", "予以公开", "部分公开", "不予公开", "总计", "结转下年度"]
    rows = [[town, *(str(index + at) for at in range(7))] for index, town in enumerate(_TOWNS)]
    return Made([list(map(TD, row)) for row in (head, *rows)], {})


def subtotals(form: str) -> Made:
    """A row of (三)不予公开 and so on above its parts: known by its label only."""
    grid, truth = requests(form)
    rows: Grid = []
    for row in grid:
        if row[0].text.startswith("(六)其他处理") and form == FORM:
            rows.append([TD(row[0].text, 1, 3), *(TD("90") for _ in COLUMN_CODES)])
            row = [TD(row[1].text, 1, 3), *row[2:]]
        rows.append(row)
    label = "(六)其他处理"
    return Made(rows, truth | ({f"requests.{label}.{code}": "90" for code in COLUMN_CODES} if form == FORM else {}))


REQUESTS: Sequence[tuple[str, Callable[[str], Made]]] = (
    ("natural persons and the total only", columns(("自然人", 0), ("总计", 6))),
    ("the total only", columns(("总计", 6))),
    ("one kind of applicant missing", columns(*((name, at) for at, name in enumerate(_NAMES) if at != 2))),
    ("no total", columns(*zip(_NAMES[:-1], range(6), strict=True))),
    ("the total first", columns(("总计", 6), *zip(_NAMES[:-1], range(6), strict=True))),
    ("two columns exchanged below a flat head", columns(*((_NAMES[at], at) for at in (0, 2, 1, 3, 4, 5, 6)))),
    ("other names", columns(("自然人", 0), ("企业", 1), ("公益组织", 3), ("法律服务", 4), ("合计", 6))),
    ("rows and columns exchanged", exchanged),
    ("last year beside this year", last_year_beside),
    ("dashes as remarks are no values", added("备注", lambda _: "/")),
    ("shares behind the total", added("占比", lambda index: f"{index}.5%")),
    ("the number of the row in front", added("序号", str, before=0)),
    ("the number of the row behind its label", added("行次", str, before=1)),
    ("the unit behind the label", added("单位", lambda _: "件", before=1)),
    ("towns as columns are no applicants", towns),
    ("a row for each agency is not the agency's own figures", agencies),
    ("a group with its sum does not change the form", subtotals),
)


@pytest.mark.parametrize("form", [FORM, TRIAL])
@pytest.mark.parametrize(("reason", "make"), REQUESTS, ids=[case[0] for case in REQUESTS])
def test_requests_in_another_layout(reason: str, make: Callable[[str], Made], form: str) -> None:
    made = make(form)
    pro, rev = proactive(form), review()
    found = read([html(pro.grid), html(made.grid), html(rev.grid)], form)
    assert stated(found.figures) == pro.truth | made.truth | rev.truth
    assert found.form == form


def test_columns_that_a_table_lacks_are_noticed() -> None:
    made = columns(("自然人", 0), ("总计", 6))(FORM)
    found = read([html(proactive().grid), html(made.grid), html(review().grid)])
    assert "head_differs" in {each.code for each in found.notices}


def test_a_table_of_towns_is_noticed_as_unreadable() -> None:
    found = read([html(proactive().grid), html(towns(FORM).grid), html(review().grid)])
    assert "unreadable_cell" in {each.code for each in found.notices}


def _in_rows(names: Sequence[str]) -> Made:
    values = review_values()
    rows = [[TD("类别"), *map(TD, RESULTS)]]
    rows += [[TD(name), *(TD(str(value)) for value in row)] for name, row in zip(names, values, strict=True)]
    return Made(rows, review_truth(values))


def _in_columns(names: Sequence[str]) -> Made:
    values = review_values()
    rows = [[TD("结果"), *map(TD, names)]]
    rows += [[TD(name), *(TD(str(row[at])) for row in values)] for at, name in enumerate(RESULTS)]
    return Made(rows, review_truth(values))


def _one_a_row(names: Sequence[str]) -> Made:
    values = review_values()
    rows: Grid = []
    for name, row in zip(names, values, strict=True):
        cells = [[TD(result), TD(str(value))] for result, value in zip(RESULTS, row, strict=True)]
        cells[0].insert(0, TD(name, 5))
        rows += cells
    return Made(rows, review_truth(values))


def _each_agency(_: Sequence[str]) -> Made:
    head = review().grid[:-1]
    head = [[TD("单位", 3), *head[0]], *head[1:]]
    rows = [[TD(town), *(TD(str(at % 7)) for at in range(15))] for town in _TOWNS[:3]]
    return Made([*head, *rows], {})


REVIEWS = (
    ("a row for each way", _in_rows),
    ("a column for each way", _in_columns),
    ("a row for each result", _one_a_row),
    ("a row for each agency", _each_agency),
)


@pytest.mark.parametrize(("reason", "make"), REVIEWS, ids=[case[0] for case in REVIEWS])
def test_review_in_another_layout(reason: str, make: Callable[[Sequence[str]], Made]) -> None:
    made, pro, req = make(("行政复议", "未经复议直接起诉", "复议后起诉")), proactive(), requests()
    found = read([html(pro.grid), html(req.grid), html(made.grid)])
    assert stated(found.figures) == pro.truth | req.truth | made.truth


@pytest.mark.parametrize("form", [FORM, TRIAL])
@pytest.mark.parametrize("name", ["序号", "上年数", "上年处理决定数量"])
def test_a_column_that_is_added_to_an_item(name: str, form: str) -> None:
    pro, req, rev = proactive(form), requests(form), review()
    at = 0 if name == "序号" else 1
    grid: Grid = []
    for row in pro.grid:
        cell = TD(name) if row[0].text == "信息内容" else TD("3") if row[-1].text.isdecimal() else None
        grid.append([*row[:at], cell, *row[at:]] if cell else row)
    found = read([html(grid), html(req.grid), html(rev.grid)], form)
    assert stated(found.figures) == pro.truth | req.truth | rev.truth


CAPTIONS = [
    ("附:上一年度收到和处理政府信息公开申请情况", "another year"),
    ("去年办理情况如下:", "another year in other words"),
]


@pytest.mark.parametrize(("caption", "reason"), CAPTIONS, ids=[case[1] for case in CAPTIONS])
def test_a_table_of_last_year_states_no_figures(caption: str, reason: str) -> None:
    pro, req, rev = proactive(), requests(), review()
    old = requests(seed=9)
    before = read([html(pro.grid), f"{html(req.grid)}<p>{caption}</p>{html(old.grid)}", html(rev.grid)])
    assert stated(before.figures) == pro.truth | req.truth | rev.truth


def test_a_table_below_a_comparison_is_kept() -> None:
    pro, req, rev = proactive(), requests(), review()
    found = read([html(pro.grid), f"<p>本年与上一年度情况如下:</p>{html(req.grid)}", html(rev.grid)])
    assert stated(found.figures) == pro.truth | req.truth | rev.truth


def test_cells_that_overlap_are_read_by_their_order() -> None:
    req = requests()
    grid = [[cell._replace(down=cell.down + 1) for cell in row] for row in req.grid]
    found = read([html(proactive().grid), html(grid), html(review().grid)])
    assert {name: value for name, value in stated(found.figures).items() if name.startswith("requests.")} == req.truth


STATISTICS = [
    ("上年数", "", "only the last year's numbers"),
    ("上年同期", "", "the same in other words"),
    ("去年", "", "the same in a word"),
    ("统计数", "7", "the numbers of the report"),
]


@pytest.mark.parametrize("count", ["7", "0"])
@pytest.mark.parametrize(("name", "value", "reason"), STATISTICS, ids=[case[2] for case in STATISTICS])
def test_statistics_of_the_last_year_state_no_figures(name: str, value: str, reason: str, count: str) -> None:
    rows = [[TD("统计指标"), TD("单位"), TD(name)]]
    rows += [[TD(entry["zh"]), TD(entry.get("unit", "件")), TD(count)] for entry in table_rules("statistics")["row"]]
    title = "青河县白桦镇人民政府2016年政府信息公开工作年度报告"
    text = "".join(f"<p>{part}</p>" for part in (title, "一、概述", "2016年,我镇坚持公开。", "二、主动公开情况"))
    data = f"<!DOCTYPE html><title>{title}</title>{text}<p>全年公开平稳。</p>{html(rows)}".encode()
    (report,) = parse_source(data, source(data, "page.html")).reports
    assert set(stated(report.figures).values()) == ({count} if value else set())
    assert any(each.code == "unreadable_cell" for each in report.notices) is not bool(value)
