"""Finds the statutory tables of a page, in longer tables or in paragraphs that are no tables.

A capture can have the tables of three years in one `Table`, or one table as 160 paragraphs of one cell each. Each
statutory table becomes one `Table` with its `kind`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from archive.cues.section_codes import classify
from archive.limits import bounded_cache
from archive.model import Block, Cell, RecognisedCell, SourceSpan, Table
from archive.tables.cell_values import is_han_number, is_value
from archive.tables.label_stream import is_top_row, printed_labels
from archive.text.match import fold_alnum
from archive.vocabulary import TABLES, table_rules

# '(七)总计2932 53 0 0 61 4 3050', '行政许可447228', '规章1 / 11', '规章1件无11件'
_VALUE = re.compile(
    r"-?\d[\d,]*+(?:\.\d++)?+(?:亿元|万元|[元件条项宗次个份起])?+|[/／—–]{1,2}+|(?<!\d)--?(?!\d)|[无零]"
)
_LABEL_AND_VALUES = re.compile(
    rf"(?P<label>.{{0,150}}?[^\d\s.,，+-]) ?(?P<values>(?:{_VALUE.pattern})(?: ?(?:{_VALUE.pattern}))*+)"
)
_ENDS_OF_VALUES = frozenset(",/／—–-无零元件条项宗次个份起")
_LONGEST_LABEL = 50
_LONGEST_UNKNOWN_LABEL = 20
# A whole head on one line: 结果维持结果纠正其他结果尚未审结总计, three times.
_LONGEST_HEAD = 150
# Labels that identify a table without its beginning.
_FEWEST_LABELS = 3
# Values that identify a row of such a table if its cells are paragraphs.
_WIDEST_ROW = 7
# '附:上一年度收到和处理政府信息公开申请情况', above a table that is not of this year
_LAST_YEAR = re.compile(
    r"(?!.{0,30}(?:本年|今年|对比|比较|结转)).{0,8}(?:上一?年度?|去年|往年)(?!结转)[^。,，;；]{0,30}"
)
# Rows of a head that stands above the first row of a table.
_MOST_HEAD_ROWS = 3
# Rows of the longest statutory table.
_MOST_ROWS = 500
# Share of a text that must consist of words that the table prints.
_KNOWN_SHARE = 0.8
# Paragraphs at a page break inside a table, and characters of each: '— 2 —', '续表', the title of the report.
_MOST_AT_BREAK = 3


def recognise(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with every statutory table as a block of its own, its `kind` set; all other blocks unchanged."""
    found: list[Block] = []
    run: _Run | None = None
    for index, block in enumerate(blocks):
        if block.table and index and _LAST_YEAR.fullmatch(blocks[index - 1].text):
            found += run.close() if run else ()
            run = None
            found.append(block)
            continue
        line = () if block.table else _cells_of_line(block)
        rows = block.table.rows if block.table else (line,)
        beginnings = {id(cell): kind for row in rows for cell in row if (kind := _kind_beginning_with(cell.text))}
        if run is None:
            following = blocks[index + 1 : index + 1 + _WIDEST_ROW]
            kind = _kind_of_part(block.table) if block.table else _kind_of_row(line, following)
            run = _Run(kind) if kind else None
        if not beginnings and not (run and run.continues_with(block, blocks[index + 1 : index + 2])):
            if run and run.is_broken_before(blocks[index : index + 1 + _MOST_AT_BREAK]):
                run.behind.append(block)
                continue
            found += run.close() if run else ()
            run = None
            found.append(block)
            continue
        for row in rows:
            for cell in row:
                kind = beginnings.get(id(cell))
                if kind and (run is None or run.ends_before(cell, kind)):
                    before = run.release_labels() if run else []
                    head = run.release_head(cell, kind) if run and block.table else []
                    found += run.close() if run else ()
                    run = _Run(kind, before, head)
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
    """The cells of one table so far; its `kind` is None for cells before the first statutory table of a block.

    `behind` are the paragraphs of page breaks inside it, which follow it.
    """

    kind: str | None
    cells: list[Cell] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    behind: list[Block] = field(default_factory=list)
    has_values: bool = False
    is_complete: bool = False

    def __post_init__(self) -> None:
        self.is_complete = self.kind is None or "ends" not in table_rules(self.kind)

    def add(self, cell: Cell) -> None:
        self.cells.append(cell)
        if not cell.text:
            return
        self.has_values = self.has_values or is_value(cell.text) or is_han_number(cell.text)
        if not self.is_complete and self.kind:
            self.is_complete = _ends_in(cell.text, self.kind)

    def ends_before(self, cell: Cell, kind: str) -> bool:
        """Whether a cell with which a table can begin does begin a new one.

        The head is printed again after a page break, and each item of `proactive` begins alike.
        """
        if kind != self.kind:
            return True
        again = table_rules(kind).get("again")
        return self.has_values and self.is_complete and (not again or again.search(fold_alnum(cell.text)) is not None)

    def continues_with(self, block: Block, following: Sequence[Block]) -> bool:
        """Whether a block with which no table begins is part of this one."""
        if self.kind is None:
            return False
        if block.table:
            return self._continues_in(block)
        if is_value(block.text):
            return True
        first, *values = _cells_of_line(block)
        if _consists_of_labels(self.kind, first.text, broken=not values and not self.has_values):
            return True
        # a row that the agency added: a short label with its value behind it, or its unit and then the value
        rules = table_rules(self.kind)
        is_list = rules["layout"] == "list"
        longest = _LONGEST_LABEL if is_list else _LONGEST_UNKNOWN_LABEL
        if len(block.text) > longest or block.text.endswith(("。", ":", "：", ";", "；")):
            return False
        label = fold_alnum(block.text)
        units = rules["units"] if is_list else ()
        counted = bool(values) and block.text[-1].isdecimal()
        if is_list and (counted or rules["head"].search(label) or label in units):
            return True
        behind = [each.text for each in following if each.table is None]
        return rules["layout"] in ("items", "list") and any(
            is_value(text) or fold_alnum(text) in units for text in behind
        )

    def is_broken_before(self, blocks: Sequence[Block]) -> bool:
        """Whether the first block stands at a page break: the rows that this table lacks follow in another one."""
        if self.is_complete or not self.blocks or not self.blocks[-1].table or not self.kind:
            return False
        between = list(takewhile(lambda block: block.table is None, blocks))
        if len(between) == len(blocks) or any(
            len(each.text) > _LONGEST_LABEL or classify(each.text) for each in between
        ):
            return False
        following = blocks[len(between)]
        rows = following.table.rows if following.table else ()
        return self._continues_in(following) and _labels_of(self.rows).isdisjoint(_labels_of(rows))

    def _continues_in(self, block: Block) -> bool:
        """Whether a table consists of labels of this one, perhaps below its head that is printed again."""
        assert block.table  # noqa: S101 (the caller has tested it)
        labels = [cell.text for cell in block.table.cells() if not is_value(cell.text)]
        return _share_is_known(self.kind or "", labels)

    def release_labels(self) -> list[Cell]:
        """Gives up the labels before a table's first cell in the same row: 序号 | 统计指标."""
        if self.kind or any(is_value(cell.text) for cell in self.cells):
            return []
        cells, self.cells = self.cells, []
        return cells

    def release_head(self, first: Cell, kind: str) -> list[tuple[Cell, ...]]:
        """Gives up the head right above the first row of a table of requests, which need not begin like one."""
        if self.kind or kind != "requests" or not is_top_row(fold_alnum(first.text).lstrip("一二")):
            return []
        head: list[tuple[Cell, ...]] = []
        while self.rows and len(head) < _MOST_HEAD_ROWS and _is_head_row(self.rows[-1]):
            head.insert(0, self.rows.pop())
        return head

    def end_row(self) -> None:
        self.rows.append(tuple(self.cells))
        self.cells = []

    def close(self) -> list[Block]:
        """The table as a block; paragraphs with labels only are no table and stay as they were."""
        if self.cells:
            self.end_row()
        if not self.rows:
            return self.behind
        if self.blocks and not self.has_values and all(block.table is None for block in self.blocks):
            return [*self.blocks, *self.behind]
        lines = [cell.line for row in self.rows for cell in row if cell.line is not None]
        ends = self.blocks[:1] + self.blocks[-1:] or [Block("")]
        pages = (ends[0].place.first_page, ends[-1].place.last_page)
        place = SourceSpan(min(lines, default=None), max(lines, default=None), *pages)
        return [Block("", place, Table(tuple(self.rows), place, self.kind)), *self.behind]


