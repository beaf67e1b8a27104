"""What a program reads once, before the first reader asks: two seconds of work."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask

from archive.errors import GongkaiError
from indexer.query.request import Request
from webui.data_access import coverage, index, notices
from webui.http.http_cache import state


def warm(app: Flask) -> None:
    """Reads the templates, the dictionary, the index, and what of the catalogue is kept for all pages."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with app.app_context(), suppress(GongkaiError):  # said to the reader, with what to do
        state()
        coverage()
        notices()
        engine = index()
        for hit in engine.search(Request("公开")).hits[:1]:
            engine.related(hit.url)  # cuts its words, for which the dictionary is read
