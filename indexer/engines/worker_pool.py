"""Worker processes of an index build, which end with the process that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait

CORES = os.cpu_count() or 1


def worker_pool(size: int) -> ProcessPoolExecutor:
    """Returns an executor with spawned processes: a fork while other threads run may deadlock."""
    return ProcessPoolExecutor(size, multiprocessing.get_context("spawn"), _end_with_the_parent)


def _end_with_the_parent() -> None:
    """Ends a process when the one that started it is killed: it would write beside the next build, or wait forever."""

    def end() -> None:
        if parent := multiprocessing.parent_process():
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
