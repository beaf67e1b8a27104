"""Pages that were made are kept: the same address of an archive in the same state is the same page.

What a page is made from is in its tag (`caching`), and its address says everything that a reader chose: nothing else
of a request is looked at.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from flask import Flask, Response, current_app, request

from indexer.engines.whoosh.search.cache import SizedCache
from webui.http.http_cache import tag

_BYTES = 32 << 20
"""All that is kept: some thousand pages."""
_LARGEST = 1 << 20
"""One that is larger than this is read seldom, and would push a hundred others out."""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """An answer as its view made it, before it is compressed."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


def install(app: Flask) -> None:
    """Keep what is answered. To be installed last: what is kept passes through all that others do to an answer."""
    app.extensions["gongkai.pages"] = SizedCache[CachedPage](_BYTES, lambda page: len(page.body))
    app.before_request(_made_before)
    app.after_request(_keep)


def _made_before() -> Response | None:
    page = _pages().find(_key())
    return None if page is None else Response(page.body, headers=[*page.headers])


def _keep(response: Response) -> Response:
    whole = response.status_code == 200 and not response.is_streamed
    if whole and tag() and (response.content_length or 0) <= _LARGEST:
        _pages().keep(_key(), CachedPage(response.get_data(), tuple(response.headers)))
    return response


def _pages() -> SizedCache[CachedPage]:
    pages: SizedCache[CachedPage] = current_app.extensions["gongkai.pages"]
    return pages


def _key() -> Hashable:
    return tag(), request.url
