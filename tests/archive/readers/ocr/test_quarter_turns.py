"""Pictures on their side or upside down are turned, and others are left as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from archive.readers import scans
from bench.form_pictures import FACES, font_file, form_report
from bench.scan_kinds import tilted, whole

pytestmark = pytest.mark.skipif(
    not scans.ocr_is_installed() or not all(map(font_file, FACES)), reason="needs the extra `ocr` and fonts-noto-cjk"
)

WHOLE = form_report(3)
REVIEW = replace(WHOLE, parts=WHOLE.parts[8:10])
PROSE = replace(WHOLE, parts=[WHOLE.parts[0], *[WHOLE.parts[3] * 4] * 4])
TURNED = [
    (WHOLE, 0, "a page as it should be"),
    (WHOLE, 1, "on its side"),
    (WHOLE, 2, "upside down"),
    (WHOLE, 3, "on its other side"),
    (REVIEW, 0, "a head whose labels stand in columns of characters"),
    (REVIEW, 1, "the same on its side"),
    (PROSE, 0, "sentences"),
    (PROSE, 3, "sentences on their side"),
]


@pytest.mark.parametrize(("report", "turns", "reason"), TURNED, ids=[case[2] for case in TURNED])
def test_quarter_turns(report: object, turns: int, reason: str) -> None:
    from archive.readers.ocr.pictures import upright  # noqa: PLC0415 (needs the extra)
    from archive.readers.ocr.quarter_turns import quarter_turns  # noqa: PLC0415

    stored = whole(report, 96).rotate(90 * turns, expand=True)  # type: ignore[arg-type]
    assert (quarter_turns(np.asarray(stored)) + turns) % 4 == 0
    askew = np.asarray(tilted(stored, 3))
    assert (quarter_turns(upright(askew)) + turns) % 4 == 0


def test_what_has_no_print_is_left_as_it_is() -> None:
    from archive.readers.ocr.quarter_turns import quarter_turns  # noqa: PLC0415

    noise = np.random.default_rng(1).integers(0, 255, (500, 300)).astype(np.uint8)
    assert quarter_turns(noise) == 0
    assert quarter_turns(np.full((500, 300), 255, np.uint8)) == 0
