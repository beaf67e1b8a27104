"""Statutory tables recognised on a page: cut out of longer runs of cells, or gathered from lines that are no table.

A capture may hold three years' tables as one run of cells (one `Table`), or one table as 160 paragraphs of one cell
each. Either way what comes out is one `Table` for each statutory table, with its `kind`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from archive.limits import bounded_cache
from archive.model import Block, Cell, SourceSpan, Table
from archive.tables.cell_values import is_value
from archive.text.match import fold_alnum, pattern
from archive.vocabulary import TABLES, table_rules

# '(七)总计2932 53 0 0 61 4 3050', '行政许可447228', '规章1 0 11'
_LABEL_AND_VALUES = re.compile(
    r"(?P<label>.*[^\d\s.,，+-]) ?(?P<values>-?\d[\d,]*(?:\.\d+)?(?: -?\d[\d,]*(?:\.\d+)?)*)"
)
_LONGEST_LABEL = 50
_LONGEST_UNKNOWN_LABEL = 20
# A table without its beginning is known by so many labels, a row of one that is set as lines by so many values.
_FEWEST_LABELS, _WIDEST_ROW = 3, 7
# No statutory table has so many rows.
_MOST_ROWS = 500


def recognise(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with every statutory table as a block of its own, its `kind` set; everything else as it was."""
    found: list[Block] = []
    run: _Run | None = None
    for index, block in enumerate(blocks):
        rows = block.table.rows if block.table else (_cells_of_line(block),)
        begins = any(_starts(cell.text) for row in rows for cell in row)
        if run is None and (inside := _inside(block, blocks[index + 1 : index + 1 + _WIDEST_ROW])):
            run = _Run(inside)
        if not begins and not (run and run.takes(block, blocks[index + 1 : index + 2])):
            found += run.close() if run else ()
            run = None
            found.append(block)
            continue
        for row in rows:
            for cell in row:
                kind = _starts(cell.text)
                if kind and (run is None or run.ends_before(cell, kind)):
                    before = run.release() if run else []
                    found += run.close() if run else ()
                    run = _Run(kind, before)
                if run is None:
                    run = _Run(None)
                run.add(cell)
            if run and run.cells:
                run.end_row()
        if run:
            run.blocks.append(block)
    return (*found, *(run.close() if run else ()))


@dataclass(slots=True)
class _Run:
    """Cells that belong to one table so far."""

    kind: str | None
    cells: list[Cell] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    has_values: bool = False
    complete: bool = False

    def __post_init__(self) -> None:
        self.complete = self.kind is None or "ends" not in table_rules(self.kind)

    def add(self, cell: Cell) -> None:
        """Takes a cell, and notes whether the table has a value and its last row by now."""
        self.cells.append(cell)
        self.has_values = self.has_values or (bool(cell.text) and is_value(cell.text))
        if not self.complete and self.kind:
            self.complete = pattern(table_rules(self.kind)["ends"]).search(fold_alnum(cell.text)) is not None

    def ends_before(self, cell: Cell, kind: str) -> bool:
        """Whether a cell that can begin a table begins a new one: the head is printed again after a page break, and
        each item of `proactive` begins alike.
        """
        if kind != self.kind:
            return True
        rules = table_rules(kind)
        again = pattern(rules.get("again", "")).search(fold_alnum(cell.text)) is not None
        return self.has_values and again and self.complete

    def takes(self, block: Block, following: Sequence[Block]) -> bool:
        """Whether a block that begins no table goes on with this one."""
        if self.kind is None:
            return False
        if block.table:
            labels = [cell.text for cell in block.table.cells() if not is_value(cell.text)]
            return sum(_in_vocabulary(self.kind, label) for label in labels) * 2 >= len(labels)
        *label, _ = _cells_of_line(block) if not is_value(block.text) else (block,)
        torn = not self.has_values
        if not label and (is_value(block.text) or _in_vocabulary(self.kind, block.text, torn=torn)):
            return True
        if label and _in_vocabulary(self.kind, label[0].text):
            return True
        # a row that an agency added: a short label with its value behind it, or its unit and then the value
        rules = table_rules(self.kind)
        local = rules["layout"] == "list"
        longest = _LONGEST_LABEL if local else _LONGEST_UNKNOWN_LABEL
        if len(block.text) > longest or block.text.endswith(("。", ":", "：", ";", "；")):
            return False
        if local and (
            label or pattern(rules["head"]).search(fold_alnum(block.text)) or fold_alnum(block.text) in rules["units"]
        ):
            return True
        behind = [each.text for each in following if each.table is None]
        units = rules.get("units", ()) if local else ()
        return rules["layout"] in ("items", "list") and any(
            is_value(text) or fold_alnum(text) in units for text in behind
        )

    def release(self) -> list[Cell]:
        """The labels that stand in the row of a table's first cell, before it: 序号 | 统计指标."""
        if self.kind or any(is_value(cell.text) for cell in self.cells):
            return []
        cells, self.cells = self.cells, []
        return cells

    def end_row(self) -> None:
        self.rows.append(tuple(self.cells))
        self.cells = []

    def close(self) -> list[Block]:
        """The table as a block; lines that only sounded like one are given back as they were."""
        if self.cells:
            self.end_row()
        if not self.rows:
            return []
        if self.blocks and not self.has_values and all(block.table is None for block in self.blocks):
            return self.blocks
        lines = [cell.line for row in self.rows for cell in row if cell.line is not None]
        place = SourceSpan(min(lines), max(lines)) if lines else SourceSpan()
        return [Block("", place, Table(tuple(self.rows), place, self.kind))]


