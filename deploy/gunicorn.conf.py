"""/etc/gongkai/gunicorn.conf.py: one worker per core, with threads for slow downloads."""

from __future__ import annotations

import multiprocessing
import os
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

bind = "127.0.0.1:8000"
workers = multiprocessing.cpu_count()
worker_class = "gthread"
threads = 4
timeout = 60  # seconds; an unresponsive worker is replaced after this time
graceful_timeout = 30
keepalive = 20  # seconds; nginx keeps connections open
limit_request_line = 8190  # bytes; a query of 900 Han characters, nine bytes each
limit_request_fields = 50
limit_request_field_size = 8190
forwarded_allow_ips = "127.0.0.1"  # trust X-Forwarded-Proto from nginx only
accesslog = None  # the site writes its own log, without queries


def child_exit(_server: Any, worker: Any) -> None:
    """Keeps the counters of a worker that exits and removes its gauges."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(worker.pid)
