"""Logs and counts each request, with an id that the proxy's log shares.

Counts have the kind of page; a log line also has the path. Neither has the query: what a reader searches is private.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from archive.errors import GongkaiError
from indexer.index import index_name
from webui.data_access import revision
from webui.http.hosts import refuse_other_machines
from webui.http.i18n import PREFIXES

telemetry = Blueprint("telemetry", __name__)

HEADER = "X-Request-ID"
# '9f86d081884c7d659a2feaa0c55ad015', 'req-2026.17_3' from a proxy; other text could forge a line of the log
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LOG = logging.getLogger("gongkai.requests")
FORMAT = "time=%(asctime)s level=%(levelname)s id=%(request_id)s %(message)s"
SEVERAL_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which prometheus-client adds up several processes."""


class Counts:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("page", "status")
        self.answers = Counter("gongkai_answers", "Answers by page and status.", labels, registry=self.registry)
        self.seconds = Histogram(
            "gongkai_answer_seconds", "Time from question to the end of the answer.", ("page",), registry=self.registry
        )


class ArchiveState(Collector):
    """The revision of the catalogue and the generation of the index, where they exist."""

    def collect(self) -> Iterator[Metric]:
        home: Path = current_app.config["HOME"]
        try:
            yield GaugeMetricFamily("gongkai_catalogue_revision", "Revision of the catalogue.", revision())
            name = index_name(home)
        except GongkaiError:  # /healthz reports it
            return
        if name:
            generation = int(name.rpartition("-")[2])
            yield GaugeMetricFamily("gongkai_index_generation", "Generation of the index.", generation)


def install(app: Flask) -> None:
    app.extensions["gongkai.counts"] = Counts()


def log_to_stderr() -> None:
    """Logs lines of `name=value`; errors have the id of the request, too."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(_identified)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # otherwise one line for each request that waits


@telemetry.get("/metrics")
def metrics() -> Response:
    """Returns the metrics in the format of Prometheus, of all processes where they share a folder.

    Raises:
        LocalOnlyError: for a request from another machine, unless the settings allow it.
    """
    refuse_other_machines()
    counted = CollectorRegistry()
    if SEVERAL_PROCESSES in os.environ:
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = current_app.extensions["gongkai.counts"].registry
    state = CollectorRegistry()
    state.register(ArchiveState())
    return Response(generate_latest(counted) + generate_latest(state), content_type=CONTENT_TYPE_LATEST)


def begin() -> None:
    """Starts the clock of a request and gives it an id."""
    given = request.headers.get(HEADER, "")
    g.began = time.perf_counter()
    g.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def record(response: Response) -> Response:
    """Logs and counts the request when its response has been sent."""
    began, request_id, counts = g.began, g.request_id, current_app.extensions["gongkai.counts"]
    endpoint = request.endpoint or "none"
    prefix, _, rest = endpoint.partition(".")
    page = rest if prefix in PREFIXES else endpoint
    method, path, status = request.method, quote(request.path), response.status_code
    response.headers[HEADER] = request_id

    def ended() -> None:
        seconds = time.perf_counter() - began
        counts.answers.labels(page, status).inc()
        counts.seconds.labels(page).observe(seconds)
        line = f"method={method} path={path} page={page} status={status} ms={1000 * seconds:.1f}"
        _LOG.info(line, extra={"request_id": request_id})

    response.call_on_close(ended)
    return response


def _identified(record: logging.LogRecord) -> bool:
    if not hasattr(record, "request_id"):
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
    return True
