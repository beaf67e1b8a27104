"""Files of everything, sent while they are made: a few at a time, so that pages are answered meanwhile."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from typing import AnyStr

from flask import Flask, Response, current_app, stream_with_context

from archive.errors import Busy


class BusyError(Busy):
    """So many files are being made that another one would keep the readers of pages waiting."""

    def __init__(self) -> None:
        super().__init__(
            "正在为别的读者生成文件，暂时不能再多。请过一分钟再下载。",
            "Files are being made for other readers, as many as can be at a time. Download this one in a minute.",
        )


def install(app: Flask, at_once: int) -> None:
    """Let the application make so many files at a time.

    Each holds a thread of the server until its reader has the last of it, or hangs up.
    """
    app.extensions["gongkai.places"] = threading.BoundedSemaphore(at_once)


def streamed(pieces: Iterator[AnyStr], media_type: str, filename: str | None = None) -> Response:
    """An answer of pieces, to be saved where it has a filename; its place is free again when it ends or is cut off.

    Raises:
        BusyError: when every place is taken.
    """
    places: threading.BoundedSemaphore = current_app.extensions["gongkai.places"]
    if not places.acquire(blocking=False):
        raise BusyError
    leave = functools.cache(places.release)  # once: at the last piece, or before it when the reader hangs up
    response = Response(stream_with_context(_then(leave, pieces)), mimetype=media_type)
    response.call_on_close(leave)
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _then(leave: Callable[[], None], pieces: Iterator[AnyStr]) -> Iterator[AnyStr]:
    yield from pieces
    leave()
