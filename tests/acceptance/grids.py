"""The statutory tables as forms print them: true grids, with merged labels and heads; and what their cells are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.model import Cell
from archive.vocabulary import statutory_layout, table_rules
from tests.archive import pages
from tests.archive.pages import FORM

Rows = list[list[Cell]]
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_MADE = (("rules", "规章"), ("normative_documents", "规范性文件"))
_PENALTIES = (("penalties", "行政处罚"), ("coercive_measures", "行政强制"))
_DECIDED, _CHANGED = ("本年处理决定数量",), ("上一年项目数量", "本年增/减", "处理决定数量")
ITEMS: Mapping[str, Sequence[tuple[str, Sequence[str], Sequence[tuple[str, str]]]]] = {
    FORM: (
        ("一", ("本年制发件数", "本年废止件数", "现行有效件数"), (_MADE[0], ("normative_documents", "行政规范性文件"))),
        ("五", _DECIDED, (("licences", "行政许可"),)),
        ("六", _DECIDED, _PENALTIES),
        ("八", ("本年收费金额(单位:万元)",), (("charges", "行政事业性收费"),)),
    ),
    pages.TRIAL: (
        ("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), _MADE),
        ("五", _CHANGED, (("licences", "行政许可"), ("other_services", "其他对外管理服务事项"))),
        ("六", _CHANGED, _PENALTIES),
        ("八", _CHANGED[:2], (("charges", "行政事业性收费"),)),
        ("九", ("采购项目数量", "采购总金额"), (("procurement", "政府集中采购"),)),
    ),
}


@dataclass(frozen=True, slots=True)
class Grids:
    """The three tables of one report, and each cell's value by the figure's name."""

    proactive: Rows
    requests: Rows
    review: Rows
    figures: Mapping[str, str]

    def tables(self) -> Iterator[Rows]:
        """The tables in printed order."""
        yield from (self.proactive, self.requests, self.review)


def grids(form: str, seed: int = 1) -> Grids:
    """Tables of that form whose every cell is another number, so that no two can change places unseen."""
    dice = random.Random(seed)  # noqa: S311 (the cells of a test)
    numbers = iter(dice.sample(range(10, 9_999), 300))
    figures: dict[str, str] = {}

    def cell(name: str) -> Cell:
        figures[name] = str(next(numbers))
        return Cell(figures[name])

    return Grids(_proactive(form, cell), _requests(form, cell), _review(cell), figures)


def _proactive(form: str, cell: Callable[[str], Cell]) -> Rows:
    columns = {row["code"]: row["columns"] for row in table_rules("proactive")["row"] if form in row["columns"]}
    rows: Rows = []
    for number, heads, labels in ITEMS[form]:
        spans = {3: (1, 1, 1), 2: (1, 2), 1: (3,)}[len(heads)]
        rows.append([Cell(f"第二十条第({number})项", colspan=4)])
        rows.append([Cell("信息内容"), *(Cell(head, colspan=span) for head, span in zip(heads, spans, strict=True))])
        for code, label in labels:
            values = (cell(f"proactive.{code}.{column}") for column in columns[code][form])
            rows.append([Cell(label), *(Cell(v.text, colspan=s) for v, s in zip(values, spans, strict=True))])
    return rows


def _requests(form: str, cell: Callable[[str], Cell]) -> Rows:
    layout = statutory_layout(form, "requests")
    assert layout
    rows: Rows = [
        [Cell(pages.NOTE, colspan=3, rowspan=3), Cell("申请人情况", colspan=7)],
        [Cell("自然人", rowspan=2), Cell("法人或其他组织", colspan=5), Cell("总计", rowspan=2)],
        [Cell(label) for label in pages.COLUMNS[1:-1]],
    ]
    labels = pages.request_labels(form)
    sizes = {
        "三、本年度办理结果": len(labels) - 3,
        "(三)不予公开": 8,
        "(四)无法提供": 3,
        "(五)不予处理": 5,
        "(六)其他处理": 3,
    }
    for code, group, label in labels:
        width = 3 if label[0] in "一二四" else 1 if label[0].isdigit() else 2
        groups = [Cell(group, rowspan=sizes[group])] if group else []
        values = (cell(f"requests.{code}.{column}") for column in layout.columns)
        rows.append([*groups, Cell(label, colspan=width), *values])
    return rows


def _review(cell: Callable[[str], Cell]) -> Rows:
    layout = statutory_layout(FORM, "review")
    assert layout
    return [
        [Cell("行政复议", colspan=5), Cell("行政诉讼", colspan=10)],
        [
            *(Cell(label, rowspan=2) for label in RESULTS),
            Cell("未经复议直接起诉", colspan=5),
            Cell("复议后起诉", colspan=5),
        ],
        [Cell(label) for label in RESULTS * 2],
        [cell(f"review.{row}.{column}") for row in layout.rows for column in layout.columns],
    ]
