"""The hits of a search by report: each report once, in the order of its best section, with all that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer import UNDATED, Engine, Hit, Request

MOST_PAGES = 20
"""Reports are found by going through the sections, those before a page too: who wants more takes the file."""
_BATCH = 100
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
    return tuple(_group(engine, request, hit) for hit in list(best.values())[wanted - size :])


def _hits(engine: Engine, request: Request) -> Iterator[Hit]:
    offset = 0
    while hits := engine.search(replace(request, limit=_BATCH, offset=offset)).hits:
        yield from hits
        offset += _BATCH


def _group(engine: Engine, request: Request, best: Hit) -> Group:
    """The report of a hit, asked by itself: what else it has may stand anywhere in the order of the sections."""
    of = {"agency": (best.agency,), "year": (UNDATED if best.year is None else str(best.year),)}
    asked = replace(
        request, filters={**request.filters, **of}, years=None, limit=_MOST_SECTIONS, offset=0, sort="relevance"
    )
    hits = [hit for hit in engine.search(asked).hits if hit.report == best.report]
    counted = [hit.occurrences for hit in hits if hit.occurrences is not None]
    return Group(best, tuple(hits[:_SHOWN]), len(hits), sum(counted) if counted else None)
