"""The hits of a search by report: each report once, in the order of its best section, with all that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.answers.engine import Engine, Hit
from indexer.query.fields import UNDATED
from indexer.query.request import Request

MOST_PAGES = 20
"""Reports are found by going through the sections, those before a page too: who wants more takes the file."""
_BATCH = 40
_SHOWN = 3  # sections of a report, with what they say
_MOST_SECTIONS = 200  # of one report, by far


@dataclass(frozen=True, slots=True)
class Group:
    """A report with its best sections; `sections` and `occurrences` count all of them, the others too."""

    best: Hit
    hits: tuple[Hit, ...]
    sections: int
    occurrences: int | None


def groups(engine: Engine, request: Request, page: int, size: int) -> tuple[Group, ...]:
    """One page of reports, `page` counted from 1, for a request of any limit and offset."""
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
    """All hits of each report, asked agency by agency: they may stand anywhere in the order of all sections."""
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
