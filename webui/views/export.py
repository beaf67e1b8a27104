"""`/search.csv`, `.json`, `.ris`, `.bib` and `.csl.json`: streams every hit of a search; `/feed.atom`: the newest hits.

All hits of a file come from one generation of the index, which the file names.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from flask import Blueprint, Response, abort, request

from archive.errors import Language
from archive.export.citations import STYLES, Citation
from archive.export.csv import csv_lines
from archive.export.json_types import json_pieces, record
from archive.model import Source
from indexer.answers.engine import Answer, Engine, Hit
from indexer.answers.json import ANSWER, hit_json
from indexer.query.request import Request
from webui.data_access import index, report, sources
from webui.http.i18n import language
from webui.http.streaming import streamed
from webui.params.search_params import read_asked_params, read_search_params
from webui.render.feed import atom
from webui.render.labels import section_label
from webui.render.references import citation_of, section_addresses

export = Blueprint("export", __name__)

BATCH = 500
"""Hits whose sources are looked up at once."""
NEWS = 50
"""Entries of a feed."""
CSV_HEAD = (
    *("report", "agency", "agency_name", "year", "section", "section_label", "heading", "title"),
    *("occurrences", "score", "snippets", "url", "source_url", "sha256", "query", "reading", "as_of"),
)
FORMATS = ("csv", "json", "ris", "bib", "csl.json")


@dataclass(frozen=True, slots=True)
class AllHits:
    """The totals of a search, and all its hits, from one engine."""

    engine: Engine
    request: Request
    answer: Answer

    def counted_on(self, language: Language) -> str:
        """The data version and the sample in one sentence."""
        answer, seed = self.answer, self.request.seed
        return answer.as_of.listing(language, answer.total.sections, self.count, "sections", seed)

    @property
    def count(self) -> int:
        total = self.answer.total.sections
        return total if self.request.sample is None else min(self.request.sample, total)

    def hits(self) -> Iterator[Hit]:
        return self.engine.every_hit(self.request)


@export.get("/search.<suffix>")
def file(suffix: str) -> Response:
    """Streams all hits of a search; page and limit are ignored."""
    if suffix not in FORMATS:
        abort(404)
    found = _everything(0, is_whole_answer=suffix == "json")
    if suffix == "csv":
        stamp = (found.request.query, found.answer.reading, found.counted_on(language()))
        rows = ((*row, *stamp) for row in _rows(found))
        return _sent(csv_lines(CSV_HEAD, rows), "text/csv", suffix)
    if suffix == "json":
        return _sent(_json(found), "application/json", suffix)
    style = STYLES[suffix]
    return _sent(style.write(_citations(found), found.counted_on("en")), style.media_type, suffix)


@export.get("/feed.atom")
def feed() -> Response:
    """Sends the hits of the latest years as a feed."""
    found = _everything(NEWS, newest=True)
    return Response(atom(found.answer, read_search_params(request.args)), mimetype="application/atom+xml")


def _everything(limit: int, *, newest: bool = False, is_whole_answer: bool = False) -> AllHits:
    asked = replace(read_asked_params(request.args).request(language()), limit=limit, offset=0)
    if not is_whole_answer:  # no file but JSON has facets and other interpretations
        asked = replace(asked, facets=(), readings=False)
    if newest:
        asked = replace(asked, sort="-year")
    engine = index()
    return AllHits(engine, asked, engine.search(asked))


def _sent(pieces: Iterator[str], media_type: str, suffix: str) -> Response:
    return streamed(pieces, media_type, f"gongkai-search.{suffix}")


def _rows(found: AllHits) -> Iterator[tuple[object, ...]]:
    address, hits = section_addresses(), found.hits()
    label = functools.cache(functools.partial(section_label, language=language()))
    known: dict[str, Mapping[str, Source]] = {}
    while batch := [*islice(hits, BATCH)]:
        known |= sources({hit.agency for hit in batch} - {*known})
        for hit in batch:
            source = known[hit.agency].get(hit.key)
            yield (
                hit.report,
                hit.agency,
                hit.agency_name,
                hit.year,
                hit.section,
                label(hit.section),
                hit.heading,
                hit.title,
                hit.occurrences,
                hit.score,
                " … ".join([snippet.text for snippet in hit.snippets]),
                address(hit.agency, hit.key, hit.anchor),
                source and source.url,
                source and source.sha256,
            )


def _json(found: AllHits) -> Iterator[str]:
    return json_pieces(record(ANSWER, found.answer, hits=map(hit_json, found.hits())), "hits")


def _citations(found: AllHits) -> Iterator[Citation]:
    for hit in found.hits():
        if held := report(hit.agency, hit.key):
            section = next((section for section in held.sections if section.anchor == hit.anchor), None)
            yield citation_of(held, section, found.counted_on("en"))
