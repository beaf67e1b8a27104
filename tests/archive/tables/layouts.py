"""Statutory tables in the layouts that offices give them, with the figures that each states."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from tests.archive.pages import COLUMNS, FORM, TRIAL, request_labels

COLUMN_CODES = (
    "natural_person",
    "enterprise",
    "research",
    "nonprofit",
    "legal_service",
    "other_organisation",
    "total",
)
RESULT_CODES = ("upheld", "corrected", "other", "pending", "total")
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
REVIEWS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
NOTE = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
Truth = dict[str, str]


class TD(NamedTuple):
    """A cell with the rows and columns that it spans."""

    text: str
    down: int = 1
    right: int = 1


Grid = list[list[TD]]


class Made(NamedTuple):
    """A table and its figures by name."""

    grid: Grid
    truth: Truth


def request_values(form: str = FORM, seed: int = 1) -> list[list[int]]:
    """Distinct cells of a requests table that satisfy all its identities."""
    draw = random.Random(seed)  # noqa: S311 (invented figures)
    codes = [code for code, _, _ in request_labels(form)]
    results = [[draw.randrange(0, 40) for _ in range(6)] for _ in codes[2:-2]]
    handled = [sum(column) for column in zip(*results, strict=True)]
    carried_in, carried_out = ([draw.randrange(1, 9) for _ in range(6)] for _ in range(2))
    new = [h + o - i for h, o, i in zip(handled, carried_out, carried_in, strict=True)]
    return [[*row, sum(row)] for row in (new, carried_in, *results, handled, carried_out)]


def review_values(seed: int = 2) -> list[list[int]]:
    draw = random.Random(seed)  # noqa: S311
    rows = [[draw.randrange(1, 30) for _ in range(4)] for _ in REVIEWS]
    return [[*row, sum(row)] for row in rows]


def request_truth(values: Sequence[Sequence[object]], form: str = FORM) -> Truth:
    return {
        f"requests.{code}.{column}": str(value)
        for (code, _, _), row in zip(request_labels(form), values, strict=True)
        for column, value in zip(COLUMN_CODES, row, strict=True)
    }


def review_truth(values: Sequence[Sequence[object]]) -> Truth:
    return {
        f"review.{row}.{column}": str(value)
        for row, cells in zip(REVIEWS, values, strict=True)
        for column, value in zip(RESULT_CODES, cells, strict=True)
    }


def requests(form: str = FORM, shown: Callable[[int], str] = str, seed: int = 1) -> Made:
    """The table of requests as the form has it, its cells merged."""
    values = request_values(form, seed)
    grid: Grid = [
        [TD(NOTE, 3, 3), TD("申请人情况", 1, 7)],
        [TD("自然人", 2), TD("法人或其他组织", 1, 5), TD("总计", 2)],
        [TD(each) for each in COLUMNS[1:-1]],
    ]
    labels = request_labels(form)
    spans = {"三、本年度办理结果": len(labels) - 3}
    starts = [index for index, (_, group, _) in enumerate(labels) if group] + [len(labels) - 2]
    for index, ((code, group, label), row) in enumerate(zip(labels, values, strict=True)):
        cells: list[TD] = []
        if code in ("new", "carried_in", "carried_out"):
            cells.append(TD(label, 1, 3))
        elif code in ("granted", "partly_granted", "handled_total", "other"):
            cells += [TD(group, spans[group])] if group in spans else []
            cells.append(TD(label, 1, 2))
        else:
            if group:
                following = min(each for each in starts if each > index)
                if form == TRIAL:
                    following = min(following, next(i for i, (c, _, _) in enumerate(labels) if c == "other"))
                cells.append(TD(group, following - index))
            cells.append(TD(label))
        grid.append([*cells, *(TD(shown(value)) for value in row)])
    return Made(grid, request_truth(values, form))


def review(shown: Callable[[int], str] = str, seed: int = 2) -> Made:
    values = review_values(seed)
    grid: Grid = [
        [TD("行政复议", 1, 5), TD("行政诉讼", 1, 10)],
        [*(TD(each, 2) for each in RESULTS), TD("未经复议直接起诉", 1, 5), TD("复议后起诉", 1, 5)],
        [TD(each) for each in RESULTS * 2],
        [TD(shown(value)) for row in values for value in row],
    ]
    return Made(grid, review_truth(values))


_ITEMS: Mapping[str, Sequence[tuple[str, Sequence[tuple[str, str]], Sequence[tuple[str, str]]]]] = {
    FORM: (
        (
            "一",
            (("本年制发件数", "issued"), ("本年废止件数", "repealed"), ("现行有效件数", "in_force")),
            (("规章", "rules"), ("行政规范性文件", "normative_documents")),
        ),
        ("五", (("本年处理决定数量", "decisions"),), (("行政许可", "licences"),)),
        ("六", (("本年处理决定数量", "decisions"),), (("行政处罚", "penalties"), ("行政强制", "coercive_measures"))),
        ("八", (("本年收费金额(单位:万元)", "amount"),), (("行政事业性收费", "charges"),)),
    ),
    TRIAL: (
        (
            "一",
            (("本年新制作数量", "made"), ("本年新公开数量", "disclosed"), ("对外公开总数量", "public_total")),
            (("规章", "rules"), ("规范性文件", "normative_documents")),
        ),
        (
            "五",
            (("上一年项目数量", "previous_items"), ("本年增/减", "change"), ("处理决定数量", "decisions")),
            (("行政许可", "licences"), ("其他对外管理服务事项", "other_services")),
        ),
        (
            "六",
            (("上一年项目数量", "previous_items"), ("本年增/减", "change"), ("处理决定数量", "decisions")),
            (("行政处罚", "penalties"), ("行政强制", "coercive_measures")),
        ),
        ("八", (("上一年项目数量", "previous_items"), ("本年增/减", "change")), (("行政事业性收费", "charges"),)),
        ("九", (("采购项目数量", "projects"), ("采购总金额", "amount")), (("政府集中采购", "procurement"),)),
    ),
}


def proactive(form: str = FORM, shown: Callable[[int], str] = str, seed: int = 3) -> Made:
    draw = random.Random(seed)  # noqa: S311
    grid: Grid = []
    truth: Truth = {}
    for number, columns, rows in _ITEMS[form]:
        grid += [[TD(f"第二十条第({number})项", 1, 4)], [TD("信息内容"), *(TD(name) for name, _ in columns)]]
        for label, code in rows:
            values = [draw.randrange(1, 900) for _ in columns]
            grid.append([TD(label), *(TD(shown(value)) for value in values)])
            truth |= {f"proactive.{code}.{column}": str(v) for (_, column), v in zip(columns, values, strict=True)}
    return Made(grid, truth)


def html(grid: Grid, *, spans: bool = True) -> str:
    def attributes(cell: TD) -> str:
        return f' rowspan="{cell.down}" colspan="{cell.right}"' if spans else ""

    rows = ("".join(f"<td{attributes(cell)}><p>{escape(cell.text)}</p></td>" for cell in row) for row in grid)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def full(grid: Grid) -> list[list[str]]:
    """Every place of the grid: a merged cell's text in the first one, blanks in the others."""
    places: dict[tuple[int, int], str] = {}
    for top, row in enumerate(grid):
        left = 0
        for cell in row:
            while (top, left) in places:
                left += 1
            for down in range(cell.down):
                for right in range(cell.right):
                    places[top + down, left + right] = "" if down or right else cell.text
            left += cell.right
    width = max(column for _, column in places) + 1
    return [[places.get((row, column), "") for column in range(width)] for row in range(len(grid))]