def _is_head_row(row: Sequence[Cell]) -> bool:
    """Whether a row has names of columns only: 项目 | 自然人 | 总计."""
    names = [cell.text for cell in row if cell.text]
    return len(names) > 1 and not any(is_value(name) or len(name) > _LONGEST_UNKNOWN_LABEL for name in names)


def _labels_of(rows: Sequence[Sequence[Cell]]) -> set[str]:
    """The labels of the rows with values."""
    texts = ([cell.text for cell in row] for row in rows)
    return {
        "".join(fold_alnum(text) for text in row if not is_value(text))
        for row in texts
        if any(text and is_value(text) for text in row)
    }


def _cells_of_line(block: Block) -> tuple[Cell, ...]:
    """A paragraph as cells: its label and the values behind it."""
    text = block.text
    if block.table is None and len(text) <= _LONGEST_HEAD:
        parts = text.split()
        if all(map(is_value, parts)):
            return tuple(_cell(part, block, is_number=True) for part in parts)
        ends = text[-1].isdecimal() or text[-1] in _ENDS_OF_VALUES
        if ends and (match := _LABEL_AND_VALUES.fullmatch(text)):
            values = _VALUE.findall(match["values"])
            return (_cell(match["label"], block), *(_cell(value, block, is_number=True) for value in values))
    return (_cell(text, block, is_number=is_value(text)),)


