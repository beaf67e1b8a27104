"""Streams complete exports, a limited number at a time, so that pages are served meanwhile."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from typing import AnyStr

from flask import Flask, Response, current_app, stream_with_context

from archive.errors import Busy

_BEGINNING = 1 << 17


class BusyError(Busy):
    """So many files are being made that another one would keep the readers of pages waiting."""

    def __init__(self) -> None:
        super().__init__(
            "正在为别的读者生成文件，暂时不能再多。请过一分钟再下载。",
            "Other exports are running, and no more can start. Download this file in a minute.",
        )


def install(app: Flask, at_once: int) -> None:
    """Limits concurrent exports. Each occupies a thread of the server until its client has all of it or disconnects."""
    app.extensions["gongkai.exports"] = threading.BoundedSemaphore(at_once)


def streamed(pieces: Iterator[AnyStr], media_type: str, filename: str | None = None) -> Response:
    """Returns a response that streams `pieces`, as a download if it has a filename.

    The beginning is made before the response starts, so that an error in it is an error page. A later error breaks the
    connection off, which tells the client that the file is not whole.

    Raises:
        BusyError: if the limit of concurrent exports is reached.
    """
    exports: threading.BoundedSemaphore = current_app.extensions["gongkai.exports"]
    if not exports.acquire(blocking=False):
        raise BusyError
    release = functools.cache(exports.release)  # once: after the last piece, or when the client disconnects
    try:
        beginning = _beginning(pieces)
    except BaseException:
        release()
        raise
    response = Response(stream_with_context(_then(release, chain(beginning, pieces))), mimetype=media_type)
    response.call_on_close(release)
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _beginning(pieces: Iterator[AnyStr]) -> list[AnyStr]:
    """Takes pieces until they have as many characters or bytes as are made before a response starts."""
    taken, size = [], 0
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size >= _BEGINNING:
            break
    return taken


def _then(release: Callable[[], None], pieces: Iterator[AnyStr]) -> Iterator[AnyStr]:
    yield from pieces
    release()
