"""CSV that a spreadsheet opens rightly and safely."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

BOM = "\ufeff"
"""Written first, so that spreadsheets take the file for UTF-8."""

# '=cmd()', '+1+cmd()', '@sum()', '-2+3', and the same in full width, are run by spreadsheets; '-35', '+5', '-' are not
_RUNS = re.compile(r"[=@＝＠\t\r\n]|[-+－＋](?![\d.,]*$)")


def write_csv(file: TextIO, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The rows as CSV with a BOM; cells that a spreadsheet would run get an apostrophe, None is an empty cell."""
    file.write(BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)


def _disarmed(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _RUNS.match(cell) else cell
