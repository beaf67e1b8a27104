from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.export.csv import BOM, csv_lines, write_csv

DISARMED = [
    ("=1+1", "a formula"),
    ("=cmd|' /C calc'!A0", "a program"),
    ("+1+cmd()", "a formula that begins with a plus"),
    ("@SUM(A1)", "a function"),
    ("-2+3", "a formula that begins with a minus"),
    ("-cmd()", "a minus before a word"),
    ("\t=1", "behind a tab"),
    ("\r=1", "after a line feed"),
    ("＝1+1", "a full-width sign, which East Asian spreadsheets read as a sign"),
    ("＠SUM(A1)", "likewise"),
    ("＋1+1", "likewise"),
    ("－1+1", "likewise"),
]
KEPT = [
    ("-35", "a negative number"),
    ("-82.3658", "with places"),
    ("-1,234", "with thousands"),
    ("+5", "with a sign"),
    ("-", "a dash in a cell"),
    ("——", "another"),
    ("0", "a nought"),
    ("某市教育局", "a name"),
    ("三、其他=无", "a sign inside"),
    ("", "nothing"),
]


def written(*cells: object) -> list[str]:
    file = io.StringIO(newline="")
    write_csv(file, ["head"], [cells])
    assert file.getvalue().startswith(BOM)
    return list(csv.reader(io.StringIO(file.getvalue().removeprefix(BOM), newline="")))[1]


@pytest.mark.parametrize(("cell", "reason"), DISARMED, ids=[case[1] for case in DISARMED])
def test_cells_that_a_spreadsheet_would_run(cell: str, reason: str) -> None:
    assert written(cell) == [f"'{cell}"]


@pytest.mark.parametrize(("cell", "reason"), KEPT, ids=[case[1] for case in KEPT])
def test_cells_that_stay_unchanged(cell: str, reason: str) -> None:
    assert written(cell) == [cell]


def test_cells_that_are_not_text() -> None:
    assert written(None, 3, Decimal("-82.3658"), 2018) == ["", "3", "-82.3658", "2018"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_cell_reads_back(cells: list[str]) -> None:
    assert [cell.removeprefix("'") for cell in written(*cells)] == [cell.removeprefix("'") for cell in cells]


TEXT = st.text(st.sampled_from("公,\"\r\n ;'a1"), max_size=4).filter(lambda text: text[:1] not in ("\r", "\n"))
CELLS = st.one_of(st.none(), st.integers(), st.floats(), st.decimals(), TEXT)


@given(st.lists(st.lists(CELLS, max_size=3), max_size=4))
def test_lines_are_those_of_the_standard_library(rows: list[list[object]]) -> None:
    expected = io.StringIO()
    csv.writer(expected, lineterminator="\r\n").writerows(row for row in rows if row)
    assert "".join(csv_lines(["head"], (row for row in rows if row))) == f"{BOM}head\r\n{expected.getvalue()}"
