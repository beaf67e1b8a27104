"""Scans and pictures of every kind: no number is wrong, whatever share of them is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.readers import scans
from bench.form_pictures import FACES, FormReport, font_file, form_report
from bench.ocr import score
from bench.scan_kinds import KINDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not scans.ocr_is_installed() or not all(map(font_file, FACES)),
        reason="needs the extra `ocr` and fonts-noto-cjk",
    ),
]

# Kinds of which fewer numbers are read; of those with 0, any share is good enough.
_LEAST = {
    "no lines": 0.0,
    "cut inside the last columns": 0.0,
    "a white stripe": 0.0,
    "dark streaks": 0.0,
    "strong perspective": 0.0,
    "one row lost": 0.0,
    "blurred": 0.0,
    "red seal, grey": 0.0,
    "noise, 96 dpi": 0.0,
    "noise, 200 dpi, strong": 0.0,
}
_USUAL = 0.85


def smaller_report() -> FormReport:
    """The table without identities, where no sum finds out what is wrong, and one with few."""
    whole = form_report(7)
    names = ("proactive", "review")
    values = {name: value for name, value in whole.values.items() if name.startswith(names)}
    return replace(whole, parts=[whole.parts[0], *whole.parts[4:6], *whole.parts[8:10]], values=values)


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_is_wrong(kind: str) -> None:
    report = smaller_report()
    right, _, wrong = score(KINDS[kind](report), report)
    assert wrong == []
    assert right >= _LEAST.get(kind, _USUAL) * len(report.values)
