"""Groups the hits of a search by report, in the order of each report's best section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.answers.engine import Engine, Hit
from indexer.query.fields import UNDATED
from indexer.query.request import Request

MOST_PAGES = 20
"""Grouping reads the hits of all pages before this one, so the number of pages is limited."""
_BATCH = 40
_SHOWN = 3  # sections of a report with snippets
_MOST_SECTIONS = 200  # of one report; real reports have fewer than 50


@dataclass(frozen=True, slots=True)
class Group:
    """A report with its best sections; `sections` and `occurrences` count all sections that match."""

    best: Hit
    hits: tuple[Hit, ...]
    sections: int
    occurrences: int | None


def groups(engine: Engine, request: Request, page: int, size: int) -> tuple[Group, ...]:
    """One page of reports, counted from 1; limit and offset of the request are ignored."""
    wanted = page * size
    best: dict[str, Hit] = {}
    for hit in _hits(engine, request):
        best.setdefault(hit.report, hit)
        if len(best) == wanted:
            break
    here = list(best.values())[wanted - size :]
    return tuple(_group(hit, found) for hit, found in zip(here, _sections(engine, request, here), strict=True))


def _hits(engine: Engine, request: Request) -> Iterator[Hit]:
    offset = 0
    while hits := engine.search(replace(request, limit=_BATCH, offset=offset)).hits:
        yield from hits
        offset += _BATCH


def _sections(engine: Engine, request: Request, reports: Sequence[Hit]) -> Iterator[list[Hit]]:
    """All hits of each report, by one search for each agency, since they may be anywhere in the order of hits."""
    years: dict[str, dict[str, None]] = {}
    for report in reports:
        year = UNDATED if report.year is None else str(report.year)
        years.setdefault(report.agency, {})[year] = None
    found: dict[str, list[Hit]] = {}
    for agency, wanted in years.items():
        filters = {**request.filters, "agency": (agency,), "year": tuple(wanted)}
        most = _MOST_SECTIONS * len(wanted)
        of_agency = replace(request, filters=filters, limit=most, offset=0, sort="relevance")
        for hit in engine.search(of_agency).hits:
            found.setdefault(hit.report, []).append(hit)
    return (found[report.report] for report in reports)


def _group(best: Hit, hits: list[Hit]) -> Group:
    counted = [hit.occurrences for hit in hits if hit.occurrences is not None]
    return Group(best, tuple(hits[:_SHOWN]), len(hits), sum(counted) if counted else None)
