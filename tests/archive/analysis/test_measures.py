"""Tests measures on figures read by hand, and their rules on the forms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from archive.analysis.codebook import HEAD, codebook, rows_of_codebook
from archive.analysis.measures import Measure, measure, measure_named, measures
from archive.export.json import measured_json
from archive.model import Report
from archive.vocabulary import TABLES, prose_rows, statutory_layout
from tests.archive.pages import FORM, TRIAL, form_report, report, request_labels, zeros

GRANTED = "requests.granted.total"
REVIEWS = ["4", "3", "2", "1", "10", "1", "0", "0", "0", "1", "0", "1", "2", "5", "8"]


def model(form: str = FORM, **values: int) -> Report:
    """A report with these results of requests, all but one from natural persons, and the reviews above."""
    cells = zeros(form)
    order = [code for code, *_ in request_labels(form)]
    for code, value in values.items():
        row = cells[order.index(code.replace("__", "."))]
        row[0] = row[-1] = str(value)
    if values.get("new"):
        cells[0][0], cells[0][1] = str(values["new"] - 1), "1"
    return report(form_report(cells=cells, form=form, reviews=REVIEWS))


GIVEN = {
    "new": 9,
    "carried_in": 3,
    "granted": 4,
    "partly_granted": 1,
    "refused__state_secret": 1,
    "refused__administrative_lookup": 1,
    "unavailable__not_held": 2,
    "unavailable__must_be_created": 1,
    "not_processed__petition": 0,
    "handled_total": 10,
    "carried_out": 2,
}


def named(code: str) -> Measure:
    found = measure_named(code)
    assert found is not None
    return found


@pytest.mark.parametrize("form", [FORM, TRIAL])
@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "reason"),
    [
        ("granted", 4, 10, "granted alone"),
        ("granted_wholly_or_partly", 5, 10, "with partly granted"),
        ("refused", 2, 10, "all grounds of refusal"),
        ("not_held", 2, 10, "one of the three kinds of unavailable"),
        ("unavailable", 3, 10, "all three"),
        ("not_processed", 0, 10, "no requests of this kind"),
        ("carried_over", 2, 12, "share of new and carried-in requests"),
        ("natural_persons", 8, 9, "one request of a company"),
        ("reconsideration_corrected", 3, 9, "without the pending one"),
        ("litigation_corrected", 1, 4, "both kinds of litigation"),
    ],
)
def test_measures(form: str, code: str, numerator: int, denominator: int, reason: str) -> None:
    found = measure(named(code), model(form, **GIVEN))
    assert (found.numerator, found.denominator) == (Decimal(numerator), Decimal(denominator)), reason
    assert found.value == Decimal(numerator) / Decimal(denominator)
    assert found.standing == "computed"


def test_every_measure_is_tested_here() -> None:
    (marks,) = [
        mark for mark in test_measures.pytestmark if mark.args[0] == ("code", "numerator", "denominator", "reason")
    ]  # type: ignore[attr-defined]
    assert [row[0] for row in marks.args[1]] == [each.code for each in measures()]


def changed(name: str, **changes: object) -> Report:
    given = model(**GIVEN)
    figures = (
        msgspec.structs.replace(figure, **changes) if figure.name == name else figure for figure in given.figures
    )  # type: ignore[arg-type]
    return replace(given, figures=tuple(figures))


@pytest.mark.parametrize(
    ("given", "standing", "value", "reason"),
    [
        (
            changed(GRANTED, value=None, state="blank"),
            "computed_with_blanks",
            Decimal(0),
            "a blank counts as 0 and is marked",
        ),
        (
            changed(GRANTED, value=None, state="dash"),
            "computed_with_blanks",
            Decimal(0),
            "a dash counts as 0 and is marked",
        ),
        (changed(GRANTED, value=None, state="unreadable"), "missing", None, "an unreadable figure"),
        (changed(GRANTED, row="elsewhere"), "missing", None, "a missing figure"),
        (changed("requests.handled_total.total", value=Decimal(0)), "nothing_to_divide", None, "nothing to divide"),
        (replace(model(**GIVEN), figures=()), "missing", None, "a report in prose"),
    ],
)
def test_a_measure_without_its_figures_has_no_value(given: Report, standing: str, value: object, reason: str) -> None:
    found = measure(named("granted"), given)
    assert (found.standing, found.value) == (standing, value), reason


def test_a_measure_of_a_failed_identity_is_doubtful() -> None:
    assert not measure(named("granted"), model(**GIVEN | {"new": 10, "carried_in": 2})).doubtful
    assert measure(named("granted"), model(**GIVEN | {"granted": 5})).doubtful, "5 + 1 + 2 + 3 is not 10"


def test_as_plain_values() -> None:
    assert measured_json(measure(named("reconsideration_corrected"), model(**GIVEN))) == {
        "measure": "reconsideration_corrected",
        "value": "0.333333",
        "numerator": "3",
        "denominator": "9",
        "standing": "computed",
        "doubtful": False,
    }


@pytest.mark.parametrize("form", [FORM, TRIAL])
@pytest.mark.parametrize("each", measures(), ids=lambda each: each.code)
def test_measures_name_existing_figures(each: Measure, form: str) -> None:
    for name in (*each.numerator, *each.denominator):
        table, _, rest = name.partition(".")
        row, _, column = rest.rpartition(".")
        layout = statutory_layout(form, table)
        assert layout is not None and column in layout.columns
        assert row in layout.rows or any(known.startswith(row.removesuffix("*")) for known in layout.rows)
        assert table == each.table
    assert all((each.zh, each.en, each.formula_zh, each.formula_en, each.source))
    assert each.codes.count("/") == 1


def test_the_codebook_has_every_figure_of_every_form() -> None:
    entries = list(codebook())
    counts = {form: sum(entry.form == form and entry.kind == "table" for entry in entries) for form in (TRIAL, FORM)}
    assert counts == {TRIAL: 161 + 15 + 28, FORM: 175 + 15 + 10}
    names = {(entry.name, entry.form) for entry in entries}
    assert len(names) == len(entries), "each once"
    assert {entry.name.partition(".")[0] for entry in entries if entry.kind == "table"} == set(TABLES)
    assert sum(entry.kind == "prose" for entry in entries) == len(list(prose_rows()))
    assert [entry.name for entry in entries if entry.kind == "measure"] == [each.code for each in measures()]
    assert all(entry.zh and entry.en for entry in entries)
    assert all(entry.source for entry in entries if entry.form or entry.kind == "measure")
    assert all(len(row) == len(HEAD) for row in rows_of_codebook())


def test_the_codebook_has_all_figures_of_a_report() -> None:
    known = {(entry.name, entry.form) for entry in codebook()}
    for form in (TRIAL, FORM):
        given = model(form, **GIVEN)
        tables = [figure for figure in given.figures if figure.basis == "table"]
        assert {(figure.name, form) for figure in tables} <= known
