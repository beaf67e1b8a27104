"""The doors to the other rooms: one catalogue a request, and the index as it is published."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, current_app, g

from archive import Catalogue, CoverageCell
from indexer import Index, open_index


def install(app: Flask) -> None:
    """Let what a request opened be closed when it ends."""
    app.extensions["gongkai.coverage"] = {}
    app.teardown_appcontext(_close)


def catalogue() -> Catalogue:
    """The catalogue, open until the request ends."""
    if "catalogue" not in g:
        g.opened = ExitStack()
        g.catalogue = g.opened.enter_context(Catalogue.open(current_app.config["HOME"]))
    opened: Catalogue = g.catalogue
    return opened


def coverage() -> tuple[CoverageCell, ...]:
    """What is held and missing in the whole archive, counted once for each revision of the catalogue."""
    known: dict[int, tuple[CoverageCell, ...]] = current_app.extensions["gongkai.coverage"]
    revision = catalogue().revision
    if (cells := known.get(revision)) is None:
        cells = catalogue().coverage()
        known.clear()  # one revision is enough to keep
        known[revision] = cells
    return cells


def index() -> Index:
    """The index, which goes over to a new generation by itself.

    Raises:
        GongkaiError: when there is none, or it must be built anew.
    """
    return open_index(current_app.config["HOME"])


def _close(_error: BaseException | None) -> None:
    if "opened" in g:
        g.opened.close()
