"""Streams complete exports, a limited number at a time, so that pages are served meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from typing import AnyStr

from flask import Flask, Response, current_app, stream_with_context

from archive.errors import Busy
from webui.data_access import keep_open

_GROUP = 1 << 14
"""Characters or bytes that are sent at once."""
_BEGINNING = 1 << 16
"""Characters or bytes that are made before a response starts."""


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
    connection off, which tells the client that the file is not whole. The catalogue of the request stays open until the
    last piece is sent or the client disconnects.

    Raises:
        BusyError: if the limit of concurrent exports is reached.
    """
    exports: threading.BoundedSemaphore = current_app.extensions["gongkai.exports"]
    if not exports.acquire(blocking=False):
        raise BusyError
    ends = ExitStack()
    ends.callback(exports.release)
    release = ends.close  # runs its callbacks once: after the last piece, or when the client disconnects
    groups = _grouped(pieces)
    try:
        beginning = _beginning(groups)
    except BaseException:
        release()
        raise
    ends.callback(keep_open())
    response = Response(stream_with_context(_then(release, chain(beginning, groups))), mimetype=media_type)
    response.call_on_close(release)
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _beginning(groups: Iterator[AnyStr]) -> list[AnyStr]:
    """Takes the groups that are made before a response starts."""
    return list(islice(groups, _BEGINNING // _GROUP))


def _grouped(pieces: Iterator[AnyStr]) -> Iterator[AnyStr]:
    """Joins short pieces: each piece of a response costs as much as a row of a file."""
    group, size = list[AnyStr](), 0
    for piece in pieces:
        group.append(piece)
        size += len(piece)
        if size >= _GROUP:
            yield piece[:0].join(group)
            group, size = [], 0
    if group:
        yield group[0][:0].join(group)


def _then(release: Callable[[], None], pieces: Iterator[AnyStr]) -> Iterator[AnyStr]:
    yield from pieces
    release()
