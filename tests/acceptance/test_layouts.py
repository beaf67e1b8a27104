"""Pages in our own words, in the layouts that sites and captures have: what is read of them may only become more."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import read_source
from archive.model import Reading, Source
from tests.acceptance.layouts import document
from tests.acceptance.scoring import Truth, measures, score
from tests.acceptance.ways import WAYS

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "layouts.toml").read_text("utf-8"))["case"]
FLOOR: dict[str, float] = tomllib.loads((HERE / "floor.toml").read_text("utf-8"))["layouts"]
PAGES = [pytest.param(case, way, id=f"{case['name']}-{way}") for case in CASES for way in case["ways"]]


def judged(case: dict[str, Any], way: str) -> tuple[Counter[str], list[str]]:
    made = document(case["page"], case.get("year"), case["name"])
    data = WAYS[way](made)
    headings = [tuple(heading.split(": ", 1)[::-1]) for heading in case.get("headings", ())]
    truth = Truth(case.get("report", True), case.get("year"), case.get("agency"), headings, made.figures)
    try:
        reading: Reading | None = read_source(data, Source("page", "0" * 64, "application/octet-stream"))
    except GongkaiError:
        reading = None
    return score(reading, truth)


@pytest.fixture(scope="module")
def reached() -> dict[str, float]:
    total: Counter[str] = Counter()
    for case in CASES:
        for way in case["ways"]:
            total.update(judged(case, way)[0])
    return measures(total)


@pytest.mark.parametrize("measure", FLOOR)
def test_the_floor_holds_and_is_raised_with_what_is_reached(reached: dict[str, float], measure: str) -> None:
    got, pinned = reached[measure], FLOOR[measure]
    better = got < pinned if isinstance(pinned, int) else got > pinned
    assert not better, f"{measure} is now {got}: raise the floor in floor.toml from {pinned}"
    assert got == pinned, f"{measure} fell from {pinned} to {got}"


def test_every_measure_has_a_floor(reached: dict[str, float]) -> None:
    assert set(reached) == set(FLOOR)