def _cell(text: str, block: Block, *, is_number: bool = False) -> Cell:
    """A cell of a line; a number that OCR read without the lines of a table is doubtful, as its cell is a guess."""
    if block.confidence is None or block.table:
        return Cell(text, block.place.first_line)
    return RecognisedCell(
        text, block.place.first_line, confidence=block.confidence, readings=(text, text) if is_number else ()
    )


@bounded_cache(1 << 14)  # the labels of one form are those of the next
def _ends_in(text: str, kind: str) -> bool:
    """Whether a cell is in the last row of a table."""
    return table_rules(kind)["ends"].search(fold_alnum(text)) is not None


@bounded_cache(1 << 14)
def _kind_beginning_with(text: str) -> str | None:
    """The kind of table that begins with a cell."""
    if not text or len(text) > _LONGEST_LABEL:
        return None
    label = fold_alnum(text)
    return next((kind for kind in TABLES if any(start.search(label) for start in table_rules(kind)["starts"])), None)


def _kind_of_part(table: Table) -> str | None:
    """The kind of the table of which this is a part, on a page that begins inside it."""
    if len(table.rows) > _MOST_ROWS:
        return None
    printed = (cell.text for cell in table.cells() if cell.text)
    cells = list(takewhile(lambda text: _kind_beginning_with(text) is None, printed))
    labels = [text for text in cells if not is_value(text)]
    if len(labels) < _FEWEST_LABELS or len(labels) == len(cells):
        return None
    best = max(TABLES, key=lambda kind: _count_known(kind, labels))
    return best if _share_is_known(best, labels) else None


def _kind_of_row(line: Sequence[Cell], following: Sequence[Block]) -> str | None:
    """The same of a line, with the values behind it or in the paragraphs that follow."""
    label, *values = (cell.text for cell in line)
    if not values:
        values = list(takewhile(is_value, (line.text for line in following if line.table is None)))
    if len(values) != _WIDEST_ROW or not all(map(str.strip, values)):
        return None
    rows = (row for row in table_rules("requests")["row"] if not row.get("weak"))
    is_row = any(row["match"].search(fold_alnum(label)) for row in rows) and _consists_of_labels("requests", label)
    return "requests" if is_row else None


def _count_known(kind: str, labels: Sequence[str]) -> int:
    return sum(_consists_of_labels(kind, label) for label in labels)


def _share_is_known(kind: str, labels: Sequence[str]) -> bool:
    """Whether at least half of the labels are those of the table."""
    return _count_known(kind, labels) * 2 >= len(labels)


def _consists_of_labels(kind: str, text: str, *, broken: bool = False) -> bool:
    """Whether a text consists of labels of the table, or of pieces of them (本年新, 三(五)不 予处理).

    If `broken`, the pieces can be single characters: 结结其尚 is a line across a head that is set in columns.
    """
    return _consists_of_pieces(fold_alnum(text), kind, broken)


@bounded_cache(1 << 14)  # the labels of one row are those of the next
def _consists_of_pieces(rest: str, kind: str, broken: bool) -> bool:  # noqa: FBT001
    labels = _labels_text(kind)
    if not rest or len(rest) > _LONGEST_HEAD:
        return False
    # the unit on a line of its own, or behind its label: 收到申请数 | 件
    unit = next((unit for unit in _units(kind) if rest.endswith(unit)), "")
    if rest == unit:
        return True
    if _units(kind):  # 21(一)收到申请数: the number of a row
        rest = rest.removesuffix(unit).lstrip("0123456789")
    if not rest:
        return False
    sizes: list[int] = []
    total = len(rest)
    while rest:
        sizes.append(next((size for size in range(len(rest), 0, -1) if rest[:size] in labels), 0))
        rest = rest[max(sizes[-1], 1) :]
    words = sum(size for size in sizes if size > 1 or total == 1)
    return words >= _KNOWN_SHARE * total or (broken and all(sizes))


@functools.cache
def _units(kind: str) -> Sequence[str]:
    """The units that a table of statistics prints beside its rows, the longest first."""
    return sorted(table_rules(kind).get("units", ()), key=len, reverse=True)


@functools.cache
def _labels_text(kind: str) -> str:
    return "\n".join(printed_labels(kind))
