"""Tests what counts as 0 and what as missing in a ranking."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.analysis.agency_ranking import ranked_reports
from archive.analysis.computed import ComputedFigure, Name, ReportValues
from archive.analysis.measures import measure_named
from archive.model import CellState

GRANTED: Name = ("requests", "granted", "total")
HANDLED: Name = ("requests", "handled_total", "total")


@pytest.mark.parametrize(
    ("state", "value", "rank", "reason"),
    [
        ("number", "4", "0.4", "a number"),
        ("approximate", "4", "0.4", "about a number"),
        ("solved", "4", "0.4", "a number split by the arithmetic of its row"),
        ("blank", None, "0", "a blank cell counts as 0"),
        ("dash", None, "0", "and so does a dash"),
        ("unreadable", None, None, "no number can be read"),
        ("contradictory", None, None, "the table is printed twice with two values"),
        ("incomplete", None, None, "a part is missing"),
        (None, None, None, "not stated"),
    ],
)
def test_a_value_is_missing_unless_it_is_blank(
    state: CellState | None, value: str | None, rank: str | None, reason: str
) -> None:
    stated = [("one", state, value), ("other", "number", "1")]
    reports = [
        ReportValues(agency, "2022", 2022, "form-2021", {
            HANDLED: ComputedFigure(*HANDLED, Decimal(10), "", "number"),
            **({GRANTED: ComputedFigure(*GRANTED, number and Decimal(number), "", each)} if each else {}),
        })
        for agency, each, number in stated
    ]  # fmt: skip
    found = {each.agency: each for each in ranked_reports(reports, measure_named("granted"))}
    assert found["one"].value == (rank and Decimal(rank)), reason
    assert (found["one"].rank is None) == (rank is None), reason
    assert found["other"].value == Decimal("0.1"), reason


@pytest.mark.parametrize("state", ["number", "approximate"])
def test_a_place_has_the_state_of_its_figure(state: CellState) -> None:
    stated = ReportValues(
        "one", "2012", 2012, "prose-2008", {GRANTED: ComputedFigure(*GRANTED, Decimal(300), "", state)}
    )
    (place,) = ranked_reports([stated], None)
    assert (place.value, place.state) == (300, state)
