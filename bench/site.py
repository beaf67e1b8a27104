"""The site of a home, served by a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN = 60.0


@contextmanager
def site(home: Path, threads: int) -> Iterator[tuple[int, int]]:
    """The site of a home, in a process of its own; the port that it found free, and the number of the process."""
    command = [sys.executable, "-m", "gongkai", "--home", str(home), "serve", "--port", "0", "--threads", str(threads)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    try:
        assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
        # 'Serving http://127.0.0.1:43211/ (Ctrl+C ends it)'
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("the site did not start")
        yield int(found[1]), process.pid
    finally:
        process.terminate()
        process.wait(STARTS_WITHIN)
