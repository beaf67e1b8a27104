"""Tests that merged digits are separated if, and only if, the identities leave one solution."""

from decimal import Decimal

import pytest

from archive.model import Cell, Table
from archive.tables.digit_splitting import DigitRun, solve, solve_row, solve_rows
from archive.tables.figures import read_table
from archive.vocabulary import statutory_layout
from tests.archive.readers.documents import REQUEST_HEAD, REQUEST_LABELS, REQUESTS, REVIEW_HEAD

FORM = "form-2021"
ROWS = statutory_layout(FORM, "requests")
MERGED = {row: ["".join(map(str, values))] for row, values in zip(ROWS.rows if ROWS else (), REQUESTS, strict=True)}


def answer(printed: dict[str, list[str]], row: str) -> list[int]:
    """The seven cells of a row of a solved table, empty if it is not solved."""
    assert ROWS
    solved = solve_rows("requests", FORM, printed)
    return [solved[row, column] for column in ROWS.columns] if solved else []


def test_a_whole_table_is_solved() -> None:
    assert answer(MERGED, "new") == [11, 2, 0, 0, 0, 1, 14]
    assert answer(MERGED, "handled_total") == [11, 2, 0, 0, 0, 1, 14]


CHANGED = [
    ({"new": ["11", "2", "0", "0", "0", "1", "14"]}, [11, 2, 0, 0, 0, 1, 14], "one row is not merged"),
    ({"new": ["11", "20001", "14"]}, [11, 2, 0, 0, 0, 1, 14], "a row with some spaces left"),
    ({"new": ["1120001 14"]}, [11, 2, 0, 0, 0, 1, 14], "spaces inside a cell"),
    ({"new": ["11", "2", "-", "", "0", "1", "14"]}, [11, 2, 0, 0, 0, 1, 14], "blank and dash count as 0"),
    ({"new": ["112000115"]}, [], "no division adds up"),
    ({"new": ["121000114"]}, [], "the row adds up, but not the table"),
    ({"new": ["1120-0114"]}, [], "a dash inside digits"),
    ({"new": ["1,120,001"]}, [], "not only digits"),
    ({"new": []}, [], "nothing printed"),
    ({"carried_in": ["1000001", "1"] * 5}, [], "more values than the row has"),
]


@pytest.mark.parametrize(("change", "expected", "reason"), CHANGED, ids=[case[2] for case in CHANGED])
def test_tables_with_one_row_changed(change: dict[str, list[str]], expected: list[int], reason: str) -> None:
    assert answer(MERGED | change, "new") == expected


def test_a_table_without_merged_digits_is_not_solved() -> None:
    whole = {row: [str(value) for value in values] for row, values in zip(MERGED, REQUESTS, strict=True)}
    assert solve_rows("requests", FORM, whole) == {}


def test_two_solutions_are_no_solution() -> None:
    # 1 and 10, or 11 and 0, in a row whose sum is 11: both are within the arithmetic
    columns = ("upheld", "corrected", "other", "pending", "total")
    run = DigitRun(tuple(("reconsideration", column) for column in columns), ("110", "0", "0", "11"))
    assert solve("review", FORM, [run]) is None


def test_a_row_without_an_identity_is_not_solved() -> None:
    assert solve_rows("proactive", FORM, {"normative_documents": ["693665"]}) == {}
    assert solve_rows("requests", None, MERGED) == {}


def test_the_table_decides_between_two_solutions_of_a_row() -> None:
    # 11 and 2, or 1 and 12: both make 14
    assert answer({"new": ["1120001", "14"]}, "new") == []
    assert answer(MERGED | {"new": ["1120001", "14"]}, "new") == [11, 2, 0, 0, 0, 1, 14]


def test_a_table_with_an_unknown_row_is_not_solved() -> None:
    assert solve_rows("requests", FORM, {**MERGED, "no such row": ["1"]}) == {}


@pytest.mark.slow
def test_many_digits_are_not_solved() -> None:
    assert solve_rows("requests", FORM, {row: ["1" * 60] for row in MERGED}) == {}


def table(kind: str, *rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(Cell(text, 3) for text in row) for row in rows), kind=kind)


def test_a_solved_cell_keeps_the_printed_text() -> None:
    rows = [(label, *values) for label, values in zip(REQUEST_LABELS, MERGED.values(), strict=True)]
    figures, notices = read_table(table("requests", *REQUEST_HEAD, *rows), FORM)
    new = next(figure for figure in figures if figure.name == "requests.new.total")
    assert (new.value, new.state, new.printed, new.place.first_line) == (Decimal(14), "solved", "112000114", 3)
    assert notices == ()


def test_one_line_of_digits_for_the_whole_review_table() -> None:
    figures, _ = read_table(table("review", *REVIEW_HEAD, ("10203120001200000",)), FORM)
    assert [int(figure.value or 0) for figure in figures] == [1, 0, 2, 0, 3, 12, 0, 0, 0, 12, 0, 0, 0, 0, 0]
    assert {figure.state for figure in figures} == {"solved"}


def test_unsolved_cells_are_unreadable() -> None:
    figures, notices = read_table(table("review", *REVIEW_HEAD, ("10203120001300000",)), FORM)
    assert {(figure.value, figure.state) for figure in figures} == {(None, "unreadable")}
    assert {notice.code for notice in notices} == {"unreadable_cell"}


def test_digits_without_an_identity_are_unreadable() -> None:
    head = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
    figures, _ = read_table(table("proactive", ("第二十条第(一)项",), head, ("行政规范性文件", "693665")), FORM)
    assert {(figure.value, figure.state, figure.printed) for figure in figures} == {(None, "unreadable", "693665")}


SEVEN = ROWS.columns if ROWS else ()
CHANGES = ("previous_items", "change")
THREE = ("made", "disclosed", "public_total")
ALONE = [
    ("requests", SEVEN, ["6000017"], [6, 0, 0, 0, 0, 1, 7], "a digit for each cell"),
    ("requests", SEVEN, ["200", "000121"], [20, 0, 0, 0, 0, 1, 21], "the only division that adds up"),
    ("requests", SEVEN, ["112000114"], [], "two divisions add up"),
    ("requests", SEVEN, ["6000018"], [], "a digit for each cell, but another sum"),
    ("requests", SEVEN, ["120000000120"], [], "too many digits for the sum to decide"),
    ("requests", SEVEN, ["60001"], [], "fewer digits than cells"),
    ("proactive", CHANGES, ["35-15"], [35, -15], "a sign begins the change"),
    ("proactive", CHANGES, ["3515"], [], "nothing divides it"),
    ("proactive", THREE, ["007"], [0, 0, 7], "no other number begins with 0"),
    ("proactive", THREE, ["0012"], [0, 0, 12], "a longer number at the end"),
    ("proactive", THREE, ["070"], [], "70 or 7 and 0"),
    ("proactive", THREE, ["777"], [], "77 and 7, or 7 and 77"),
    ("proactive", (*CHANGES, "decisions"), ["26-185"], [], "18 and 5, or 1 and 85"),
]


@pytest.mark.parametrize(("table", "columns", "printed", "values", "reason"), ALONE, ids=[case[4] for case in ALONE])
def test_one_row_is_solved_if_its_digits_allow_one_division(
    table: str, columns: tuple[str, ...], printed: list[str], values: list[int], reason: str
) -> None:
    solved = solve_row(table, FORM, "new", columns, printed)
    assert [solved["new", column] for column in columns if solved] == values
