"""Plain text pages: one paragraph a line, and tables in the three ways that text captures write them.

行政许可 |              one cell a line, its bar behind it;
0 |                    bars alone stand for merged or blank cells and end the row
||
行政许可 | 0 | 3 |      several cells a line: the line is a row
行政许可               one cell a line, the bar on a line of its own between two cells
|
0
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.cues.heading_numbers import numbered
from archive.model import Block, Cell, Page, Source, SourceSpan, Table
from archive.readers.encoding import decode
from archive.readers.line_joining import PAGE_NUMBER, PrintLine, join, margin, width_of
from archive.readers.markdown import is_markdown, without_marks
from archive.readers.resegment import resegment
from archive.tables.cell_values import is_value
from archive.text.clean import clean

_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# '自然人 法人'
_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    @property
    def bars(self) -> bool:
        """Whether nothing but bars stands on the line: '|||', '| |'."""
        return self.cells and not self.text.replace("|", "").strip()

    @property
    def gaps(self) -> bool:
        """Whether it is a row of cells with spaces between: 商业企业 科研机构 社会公益组织."""
        return len(_GAP.findall(self.text)) > 1

    @property
    def cells(self) -> bool:
        return "|" in self.text

    @property
    def rule(self) -> bool:
        """Whether the line is the rule under a Markdown table's head: '| --- | :-: |'."""
        return self.cells and "---" in self.text and not re.sub(r"[|:-]", "", self.text).strip()


def read_text(data: bytes, source: Source) -> Page:
    """The page as blocks: paragraphs and tables in reading order, each with its lines."""
    text, notices = decode(data)
    raw = _LINE_END.split(text)
    if is_markdown(raw):
        raw = [without_marks(line) for line in raw]
    lines = [_Line(number, line) for number, line in enumerate(raw, 1)]
    lines = [line for line in lines if line.text.strip() and not line.rule]
    return Page(source, tuple(_blocks(_bars_behind(lines))), notices)


def _bars_behind(lines: Sequence[_Line]) -> list[_Line]:
    """Lines of the third way brought into the first: each cell with its bar behind it.

    Only for pages whose bars all stand alone. Between two bars stands one cell, perhaps broken over lines (本年新 /
    公开数量), or the last cell of a table, the text after it, and the first cell of the next table. Of several bars in
    a row the first ends a cell, and the others stand for blank ones.
    """
    if any(line.cells and not line.bars for line in lines) or sum(line.bars for line in lines) < 3:
        return list(lines)
    runs = [(bars, list(run)) for bars, run in groupby(lines, key=lambda line: line.bars)]
    result: list[_Line] = []
    for index, (bars, run) in enumerate(runs):
        if bars:
            result += [line for line in (_Line(run[0].number, run[0].text.strip()[1:]), *run[1:]) if line.bars]
            continue
        first, last = index == 0, index == len(runs) - 1
        broken = not first and not last and all(_fragment(line.text) for line in run)
        if broken:
            result.append(_Line(run[0].number, "".join(line.text.strip() for line in run) + " |"))
            continue
        for position, line in enumerate(run):
            ends_table = position == 0 and not first
            starts_table = position == len(run) - 1 and not last
            is_cell = (ends_table or starts_table) and not numbered(clean(line.text)).is_top
            result.append(_Line(line.number, f"{line.text} |") if is_cell else line)
    return result


def _fragment(text: str) -> bool:
    """Whether a line can be part of a label: short, no number, no sentence, no heading."""
    text = clean(text)
    return len(text) <= 12 and not is_value(text) and not text.endswith(("。", ":", ";")) and not numbered(text).is_top


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    edge = margin([text for line in lines if not (line.cells or line.gaps) and (text := clean(line.text))])
    for cells, run in groupby(lines, key=lambda line: line.cells):
        if not cells:
            if edge is not None:
                yield from join(_unwrapped(run, edge))
                continue
            for line in run:
                yield from resegment(line.text, SourceSpan(line.number, line.number))
            continue
        table = _table(list(run))
        if any(cell.text for cell in table.cells()):
            yield Block("", table.place, table)


def _unwrapped(lines: Iterable[_Line], edge: int) -> Iterator[PrintLine]:
    """The lines of a page that its width broke, without its page numbers; a row of cells stands alone."""
    for line in lines:
        if (text := clean(line.text)) and not PAGE_NUMBER.fullmatch(text):
            full = width_of(text) >= edge and not line.gaps
            yield PrintLine(text, SourceSpan(line.number, line.number), full, indented=line.gaps or None)


def _table(lines: Sequence[_Line]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    pending: list[Cell] = []

    def end_row() -> None:
        if pending:
            rows.append(tuple(pending))
            pending.clear()

    # Markdown sets a bar before every row; where only some rows begin with one, it stands behind a blank cell
    rows_begin = [line.text.lstrip().startswith("|") for line in lines if not line.bars]
    edge = "|" if all(rows_begin) else ""
    for line in lines:
        if line.bars:
            pending += [Cell("", line.number)] * line.text.count("|")
            end_row()
            continue
        cells = [
            Cell(clean(text), line.number) for text in line.text.strip().lstrip(edge or " ").rstrip("|").split("|")
        ]
        if len(cells) > 1:
            end_row()
            rows.append(tuple(cells))
        else:
            pending += cells
    end_row()
    if len(rows) == 1:
        rows = _wrapped(rows[0])
    return Table(tuple(rows), SourceSpan(lines[0].number, lines[-1].number))


def _wrapped(cells: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """One long row cut into rows: the least width at which each column below the head is of one kind.

    指标 单位 数量 公开信息数 条 261 … has width 3: labels, units and numbers then stand below each other.
    """
    values = [is_value(cell.text) for cell in cells]
    for width in range(2, min(8, len(cells) // 2) + 1):
        if len(cells) % width:
            continue
        kinds = [set(values[width + column :: width]) for column in range(width)]
        if all(len(kind) == 1 for kind in kinds) and {True} in kinds and {False} in kinds:
            return [cells[start : start + width] for start in range(0, len(cells), width)]
    return [cells]
