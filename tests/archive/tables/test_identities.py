from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from msgspec.structs import replace

from archive.model import Figure
from archive.notices import message
from archive.tables.identities import check, failure
from archive.vocabulary import statutory_layout
from tests.archive.pages import FORM, TRIAL

RESULTS = ("natural_person", "enterprise", "research", "nonprofit", "legal_service", "other_organisation")


def table(form: str) -> list[Figure]:
    """Requests and review tables with 1 in every cell except totals, in which every identity holds."""
    figures = []
    for name in ("requests", "review"):
        layout = statutory_layout(form, name)
        assert layout is not None
        between = layout.rows.index("handled_total") - 2 if name == "requests" else 0
        for row in layout.rows:
            factor = {"handled_total": between, "carried_out": 0, "new": between, "carried_in": 0}.get(row, 1)
            for column in layout.columns:
                value = Decimal(factor * ((len(layout.columns) - 1) if column == "total" else 1))
                figures.append(Figure(name, row, column, value, str(value), "number"))
    return figures


CASES = [(FORM, 42), (TRIAL, 40)]


@pytest.mark.parametrize(("form", "count"), CASES)
def test_every_identity_of_the_form_is_checked(form: str, count: int) -> None:
    figures, checks = check(table(form), form)
    assert len(checks) == count
    kinds = Counter((made.table, made.identity) for made in checks)
    rows = 25 if form == FORM else 23
    assert kinds == {
        ("requests", "balance"): 7,
        ("requests", "handled_total"): 7,
        ("requests", "row_total"): rows,
        ("review", "row_total"): 3,
    }
    assert {made.result for made in checks} == {"passed"}
    assert all(figure.check for figure in figures)


def expected(figure: Figure) -> set[tuple[str, str]]:
    """The identities of a cell with their columns or rows."""
    assert figure.column is not None
    if figure.table == "review":
        return {("row_total", figure.row)}
    found = {("row_total", figure.row)}
    if figure.row in ("new", "carried_in", "handled_total", "carried_out"):
        found.add(("balance", figure.column))
    if figure.row not in ("new", "carried_in", "carried_out"):
        found.add(("handled_total", figure.column))
    return found


@pytest.mark.parametrize(("form", "count"), CASES)
def test_a_wrong_cell_fails_exactly_its_identities(form: str, count: int) -> None:
    whole = table(form)
    for index, figure in enumerate(whole):
        broken = [*whole]
        broken[index] = replace(figure, value=(figure.value or Decimal(0)) + 1)
        figures, checks = check(broken, form)
        failed = {(made.identity, made.where) for made in checks if made.result == "failed"}
        assert failed == expected(figure), figure.name
        assert set(figures[index].check.values()) == {"failed"}
        assert figures[index].value == broken[index].value
        assert len(checks) == count


@pytest.mark.parametrize(("form", "count"), CASES)
@pytest.mark.parametrize(
    ("state", "result"),
    [("blank", "passed_with_blanks"), ("dash", "passed_with_blanks"), ("unreadable", "not_checked")],
)
def test_blanks_count_as_zero_and_unreadable_cells_are_not_checked(
    form: str, count: int, state: str, result: str
) -> None:
    zeros = [replace(figure, value=Decimal(0)) for figure in table(form)]
    for index in (0, 30, len(zeros) - 1):
        odd = [*zeros]
        odd[index] = replace(zeros[index], value=None, printed="", state=state)  # type: ignore[arg-type]
        _, checks = check(odd, form)
        found = {(made.identity, made.where) for made in checks if made.result == result}
        assert found == expected(zeros[index])
        assert {made.result for made in checks} == {"passed", result}


def test_an_identity_with_a_missing_cell_is_not_checked() -> None:
    figures = [figure for figure in table(FORM) if figure.name != "requests.granted.natural_person"]
    _, checks = check(figures, FORM)
    assert len(checks) == 40
    assert {("handled_total", "natural_person"), ("row_total", "granted")}.isdisjoint(
        (made.identity, made.where) for made in checks
    )


@pytest.mark.parametrize("form", ["prose-2008", None])
def test_tables_without_a_form_are_not_checked(form: str | None) -> None:
    figures = table(FORM)
    assert check(figures, form) == (tuple(figures), ())


def test_other_tables_are_not_checked() -> None:
    figures = [Figure("prose", "disclosed", None, Decimal(3), "3", "number", basis="prose")]
    assert check(figures, FORM) == (tuple(figures), ())


def test_the_notice_on_a_failure_names_row_identity_and_sums() -> None:
    figures = [
        replace(figure, value=Decimal(9)) if figure.name == "requests.granted.total" else figure
        for figure in table(FORM)
    ]
    _, checks = check(figures, FORM)
    messages = {message(failure(made, FORM), "zh") for made in checks if made.result == "failed"}
    assert messages == {
        "表“收到和处理政府信息公开申请情况”的勾稽关系不成立（六类申请人之和等于总计，(一)予以公开）：6 ≠ 9。"
        "数字按原样保存，请核对原页。",
        "表“收到和处理政府信息公开申请情况”的勾稽关系不成立（第三项各行之和等于总计，总计）：129 ≠ 126。"
        "数字按原样保存，请核对原页。",
    }
