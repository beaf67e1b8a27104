"""/etc/gongkai/gunicorn.conf.py: processes for the cores, threads for readers that are slow to take a file."""

from __future__ import annotations

import multiprocessing
import os
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

bind = "127.0.0.1:8000"
workers = multiprocessing.cpu_count()
worker_class = "gthread"
threads = 4
timeout = 60  # seconds; a process that shows no life for so long is replaced
graceful_timeout = 30
limit_request_line = 8190  # bytes; a query of 900 Han characters, nine bytes each
forwarded_allow_ips = "127.0.0.1"  # whose X-Forwarded-Proto is believed: nginx
accesslog = None  # the site writes lines of its own, without what was asked


def child_exit(_server: Any, worker: Any) -> None:
    """A process that is gone leaves its counts, and no gauges."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(worker.pid)
