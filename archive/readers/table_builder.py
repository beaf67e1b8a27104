"""The rows of one table as they are read, and what they come to: a grid, or paragraphs that a table laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.cues.heading_numbers import numbered
from archive.cues.titles import read_title
from archive.model import Cell, Table
from archive.readers.html_main_content import ContentPiece

# A cell that is longer is running text: the longest label of the forms has 60 characters.
_LONGEST_CELL = 200
MOST_PLACES = 1000


class RawTable:
    """A table under construction. A merged cell stands once, in the row where it begins; a blank cell is a cell."""

    def __init__(self) -> None:
        self._rows: list[list[RawCell]] = []
        self._cell: RawCell | None = None

    @property
    def in_cell(self) -> bool:
        """Whether a cell is open."""
        return self._cell is not None

    def start_row(self) -> None:
        """Begins a row."""
        self._cell = None
        self._rows.append([])

    def start_cell(self, rowspan: int = 1, colspan: int = 1) -> RawCell:
        """Begins a cell."""
        self._cell = RawCell(rowspan, colspan)
        if not self._rows:
            self._rows.append([])
        self._rows[-1].append(self._cell)
        return self._cell

    def add(self, text: str, linked: float = 0.0) -> None:
        """A paragraph of the open cell, and the share of it that is links."""
        if self._cell:
            self._cell.paragraphs.append(text)
            self._cell.linked += linked * len(text)

    def end_cell(self) -> None:
        """Ends the cell."""
        self._cell = None

    def pieces(self) -> Iterator[ContentPiece]:
        """The table; or, where rows of it are running text, that text and the tables between, in reading order."""
        rows = [row for row in self._rows if row]
        width = max((sum(cell.colspan for cell in row) for row in rows), default=0)
        cells = max((len(row) for row in rows), default=0)
        run: list[list[RawCell]] = []
        for row in rows:
            if cells > 1 and width > 1 and not _is_prose(row):
                run.append(row)
                continue
            yield from _table(run)
            run = []
            for cell in row:
                share = cell.linked / max(len(cell.text), 1)
                yield from (ContentPiece(paragraph, share) for paragraph in cell.paragraphs)
        yield from _table(run)


class RawCell:
    """A cell under construction."""

    __slots__ = ("colspan", "linked", "paragraphs", "rowspan")

    def __init__(self, rowspan: int, colspan: int) -> None:
        self.rowspan = rowspan
        self.colspan = colspan
        self.paragraphs: list[str] = []
        self.linked = 0.0

    @property
    def text(self) -> str:
        """Its paragraphs in one."""
        return in_one_cell(self.paragraphs)


def in_one_cell(lines: Iterable[str]) -> str:
    """The lines of a cell joined as a label broken over lines is: 三、/本年度/办理结果.

    Between two digits a line feed stays: several numbers in one cell must never become one.
    """
    text = ""
    for line in lines:
        apart = text[-1:].isdigit() and line[:1].isdigit()
        text = f"{text}\n{line}" if apart else text + line
    return text


def _is_prose(row: list[RawCell]) -> bool:
    """Whether a row is running text that a table only holds together: a long cell, or a line over the whole row."""
    if any(len(cell.text) > _LONGEST_CELL for cell in row):
        return True
    if len(row) > 1 or not row[0].paragraphs:
        return False
    text = row[0].text
    return numbered(text).level in (0, 1) or "。" in text or read_title(text) is not None


def _table(rows: list[list[RawCell]]) -> Iterator[ContentPiece]:
    made = tuple(tuple(Cell(cell.text, None, cell.rowspan, cell.colspan) for cell in row) for row in rows)
    size = sum(len(cell.text) for row in made for cell in row)
    if size:
        linked = sum(cell.linked for row in rows for cell in row) / size
        yield ContentPiece("", linked, Table(made))


def places(span: str) -> int:
    """The grid places that a span says it takes: 1 where it is no number, and never more than a table can have."""
    digits = span.strip()
    return min(max(int(digits[:6]), 1), MOST_PLACES) if digits.isascii() and digits.isdigit() else 1
