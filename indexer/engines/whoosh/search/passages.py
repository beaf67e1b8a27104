"""Reads the text of sections for hits, with offsets for highlights; many sections at a time, for exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from indexer.answers.engine import Hit
from indexer.answers.highlight import Span, snippets
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Ints, ShardedColumn
from indexer.engines.whoosh.columns.records import SectionRecord
from indexer.engines.whoosh.columns.utf16 import UNITS
from indexer.engines.whoosh.search.matching.leaf_search import LeafMatch
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.matching.spans import Spans
from indexer.query.ast import Where
from indexer.sized_cache import SizedCache

_CACHED = 10_000
"""Hits, a few KB each."""
_Part = tuple[str, str, list[list[Span]]]
"""A text of a section as cleaned, its normal form, and the spans in it of each list of spans."""


def hits(columns: Columns, sections: Ints, result: ResultSet) -> Iterator[Hit]:
    """Yields the hits of a result in some sections, with scores, occurrences and snippets."""
    leaves = result.leaves
    spans = [leaf.spans for leaf in leaves] + [leaf.uncounted for leaf in leaves if len(leaf.uncounted)]
    scores = reduce(np.add, (_scores(leaf, sections) for leaf in leaves)).tolist() if leaves else repeat(0)
    is_single, alike = len(spans) == 1, len(spans) == 1 and leaves[0].string is not None
    passages = _passages(columns, sections, result.scope.where, spans)
    for record, score, (text, form, found) in zip(columns.records(sections), scores, passages, strict=False):
        if is_single:
            counted = marks = found[0]
        else:
            counted = [*{span for each in found[: len(leaves)] for span in each}]
            marks = sorted({span for each in found for span in each})
        yield _hit(record, score, len(counted) if result.has_text else None, text, form, marks, alike=alike)


class CachedHits:
    """Caches the hits of pages that people read. A hit depends on the texts of a query, and not on its filters."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._cache = SizedCache[Hit](_CACHED)

    def hits(self, sections: Ints, result: ResultSet) -> tuple[Hit, ...]:
        texts = result.scope.where, result.texts, result.has_text
        found = {section: self._cache.find((section, texts)) for section in sections.tolist()}
        missing = [section for section, hit in found.items() if hit is None]
        for section, hit in zip(missing, hits(self._columns, np.array(missing, np.int64), result), strict=True):
            found[section] = hit
            self._cache.keep((section, texts), hit)
        return tuple(hit for hit in found.values() if hit)


def openings(columns: Columns, sections: Ints, scores: Sequence[float]) -> Iterator[Hit]:
    """Yields hits that show the beginnings of sections."""
    passages = _passages(columns, sections, "text", ())
    for record, score, (text, form, _) in zip(columns.records(sections), scores, passages, strict=True):
        yield _hit(record, score, None, text, form, ())


def _hit(
    record: SectionRecord,
    score: float,
    occurrences: int | None,
    text: str,
    form: str,
    marks: Sequence[Span],
    *,
    alike: bool = False,
) -> Hit:
    return Hit(
        report=record.report,
        agency=record.agency,
        agency_name=record.agency_name,
        year=record.year,
        section=record.section,
        anchor=record.anchor,
        heading=record.heading,
        title=record.title,
        url=record.address,
        score=round(score, 4),
        occurrences=occurrences,
        snippets=snippets(text, marks, form, record.heading or "", alike=alike),
    )


def _scores(leaf: LeafMatch, sections: Ints) -> NDArray[np.float64]:
    """Returns the score of each section for a leaf, 0 where it does not match."""
    scores = np.zeros(len(sections))
    matching = leaf.mask.take(sections)
    scores[matching] = leaf.scores.take(leaf.sections.searchsorted(sections[matching]))
    return scores


def _passages(columns: Columns, sections: Ints, where: Where, spans: Sequence[Spans]) -> Iterator[_Part]:
    """Yields the texts of sections: running text, table cells, or both with a line feed between."""
    if where != "all":
        yield from _parts(columns, sections if where == "text" else sections + columns.size, spans)
        return
    both = (_parts(columns, numbers, spans) for numbers in (sections, sections + columns.size))
    for (text, form, found), (cells, cells_form, in_cells) in zip(*both, strict=True):
        if not text or not cells:
            yield (text, form, found) if text else (cells, cells_form, in_cells)
            continue
        before = len(text) + 1
        moved = [[(start + before, end + before) for start, end in each] for each in in_cells]
        joined = [one + other for one, other in zip(found, moved, strict=True)]
        yield f"{text}\n{cells}", f"{form}\n{cells_form}", joined


def _parts(columns: Columns, numbers: Ints, spans: Sequence[Spans]) -> Iterator[_Part]:
    firsts, lasts = columns.bounds[numbers], columns.bounds[numbers + 1] - 1
    texts, forms = _decoded(columns.stored, firsts, lasts), _decoded(columns.normal, firsts, lasts)
    within = zip(*(_spans_within(each, firsts, lasts) for each in spans), strict=True) if spans else repeat(())
    for text, form, found, units in zip(texts, forms, within, (lasts - firsts).tolist(), strict=False):
        yield text, form, [*found] if len(text) == units else [_in_characters(text, each) for each in found]


def _decoded(column: ShardedColumn, firsts: Ints, lasts: Ints) -> Iterator[str]:
    return (str(units, UNITS, "surrogatepass") for units in column.ranges(firsts, lasts))


def _spans_within(spans: Spans, firsts: Ints, lasts: Ints) -> Iterator[list[Span]]:
    """Yields the spans in each range of units, relative to its beginning."""
    lows, highs = spans.starts.searchsorted(firsts), spans.starts.searchsorted(lasts)
    counts = highs - lows
    bounds = np.concatenate([[0], np.cumsum(counts)])
    here = spans.select(np.arange(bounds[-1]) + np.repeat(lows - bounds[:-1], counts))
    starts = here.starts - np.repeat(firsts, counts)
    found = [*zip(starts.tolist(), (starts + here.lengths).tolist(), strict=True)]
    return (found[low:high] for low, high in pairwise(bounds.tolist()))


def _in_characters(text: str, spans: list[Span]) -> list[Span]:
    """Converts offsets in UTF-16 units to offsets in characters."""
    wide = np.array([place for place, character in enumerate(text) if character > "\uffff"], np.int64)
    halves = wide + np.arange(1, len(wide) + 1)  # the offsets of the second units
    units = np.array(spans, np.int64).reshape(-1, 2)
    return [(start, end) for start, end in (units - halves.searchsorted(units)).tolist()]
