"""Real pages beside the checkout, never copied into it: the goals of reading, and the truth of the shipped page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from archive.text.clean import clean

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared, with pages that are not ours to copy, is not beside this checkout"
)

FLOOR = tomllib.loads((HERE / "floor.toml").read_text("utf-8"))["shared"]


@pytest.fixture(scope="module")
def scored() -> str:
    pages = SHARED / "reports" / "dev"
    command = f"{sys.executable} -m gongkai read --json"
    script = SHARED / "tools" / "score_reading.py"
    run = subprocess.run(  # noqa: S603 (our own interpreter and script)
        [sys.executable, script, pages / "truth.json", pages, "--command", command],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.mark.parametrize(("measure", "share"), FLOOR["at_least"].items())
def test_shares_do_not_fall(scored: str, measure: str, share: float) -> None:
    found = re.search(rf"^{measure} +\d+/\d+ = ([\d.]+)", scored, re.MULTILINE)
    assert found, scored
    assert float(found[1]) >= share


@pytest.mark.parametrize(("measure", "count"), FLOOR["at_most"].items())
def test_errors_do_not_grow(scored: str, measure: str, count: int) -> None:
    line, _, kind = measure.partition("; ")
    found = re.search(rf"^{line}.*, {kind} (\d+)\b" if kind else rf"^{line}: (\d+)", scored, re.MULTILINE)
    assert found, scored
    assert int(found[1]) <= count


def test_the_truth_of_the_shipped_page_is_what_was_read_by_hand() -> None:
    """`haidian.toml` says of every report, section and cell what the truth beside the page says."""
    ours = tomllib.loads((HERE / "haidian.toml").read_text("utf-8"))
    theirs: dict[str, Any] = json.loads((SHARED / "reports" / "haidian-truth.json").read_text("utf-8"))
    assert ours["requests_received"] == theirs["requests_received_by_year"]
    assert len(ours["report"]) == len(theirs["reports"])
    for mine, given in zip(ours["report"], theirs["reports"], strict=True):
        assert (mine["year"], mine["year_basis"]) == (given["year"], given["year_basis"])
        assert mine["lines"] == [given["first_line"], given["last_line"]]
        assert [(part["code"], *part["lines"], part["heading"]) for part in mine["sections"]] == [
            (part["section"], part["first_line"], part["last_line"], clean(part["heading"] or ""))
            for part in given["sections"]
        ]
        for table in ("requests", "review", "proactive"):
            assert _stated(mine.get(table, {})) == _cells(given.get(table) or {}), (mine["lines"], table)


def _stated(table: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in table.items() if name != "cells"}


def _cells(rows: dict[str, Any], before: str = "") -> dict[str, float]:
    """The cells of a table that are not 0, by `row.column`; the unit of an amount is no cell."""
    found: dict[str, float] = {}
    for name, value in rows.items():
        if isinstance(value, dict):
            found |= _cells(value, f"{before}{name}.")
        elif not name.endswith("_unit") and float(value):
            found[f"{before}{name}"] = float(value)
    return found
