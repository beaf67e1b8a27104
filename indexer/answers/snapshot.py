"""Writes a snapshot of a search as a ZIP file, to be deposited with a paper.

The file depends on the content of the archive, the query, the address of the site, the day and the version of the
program only: if all are equal, so are its bytes, on every machine (with another build of zlib, the files inside).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace

from archive.export.citations.count import CountCitation
from archive.export.csv import csv_lines
from archive.vocabulary import section_label
from indexer.answers.engine import Answer, Engine, Hit
from indexer.answers.snapshot_readme import README
from indexer.query.request import Request

HIT_COLUMNS = (
    *("report", "agency", "agency_name", "year", "section", "section_label", "heading", "title"),
    *("occurrences", "snippets", "url"),
)
LINE_COLUMNS = ("left", "hit", "right", "agency", "agency_name", "year", "section", "heading", "url")
_PIECE = 1 << 16
"""Bytes that are collected before they are yielded."""
_LARGE = 1_000_000
"""Lines of a file that may need the 64-bit form of ZIP, which some old programs cannot read."""


def snapshot_pieces(
    engine: Engine,
    request: Request,
    answer: Answer,
    citation: CountCitation,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[bytes]:
    """Yields the ZIP file in pieces.

    Args:
        engine: the index; all files are made from one generation.
        request: the query and its filters.
        answer: the totals of the request.
        citation: the citation of the totals.
        progress: receives the number of lines written so far.
    """
    asked = replace(request, sort="year", offset=0, sample=None, facets=(), readings=False)
    concordance = engine.concordance(asked, "agency")
    lines = (tuple(getattr(line, name) for name in LINE_COLUMNS) for line in concordance)
    members: tuple[tuple[str, Iterable[str], int], ...] = (
        ("query.json", [_query_json(request, answer, citation)], 1),
        ("hits.csv", csv_lines(HIT_COLUMNS, map(_hit_row, engine.every_hit(asked))), answer.total.sections),
        ("concordance.csv", csv_lines(LINE_COLUMNS, lines), concordance.total),
        ("README.txt", [README.format(citation=citation, zh=citation.totals.sentence("zh"),
                                      en=citation.totals.sentence("en"), content=answer.as_of.content)], 1),
    )  # fmt: skip
    sink = _Sink()
    sums, written = [], 0
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # a sink that cannot be sought
        for name, texts, count in members:
            digest = hashlib.sha256()
            with archive.open(_entry(name), "w", force_zip64=count > _LARGE) as file:
                for text in texts:
                    data = text.encode("utf-8", "replace")
                    digest.update(data)
                    file.write(data)
                    written += 1
                    progress(written)
                    if sink.size > _PIECE:
                        yield sink.take()
            sums.append(f"{digest.hexdigest()}  {name}\n")
        archive.writestr(_entry("SHA256SUMS"), "".join(sums))
        yield sink.take()
    yield sink.take()


def _query_json(request: Request, answer: Answer, citation: CountCitation) -> str:
    as_of = asdict(answer.as_of)
    del as_of["generation"]  # counts the builds of one home
    document = {
        "query": request.query,
        "filters": {name: list(values) for name, values in request.filters.items()},
        "years": request.years,
        "reading": citation.readings,
        "total": asdict(answer.total),
        "as_of": as_of,
        "date": citation.totals.day.isoformat(),
        "url": citation.url,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _hit_row(hit: Hit) -> tuple[object, ...]:
    label, snippets = section_label(hit.section, "zh"), " … ".join(snippet.text for snippet in hit.snippets)
    named = (hit.report, hit.agency, hit.agency_name, hit.year, hit.section, label, hit.heading, hit.title)
    return (*named, hit.occurrences, snippets, hit.url)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # the earliest that ZIP has
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, on every system
    entry.external_attr = 0o644 << 16
    return entry


class _Sink:
    """A file that keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered elsewhere; `zipfile` calls this."""

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return data
