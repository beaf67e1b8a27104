"""Tests the identities between the reports on two years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from archive.analysis.year_over_year import year_over_year_notices
from archive.ingest.sources import read_path
from archive.model import Figure, Report

PAGE = Path(__file__).parents[3] / "corpus" / "haidian-city-management" / "page.txt"
REPORT = read_path(PAGE).reports[0]

IN_FORCE = "proactive.normative_documents.in_force"
CASES = [
    ("equal numbers carried over", {"requests.carried_out.total": 3}, {"requests.carried_in.total": 3}, []),
    (
        "two are missing in the later report",
        {"requests.carried_out.total": 3},
        {"requests.carried_in.total": 1},
        [("3", "1")],
    ),
    (
        "nine in force, two more, one less",
        {IN_FORCE: 9},
        {IN_FORCE: 10, IN_FORCE.replace("in_force", "issued"): 2, IN_FORCE.replace("in_force", "repealed"): 1},
        [],
    ),
    ("one more in the later report", {IN_FORCE: 9}, {IN_FORCE: 10}, [("9", "10")]),
]


@pytest.mark.parametrize(("before", "after", "breaks"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_report_follows_from_the_one_before(
    before: Mapping[str, int], after: Mapping[str, int], breaks: list[tuple[str, str]]
) -> None:
    found = list(year_over_year_notices([_report(2022, before), _report(2023, after)]))
    assert [(notice.facts["left"], notice.facts["right"]) for _, notice in found] == breaks
    assert all((report.year, notice.code) == (2023, "series_break") for report, notice in found)


def test_a_year_between_two_reports_is_no_break() -> None:
    one, other = _report(2021, {"requests.carried_out.total": 3}), _report(2023, {})
    assert not list(year_over_year_notices([one, other]))


def test_a_report_without_the_figure_has_no_notice() -> None:
    one, other = _report(2022, {"requests.carried_out.total": 3}), replace(_report(2023, {}), figures=())
    assert not list(year_over_year_notices([one, other]))


def _report(year: int, values: Mapping[str, int]) -> Report:
    def given(figure: Figure) -> Figure:
        return (
            msgspec.structs.replace(figure, value=Decimal(values.get(figure.name, 0)))
            if figure.basis == "table"
            else figure
        )

    return replace(REPORT, year=year, figures=tuple(map(given, REPORT.figures)))
