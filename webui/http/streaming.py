"""Streams complete exports, a limited number at a time, so that pages are served meanwhile."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Iterator, Mapping

from flask import Flask, Response, current_app, stream_with_context

from archive.errors import GongkaiError


class BusyError(GongkaiError):
    """The limit of concurrent exports is reached. Status 503."""

    def __init__(self) -> None:
        super().__init__(
            "正在为别的读者生成文件，暂时不能再多。请过一分钟再下载。",
            "Other exports are running, and no more can start. Download this file in a minute.",
        )


def install(app: Flask, at_once: int) -> None:
    """Limits concurrent exports. Each occupies a thread of the server until its client has all of it or disconnects."""
    app.extensions["gongkai.exports"] = threading.BoundedSemaphore(at_once)


def streamed(pieces: Iterator[str], media_type: str, filename: str | None = None) -> Response:
    """Returns a response that streams `pieces`, as a download if it has a filename.

    Raises:
        BusyError: if the limit of concurrent exports is reached.
    """
    exports: threading.BoundedSemaphore = current_app.extensions["gongkai.exports"]
    if not exports.acquire(blocking=False):
        raise BusyError
    release = functools.cache(exports.release)  # once: after the last piece, or when the client disconnects
    response = Response(stream_with_context(_then(release, pieces)), mimetype=media_type)
    response.call_on_close(release)
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _then(release: Callable[[], None], pieces: Iterator[str]) -> Iterator[str]:
    yield from pieces
    release()


def json_pieces(head: Mapping[str, object], name: str, items: Iterator[object]) -> Iterator[str]:
    """Yields one JSON object: the members of `head`, and `name` with the items, one a line."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + f', "{name}": ['
    opening = "\n"
    for item in items:
        yield opening + json.dumps(item, ensure_ascii=False)
        opening = ",\n"
    yield "\n]}\n"
