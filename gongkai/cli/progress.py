"""Shows the progress of long work on stderr: a bar on a terminal, a line now and then in a pipe or a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TypeVar

import click

from gongkai.cli.context import Context

_T = TypeVar("_T")
DELAY = 1.0
"""Seconds before a bar is drawn: most work has ended by then."""
INTERVAL = 10.0
"""Seconds between two lines."""
ESTIMATED = 5.0
"""Seconds before the time left is estimated: the first items include the start of processes."""
_REDRAWN = 0.2
"""Seconds between two states of a bar."""
_FEWEST, _SHARE = 20, 10
"""The time left is estimated after this number of items, or after this fraction (one tenth) of all items."""
_CELLS = 24
"""Characters of a bar."""


class Progress:
    """The progress of one piece of work; the bar is erased at its end."""

    def __init__(self, context: Context, zh: str, en: str, total: int) -> None:
        self._context, self._label, self._total = context, context.say(zh, en), total
        self._is_terminal = sys.stderr.isatty()
        self._started = time.monotonic()
        self._next = self._started + (DELAY if self._is_terminal else INTERVAL)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def show(self, done: int) -> None:
        """Shows the number of finished items, unless the last state is recent."""
        now = time.monotonic()
        if now < self._next:
            return
        counted = f"{done:,}/{self._total:,}{self._time_left(done, now - self._started)}"
        if self._is_terminal:
            self._next = now + _REDRAWN
            full = _CELLS * done // max(self._total, 1)
            click.echo(f"\r\x1b[K{self._label} {'█' * full}{'░' * (_CELLS - full)} {counted}", nl=False, err=True)
        else:
            self._next = now + INTERVAL
            click.echo(f"{self._label} {counted}", err=True)

    def clear(self) -> None:
        """Erases the bar, so that a message can be printed."""
        if self._is_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)

    def _time_left(self, done: int, seconds: float) -> str:
        if seconds < ESTIMATED or (done < _FEWEST and done * _SHARE < self._total) or not done:
            return ""
        left = round(seconds / done * (self._total - done))
        if not left:
            return ""
        if left < 120:
            return self._context.say(f"，约剩 {left} 秒", f", about {left} s left")
        minutes = round(left / 60)
        return self._context.say(f"，约剩 {minutes:,} 分钟", f", about {minutes:,} min left")


def with_progress(items: Iterable[_T], length: int, context: Context) -> Iterator[_T]:
    """Yields the items of an export; `length` is their number."""
    with Progress(context, "正在导出", "Exporting", length) as progress:
        for number, item in enumerate(items, 1):
            yield item
            progress.show(number)
