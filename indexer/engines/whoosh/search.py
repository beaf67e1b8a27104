"""Answers requests: a tree becomes one bit for each section, and totals, facets and hits are read off the bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from indexer.alternatives import alternatives
from indexer.engine import Alternative, Answer, AsOf, FacetValue, Hit, Request, Total
from indexer.engines.whoosh.build import read_agencies
from indexer.engines.whoosh.columns import Bools, Columns, Value
from indexer.engines.whoosh.facets import Facets
from indexer.engines.whoosh.figures import Figures
from indexer.engines.whoosh.leaves import Leaves, distinct
from indexer.engines.whoosh.matching import Matcher
from indexer.engines.whoosh.order import drawn, ordered
from indexer.engines.whoosh.pairs import Pairs
from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.scan import Scanner, Spans
from indexer.fields import FIELDS
from indexer.lookup import fits
from indexer.query import parse
from indexer.reading import Reader
from indexer.spans import marks, snippets
from indexer.tree import Condition, Query, Scope, Text, positive_texts, scope_of, walk
from indexer.values import restrictions
from indexer.words import Words


@dataclass(frozen=True, slots=True)
class Matched:
    """The sections that a query matches under the filters beside it.

    `asked` are those of the query alone, `filters` those of each filter, `found` those of all together; `doubtful`
    are those that might match if their report stated the figures. `occurrences` are the distinct marked spans of all
    positive leaves in the sections found, in order.
    """

    scope: Scope
    asked: Bools
    filters: Mapping[str, Bools]
    found: Bools
    doubtful: Bools
    occurrences: Spans

    @property
    def has_text(self) -> bool:
        """Whether text is asked at all."""
        return any(isinstance(node, Text) for node, _ in walk(self.scope))

    def lifted(self, facet: str) -> Bools:
        """The matching sections as if the facet's own filter were not set."""
        return reduce(np.logical_and, (bits for name, bits in self.filters.items() if name != facet), self.asked)


class WhooshEngine:
    """One generation of the embedded index, open for reading. Threads may share it."""

    def __init__(self, directory: Path, as_of: AsOf, words: Words) -> None:
        self.as_of = as_of
        self.columns = Columns(directory / "columns")
        self.agencies = read_agencies(directory)
        self.postings = Postings(directory / "words")
        self.words = words
        scanner = Scanner(self.columns, Pairs(directory / "columns", self.columns.normal))
        self._leaves = Leaves(self.columns, self.postings, scanner, words)
        self._figures = Figures(directory)
        self.facets = Facets(self.columns, self.agencies)

    def search(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
        """
        tree = parse(request.query)
        matched = self.matched(tree, request)
        return Answer(
            query=request.query,
            reading=self._reader(request).sentence(tree, restrictions(request)),
            as_of=self.as_of,
            total=self._total(matched),
            facets={name: self.facets.counted(name, matched.lifted(name), request.language) for name in FIELDS},
            hits=self._hits(matched, request),
            readings=tuple(self._alternatives(tree, request)),
        )

    def facet(self, request: Request, name: str, asked: str) -> tuple[FacetValue, ...]:
        """The values of one facet whose name fits what was typed: how the less frequent ones are reached.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
        """
        matched = self.matched(parse(request.query), request)

        def wanted(value: Value) -> bool:
            names = self.agencies[str(value)].names if name == "agency" else ()
            return fits(asked, [each.text for each in names] or [self.facets.label(name, value, request.language)])

        return self.facets.counted(name, matched.lifted(name), request.language, among=wanted)

    def matched(self, tree: Query, request: Request) -> Matched:
        """What a tree matches under the filters of a request."""
        scope = scope_of(tree)
        matcher = Matcher(self.columns, self._leaves, self._figures, self.agencies, scope.where, scope.unit)
        beside = Matcher(self.columns, self._leaves, self._figures, self.agencies)
        asked = matcher.sections(scope)
        filters = {name: beside.any_of(parts) for name, parts in restrictions(request).items()}
        found = reduce(np.logical_and, filters.values(), asked)
        conditions = any(isinstance(node, Condition) for node, _ in walk(tree))
        possible = (
            reduce(np.logical_and, filters.values(), matcher.sections(scope, doubtful=True)) if conditions else found
        )
        return Matched(scope, asked, filters, found, possible & ~found, self._occurrences(scope, found))

    def _occurrences(self, scope: Scope, found: Bools) -> Spans:
        leaves = [self._leaves.find(leaf, scope.where) for leaf in positive_texts(scope)]
        kept = [(leaf, found[leaf.within]) for leaf in leaves]
        spans = [
            (leaf.starts[bits], leaf.ends[bits]) if not bits.all() else (leaf.starts, leaf.ends) for leaf, bits in kept
        ]
        if len(spans) == 1:
            return spans[0]
        starts, ends = (np.concatenate([np.zeros(0, np.int64), *(each[side] for each in spans)]) for side in (0, 1))
        return distinct(starts, ends)

    def _total(self, matched: Matched) -> Total:
        def reports(sections: Bools) -> int:
            return int(np.count_nonzero(np.bincount(self.columns.reports[sections])))

        conditions = any(isinstance(node, Condition) for node, _ in walk(matched.scope))
        return Total(
            sections=int(np.count_nonzero(matched.found)),
            reports=reports(matched.found),
            occurrences=len(matched.occurrences[0]) if matched.has_text else None,
            reports_without_figure=reports(matched.doubtful) if conditions else None,
        )

    def _alternatives(self, tree: Query, request: Request) -> Iterator[Alternative]:
        for kind, other in alternatives(tree):
            total = self._total(self.matched(other, request))
            yield Alternative(kind, str(other), self._reader(request).sentence(other, {}), total)

    def _reader(self, request: Request) -> Reader:
        places = self.columns.facets.get("place")
        return Reader(
            request.language, self.words, self.agencies, [str(place) for place in places.values] if places else ()
        )

    def _hits(self, matched: Matched, request: Request) -> tuple[Hit, ...]:
        page = slice(request.offset, request.offset + request.limit)
        leaves = [*positive_texts(matched.scope)]
        if request.sample is not None:
            sections = drawn(self.columns, matched.found, request.sample, request.seed)[page]
        else:
            scores = [self._leaves.find(leaf, matched.scope.where).scores for leaf in leaves]
            sections = ordered(self.columns, matched.found, scores, request.sort, page)
        return tuple(self._hit(section, matched) for section in sections.tolist())

    def _hit(self, section: int, matched: Matched) -> Hit:
        scope, columns = matched.scope, self.columns
        record = columns.record(section)
        text = columns.text(section, scope.where)
        score = sum(float(self._leaves.find(leaf, scope.where).scores[section]) for leaf in positive_texts(scope))
        starts = matched.occurrences[0]
        inside = np.searchsorted(
            starts, columns.bounds[[section, section + 1, section + columns.size, section + columns.size + 1]]
        )
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
            occurrences=int(inside[1] - inside[0] + inside[3] - inside[2]) if matched.has_text else None,
            snippets=snippets(text, marks(text, scope, self.words)),
        )
