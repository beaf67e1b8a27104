"""The arithmetic of the form decides numbers that OCR left doubtful, or leaves them unread."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from archive.model import Block, Cell, Figure, RecognisedCell, Table
from archive.tables.detect import recognise
from archive.tables.figures import read_table
from archive.tables.ocr_numbers import plain, settled
from tests.archive.pages import COLUMNS, FORM, balanced, proactive, requests

Place = tuple[int, int]
# 14 new requests and 2 carried in, of which 13 are granted and 3 carried out: rows 0, 1, 2, 23 and 24
NEW, CARRIED_IN, GRANTED, STATE_SECRET, HANDLED, CARRIED_OUT = 0, 1, 2, 4, 23, 24
NATURAL, TOTAL = 0, 6


def recognised(rows: list[list[str]], kind: str, doubtful: Mapping[Place, tuple[str, ...]]) -> Table:
    """A table as OCR reads it; `doubtful` has the readings of cells by row and column of values."""
    heads = len(rows) - 25 if kind == "requests" else 0
    made = []
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        first = len(row) - len(COLUMNS) if number >= heads and kind == "requests" else 1
        for place, text in enumerate(row):
            readings = doubtful.get((number - heads, place - first), (text,))
            is_value = place >= first and number >= heads
            cells.append(
                RecognisedCell(readings[0], None, confidence=0.9, readings=readings)
                if is_value
                else RecognisedCell(text, None, confidence=0.99)
            )
        made.append(tuple(cells))
    return Table(tuple(made), kind=kind)


def read(doubtful: Mapping[Place, tuple[str, ...]], printed: list[list[str]] | None = None) -> dict[str, Figure]:
    table, _ = settled(recognised(requests(printed or balanced(14, 2, 3)), "requests", doubtful), FORM)
    return {figure.name: figure for figure in read_table(table, FORM)[0]}


def state(figure: Figure) -> str:
    return f"{figure.printed} {figure.state}"


CASES: list[tuple[Mapping[Place, tuple[str, ...]], Mapping[str, str], str]] = [
    ({}, {"new.natural_person": "14 number", "new.total": "14 number"}, "nothing is doubtful"),
    (
        {(NEW, NATURAL): ("19", "14")},
        {"new.natural_person": "14 solved", "new.total": "14 number"},
        "the second reading satisfies both identities of the cell",
    ),
    (
        {(NEW, NATURAL): ("14", "19")},
        {"new.natural_person": "14 solved"},
        "the first reading does; it is marked all the same",
    ),
    (
        {(NEW, NATURAL): ("14", "19"), (NEW, TOTAL): ("19", "14")},
        {"new.natural_person": "14 solved", "new.total": "14 solved"},
        "two doubtful cells of one row, decided by their columns",
    ),
    (
        {(NEW, NATURAL): ("14", "19"), (NEW, TOTAL): ("14", "19"), (CARRIED_OUT, NATURAL): ("3", "8")}
        | {(CARRIED_OUT, TOTAL): ("3", "8")},
        {
            "new.natural_person": "1□ unreadable",
            "new.total": "1□ unreadable",
            "carried_out.natural_person": "□ unreadable",
            "handled_total.total": "13 number",
        },
        "two solutions: 14 = 13 + 3 - 2 and 19 = 13 + 8 - 2",
    ),
    (
        {(NEW, NATURAL): ("16", "19")},
        {"new.natural_person": "1□ unreadable", "new.total": "14 number"},
        "no reading satisfies the identities",
    ),
    (
        {(STATE_SECRET, NATURAL): ("0", "/")},
        {"refused.state_secret.natural_person": "□ unreadable"},
        "0 and a dash are equal in sums",
    ),
    (
        {(STATE_SECRET, NATURAL): ("6",)},
        {
            "refused.state_secret.natural_person": "□ unreadable",
            "refused.state_secret.enterprise": "0 number",
            "granted.natural_person": "13 number",
        },
        "a certain number that fails all its identities is wrong or misprinted; others have one that holds",
    ),
    (
        {(STATE_SECRET, NATURAL): ("6",), (GRANTED, NATURAL): ("13", "7")},
        {"granted.natural_person": "□□ unreadable"},
        "a doubtful number beside a failed identity could make up for the wrong one",
    ),
    ({(NEW, NATURAL): ("", "□")}, {"new.natural_person": "□ unreadable"}, "print that is no character is no blank"),
    (
        {(row, column): ("0", "6", "8", "9") for row in range(2, 23) for column in (1, 2, TOTAL) if row != GRANTED},
        {"granted.total": "13 number", "refused.state_secret.research": "0 solved", "other.other.total": "0 solved"},
        "columns of zeros with too many combinations, which their totals leave no other reading",
    ),
]


@pytest.mark.parametrize(("doubtful", "expected", "reason"), CASES, ids=[case[2] for case in CASES])
def test_readings_are_decided(
    doubtful: Mapping[Place, tuple[str, ...]], expected: Mapping[str, str], reason: str
) -> None:
    figures = read(doubtful)
    assert {name: state(figures[f"requests.{name}"]) for name in expected} == expected
    assert all(figure.basis == "ocr" and figure.confidence == 0.9 for figure in figures.values())
    assert all((figure.value is None) == (figure.state == "unreadable") for figure in figures.values())


def test_printed_errors_leave_the_numbers_that_another_identity_confirms() -> None:
    printed = balanced(14, 2, 3)
    printed[NEW][TOTAL] = "15"  # the sum of the row is 14, of the column 15 + 2 = 13 + 3
    figures = read({}, printed)
    unread = {name for name, figure in figures.items() if figure.value is None}
    assert unread == {"requests.new.total"}


def test_numbers_that_no_identity_tests_are_counted() -> None:
    rows = proactive(FORM, {"规章": ("1", "2", "3")})
    table, notices = settled(recognised(rows, "proactive", {(2, 0): ("7", "1")}), FORM)
    figures = {figure.name: figure for figure in read_table(table, FORM)[0]}
    assert state(figures["proactive.rules.issued"]) == "□ unreadable"
    assert state(figures["proactive.rules.repealed"]) == "2 number"
    assert [(notice.code, notice.facts["count"]) for notice in notices] == [("ocr_unchecked", "10")]


def test_other_tables_stay_as_they_are() -> None:
    table = Table(tuple(tuple(Cell(text) for text in row) for row in requests(balanced(1, 0, 0))), kind="requests")
    assert settled(table, FORM) == (table, ())
    assert plain(table) is table


def test_the_kept_table_has_plain_cells() -> None:
    table, _ = settled(recognised(requests(balanced(14, 2, 3)), "requests", {(NEW, NATURAL): ("19", "14")}), FORM)
    kept = plain(table)
    assert {type(cell) for cell in kept.cells()} == {Cell}
    assert "14" in [cell.text for cell in kept.rows[3]] and "19" not in [cell.text for cell in kept.cells()]
    assert replace(kept, rows=()) == replace(table, rows=())


def with_label(place: int, label: str) -> Table:
    """The table of requests with the label of a row, the last one before its values, read wrongly."""
    rows = requests(balanced(14, 2, 3))
    row = rows[len(rows) - 25 + place]
    row[len(row) - len(COLUMNS) - 1] = label
    return recognised(rows, "requests", {})


def test_a_misread_label_is_that_of_the_row_between_its_neighbours() -> None:
    figures = {each.name: each for each in read_table(settled(with_label(HANDLED, "(C)总If"), FORM)[0], FORM)[0]}
    assert state(figures["requests.handled_total.total"]) == "13 number"
    assert len(figures) == 25 * len(COLUMNS)


def test_numbers_of_a_row_that_the_form_does_not_have_are_unread() -> None:
    table = recognised(requests(balanced(14, 2, 3)), "requests", {})
    more = (RecognisedCell("别的数量"), *(RecognisedCell(each, readings=(each,)) for each in "1234567"))
    figures = read_table(settled(replace(table, rows=(*table.rows, more)), FORM)[0], FORM)[0]
    assert {state(each) for each in figures if each.row == "别的数量"} == {"□ unreadable"}


def of_lines(rows: list[list[str]]) -> dict[str, Figure]:
    """The figures of a table of requests whose rows are lines of print, read by OCR without the lines of a grid."""
    lines = [f"{row[-len(COLUMNS) - 1]}{' '.join(row[-len(COLUMNS) :])}" for row in requests(rows)[-len(rows) :]]
    (block,) = recognise([Block(line, confidence=0.9) for line in lines])
    assert block.table
    return {figure.name: figure for figure in read_table(settled(block.table, FORM)[0], FORM)[0]}


def test_numbers_of_lines_without_a_grid_need_an_identity() -> None:
    figures = of_lines(balanced(14, 2, 3))
    assert {(each.basis, each.confidence, each.state) for each in figures.values()} == {("ocr", 0.9, "solved")}
    lost = balanced(14, 2, 3)
    del lost[STATE_SECRET][0]  # a number that OCR lost
    figures = of_lines(lost)
    assert {each.state for each in figures.values() if each.row == "refused.state_secret"} == {"unreadable"}
    assert state(figures["requests.new.total"]) == "14 solved", "its row is whole"


def test_a_number_whose_identities_lack_a_cell_is_unread() -> None:
    rows = requests(balanced(14, 2, 3))
    table, _ = settled(recognised([row[:-1] for row in rows], "requests", {}), FORM)
    assert {each.value for each in read_table(table, FORM)[0]} == {None}
    table, _ = settled(recognised(rows[:-2], "requests", {}), FORM)
    figures = {each.name: each for each in read_table(table, FORM)[0]}
    assert state(figures["requests.new.total"]) == "14 number", "the sum of its row is there"


def test_a_doubtful_number_without_identities_is_unread() -> None:
    rows = proactive(FORM, {"规章": ("1", "2", "3")})
    table, _ = settled(recognised(rows, "proactive", {(2, 0): ("1", "1")}), FORM)
    figures = {figure.name: figure for figure in read_table(table, FORM)[0]}
    assert state(figures["proactive.rules.issued"]) == "□ unreadable"
    assert state(figures["proactive.rules.repealed"]) == "2 number"
