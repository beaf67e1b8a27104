"""A process killed in the middle of `add` leaves the state before it or the state after it, never one between.

Of SQLite, whose file is copied; `tests/cluster/test_postgresql_kill.py` does the same in PostgreSQL.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from archive.extract.pipeline import read_source
from archive.model import Reading, Source
from archive.store import catalogue, page_records
from archive.store.catalogue import Catalogue
from tests.archive.pages import form_report, prose_report
from tests.archive.store.killed_children import Tick, before_statements, dies_at

pytestmark = pytest.mark.slow


def page(lines: list[str]) -> tuple[Reading, bytes]:
    data = "\n".join(lines).encode()
    return read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")), data


FIRST = page(prose_report("泉州市教育局", 2015))
SECOND = page(
    [
        *prose_report("泉州市教育局", 2015, body="另有一番景象。"),
        *prose_report("厦门市教育局", 2016),
        *form_report("泉州市教育局2022年政府信息公开工作年度报告"),
    ]
)


def state(home: Path) -> tuple[object, ...]:
    with Catalogue.open(home) as catalogue:
        for _, source, _ in catalogue.notices():
            assert catalogue.original(source.sha256)
        reports = [(report.agency, report.key, report.fingerprint) for report in catalogue.shown()]
        for report in catalogue.shown():
            assert catalogue.agency(report.agency) is not None
            assert hashlib.sha256(catalogue.original(report.source.sha256)).hexdigest() == report.source.sha256
        return catalogue.revision, reports, catalogue.agencies(), catalogue.coverage()


def before_lines(tick: Tick) -> None:
    """Counts at every line of the code that writes a page."""
    files = (catalogue.__file__, page_records.__file__)

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            tick()
        return trace

    sys.settrace(trace)


def add_and_die(home: Path, arm: Callable[[Tick], None], moment: int) -> bool:
    """Adds the second page in a child that is killed at that moment; whether the moment came."""

    def work(tick: Tick) -> None:
        with Catalogue.open(home) as catalogue:
            arm(tick)
            catalogue.add(*SECOND)

    return dies_at(moment, work)


@pytest.mark.parametrize("arm", [before_statements, before_lines], ids=["statements", "lines"])
def test_the_state_before_or_the_state_after(tmp_path: Path, arm: Callable[[Tick], None]) -> None:
    start, end = tmp_path / "start", tmp_path / "end"
    for home in (start, end):
        with Catalogue.open(home) as catalogue:
            catalogue.add(*FIRST)
    with Catalogue.open(end) as catalogue:
        catalogue.add(*SECOND)
    before, after = state(start), state(end)
    seen = []
    step = 1 if arm is before_statements else 5
    for moment in range(0, 10_000, step):
        home = tmp_path / f"{moment}"
        shutil.copytree(start, home)
        killed = add_and_die(home, arm, moment)
        found = state(home)
        assert found in (before, after), f"killed at moment {moment}"
        seen.append(found == after)
        if not killed:
            break
        if moment % 10 == 0:
            with Catalogue.open(home) as catalogue:
                catalogue.add(*SECOND)
            assert state(home) == after, "what a kill left can be added to"
    assert len(seen) > 20
    assert seen == sorted(seen), "once there, it stays"
    assert (seen[0], seen[-1]) == (False, True)
