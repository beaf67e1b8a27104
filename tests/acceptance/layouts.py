"""Documents of the acceptance tests: pages in our own words, in the layouts in which captures and sites come.

A page of `layouts.toml` is a list of lines; a line `@requests markdown` stands for the statutory table of that name,
written in that style (tests/archive/pages.py, ways.py), with cells that satisfy the form's arithmetic.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from archive.vocabulary import statutory_layout, table_rules
from tests.archive import pages
from tests.archive.pages import FORM, TRIAL, Rows

_TRIAL_YEARS = (2019, 2020)
_PROACTIVE = {
    TRIAL: (
        ("rules", "规章", 3),
        ("normative_documents", "规范性文件", 3),
        ("licences", "行政许可", 3),
        ("other_services", "其他对外管理服务事项", 3),
        ("penalties", "行政处罚", 3),
        ("coercive_measures", "行政强制", 3),
        ("charges", "行政事业性收费", 2),
        ("procurement", "政府集中采购", 2),
    ),
    FORM: (
        ("rules", "规章", 3),
        ("normative_documents", "行政规范性文件", 3),
        ("licences", "行政许可", 1),
        ("penalties", "行政处罚", 1),
        ("coercive_measures", "行政强制", 1),
        ("charges", "行政事业性收费", 1),
    ),
}


@dataclass(slots=True)
class Document:
    """A page under construction: paragraphs and tables, and what the cells of the tables are."""

    parts: list[str | Rows] = field(default_factory=list)
    styles: dict[int, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)


def document(page: str, year: int | None, name: str) -> Document:
    """The page with its tables; their cells follow from the document's name."""
    made = Document()
    form = TRIAL if year in _TRIAL_YEARS else FORM
    dice = random.Random(zlib.crc32(name.encode()))  # noqa: S311 (the cells of a test)
    for line in page.strip("\n").split("\n"):
        if not line.startswith("@"):
            made.parts.append(line)
            continue
        kind, _, style = line[1:].partition(" ")
        made.styles[len(made.parts)] = style or "bars_within"
        rows, figures = _TABLES[kind](form, dice)
        made.parts.append(rows)
        made.figures |= {f"{kind}.{name}": value for name, value in figures.items()}
    return made


def _requests(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    codes = [code for code, _, _ in pages.request_labels(form)]
    columns = []
    for _ in range(6):
        column = dict.fromkeys(codes, 0)
        for code in dice.sample(codes[2:-2], 4):
            column[code] = dice.choice((0, 1, 2, 7, 13))
        column["handled_total"] = sum(column.values())
        column["carried_out"] = dice.choice((0, 0, 3))
        held = column["handled_total"] + column["carried_out"]
        column["carried_in"] = min(held, dice.choice((0, 1)))
        column["new"] = held - column["carried_in"]
        columns.append(column)
    columns.append({code: sum(column[code] for column in columns) for code in codes})
    names = [column["code"] for column in table_rules("requests")["column"]]
    cells = [[str(column[code]) for column in columns] for code in codes]
    figures = {
        f"{code}.{name}": cell
        for code, row in zip(codes, cells, strict=True)
        for name, cell in zip(names, row, strict=True)
    }
    return pages.requests(cells, form), figures


def _review(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    layout = statutory_layout(form, "review")
    assert layout
    values: list[str] = []
    for _ in layout.rows:
        results = [dice.choice((0, 0, 1, 4)) for _ in range(4)]
        values += map(str, [*results, sum(results)])
    names = [f"{row}.{column}" for row in layout.rows for column in layout.columns]
    return pages.review(values), dict(zip(names, values, strict=True))


def _proactive(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    given: dict[str, list[str]] = {}
    figures: dict[str, str] = {}
    columns = {row["code"]: row["columns"] for row in table_rules("proactive")["row"] if form in row["columns"]}
    for code, label, size in _PROACTIVE[form]:
        given[label] = [str(dice.choice((0, 1, 5, 26, 318))) for _ in range(size)]
        figures |= {f"{code}.{c}": v for c, v in zip(columns[code][form], given[label], strict=True)}
    return pages.proactive(form, given), figures


_FIRST_OF_GROUP = (
    "disclosed",
    "response.topics",
    "requests",
    "reconsideration",
    "litigation",
    "complaints",
    "fees",
    "offices",
    "meetings",
)


def _statistics(_: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    rows: Rows = [["统计指标", "单位", "统计数"]]
    figures: dict[str, str] = {}
    book = table_rules("statistics")
    groups = iter(book["group"])
    for row in book["row"]:
        if row["code"] in _FIRST_OF_GROUP:
            rows.append([next(groups)["zh"], "", ""])
        value = str(dice.choice((0, 2, 15, 140)))
        rows.append([row["zh"], row["unit"], value])
        figures[f"{row['code']}.count"] = value
    return rows, figures


_TABLES: Mapping[str, Callable[[str, random.Random], tuple[Rows, dict[str, str]]]] = {
    "requests": _requests,
    "review": _review,
    "proactive": _proactive,
    "statistics": _statistics,
}
