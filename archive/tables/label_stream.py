"""Reads a statutory table as a stream of labels and values.

Captures lose the grid, but every row keeps its label before its values.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from archive.model import Cell, Table
from archive.tables.cell_values import row_values
from archive.text.match import fold_alnum
from archive.vocabulary import table_rules

# The numbers before labels count the rows if there are at least this many.
_FEWEST_ROW_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """Labels, the values after them (blank ones too), and the number of bars that pad the row after its values."""

    labels: Sequence[Cell]
    values: tuple[Cell, ...]
    padding: int


def segments(table: Table) -> Iterator[Segment]:
    """The labels and values of a table in reading order.

    Several bars alone on a line pad a short row to the width of the table; they are no cells of a row with values.
    """
    bars: Counter[int | None] = Counter(cell.line for cell in table.cells() if cell.line is not None)
    for cell in table.cells():
        if cell.text:
            bars.pop(cell.line, None)
    labels: list[Cell] = []
    values: list[Cell] = []
    for cell, is_a_value in _without_row_numbers(table):
        if is_a_value:
            values.append(cell)
            continue
        if values:
            yield _segment(labels, values, bars)
            labels, values = [], []
        labels.append(cell)
    yield _segment(labels, values, bars)


def _segment(labels: Sequence[Cell], values: Sequence[Cell], bars: Mapping[int | None, int]) -> Segment:
    if not bars or not any(cell.text for cell in values):
        return Segment(labels, tuple(values), 0)
    kept = tuple(cell for cell in values if bars.get(cell.line, 0) <= 1)
    return Segment(labels, kept, len(values) - len(kept))


@functools.cache
def printed_labels(kind: str) -> frozenset[str]:
    """Every label that a statutory table prints, folded."""
    rules = table_rules(kind)
    entries = [*rules["row"], *rules.get("group", ()), *rules["column"]]
    return frozenset(map(fold_alnum, (*rules.get("labels", ()), *(entry["zh"] for entry in entries))))


def matching_entry(entries: Iterable[Mapping[str, Any]], label: str) -> Mapping[str, Any] | None:
    """The first row or column of a form whose `match` is in a folded label."""
    return next((entry for entry in entries if entry["match"].search(label)), None)


def is_top_row(name: str) -> bool:
    """Whether a folded name is a row of the requests table that looks like a heading (一、本年新收…)."""
    return _top_row().match(name) is not None


@functools.cache
def _top_row() -> re.Pattern[str]:
    rules = table_rules("requests")
    rows = (row for row in (*rules["row"], *rules["group"]) if row.get("top"))
    return re.compile("|".join(f"(?:{row['match'].pattern})" for row in rows))


def _without_row_numbers(table: Table) -> Iterator[tuple[Cell, bool]]:
    """The cells in reading order, and whether each is a value.

    Blanks and row numbers before labels are left out: 1 | 主动公开政府信息数 | 条 | 268.
    """
    rows = [list(zip(row, row_values(row), strict=True)) for row in table.rows]
    cells = [each for row in rows for each in row]
    before = [cell for row in rows for cell in _before_label(row)]
    if not _names_row(table.kind, (cell for cell, _ in takewhile(lambda each: not (each[0].text and each[1]), cells))):
        # a number before the label of the first row is a row number, and so are those that continue it
        before += [cell for (cell, _), (_, is_a_value) in pairwise(cells) if not is_a_value]
    numbers = {id(cell): int(cell.text) for cell in before if cell.text.isascii() and cell.text.isdecimal()}
    counted = [numbers[id(cell)] for cell, _ in cells if id(cell) in numbers]
    # they count up; 0 before every label is a value
    is_numbered = len(set(counted)) >= _FEWEST_ROW_NUMBERS and {b - a for a, b in pairwise(counted)} <= {0, 1}
    omitted = {id(cell) for cell in before if not cell.text} | (numbers.keys() if is_numbered else set())
    yield from (each for each in cells if id(each[0]) not in omitted)


def _names_row(kind: str | None, labels: Iterable[Cell]) -> bool:
    text = fold_alnum("".join(cell.text for cell in labels))
    return any("match" not in entry or entry["match"].search(text) for entry in table_rules(kind or "")["row"])


def _before_label(row: Sequence[tuple[Cell, bool]]) -> Sequence[Cell]:
    """The values before the first label of a row, none in a row without a label."""
    label = next((index for index, (_, is_a_value) in enumerate(row) if not is_a_value), 0)
    return [cell for cell, _ in row[:label]]
