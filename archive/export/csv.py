"""Writes CSV that spreadsheets open correctly and without running cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TextIO

TableData = tuple[Sequence[str], Iterable[Sequence[object]]]
"""The names of the columns, and rows of values in their order."""
BOM = "\ufeff"
"""At the beginning of a file, so that spreadsheets read it as UTF-8."""

# '=cmd()', '+1+cmd()', '@sum()', '-2+3', and the same in full width, are run by spreadsheets; '-35', '+5', '-' are not
_RUNS = re.compile(r"[=@＝＠\t\r\n]|[-+－＋](?![\d.,]*$)")
_FIRST = frozenset("=@＝＠\t\r\n-+－＋")


def write_csv(file: TextIO, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes the rows with a BOM; cells that a spreadsheet would run get an apostrophe, None is an empty cell."""
    file.writelines(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, for streaming."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BOM
    for row in chain((head,), rows):
        yield writer.writerow([_disarmed(cell) for cell in row])


class _Echo:
    """A file whose `write` returns the text."""

    def write(self, text: str) -> str:
        return text


def _disarmed(cell: object) -> object:
    # most cells begin otherwise, and the pattern takes three times as long
    return f"'{cell}" if type(cell) is str and cell[:1] in _FIRST and _RUNS.match(cell) else cell
