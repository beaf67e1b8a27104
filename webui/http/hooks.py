"""Runs the steps before and after each view in a fixed order.

Flask runs `after_request` functions in reverse order of their registration, which no reader of `create_app` sees.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app
from flask_compress import Compress

from webui.http import hosts, http_cache, page_cache, security_headers, telemetry

COMPRESSION = {
    "COMPRESS_REGISTER": False,  # `compress` is a step
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_ALGORITHM_STREAMING": ["gzip"],
    "COMPRESS_MIMETYPES": [
        *("text/html", "text/css", "text/plain", "text/csv", "text/javascript", "image/svg+xml", "application/xml"),
        *("application/json", "application/problem+json", "application/atom+xml", "application/x-bibtex"),
        *("application/x-research-info-systems", "application/vnd.citationstyles.csl+json"),
    ],
    "COMPRESS_LEVEL": 6,
    "COMPRESS_BR_LEVEL": 4,
}


def compress(response: Response) -> Response:
    """Compresses the body as the request's `Accept-Encoding` allows."""
    compression: Compress = current_app.extensions["gongkai.compression"]
    return compression.after_request(response)


BEFORE: tuple[Callable[[], Response | None], ...] = (
    telemetry.begin,  # first: a refused request has an id, too
    hosts.refuse_untrusted,  # before the caches, which would answer
    http_cache.answer_unchanged,  # before the page cache: 304 needs no body
    page_cache.answer_cached,
)
"""Steps before the view; the first response ends the request."""

AFTER: tuple[Callable[[Response], Response], ...] = (
    page_cache.store,  # before compression, which depends on the client
    http_cache.tag_response,  # before compression: a compressed body may differ each time (gzip contains the time)
    compress,
    security_headers.add,
    http_cache.evaluate_condition,  # after the tag, which it compares
    telemetry.record,  # last: it logs the status that is sent
)
"""Steps after the view, errors included."""


def install(app: Flask) -> None:
    app.config.update(COMPRESSION)
    compression = Compress()
    compression.init_app(app)
    app.extensions["gongkai.compression"] = compression
    app.before_request(_before)
    app.after_request(_after)


def _before() -> Response | None:
    return next((response for step in BEFORE if (response := step()) is not None), None)


def _after(response: Response) -> Response:
    for step in AFTER:
        response = step(response)
    return response