def _cells_of_line(block: Block) -> tuple[Cell, ...]:
    """A paragraph as cells: its label and the values behind it."""
    text, line = block.text, block.place.first_line
    if block.table is None and len(text) <= _LONGEST_LABEL * 3:
        if all(is_value(part) for part in text.split()):
            return tuple(Cell(part, line) for part in text.split())
        if match := _LABEL_AND_VALUES.fullmatch(text):
            return (Cell(match["label"], line), *(Cell(value, line) for value in match["values"].split()))
    return (Cell(text, line),)


@bounded_cache(1 << 14)  # the labels of one form are those of the next
def _starts(text: str) -> str | None:
    """The table that begins with this cell."""
    if not text or len(text) > _LONGEST_LABEL:
        return None
    squeezed = fold_alnum(text)
    for kind in TABLES:
        if any(pattern(start).search(squeezed) for start in table_rules(kind)["starts"]):
            return kind
    return None


def _inside(block: Block, following: Sequence[Block]) -> str | None:
    """The table that a page begins in the middle of, if this block is a part of it: its labels with their values."""
    if block.table:
        if len(block.table.rows) > _MOST_ROWS:
            return None
        printed = (cell.text for cell in block.table.cells() if cell.text)
        cells = list(takewhile(lambda text: _starts(text) is None, printed))
        labels = [text for text in cells if not is_value(text)]
        if len(labels) < _FEWEST_LABELS or len(labels) == len(cells):
            return None
        known = {kind: sum(_in_vocabulary(kind, label) for label in labels) for kind in TABLES}
        best = max(TABLES, key=lambda kind: known[kind])
        return best if known[best] * 2 >= len(labels) else None
    label, *values = (cell.text for cell in _cells_of_line(block))
    if not values:
        values = list(takewhile(is_value, (line.text for line in following if line.table is None)))
    rows = (row for kind in ("requests",) for row in table_rules(kind)["row"] if not row.get("weak"))
    named = any(pattern(row["match"]).search(fold_alnum(label)) for row in rows) and _in_vocabulary("requests", label)
    return "requests" if named and len(values) == _WIDEST_ROW and all(map(str.strip, values)) else None


def _in_vocabulary(kind: str, text: str, *, torn: bool = False) -> bool:
    """Whether a text is made of this table's labels or pieces of them (本年新, 三(五)不 予处理).

    With `torn`, the pieces may be single characters: 结结其尚 is a line across a head that is set in columns.
    """
    rest, labels = fold_alnum(text), _vocabulary(kind)
    if not rest or len(rest) > _LONGEST_LABEL:
        return False
    sizes: list[int] = []
    total = len(rest)
    while rest:
        sizes.append(next((size for size in range(len(rest), 0, -1) if rest[:size] in labels), 0))
        rest = rest[max(sizes[-1], 1) :]
    words = sum(size for size in sizes if size > 1 or total == 1)
    return words >= 0.8 * total or (torn and all(sizes))


@functools.cache
def _vocabulary(kind: str) -> str:
    rules = table_rules(kind)
    entries = [*rules.get("row", ()), *rules.get("group", ()), *rules.get("column", ())]
    return "\n".join(fold_alnum(label) for label in [*rules.get("labels", ()), *(entry["zh"] for entry in entries)])
