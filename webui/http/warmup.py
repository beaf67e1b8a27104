"""Loads what every page needs before the first request: about two seconds of work."""

from __future__ import annotations

import gc
from contextlib import suppress

from flask import Flask

from archive.analysis.aggregates import AggregateRequest, usual_figures
from archive.analysis.codebook import codebook
from archive.errors import GongkaiError
from indexer.answers.collocates import CollocateOptions
from indexer.query.request import Request
from webui.data_access import (
    MANY_REPORTS,
    agency_search,
    agency_table,
    aggregates,
    coverage,
    divisions,
    index,
    notices,
    report_counts,
    report_keys,
)
from webui.http.http_cache import state

# Any word in Latin letters: the first one needs the pinyin of all names.
_LATIN = "gongkai"
# Objects made before a garbage collection. A page makes some ten thousand and an export millions, which no collection
# finds: with the usual 700 a tenth of their time is spent on collections.
_COLLECTED = 20_000


def warm(app: Flask) -> None:
    """Loads the templates, the dictionary, the index, and the parts of the catalogue that are cached for all pages."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    _ = [*codebook()]
    with app.app_context(), suppress(GongkaiError):  # pages report it with the remedy
        for load in app.extensions["gongkai.warm"]:
            load()
        state()
        coverage()
        notices()
        divisions()
        report_keys()
        _ = agency_table().in_pinyin_order
        agency_search().find(_LATIN)
        aggregates(AggregateRequest(usual_figures()))
        aggregates(AggregateRequest(usual_figures(), by="division"))  # looks up the regions
        engine = index()
        for hit in engine.search(Request("公开")).hits[:1]:
            engine.related(hit.url)  # loads the dictionary
            engine.search(Request(f"agency:{hit.agency}"))  # as pages group hits: prepares the names of the index
        if report_counts().total <= MANY_REPORTS:
            engine.collocates(Request("公开"), CollocateOptions())  # reads the words of all texts
    gc.collect()
    gc.freeze()  # else a collection looks through all that is loaded, for 0.1 s in the middle of a page
    gc.set_threshold(_COLLECTED, 20, 20)
