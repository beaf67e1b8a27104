"""Children of a test that are killed at a chosen moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

Tick = Callable[[], None]


def dies_at(moment: int, work: Callable[[Tick], object]) -> bool:
    """Runs work in a child, which calls `tick` at each moment and is killed at this one; whether it came."""
    child = os.fork()
    if child == 0:
        left = moment

        def tick() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(tick)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def before_statements(tick: Tick) -> None:
    """Counts before each statement, and at both ends of a transaction; nothing is written in between."""

    def each(*_: Any) -> None:
        tick()

    for event in ("before_cursor_execute", "begin", "commit"):
        sa.event.listen(sa.engine.Engine, event, each)
