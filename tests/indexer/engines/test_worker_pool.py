"""The processes of an index build end when the process that started them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.archive.ingest.workers import wait_for_end

ROOT = Path(__file__).parents[3]
# a worker waits for tasks, or is in the middle of one
STARTING = """
import os, sys, time
from indexer.engines.worker_pool import worker_pool

pool = worker_pool(1)
print(pool.submit(os.getpid).result(), flush=True)
if sys.argv[1] == "busy":
    pool.submit(time.sleep, 100_000)
time.sleep(100_000)
"""


@pytest.mark.parametrize("state", ["waiting", "busy"])
def test_a_worker_ends_with_the_process_that_started_it(state: str) -> None:
    command = [sys.executable, "-c", STARTING, state]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    assert parent.returncode == -signal.SIGKILL
    try:
        wait_for_end(worker)
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
