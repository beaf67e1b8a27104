"""Reads plain text pages: one paragraph a line, and tables as text captures write them, in four ways.

行政许可 |              one cell a line with a bar behind it;
0 |                    bars alone are merged or blank cells and end the row
||
行政许可 | 0 | 3 |      several cells a line: the line is a row
行政许可<tab>0<tab>3     the same with tabs, as copied from a spreadsheet
行政许可               one cell a line, the bar on a line of its own between two cells
|
0
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from archive.cues.heading_numbers import numbered
from archive.limits import LIMITS
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
# '行政许可    7    3': a gap between two cells that are aligned with spaces, and rows of such a table
_ALIGNED = re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)")
_FEWEST_ALIGNED = 4
# Lines with bars alone on pages whose tables have their bars on lines of their own.
_FEWEST_BARS = 3
# Characters of the longest part of a broken label.
_LONGEST_PART = 12
# The title of a report: '2013年度政府信息公开工作年度报告 | ||'
_TITLE = re.compile(r"公开.{0,6}(?:年度报告|年报)\Z")
# Cells of the widest row that is divided from a longer one.
_WIDEST_ROW = 8


# Bars that are drawn with other characters, in a line with at least two: '│ 规章 │ 0 │', '规章｜0｜3'.
_OTHER_BARS = "│┃║┆┇┊┋｜¦∣丨"
_TO_BARS = str.maketrans(dict.fromkeys(_OTHER_BARS, "|"))
# A rule between two rows: '| --- | :-: |', '+----+----+', '├────┼────┤'
_RULE = re.compile(r"(?=[\s|:+=\u2500-\u257f-]+\Z)(?=.*(?:---|[=─━═]{2})).*[|+┼├┌└┬┴╋╬╠╟]")


class _Line(NamedTuple):
    """A line that is not blank; `is_bars` tells whether it has only bars: '|||', '| |'."""

    number: int
    text: str
    has_bars: bool
    is_bars: bool

    @classmethod
    def of(cls, number: int, text: str) -> _Line:
        has_bars = "|" in text
        return cls(number, text, has_bars, has_bars and not text.replace("|", "").strip())

    @property
    def place(self) -> SourceSpan:
        return SourceSpan(self.number, self.number)

    @property
    def has_gaps(self) -> bool:
        """Whether the line is a row of cells with spaces between: 商业企业 科研机构 社会公益组织."""
        return len(_GAP.findall(self.text)) > 1


def read_text(data: bytes, source: Source) -> Page:
    text, notices = decode(data)
    raw = split_lines(text)
    if any(bar in text for bar in _OTHER_BARS):
        raw = [line.translate(_TO_BARS) if _count_bars(line) > 1 else line for line in raw]
    if _ALIGNED.search(text):
        raw = _aligned_as_tabs(raw)
    if any("\t" in line for line in raw):
        raw = _tabs_as_bars(raw)
    if "|" in text:
        raw = [_without_layout(line) if "。" in line or "公开" in line else line for line in raw]
    LIMITS.check(source.path, cells=sum(line.count("|") for line in raw))
    if is_markdown(raw):
        raw = [without_marks(line) for line in raw]
    lines = [_Line.of(number, line) for number, line in enumerate(raw, 1) if line and not line.isspace()]
    LIMITS.check(source.path, paragraphs=sum(not line.has_bars for line in lines))
    lines = [line for line in lines if not _RULE.match(line.text)]
    return Page(source, tuple(_blocks(_bars_behind(lines))), notices)


def _without_layout(line: str) -> str:
    """The line without bars around it if it is text in a page that is laid out as a table: a sentence, or a title."""
    text = line.strip("| \t\u3000")
    is_text = "|" in line and "|" not in text and ("。" in text or _TITLE.search(text))
    return text if is_text else line


def _tabs_as_bars(lines: Sequence[str]) -> list[str]:
    """The lines with bars in place of tabs, in consecutive lines with tabs of which one has a number as a cell."""
    result: list[str] = []
    for is_row, run in groupby(lines, key=_has_tabs):
        rows = list(run)
        if is_row and len(rows) > 1 and any(part and is_value(part) for row in rows for part in row.split("\t")):
            rows = ["| " + row.replace("\t", " | ") + " |" for row in rows]
        result += rows
    return result


def _aligned_as_tabs(lines: Sequence[str]) -> list[str]:
    """The lines with tabs in place of wide gaps, in consecutive lines with equally many cells that end in numbers.

    The first line can be a head. Rows with blank cells have fewer, and stay as they are.
    """
    result: list[str] = []
    for count, run in groupby(lines, key=lambda line: len(_ALIGNED.findall(line))):
        rows = list(run)
        if count > 1 and len(rows) >= _FEWEST_ALIGNED:
            cells = [_ALIGNED.split(row.strip()) for row in rows]
            if all(is_value(each) for row in cells[1:] for each in row[1:]):
                rows = ["\t".join(row) for row in cells]
        result += rows
    return result


def _has_tabs(line: str) -> bool:
    """Whether tabs divide a line, and do not only indent it; blank cells in front and behind are tabs, too."""
    return "\t" in line and "|" not in line and ("\t" in line.strip() or line.count("\t") > 1)


def _count_bars(line: str) -> int:
    return sum(line.count(bar) for bar in _OTHER_BARS)


def split_lines(text: str) -> list[str]:
    """The lines of a decoded page, as they are counted from 1 in the place of a report."""
    return _LINE_END.split(text)


def _bars_behind(lines: Sequence[_Line]) -> list[_Line]:
    """Converts lines of the third way into those of the first, if all bars of the page are on lines of their own.

    Between two bars there is one cell, sometimes broken over lines (本年新 / 公开数量), or the last cell of a table,
    the text after it, and the first cell of the next table. Of consecutive bars the first ends a cell, and the others
    are blank cells.
    """
    if any(line.has_bars and not line.is_bars for line in lines) or sum(line.is_bars for line in lines) < _FEWEST_BARS:
        return list(lines)
    runs = [(bars, list(run)) for bars, run in groupby(lines, key=attrgetter("is_bars"))]
    result: list[_Line] = []
    for index, (bars, run) in enumerate(runs):
        if bars:
            result += [line for line in (_Line.of(run[0].number, run[0].text.strip()[1:]), *run[1:]) if line.is_bars]
            continue
        first, last = index == 0, index == len(runs) - 1
        if not first and not last and all(_is_part_of_label(line.text) for line in run):
            result.append(_Line.of(run[0].number, "".join(line.text.strip() for line in run) + " |"))
            continue
        for position, line in enumerate(run):
            ends_table = position == 0 and not first
            starts_table = position == len(run) - 1 and not last
            is_cell = (ends_table or starts_table) and not numbered(clean(line.text)).is_top
            result.append(_Line.of(line.number, f"{line.text} |") if is_cell else line)
    return result


def _is_part_of_label(text: str) -> bool:
    """Whether a line can be part of a label: a short line that is no number, sentence or heading."""
    text = clean(text)
    return (
        len(text) <= _LONGEST_PART
        and not is_value(text)
        and not text.endswith(("。", ":", ";"))
        and not numbered(text).is_top
    )


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    edge = margin([text for line in lines if not (line.has_bars or line.has_gaps) and (text := clean(line.text))])
    for is_table, run in groupby(lines, key=attrgetter("has_bars")):
        if is_table:
            table = _table(list(run))
            if any(cell.text for cell in table.cells()):
                yield Block("", table.place, table)
        elif edge is not None:
            for block in join(_print_lines(run, edge)):
                yield from resegment(block.text, block.place)
        else:
            for line in run:
                yield from resegment(line.text, line.place)


def _print_lines(lines: Iterable[_Line], edge: int) -> Iterator[PrintLine]:
    """The lines of a wrapped page without page numbers; a row of cells is not joined with other lines."""
    for line in lines:
        if (text := clean(line.text)) and not PAGE_NUMBER.fullmatch(text):
            full = width_of(text) >= edge and not line.has_gaps
            yield PrintLine(text, line.place, full, indented=line.has_gaps or None)


def _table(lines: Sequence[_Line]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    pending: list[Cell] = []

    def end_row() -> None:
        if pending:
            rows.append(tuple(pending))
            pending.clear()

    # Markdown has a bar before every row; if only some rows begin with a bar, a blank cell is before it
    rows_begin = [line.text.lstrip().startswith("|") for line in lines if not line.is_bars]
    edge = "|" if all(rows_begin) else ""
    for number, line, _, is_bars in lines:
        if is_bars:
            pending += [Cell("", number)] * line.count("|")
            end_row()
            continue
        texts = line.strip().lstrip(edge).rstrip("|").split("|")
        cells = [Cell(clean(text.strip()), number) for text in texts]
        if len(cells) > 1:
            end_row()
            rows.append(tuple(cells))
        else:
            pending += cells
    end_row()
    if len(rows) == 1:
        rows = _divided(rows[0])
    return Table(tuple(rows), SourceSpan(lines[0].number, lines[-1].number))


def _divided(cells: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """One long row divided into rows of the least width at which each column below the head has labels or values only.

    指标 单位 数量 公开信息数 条 261 … has width 3.
    """
    values = [is_value(cell.text) for cell in cells]
    for width in range(2, min(_WIDEST_ROW, len(cells) // 2) + 1):
        if len(cells) % width:
            continue
        kinds = [set(values[width + column :: width]) for column in range(width)]
        if all(len(kind) == 1 for kind in kinds) and {True} in kinds and {False} in kinds:
            return [cells[start : start + width] for start in range(0, len(cells), width)]
    return [cells]
