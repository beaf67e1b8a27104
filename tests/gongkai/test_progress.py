"""Progress goes to stderr, and only for long exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.cli import progress
from gongkai.cli.context import Context


@pytest.mark.parametrize(
    ("length", "terminal", "shown", "reason"),
    [
        (3, True, "", "a short export"),
        (progress.MANY, True, "Exporting", "a bar on a terminal"),
        (progress.MANY, False, "Exported 1 of 2,000", "lines in a pipe"),
    ],
)
def test_progress(
    length: int,
    terminal: bool,  # noqa: FBT001
    shown: str,
    reason: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: terminal, raising=False)
    items = list(progress.with_progress(iter(range(length)), length, Context(Path(), "en")))
    printed = capsys.readouterr()
    assert items == list(range(length)) and not printed.out, reason
    assert shown in printed.err and bool(printed.err) == bool(shown), reason
