"""A statutory table as one stream of labels and values in reading order.

Captures lose the grid in a hundred ways, but every row keeps its label before its values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from archive.model import Cell, Table
from archive.tables.cell_values import is_value
from archive.text.match import fold_alnum, pattern
from archive.vocabulary import table_rules

# Fewer numbers before labels are no count of the rows.
_FEWEST_COUNTED = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """Labels and the values (blank ones too) that follow them, and how many bars fill the row behind these."""

    labels: Sequence[Cell]
    values: tuple[Cell, ...]
    filled: int


def segments(table: Table) -> Iterator[Segment]:
    """The table as a stream of labels and values.

    Where a line holds several bars and nothing else, they fill a short row up to the table's width: they are no cells
    of a row that has printed ones.
    """
    bars = Counter(cell.line for cell in table.cells())
    for cell in table.cells():
        if cell.text or cell.line is None:
            del bars[cell.line]
    labels: list[Cell] = []
    values: list[Cell] = []

    def segment() -> Segment:
        printed = any(cell.text for cell in values)
        kept = tuple(cell for cell in values if not (printed and bars[cell.line] > 1))
        return Segment(labels, kept, len(values) - len(kept))

    for cell in _body(table):
        if is_value(cell.text):
            values.append(cell)
            continue
        if values:
            yield segment()
            labels, values = [], []
        labels.append(cell)
    yield segment()


def _body(table: Table) -> Iterator[Cell]:
    """The cells in reading order, without what stands before a row's label: blanks, and a number that counts the rows.

    1 | 主动公开政府信息数 | 条 | 268
    """
    cells = list(table.cells())
    before = [cell for row in table.rows for cell in _before_label(row)]
    if not _names_row(table.kind, takewhile(lambda cell: not is_value(cell.text), cells)):
        # a number before any row is named is no value, nor are the others that count on from it
        before += [cell for cell, following in pairwise(cells) if not is_value(following.text)]
    counts = {id(cell): int(cell.text) for cell in before if cell.text.isascii() and cell.text.isdecimal()}
    counting = len(counts) >= _FEWEST_COUNTED and all(b - a == 1 for a, b in pairwise(sorted(set(counts.values()))))
    left_out = {id(cell) for cell in before if not cell.text} | (counts.keys() if counting else set())
    yield from (cell for cell in cells if id(cell) not in left_out)


def _names_row(kind: str | None, labels: Iterable[Cell]) -> bool:
    text = fold_alnum("".join(cell.text for cell in labels))
    entries = table_rules(kind or "")["row"]
    return any("match" not in entry or pattern(entry["match"]).search(text) for entry in entries)


def _before_label(row: Sequence[Cell]) -> Sequence[Cell]:
    """The values before the first label of a row, none in a row without a label."""
    label = next((index for index, cell in enumerate(row) if not is_value(cell.text)), 0)
    return row[:label]
