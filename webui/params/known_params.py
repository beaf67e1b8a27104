"""The parameters of each page and file. One that a page does not know, and a second value of one that takes one, is
refused: it would be ignored in silence.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from flask import request

from indexer.query.fields import FIELDS
from webui.http.errors import ParameterError
from webui.params.advanced_params import PARAMETERS as ADVANCED
from webui.params.agency_filter_params import AGENCY_FILTERS
from webui.params.cited_param import CITED
from webui.params.search_params import YEARS
from webui.params.validators import repeated, shortened

_QUERY = ("q", *FIELDS)
# all that the form of a search sends; its buttons lead to most of these pages
_SEARCH = (*_QUERY, "sort", "page", "limit", "group", "sample", "seed", "sentences")
_WINDOW = ("window", "side")
_COLLOCATE = ("collocate", *_WINDOW)
_COLLOCATES = (*_QUERY, *_WINDOW, "order", "limit", "by")
_FIGURES = ("table", "row", "column", "agency", *AGENCY_FILTERS, "from", "to", "ocr")
_AGGREGATES = ("figure", "by", "of", "agency", *AGENCY_FILTERS, "division", "from", "to", "ocr")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "home.page": (),
    "search.results": (*_SEARCH, CITED, "without", *YEARS),
    "advanced.page": (*ADVANCED, *_SEARCH, *_COLLOCATE, "order", "by"),  # a button of every form with a search box
    "facets.page": (*_SEARCH, "find"),
    "export.file": _SEARCH,
    "export.feed": _SEARCH,
    "counting.page": _SEARCH,
    "counting.file": _SEARCH,
    "counting.snapshot": _SEARCH,
    "search.picture": _SEARCH,
    "concordance.page": (*_QUERY, "sort", "page", *_COLLOCATE),
    "concordance.csv_file": (*_QUERY, "sort", "width", "limit", *_COLLOCATE),
    "collocates.page": _COLLOCATES,
    "collocates.csv_file": _COLLOCATES,
    "trends.page": (*_QUERY, "by", "rows"),
    "trends.picture": (*_QUERY, "by"),
    "trends.csv_file": _QUERY,
    "matrix.page": (*_QUERY, "page"),
    "matrix.csv_file": _QUERY,
    "matrix.picture": (*_QUERY, "page"),
    "exploring.distinctive": _SEARCH,  # a button of the form of a search leads there
    "exploring.similar": ("section",),
    "reports.page": ("q", "since"),
    "reports.original": ("sha256",),
    "reports.lines": ("section",),
    "originals.page": ("section",),
    "originals.rendering": ("section",),
    "reports.versions": (),
    "reports.text": (),
    "citing.page": ("section",),
    "citing.file": ("section",),
    "compare.choose": ("before", "after"),
    "compare.page": ("kept", "figures"),
    "agencies.index": ("q", *AGENCY_FILTERS, "letter", "page"),
    "agencies.csv_file": ("q", *AGENCY_FILTERS),
    "agencies.page": (),
    "coverage.page": (*AGENCY_FILTERS, "page"),
    "coverage.csv_file": AGENCY_FILTERS,
    "coverage.picture": (*AGENCY_FILTERS, "page"),
    "coverage.notices": ("severity", "code", "state", "page"),
    "coverage.notices_file": ("severity", "code", "state"),
    "divisions.page": AGENCY_FILTERS,
    "divisions.csv_file": AGENCY_FILTERS,
    "aggregates.page": _AGGREGATES,
    "aggregates.csv_file": _AGGREGATES,
    "aggregates.picture": _AGGREGATES,
    "figures.page": (*_FIGURES, "page"),
    "figures.csv_file": _FIGURES,
    "figures.codebook": (),
    "figures.picture": (*_FIGURES, "page"),
    "ranking.page": (*_FIGURES, "year", "page"),
    "ranking.picture": (*_FIGURES, "year", "page"),
    "basket.page": ("item",),
    "basket.file": ("item",),
    "basket.history": (),
    "pages.help_page": (),
    "pages.api_reference": (),
    "pages.api_root": (),
    "pages.about": (),
    "status.page": (),
    "machines.opensearch": (),
}
"""The parameters by endpoint. The description of the API has its own (`webui.openapi.parameters.PARAMETERS`)."""
_REPEATED = frozenset(("row", "column", "figure", "agency", "item", "without"))
_LAST_COUNTS = frozenset(("sort", "group", "sentences"))
"""The button that submits the form of a search repeats the value that the form has; the last one counts."""


def takes_several(endpoint: str, name: str) -> bool:
    """Whether a parameter of a page takes several values."""
    if name == "q":
        return endpoint.startswith("trends.")
    return name in _REPEATED or (name in FIELDS and {*FIELDS} <= {*KNOWN[endpoint]})


def refuse_unknown_params() -> None:
    """Checks the parameters of a page before its view runs.

    Raises:
        ParameterError: for a parameter that the page does not know, with the nearest one and all that it knows, and for
            a second value of one that takes one.
    """
    endpoint = (request.endpoint or "").partition(".")[2]
    if (known := KNOWN.get(endpoint)) is None:
        return
    for name, values in request.args.lists():
        if name not in known:
            raise _unknown(name, known)
        if len(values) > 1 and name not in _LAST_COUNTS and not takes_several(endpoint, name):
            raise repeated(name, len(values))


def _unknown(name: str, known: tuple[str, ...]) -> ParameterError:
    near = difflib.get_close_matches(name[:40], known, 1)
    meant_zh, meant_en = (f"是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else ("", "")
    listed = " ".join(known)
    return ParameterError(
        f"这个页面没有参数 {shortened(name)}。{meant_zh}可用的有：{listed or '无'}。",
        f"This page has no parameter {shortened(name)}.{meant_en} There are: {listed or 'none'}.",
    )
