"""Caches rendered pages by URL and archive state.

The state is the entity tag of the page (`http_cache`), which covers whether English is offered, and the URL holds every
choice of the reader: a page depends on nothing else of a request.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from flask import Flask, Response, current_app, request

from indexer.sized_cache import SizedCache
from webui.http.http_cache import tag

_BYTES = 32 << 20
"""The size of the cache: about a thousand pages."""
_LARGEST = 1 << 20
"""A larger page is rarely read and would evict a hundred others."""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A response as its view returned it, before compression."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


def install(app: Flask) -> None:
    app.extensions["gongkai.pages"] = SizedCache[CachedPage](_BYTES, lambda page: len(page.body))


def answer_cached() -> Response | None:
    """Returns the cached page of the request."""
    page = _pages().find(_key())
    return None if page is None else Response(page.body, headers=[*page.headers])


def store(response: Response) -> Response:
    whole = response.status_code == 200 and not response.is_streamed
    if whole and tag() and (response.content_length or 0) <= _LARGEST:
        _pages().keep(_key(), CachedPage(response.get_data(), tuple(response.headers)))
    return response


def _pages() -> SizedCache[CachedPage]:
    pages: SizedCache[CachedPage] = current_app.extensions["gongkai.pages"]
    return pages


def _key() -> Hashable:
    return tag(), request.url
