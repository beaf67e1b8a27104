"""Processes that read, changed by a module that Python imports at their start."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.ingest.process import end_all

PATIENCE = 120.0
"""Seconds after which a test that waits for another process fails."""


@contextmanager
def changed_workers(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs this code at the start of each process."""
    (folder / "sitecustomize.py").write_text(code, "utf-8")
    end_all()
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield
    end_all()


def wait_for(path: Path) -> str:
    """What a file says once it is written."""
    return _wait(lambda: path.read_text() if path.is_file() else "", f"{path} was not written")


def wait_for_end(process: int) -> None:
    """Waits until a process that is no child of this one has ended."""
    _wait(lambda: "" if is_running(process) else "ended", f"process {process} goes on")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def _wait(look: Callable[[], str], failure: str) -> str:
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, failure
        time.sleep(0.05)
    return found
