"""Unchanged answers are said once: one tag for the state of the archive, asked before anything is worked out."""

from __future__ import annotations

import functools
import hashlib
from datetime import date
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from archive.errors import GongkaiError
from indexer.engines.whoosh.build.generations import pointer
from webui.data_access import revision


def install(app: Flask) -> None:
    """Answer 304 to who has this state already, and tag what is answered."""
    app.before_request(_unchanged)
    app.after_request(_tagged)


def _unchanged() -> Response | None:
    state = tag()
    if state is None:
        return None
    # A compressed answer has the name of the compression behind its tag: "1a2b:gzip"
    held = {given.partition(":")[0] for given in request.if_none_match.to_header().replace('"', "").split(", ")}
    if not held & {state, f"W/{state}"}:
        return None
    response = Response(status=304)
    response.set_etag(state, weak=True)
    return response


def _tagged(response: Response) -> Response:
    if response.status_code == 200 and "ETag" not in response.headers and (state := tag()):
        response.set_etag(state, weak=True)
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def tag() -> str | None:
    """A name for all that a page is made from: catalogue, index, program, and the day (references name it).

    It is the one of the beginning of the request: what came in meanwhile may be on the page, never missing from it.
    """
    if "tag" not in g:
        g.tag = _tag()
    found: str | None = g.tag
    return found


def _tag() -> str | None:
    if request.method not in ("GET", "HEAD") or not (request.endpoint or "").startswith(("zh.", "en.")):
        return None
    try:
        return hashlib.sha256(repr(state()).encode()).hexdigest()[:16]
    except GongkaiError:  # said by the page itself, if it matters there
        return None


def state() -> tuple[int, str, str, str]:
    """What pages are made from now: catalogue, index, day, program."""
    home: Path = current_app.config["HOME"]
    return revision(), pointer(home), date.today().isoformat(), _program(Path(current_app.root_path))


@functools.cache
def _program(folder: Path) -> str:
    """What the program is: another version renders the same archive otherwise."""
    made = (path for room in _ROOMS for path in (folder.parent / room).rglob("*"))
    files = sorted(path for path in made if path.suffix in _MADE_OF and path.is_file())
    stats = [(str(path.relative_to(folder.parent)), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()


_ROOMS = ("archive", "indexer", "webui")
_MADE_OF = (".py", ".html", ".css", ".js", ".mo", ".toml", ".tsv", ".lark")
