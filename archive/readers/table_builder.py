"""Builds the table of a page from its rows and cells, or paragraphs if the table only lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.cues.heading_numbers import numbered
from archive.cues.titles import read_title
from archive.model import Cell, Table
from archive.readers.html_main_content import ContentPiece

# A longer cell is running text: the longest label of the forms has 60 characters.
_LONGEST_CELL = 200
MOST_COLUMNS = 1000


@dataclass(slots=True)
class RawCell:
    """A cell with its paragraphs and the number of characters in links."""

    rowspan: int
    colspan: int
    paragraphs: list[str] = field(default_factory=list)
    linked: float = 0.0

    @property
    def text(self) -> str:
        return in_one_cell(self.paragraphs)


class RawTable:
    """A table under construction. A merged cell is in the row where it begins only; a blank cell is a cell."""

    def __init__(self) -> None:
        self._rows: list[list[RawCell]] = []
        self._cell: RawCell | None = None

    @property
    def in_cell(self) -> bool:
        return self._cell is not None

    def start_row(self) -> None:
        self._cell = None
        self._rows.append([])

    def start_cell(self, rowspan: int = 1, colspan: int = 1) -> RawCell:
        if not self._rows:
            self.start_row()
        self._cell = RawCell(rowspan, colspan)
        self._rows[-1].append(self._cell)
        return self._cell

    def add(self, text: str, link_share: float = 0.0) -> None:
        if self._cell:
            self._cell.paragraphs.append(text)
            self._cell.linked += link_share * len(text)

    def end_cell(self) -> None:
        self._cell = None

    def pieces(self) -> Iterator[ContentPiece]:
        """The table; if some of its rows are running text, their paragraphs and the tables between them."""
        rows = [row for row in self._rows if row]
        width = max((sum(cell.colspan for cell in row) for row in rows), default=0)
        cells = max((len(row) for row in rows), default=0)
        run: list[list[RawCell]] = []
        for row in rows:
            if cells > 1 and width > 1 and not is_prose(row):
                run.append(row)
                continue
            yield from _table(run)
            run = []
            for cell in row:
                share = cell.linked / max(len(cell.text), 1)
                yield from (ContentPiece(paragraph, share) for paragraph in cell.paragraphs)
        yield from _table(run)


def in_one_cell(lines: Iterable[str]) -> str:
    """The lines of a cell joined as those of a broken label: 三、/本年度/办理结果.

    Between two digits a line feed stays, so that several numbers in one cell do not become one.
    """
    parts = [""]
    for line in filter(None, lines):
        is_number_on_both = parts[-1][-1:].isdigit() and line[:1].isdigit()
        parts += ("\n", line) if is_number_on_both else (line,)
    return "".join(parts)


def is_prose(row: Sequence[RawCell]) -> bool:
    """Whether a row is running text: it has a long cell, or one cell with a heading, a sentence or a title."""
    if any(len(cell.text) > _LONGEST_CELL for cell in row):
        return True
    if len(row) > 1 or not row[0].paragraphs:
        return False
    text = row[0].text
    return numbered(text).level in (0, 1) or "。" in text or read_title(text) is not None


def _table(rows: Sequence[Sequence[RawCell]]) -> Iterator[ContentPiece]:
    table = Table(tuple(tuple(Cell(cell.text, None, cell.rowspan, cell.colspan) for cell in row) for row in rows))
    size = sum(len(cell.text) for cell in table.cells())
    if size:
        yield ContentPiece("", sum(cell.linked for row in rows for cell in row) / size, table)


def read_span(span: str) -> int:
    """The number of columns or rows of a cell: 1 for text that is no number, and at most `MOST_COLUMNS`."""
    digits = span.strip()
    return min(max(int(digits[:6]), 1), MOST_COLUMNS) if digits.isascii() and digits.isdigit() else 1
