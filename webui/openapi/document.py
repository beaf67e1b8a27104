"""The description of the interface: the routes that there are, their docstrings, the shapes of their answers."""

from __future__ import annotations

import importlib.metadata
import inspect
import re
from collections.abc import Callable
from typing import get_args

from flask import Flask

from archive.export.json_types import Json, shape
from archive.vocabulary import kind_codes, level_codes
from indexer.answers.collocates import COLLOCATE_ORDERS, MOST_WINDOW, SIDES, WINDOW
from indexer.answers.concordance import ConcordanceOrder
from indexer.answers.suggest import KINDS as SUGGESTED
from indexer.query.fields import FIELDS, UNDATED, Field
from indexer.query.query_errors import LONGEST
from webui.http.errors import PROBLEM
from webui.openapi.schemas import answer_schema, answer_types, schemas
from webui.params.aggregate_params import GROUPINGS
from webui.params.collocate_params import GROUPINGS as COLLOCATE_GROUPINGS
from webui.params.collocate_params import MOST_COLLOCATES
from webui.params.count_params import MOST_CONTEXT, MOST_LINES, MOST_QUERIES
from webui.params.figure_params import KINDS
from webui.params.search_params import (
    LONGEST_VALUE,
    LOOKED_UP,
    MOST_DRAWN,
    MOST_HITS,
    MOST_NAMED,
    MOST_PAGES,
    MOST_SEED,
    SENTENCES,
    SORTS,
)

ORDERS = list(get_args(ConcordanceOrder))

PREFIX = "zh.api."
# '<agency>' in a route is '{agency}' in a description
_VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")


