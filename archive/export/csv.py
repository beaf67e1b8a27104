"""Writes CSV that spreadsheets open correctly and without running cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

TableData = tuple[Sequence[str], Iterable[Sequence[object]]]
"""The names of the columns, and rows of values in their order."""
BOM = "\ufeff"
"""At the beginning of a file, so that spreadsheets read it as UTF-8."""

# '=cmd()', '+1+cmd()', '@sum()', '-2+3', and the same in full width, are run by spreadsheets; '-35', '+5', '-' are not
_RUNS = re.compile(r"[=@＝＠\t\r\n]|[-+－＋](?![\d.,]*$)")
_FIRST = frozenset("=@＝＠\t\r\n-+－＋")
_EMPTY = '""'
"""A line with one empty cell, which would be no line."""


def write_csv(file: TextIO, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes the rows with a BOM; cells that a spreadsheet would run get an apostrophe, None is an empty cell."""
    file.writelines(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, for streaming; a cell is written as `csv.writer` writes it, in half the time."""
    yield f"{BOM}{_line(map(_written, head))}"
    before: Sequence[object] = ()
    texts = list[str]()
    for row in rows:
        if len(row) != len(texts):
            texts = [*map(_written, row)]
        else:  # many cells are those of the row before: the agency, the query, the data version
            texts = [
                text if cell is old else _written(cell) for cell, old, text in zip(row, before, texts, strict=True)
            ]
        before = row
        yield _line(texts)


def _line(texts: Iterable[str]) -> str:
    return f"{','.join(texts) or _EMPTY}\r\n"


def _written(cell: object) -> str:
    if cell is None:
        return ""
    text = str(cell)
    # most cells begin otherwise, and the pattern takes three times as long
    if type(cell) is str and text[:1] in _FIRST and _RUNS.match(text):
        text = f"'{text}"
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"{}"'.format(text.replace('"', '""'))
    return text
