"""Rewrites a table whose head names its columns otherwise than the form: exchanged, left out, added, or as rows.

The result is a table with a head of one row, which has only the columns of the form. It is for reading: the report
keeps the table as printed. Only a table whose cells fill a rectangle is rewritten, for the column of a cell is not
certain in any other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile, pairwise, takewhile
from operator import is_
from typing import Any

from archive.model import Cell, Table
from archive.tables.cell_values import is_value
from archive.tables.label_stream import matching_entry
from archive.text.match import fold_alnum
from archive.vocabulary import table_rules

_Grid = Sequence[Sequence[Cell]]
# The last year's number, or one computed from the others, beside the one of the report.
_OTHER_NUMBER = re.compile(r"上一?年(?!结转)|上期|去年|往年|同期|同比|增长|增减|占比|比例|比重|%")
_LAST_YEAR = re.compile(r"^(?:上一?年(?!结转)|上期|去年|往年)")
_YEAR = re.compile(r"^(?P<year>20[0-9]{2})年?度?(?:数量|统计数|数)?$")
_HEAD_OF_ITEM = "信息内容"
_LARGEST = 4_000
# Rows of a head, and rows that are named as columns of the form are.
_MOST_HEAD_ROWS = 4
_FEWEST_NAMED = 2
# Names of rows above numbers: the rows below them are agencies.
_FEWEST_ROWS_ABOVE = 3
# Names in a head that are no agency or period: labels of the rows, their numbers and what a cell counts.
_ASIDE = re.compile(
    r"^(?:序号|行次|行号|编号|代码|单位|计量单位|备注|说明|项目|内容|指标.*|信息内容|类别|申请人情况)?$"
)


def by_head(table: Table) -> Table:
    """The table with the columns that its head names, or the table itself if its head is that of the form."""
    if table.kind == "proactive":
        return _without_added(table)
    if table.kind not in ("requests", "review", "statistics") or len(table.rows) < _FEWEST_NAMED:
        return table
    if table.kind == "requests" and _is_usual(table):
        return table
    if table.kind == "review" and not _has_rows_named_as_columns(table):
        return table
    grid = _grid(table.rows)
    if grid is None:
        return table
    top = next((index for index, row in enumerate(grid) if _has_value(row)), 0)
    if not 0 < top <= _MOST_HEAD_ROWS:
        return table
    head, body = grid[:top], grid[top:]
    upright = _upright(table, head, body) if table.kind in ("requests", "review") else None
    return upright or (table if table.kind == "review" else _selected(table, head, body))


def is_of_others(table: Table) -> bool:
    """Whether the head of a table names other things above its numbers than the form does.

    These are agencies or years in a table of requests, and the last year alone in one of statistics.
    """
    if table.kind == "statistics":
        return _is_of_last_year(table)
    if table.kind != "requests" or _is_usual(table) or (grid := _grid(table.rows)) is None:
        return False
    top = next((index for index, row in enumerate(grid) if _has_value(row)), 0)
    if not 0 < top <= _MOST_HEAD_ROWS:
        return False
    values = [column for column in range(len(grid[0])) if all(is_value(row[column].text) for row in grid[top:])]
    above = [fold_alnum(grid[top - 1][column].text) for column in values]
    if sum(_is_row(name) for name in above) >= _FEWEST_ROWS_ABOVE:
        return True
    if not _has_rows_of_form(table.kind, grid[top:], min(values, default=0)):
        return False
    names = {name for name in above if not _ASIDE.search(name)}
    known = {_columns(table.kind).get(name) for name in names - {_span_name()}} - {None, "total"}
    return len(names) > 1 and not known and _span_name() not in names


def _is_of_last_year(table: Table) -> bool:
    """Whether each column of numbers is one of the last year: 统计指标 | 单位 | 上年数."""
    top = next((index for index, row in enumerate(table.rows) if _has_value(row)), 0)
    if not 0 < top <= _MOST_HEAD_ROWS:
        return False
    head = [fold_alnum(cell.text) for row in table.rows[:top] for cell in row]
    if not any(map(_LAST_YEAR.search, head)) or (grid := _grid(table.rows)) is None:
        return False
    values = [column for column in range(len(grid[0])) if all(is_value(row[column].text) for row in grid[top:])]
    above = [name for column in values if not _ASIDE.search(name := fold_alnum(grid[top - 1][column].text))]
    return bool(above) and all(map(_LAST_YEAR.search, above))


def _is_row(name: str) -> bool:
    """Whether the name of a column is a row of requests, and no column: 予以公开."""
    return name not in _columns("requests") and matching_entry(table_rules("requests")["row"], name) is not None


@functools.cache
def _columns(kind: str) -> Mapping[str, str]:
    """The codes of the columns by the folded names that heads print."""
    rules = table_rules(kind)["column"]
    return {fold_alnum(name): entry["code"] for entry in rules for name in (entry["zh"], *entry.get("names", ()))}


@functools.cache
def _span_name() -> str:
    (span,) = table_rules("requests")["span"]
    return fold_alnum(span["zh"])


def _is_usual(table: Table) -> bool:
    """Whether the head is that of the form and most rows have a value for each column: nothing is to be rewritten."""
    size = len(table_rules("requests")["column"])
    is_head = False
    counts: list[int] = []
    for row in table.rows:
        filled = dropwhile(lambda cell: not cell.text, reversed(row))  # captures of text fill a row with blank cells
        values = sum(1 for _ in takewhile(lambda cell: is_value(cell.text), filled))
        if values:
            counts.append(values)
        elif not is_head:
            is_head = any(fold_alnum(cell.text) == _span_name() for cell in row)
    return is_head and counts.count(size) * 2 > len(counts)


def _has_rows_named_as_columns(table: Table) -> bool:
    names = _columns("review")
    return any(
        is_value(behind.text) and behind.text and fold_alnum(cell.text) in names
        for row in table.rows
        for cell, behind in pairwise(row)
    )


def _grid(rows: Sequence[Sequence[Cell]]) -> _Grid | None:
    """Each place of the grid with the cell that covers it; None if cells overlap, or leave a place without one."""
    places: dict[tuple[int, int], Cell] = {}
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            while (top, left) in places:
                left += 1
            for down in range(min(cell.rowspan, len(rows) - top)):
                for right in range(cell.colspan):
                    if (top + down, left + right) in places or len(places) > _LARGEST:
                        return None
                    places[top + down, left + right] = cell
            left += cell.colspan
    width = max((column for _, column in places), default=-1) + 1
    if not width or len(places) != width * len(rows):
        return _padded(places, width, len(rows))
    return [[places[row, column] for column in range(width)] for row in range(len(rows))]


def _padded(places: Mapping[tuple[int, int], Cell], width: int, height: int) -> _Grid | None:
    """The same if only rows without values are short: the name of an item that is not merged over its columns."""
    grid = [[places.get((row, column)) for column in range(width)] for row in range(height)]
    blank = Cell("")
    filled = []
    for row in grid:
        present = [cell for cell in row if cell is not None]
        if len(present) < width and _has_value(present):
            return None
        filled.append([cell or blank for cell in row])
    return filled or None


def _has_value(row: Sequence[Cell]) -> bool:
    return any(cell.text and is_value(cell.text) for cell in row)


def _upright(table: Table, head: _Grid, body: _Grid) -> Table | None:
    """A table whose rows are the columns of the form, with rows and columns exchanged."""
    kind = table.kind or ""
    names = _columns(kind)
    first = next(iter(names.values()))
    width = len(body[0])
    lefts = [next((c for c in range(width) if row[c].text and is_value(row[c].text)), width) for row in body]
    left = max(lefts)
    if left in (0, width):
        return None
    rows: dict[str, Sequence[Cell]] = {}
    for row in body:
        label = next((cell.text for cell in reversed(row[:left]) if cell.text), "")
        code = names.get(fold_alnum(label))
        if code is None:
            continue
        if code in rows:
            return None  # two groups with the same names
        rows[code] = row
    if first not in rows or len(rows) < _FEWEST_NAMED:
        return None
    labels = [list(_once(row[column] for row in head)) for column in range(left, width)]
    zh = {entry["code"]: entry["zh"] for entry in table_rules(kind)["column"]}
    order = [code for code in zh if code in rows]
    if kind == "review" and (len(order) != len(zh) or width - left != len(table_rules(kind)["row"])):
        return None
    made = [(Cell(""), *(Cell(zh[code]) for code in order))]
    for index, cells in enumerate(labels):
        text = "".join(cell.text for cell in cells)
        made.append((Cell(text), *(rows[code][left + index] for code in order)))
    return Table(tuple(made), table.place, kind)


def _selected(table: Table, head: _Grid, body: _Grid) -> Table:
    """The table with the columns of the form only, each once, under a head of one row."""
    kind = table.kind or ""
    width = len(head[0])
    texts = [[fold_alnum(cell.text) for cell in _once(row[column] for row in head)] for column in range(width)]
    codes = _years(texts) if kind == "statistics" else {}
    if not codes:
        for column, names in enumerate(texts):
            if not names or any(map(_OTHER_NUMBER.search, names)):
                continue
            code = _columns(kind).get(next((name for name in reversed(names) if name), ""))
            if code is None:
                continue
            if code in codes.values():
                return table  # a name that stands twice does not tell which column is meant
            codes[column] = code
    values = [column for column in range(width) if all(is_value(row[column].text) for row in body)]
    if not codes or not set(codes) <= set(values):
        return table
    if kind == "requests" and "natural_person" not in codes.values() and _has_others(texts, values, codes):
        return table  # 合计 behind the columns of agencies
    if kind == "statistics" and len(values) == 1:
        return table
    if kind == "requests" and not _has_rows_of_form(kind, body, min(codes)):
        return table
    zh = {entry["code"]: entry["zh"] for entry in table_rules(kind)["column"]}
    made: list[tuple[Cell, ...]] = [(Cell(""), *(Cell(zh[code]) for code in codes.values()))]
    seen: set[int] = set()
    for row in body:
        named = [cell for cell in _once(row[: min(codes)]) if id(cell) not in seen and not is_value(cell.text)]
        seen |= {id(cell) for cell in row}
        text_cells = [cell for cell in named if cell.text]
        made.append((*(text_cells or [Cell("")]), *(row[column] for column in codes)))
    return Table(tuple(made), table.place, kind)


def _without_added(table: Table) -> Table:
    """A table of items without the columns that its heads add to those of the form: 序号 in front, 上年数 behind."""
    rules = table_rules("proactive")
    made: list[tuple[Cell, ...]] = []
    kept: list[int] | None = None
    size = 0
    for row in table.rows:
        names = [fold_alnum(cell.text) for cell in row]
        if _HEAD_OF_ITEM in names:
            known = [index for index, name in enumerate(names) if _is_column(rules, name)]
            first = names.index(_HEAD_OF_ITEM)
            others = {index for index, name in enumerate(names) if name} - {first, *known}
            is_told = all(index < first or _OTHER_NUMBER.search(names[index]) for index in others)
            kept = [first, *known] if others and known and is_told else None
            size = len(row)
        elif (at := next((index for index, name in enumerate(names) if rules["item"].search(name)), None)) is not None:
            row = row[at:] if kept and kept[0] else row  # the rows of items are numbered, too
            kept = None
        made.append(tuple(row[index] for index in kept) if kept and len(row) == size else row)
    return table if all(map(is_, made, table.rows)) else Table(tuple(made), table.place, table.kind)


def _is_column(rules: Mapping[str, Any], name: str) -> bool:
    if re.search("^(?:上年|去年|上期|往年)", name):  # 上年处理决定数量; 上一年项目数量 is one of the form
        return False
    return matching_entry(rules["column"], name) is not None


def _has_rows_of_form(kind: str, body: _Grid, left: int) -> bool:
    """Whether most rows are those of the form, and not agencies or months."""
    labels = (fold_alnum("".join(cell.text for cell in _once(row[:left]))) for row in body)
    return sum(matching_entry(table_rules(kind)["row"], label) is not None for label in labels) * 2 > len(body)


def _has_others(texts: Sequence[Sequence[str]], values: Sequence[int], codes: Mapping[int, str]) -> bool:
    names = (texts[column][-1] for column in values if column not in codes and texts[column])
    return any(not _ASIDE.search(name) and not _OTHER_NUMBER.search(name) and name != _span_name() for name in names)


def _years(texts: Sequence[Sequence[str]]) -> dict[int, str]:
    """The column of the last of several years, which is the year of the report."""
    years = {
        column: int(match["year"]) for column, names in enumerate(texts) if names and (match := _YEAR.search(names[-1]))
    }
    if len(years) < _FEWEST_NAMED or len(set(years.values())) < len(years):
        return {}
    return {max(years, key=lambda column: years[column]): "count"}


def _once(cells: Iterator[Cell] | Sequence[Cell]) -> Iterator[Cell]:
    """The cells, a merged one once."""
    before: Cell | None = None
    for cell in cells:
        if cell is not before:
            yield cell
        before = cell
