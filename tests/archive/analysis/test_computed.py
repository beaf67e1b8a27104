"""Tests rows that no report prints: totals of groups of rows, and series across the forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.computed import (
    Name,
    Step,
    Value,
    compute,
    computed_rows,
    figure_name,
    parse_name,
    parts_of,
    series_breaks,
    with_computed,
)
from archive.model import CellState, Figure, ReportSummary
from archive.rulebook import rulebook
from archive.vocabulary import column_codes, row_codes, statutory_layout, table_rules

REFUSED = computed_rows()["requests", "refused", "total"]
RECEIVED = computed_rows()["series", "received", None]
LAWSUITS = computed_rows()["series", "lawsuits", None]
PARTS = REFUSED.steps[0].names
ZERO: Value = (Decimal(0), "number")


def cells(**changed: Value | None) -> dict[Name, list[Value]]:
    """The rows of the group with 0, but for some; None leaves a row out."""
    values = {name: changed.get(name[1].partition(".")[2], ZERO) for name in PARTS}
    return {name: [value] for name, value in values.items() if value}


@pytest.mark.parametrize(
    ("given_cells", "value", "state", "reason"),
    [
        (cells(), Decimal(0), "number", "eight times 0 is 0"),
        (cells(third_party=(Decimal(3), "number")), Decimal(3), "number", "one part"),
        (cells(third_party=(Decimal("2.50"), "solved"), state_secret=(Decimal(1), "number")), Decimal("3.50"), "number",
         "digits that were taken apart are numbers, and decimals stay exact"),
        (cells(third_party=(None, "blank"), state_secret=(Decimal(1), "number")), Decimal(1), "number",
         "the form counts a blank as 0"),
        (cells(third_party=(None, "dash")), Decimal(0), "number", "the form counts a dash as 0"),
        (cells(third_party=(None, "unreadable")), None, "unreadable", "what cannot be read is not 0"),
        (cells(third_party=None), None, "incomplete", "a row that is not there is not 0"),
        (cells(third_party=None, state_secret=(None, "unreadable")), None, "unreadable", "the stronger reason is told"),
        (cells() | {PARTS[0]: [ZERO, ZERO]}, Decimal(0), "number", "a table printed twice alike"),
        (cells() | {PARTS[0]: [ZERO, (Decimal(2), "number")]}, None, "contradictory", "a table printed twice, unlike"),
    ],
)  # fmt: skip
def test_a_total_needs_every_part(
    given_cells: Mapping[Name, list[Value]], value: Decimal | None, state: CellState, reason: str
) -> None:
    found = compute(REFUSED, "form-2021", given_cells)
    assert found and (found.value, found.state, found.basis) == (value, state, "computed"), reason
    assert found.parts == tuple(map(figure_name, PARTS)) and not found.check


def test_without_any_part_there_is_no_total() -> None:
    assert compute(REFUSED, "form-2021", {}) is None


PROSE: dict[Name, list[Value]] = {("prose", "requests_received", None): [(Decimal(7), "number")]}
STATISTICS: dict[Name, list[Value]] = {("statistics", "requests", "count"): [(Decimal(8), "number")]}
FORM: dict[Name, list[Value]] = {("requests", "new", "total"): [(Decimal(9), "number")]}


@pytest.mark.parametrize(
    ("form", "given_cells", "value", "part", "reason"),
    [
        ("prose-2008", PROSE, 7, "prose.requests_received", "a sentence, if there is nothing else"),
        ("prose-2008", PROSE | STATISTICS, 8, "statistics.requests.count", "the table before the sentence"),
        ("form-2021", PROSE | FORM, 9, "requests.new.total", "the statutory table"),
        ("form-2021", PROSE, None, None, "a sentence is no substitute for a row of the form"),
        (None, PROSE, 7, "prose.requests_received", "a report without a form has what it has"),
        ("prose-2008", STATISTICS | {("statistics", "requests", "count"): [(None, "blank")]}, None,
         "statistics.requests.count", "a blank alone is unknown, not 0"),
        ("prose-2008", {("prose", "requests_received", None): [(Decimal(7), "number"), (Decimal(8), "number")]}, None,
         "prose.requests_received", "two sentences that contradict each other"),
    ],
)  # fmt: skip
def test_a_series_takes_the_first_source_with_a_number(
    form: str | None, given_cells: Mapping[Name, list[Value]], value: int | None, part: str | None, reason: str
) -> None:
    found = compute(RECEIVED, form, given_cells)
    assert (found.value if found else None) == value, reason
    assert (found.parts if found else (None,)) == (part,), reason


def test_a_sum_in_a_series_needs_both_kinds_of_litigation() -> None:
    direct: dict[Name, list[Value]] = {("review", "litigation_direct", "total"): [(Decimal(2), "number")]}
    later: dict[Name, list[Value]] = {("review", "litigation_after_reconsideration", "total"): [(None, "blank")]}
    alone, both = compute(LAWSUITS, "form-2021", direct), compute(LAWSUITS, "form-2021", direct | later)
    assert alone and (alone.value, alone.state) == (None, "incomplete")
    assert both and both.value == 2


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=4), min_size=8, max_size=8))
def test_totals_are_exact(values: list[Decimal]) -> None:
    figures = [
        Figure("requests", row, "total", value, str(value), "number")
        for (_, row, _), value in zip(PARTS, values, strict=True)
    ]
    (total,) = with_computed(figures, "form-2021")[8:]
    assert total.value is not None
    assert Fraction(total.value) == sum(map(Fraction, values))


def test_breaks_of_a_series() -> None:
    def at(year: int, form: str, found: Mapping[Name, list[Value]]) -> tuple[ReportSummary, object]:
        return ReportSummary("a", None, None, str(year), year, form, "0"), compute(RECEIVED, form, found)

    old, table = at(2013, "prose-2008", PROSE), at(2014, "prose-2008", STATISTICS)
    new, newer = at(2021, "form-2021", FORM), at(2022, "form-2021", FORM)
    assert series_breaks(new, newer, "zh") == (), "one table in one form"
    assert len(series_breaks(old, table, "zh")) == 1 and "Another source" in series_breaks(old, table, "en")[0]
    assert len(series_breaks(table, new, "zh")) == 1, "the form alone is named, not the table also"


def test_every_name_in_the_rules_is_known() -> None:
    names = [name for rule in rulebook("series.toml")["series"] for step in rule["step"] for name in step["figures"]]
    assert [name for name in names if parse_name(name) is None] == []
    for table in ("requests",):
        for rule in table_rules(table)["derived"]:
            for form in ("trial-2019", "form-2021"):
                layout = statutory_layout(form, table)
                group = [row for row in layout.rows if row.startswith(f"{rule['code']}.")] if layout else []
                assert [*rule["parts"]] == group, "the whole group, in each form"
            assert rule["code"] in row_codes(table)


@pytest.mark.parametrize("name", ["", "x", "requests.new", "requests.none.total", "prose.none", "series.none", "a.b.c"])
def test_unknown_names(name: str) -> None:
    assert parse_name(name) is None


def test_parts_of_rows() -> None:
    assert parts_of([REFUSED]) == set(PARTS)
    assert REFUSED.steps == (Step(PARTS),) and {name[0] for name in computed_rows()} == {"requests", "series"}
    assert len([name for name in computed_rows() if name[0] == "requests"]) == 3 * len(column_codes("requests"))


def test_the_documentation_has_the_crosswalk_and_the_computed_rows() -> None:
    text = Path(__file__).parents[3].joinpath("docs", "figures.md").read_text("utf-8")
    for rule in rulebook("series.toml")["series"]:
        for step in rule["step"]:
            sources, forms = " + ".join(step["figures"]), ", ".join(step["forms"])
            start = f"| `{rule['code']}` {rule['zh']} · {rule['en']} | `{sources}` | {forms} | "
            assert f"{start}{step['zh']} · {step['en']} |" in text
    for rule in table_rules("requests")["derived"]:
        assert f"| `{rule['code']}` | {rule['zh']} | {rule['en']} |" in text