def _query(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _many(name: str, description: str, items: Json) -> Json:
    schema: Json = {"type": "array", "items": items}
    return _query(name, description, schema) | {"style": "form", "explode": True}


def _values_of(field: Field) -> Json:
    """What a filter may be: a code where the values are a closed list, else text, years in their own spelling."""
    if field.codes is not None:
        return {"type": "string", "enum": list(field.codes())}
    return {"type": "string", "pattern": YEARS} if field.name == "year" else {**TEXT, "maxLength": LONGEST_VALUE}


TEXT: Json = {"type": "string"}
# '2016', '2014..2018', '2014..', '..2016', 'none'
YEARS = rf"^(\d{{4}}|\d{{4}}\.\.(\d{{4}})?|\.\.\d{{4}}|{UNDATED})$"
_QUERY_TEXT = {**TEXT, "maxLength": LONGEST}
QUERY = _query("q", "The query, in the language of /help; without query and filters, every section.", _QUERY_TEXT)
QUERY_OR_FILTER = _query("q", "The query, in the language of /help; a filter will do instead.", _QUERY_TEXT)
COUNTED = _query("q", "The query, in the language of /help.", _QUERY_TEXT) | {"required": True}
FILTERS = tuple(
    _many(name, f"{field.en}; several are OR. In q: {field.example}", _values_of(field))
    for name, field in FIELDS.items()
)
WINDOW_PARAMETERS = (
    _query(
        "window", "Words near an occurrence on each side.",
        {"type": "integer", "minimum": 1, "maximum": MOST_WINDOW, "default": WINDOW},
    ),
    _query("side", "The side of the occurrence.", {"type": "string", "enum": list(SIDES), "default": SIDES[0]}),
)  # fmt: skip
PLACE = _query("place", "Only agencies in a province, city or county, by its name; unknown or none.", TEXT)
LEVEL = _query("level", "Only agencies of a level.", {"type": "string", "enum": list(level_codes())})
KIND = _query("kind", "Only agencies of a kind.", {"type": "string", "enum": list(kind_codes())})
AGENCY_FILTERS = (PLACE, LEVEL, KIND)
_OCR = _query(
    "ocr", "0 leaves out figures that were read by OCR.", {"type": "string", "enum": ["1", "0"], "default": "1"}
)
PARAMETERS: dict[str, tuple[Json, ...]] = {
    "search_json": (
        QUERY,
        *FILTERS,
        _query("sort", "The order of the hits.", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
        _query("page", "Which page of hits, from 1.", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}),
        _query("limit", "Hits a page.", {"type": "integer", "minimum": 1, "maximum": MOST_HITS}),
        _query(
            "sample",
            "Number of hits to draw at random instead of all in order; totals stay those of all.",
            {"type": "integer", "minimum": 1, "maximum": MOST_DRAWN},
        ),
        _query(
            "sentences",
            "With once, hits with identical sentences are listed once: `same` has the others, `entries` the length.",
            {"type": "string", "enum": list(SENTENCES), "default": "all"},
        ),
        _query("seed", "The same seed draws the same hits.", {"type": "integer", "minimum": 1, "maximum": MOST_SEED}),
    ),
    "count_citation": (
        QUERY_OR_FILTER,
        *FILTERS,
        _query("cited", "What a cited address states; the answer compares it with the current totals.", TEXT),
    ),
    "facet_values": (
        QUERY,
        *FILTERS,
        _query("find", "Some characters of a name, its pinyin or initials; the most frequent without it.", TEXT),
    ),
    "suggest": (
        _query("q", "What is typed so far.", TEXT),
        _query("line", "The whole input that q is a word of, to name agencies and reports; q without it.", TEXT),
        _query("kind", "Only suggestions of this kind; all without it.", {"type": "string", "enum": list(SUGGESTED)}),
        _query("limit", "Suggestions at most.", {"type": "integer", "minimum": 1, "maximum": MOST_NAMED}),
    ),
    "agencies": (
        _query("q", "A name, whole or shortened, its pinyin or initials; all agencies without it.", TEXT),
        *AGENCY_FILTERS,
        _query("limit", "Agencies at most.", {"type": "integer", "minimum": 1, "maximum": MOST_NAMED}),
    ),
    "coverage": AGENCY_FILTERS,
    "divisions_json": AGENCY_FILTERS,
    "concordance_json": (
        COUNTED,
        *FILTERS,
        _query(
            "sort",
            "The order of the lines.",
            {"type": "string", "enum": ORDERS, "default": "agency"},
        ),
        _query(
            "width",
            "Characters on each side; whole sentences without it.",
            {"type": "integer", "minimum": 1, "maximum": MOST_CONTEXT},
        ),
        _query("limit", "Lines at most; all without it.", {"type": "integer", "minimum": 1, "maximum": MOST_LINES}),
        _query(
            "collocate",
            "Lists this word near the occurrences, and not the occurrences.",
            {**TEXT, "maxLength": LONGEST_VALUE},
        ),
        *WINDOW_PARAMETERS,
    ),
    "collocates_json": (
        COUNTED,
        *FILTERS,
        *WINDOW_PARAMETERS,
        _query(
            "order",
            "More frequent than expected, less frequent, or by count.",
            {"type": "string", "enum": list(COLLOCATE_ORDERS), "default": COLLOCATE_ORDERS[0]},
        ),
        _query(
            "by",
            "Counts of each word by year, too.",
            {"type": "string", "enum": list(COLLOCATE_GROUPINGS), "default": COLLOCATE_GROUPINGS[0]},
        ),
        _query("limit", "Words at most.", {"type": "integer", "minimum": 1, "maximum": MOST_COLLOCATES}),
    ),
    "trends_json": (
        _many("q", f"Queries, {MOST_QUERIES} at most, each counted by itself.", {**TEXT, "maxLength": LONGEST})
        | {"required": True},
        *FILTERS,
    ),
    "agency_matrix": (COUNTED, *FILTERS),
    "distinctive": (
        QUERY_OR_FILTER,
        *FILTERS,
        _query("limit", "Keywords at most.", {"type": "integer", "minimum": 1, "maximum": MOST_NAMED}),
    ),
    "similar": (
        _query("section", "The anchor of the section; the first one without it.", TEXT),
        _query("limit", "Sections at most.", {"type": "integer", "minimum": 1, "maximum": MOST_NAMED}),
    ),
    "aggregates_json": (
        _many("figure", "Figures by name, such as requests.refused.total; the series since 2008 without it.", TEXT),
        _query("by", "The groups beside years.", {"type": "string", "enum": list(GROUPINGS), "default": "year"}),
        _query("of", "The figure that shares are computed of, by name.", TEXT),
        *AGENCY_FILTERS,
        _query("division", "An earlier name of place.", TEXT) | {"deprecated": True},
        _many("agency", "Agencies by id; all without it.", TEXT),
        _query("from", "The first year.", {"type": "integer", "minimum": 1, "maximum": 9999}),
        _query("to", "The last year.", {"type": "integer", "minimum": 1, "maximum": 9999}),
        _OCR,
    ),
    "figures_json": (
        _query("table", "A table, or the measures.", {"type": "string", "enum": list(KINDS), "default": "measures"}),
        _many("row", "Rows of the table, or measures, by code; all without it.", TEXT),
        _many("column", "Columns of the table by code; all without it.", TEXT),
        *AGENCY_FILTERS,
        _many("agency", "Agencies by id; all without it.", TEXT),
        _query("from", "The first year.", {"type": "integer", "minimum": 1, "maximum": 9999}),
        _query("to", "The last year.", {"type": "integer", "minimum": 1, "maximum": 9999}),
        _OCR,
    ),
}
"""What each view takes beside its path; `webui.api` refuses anything else."""
LOCAL = frozenset({"status"})
"""Operations that answer this machine only, unless a setting says otherwise."""
KEY: Json = {"type": "string", "pattern": r"^(\d{4}|(undated|\d{4})-[0-9a-f]{8})$"}
PATH: dict[str, tuple[str, Json]] = {
    "agency": (
        "An agency's id; a former id leads on with 301, the former address of a report with 302.",
        TEXT,
    ),
    "key": ("The report's year; of unknown years or agencies, with eight hex digits.", KEY),
    "facet": ("Which facet.", {"type": "string", "enum": list(LOOKED_UP)}),
    "before": ("The earlier report's key.", KEY),
    "after": ("The later report's key.", KEY),
}


OPENAPI = shape(
    "openapi_json", openapi=str, info=Json, servers=[Json], paths=dict[str, Json], components=dict[str, Json]
)


def document(app: Flask) -> Json:
    """The OpenAPI 3.1 document of the site; every path stands under `/en` too, with English sentences."""
    paths: dict[str, Json] = {}
    kinds = [PROBLEM]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint.startswith(PREFIX):
            name = rule.endpoint.removeprefix(PREFIX)
            view = app.view_functions[rule.endpoint]
            kinds += answer_types(view)
            paths[_VARIABLE.sub(r"{\1}", rule.rule)] = {"get": _operation(name, view, rule.arguments)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gongkai 公开",
            "version": importlib.metadata.version("gongkai"),
            "description": "Chinese annual reports on government information disclosure, in full text.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "中文"}, {"url": "/en", "description": "English"}],
        "paths": paths,
        "components": {"schemas": schemas(kinds)},
    }


def _operation(name: str, view: Callable[..., object], variables: set[str]) -> Json:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    errors = {"400": "The question cannot be read.", "503": "There is no catalogue or index yet."}
    errors |= {"404": "The archive does not hold this."} if variables else {}
    errors |= {"403": "The request comes from another machine."} if name in LOCAL else {}
    path = [
        {"name": each, "in": "path", "required": True, "description": PATH[each][0], "schema": PATH[each][1]}
        for each in sorted(variables)
    ]
    answer = {"application/json": {"schema": answer_schema(view)}}
    return {
        "operationId": name,
        "summary": (inspect.getdoc(view) or "").partition("\n")[0],
        "parameters": [*path, *PARAMETERS.get(name, ())],
        "responses": {
            "200": {"description": "The answer.", "content": answer},
            **{code: {"description": why, "content": problem} for code, why in errors.items()},
        },
    }
