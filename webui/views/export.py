"""`/search.csv`, `.json`, `.ris`, `.bib` and `.csl.json`: streams every hit of a search; `/feed.atom`: the newest hits.

All hits of a file come from one generation of the index, which the file names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import Blueprint, Response, abort, request, url_for

from archive.errors import Language
from archive.export.citations import STYLES, Citation
from archive.export.csv import csv_lines
from archive.export.json_types import json_pieces, record
from archive.model import Source
from indexer.answers.engine import Answer, Engine, Hit
from indexer.answers.json import ANSWER, hit_json
from indexer.query.request import Request
from webui.data_access import catalogue, index, report
from webui.http.i18n import language
from webui.http.streaming import streamed
from webui.params.search_params import read_search_params
from webui.render.feed import atom
from webui.render.labels import section_label
from webui.render.references import citation_of

export = Blueprint("export", __name__)

BATCH = 200
"""Hits of one search of the index."""
NEWS = 50
"""Entries of a feed."""
CSV_HEAD = (
    *("report", "agency", "agency_name", "year", "section", "section_label", "heading", "title"),
    *("occurrences", "score", "snippets", "url", "source_url", "sha256", "query", "reading", "as_of"),
)
FORMATS = ("csv", "json", "ris", "bib", "csl.json")


@dataclass(frozen=True, slots=True)
class AllHits:
    """All hits of a search, read in batches from one engine."""

    engine: Engine
    request: Request
    first: Answer

    def counted_on(self, language: Language) -> str:
        """The data version and the sample in one sentence."""
        first = self.first
        return first.as_of.listing(language, first.total.sections, self.count, "sections", self.request.seed)

    @property
    def count(self) -> int:
        total = self.first.total.sections
        return total if self.request.sample is None else min(self.request.sample, total)

    def answers(self) -> Iterator[Answer]:
        """The answers that together have all hits."""
        yield self.first
        for offset in range(BATCH, self.count, BATCH):
            yield self.engine.search(replace(self.request, offset=offset))

    def hits(self) -> Iterator[Hit]:
        for answer in self.answers():
            yield from answer.hits


@export.get("/search.<suffix>")
def file(suffix: str) -> Response:
    """Streams all hits of a search; page and limit are ignored."""
    if suffix not in FORMATS:
        abort(404)
    found = _everything(BATCH)
    if suffix == "csv":
        stamp = (found.request.query, found.first.reading, found.counted_on(language()))
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
    return Response(atom(found.first, read_search_params(request.args)), mimetype="application/atom+xml")


def _everything(limit: int, *, newest: bool = False) -> AllHits:
    asked = replace(read_search_params(request.args).request(language()), limit=limit, offset=0)
    if newest:
        asked = replace(asked, sort="-year")
    engine = index()
    return AllHits(engine, asked, engine.search(asked))


def _sent(pieces: Iterator[str], media_type: str, suffix: str) -> Response:
    return streamed(pieces, media_type, f"gongkai-search.{suffix}")


def _rows(found: AllHits) -> Iterator[tuple[object, ...]]:
    address = _addresses()
    sources: dict[tuple[str, str], Source] = {}
    known: set[str] = set()
    for answer in found.answers():
        if new := {hit.agency for hit in answer.hits} - known:
            known |= new
            sources |= catalogue().sources(new)
        for hit in answer.hits:
            source = sources.get((hit.agency, hit.key))
            yield (
                hit.report,
                hit.agency,
                hit.agency_name,
                hit.year,
                hit.section,
                section_label(hit.section, language()),
                hit.heading,
                hit.title,
                hit.occurrences,
                hit.score,
                " … ".join(snippet.text for snippet in hit.snippets),
                address(hit),
                source and source.url,
                source and source.sha256,
            )


def _addresses() -> Callable[[Hit], str]:
    """Builds the addresses of hits as `url_for` does, which takes longer than all else of a row."""
    root = url_for("zh.reports.page", agency="a", key="0", _external=True).removesuffix("a/0")

    def address(hit: Hit) -> str:
        return f"{root}{quote(hit.agency, safe='')}/{quote(hit.key, safe='')}#{quote(hit.anchor, safe='-')}"

    return address


def _json(found: AllHits) -> Iterator[str]:
    return json_pieces(record(ANSWER, found.first, hits=map(hit_json, found.hits())), "hits")


def _citations(found: AllHits) -> Iterator[Citation]:
    for hit in found.hits():
        if held := report(hit.agency, hit.key):
            section = next((section for section in held.sections if section.anchor == hit.anchor), None)
            yield citation_of(held, section, found.counted_on("en"))
