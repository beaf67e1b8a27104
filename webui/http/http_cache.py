"""Answers 304 for an unchanged archive: one entity tag names its state, compared before any work is done."""

from __future__ import annotations

import functools
import hashlib
from datetime import date
from pathlib import Path

from flask import Response, current_app, g, request

from archive.errors import GongkaiError
from indexer.index import index_name
from webui.data_access import reviews_version, revision
from webui.http.i18n import language, offers_english

_PACKAGES = ("archive", "indexer", "webui")
_PAGES = ("zh.", "en.", "crawled.sitemap")
_LIVE = (".status.page", ".api.status")
"""What changes while the archive does not."""
_SOURCES = (".py", ".html", ".css", ".js", ".mo", ".toml", ".tsv", ".lark")


def answer_unchanged() -> Response | None:
    """Returns 304 if the client has a page of the present state."""
    state = tag()
    if state is None:
        return None
    # The tag of a compressed response ends in the name of the compression: "1a2b:gzip"
    client_tags = {given.partition(":")[0] for given in request.if_none_match.to_header().replace('"', "").split(", ")}
    if not client_tags & {state, f"W/{state}"}:
        return None
    response = Response(status=304)
    response.set_etag(state, weak=True)
    return response


def tag_response(response: Response) -> Response:
    """Tags a page by the state of the archive, and another whole response by its content."""
    if response.mimetype == "text/html" and language() == "zh":
        response.vary.add("Accept-Language")
    if response.status_code == 200 and "ETag" not in response.headers and (state := tag()):
        response.set_etag(state, weak=True)
        response.headers.setdefault("Cache-Control", "no-cache")
    if _is_whole(response):
        response.headers.setdefault("Cache-Control", "no-cache")
        response.add_etag()
    return response


def evaluate_condition(response: Response) -> Response:
    """Turns a response that the client has into 304."""
    if _is_whole(response):
        response.make_conditional(request)
    return response


def _is_whole(response: Response) -> bool:
    return response.status_code == 200 and request.method in ("GET", "HEAD") and not response.is_streamed


def tag() -> str | None:
    """The hash of everything that a page depends on: catalogue, index, program, the day, which references name, and
    whether English is offered.

    It is computed when the request begins: a page may show what is added meanwhile, and never lacks what its tag names.
    None for responses that are not pages.
    """
    if "tag" not in g:
        g.tag = _tag()
    found: str | None = g.tag
    return found


def _tag() -> str | None:
    endpoint = request.endpoint or ""
    if request.method not in ("GET", "HEAD") or not endpoint.startswith(_PAGES) or endpoint.endswith(_LIVE):
        return None
    try:
        return hashlib.sha256(repr((state(), offers_english())).encode()).hexdigest()[:16]
    except GongkaiError:  # the page reports it if it needs the archive
        return None


def state() -> tuple[int, str, tuple[int, int], str, str]:
    """The catalogue revision, the index generation, the curator's file, the day, and the hash of the program."""
    home: Path = current_app.config["HOME"]
    return (
        revision(),
        index_name(home),
        reviews_version(),
        date.today().isoformat(),
        _program(Path(current_app.root_path)),
    )


@functools.cache
def _program(folder: Path) -> str:
    """The hash of the source files: another version may render the same archive differently."""
    paths = (path for package in _PACKAGES for path in (folder.parent / package).rglob("*"))
    files = sorted(path for path in paths if path.suffix in _SOURCES and path.is_file())
    stats = [(str(path.relative_to(folder.parent)), path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()
