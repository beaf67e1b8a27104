"""Ends a command on SIGTERM and SIGHUP as an exception does, so that processes end and temporary files go."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def exit_on_signals() -> Iterator[None]:
    """Raises SystemExit(128 + n) at the first signal, also where the code inside handles SystemExit itself.

    A second signal ends the program at once. A signal that is ignored (`nohup`) or handled already stays so.
    """
    received: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        received.append(number)
        for each in handled:
            signal.signal(each, signal.SIG_DFL)
        raise SystemExit(128 + number)

    is_main = threading.current_thread() is threading.main_thread()  # no other thread can set handlers
    handled = [each for each in _SIGNALS if is_main and signal.getsignal(each) is signal.SIG_DFL]
    for each in handled:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in handled:
            signal.signal(each, signal.SIG_DFL)
        if received:
            raise SystemExit(128 + received[0])
