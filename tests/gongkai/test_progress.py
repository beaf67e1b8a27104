"""Progress goes to stderr: a bar on a terminal, lines in a pipe, nothing for short work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import ReportSummary
from archive.store.catalogue import Catalogue
from gongkai.cli import progress
from gongkai.cli.context import Context
from gongkai.cli.progress import Progress, with_progress
from gongkai.selection import select_figures
from tests.gongkai.command_line import AGENCY

ENGLISH = Context(Path(), "en")


class Clock:
    """Seconds that pass as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def on_terminal(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: terminal, raising=False)


@pytest.mark.parametrize(
    ("terminal", "seconds", "done", "shown", "reason"),
    [
        (False, 9.0, 500, "", "the first line comes after ten seconds"),
        (False, 10.0, 500, "Reading 500/1,000, about 10 s left\n", "a line in a pipe"),
        (False, 600.0, 100, "Reading 100/1,000, about 90 min left\n", "minutes"),
        (False, 600.0, 1000, "Reading 1,000/1,000\n", "the last item"),
        (False, 60.0, 1, "Reading 1/1,000\n", "one item is too few to estimate from"),
        (True, 0.5, 500, "", "short work has no bar"),
        (True, 2.0, 500, "\r\x1b[KReading ████████████░░░░░░░░░░░░ 500/1,000", "a bar; too early to estimate"),
        (True, 5.0, 500, "\r\x1b[KReading ████████████░░░░░░░░░░░░ 500/1,000, about 5 s left", "with an estimate"),
    ],
)
def test_one_state(
    terminal: bool,  # noqa: FBT001
    seconds: float,
    done: int,
    shown: str,
    reason: str,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_terminal(monkeypatch, terminal=terminal)
    work = Progress(ENGLISH, "正在读", "Reading", 1000)
    clock.now += seconds
    work.show(done)
    assert capsys.readouterr() == ("", shown), reason


def test_lines_of_a_pipe_are_ten_seconds_apart(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_terminal(monkeypatch, terminal=False)
    items = []
    for item in with_progress(iter(range(60)), 60, ENGLISH):
        items.append(item)
        clock.now += 1
    assert items == list(range(60))
    assert [line.split()[1].rstrip(",") for line in capsys.readouterr().err.splitlines()] == [
        "10/60", "20/60", "30/60", "40/60", "50/60", "60/60",
    ]  # fmt: skip


def test_a_bar_is_erased(clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, terminal=True)
    with Progress(ENGLISH, "正在读", "Reading", 2) as work:
        clock.now += 1
        work.show(1)
    assert capsys.readouterr().err.endswith("1/2\r\x1b[K")


SELECTED = [
    (None, None, 2, "every report"),
    (AGENCY, None, 2, "those of an agency"),
    (None, "2015", 1, "those of a year"),
    (AGENCY, "..2021", 1, "those of an agency and years"),
    (None, "1999", 0, "none"),
]


@pytest.mark.parametrize(("agency", "year", "reports", "reason"), SELECTED, ids=[case[3] for case in SELECTED])
def test_the_total_of_figures_is_that_of_the_selection(
    agency: str | None, year: str | None, reports: int, reason: str, filled: Path
) -> None:
    totals: list[int] = []

    def watch(items: Iterator[ReportSummary], total: int) -> Iterator[ReportSummary]:
        totals.append(total)
        return items

    with Catalogue.open(filled) as catalogue:
        select_figures(catalogue, "zh", agency=agency, year=year, watch=watch)
    assert totals == [reports], reason
