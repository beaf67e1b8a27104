"""The matches of a query under filters: clauses of sections, and the occurrences in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from indexer.answers.engine import Total
from indexer.answers.highlight import Span
from indexer.engines.opensearch.connection.cluster_client import Json
from indexer.engines.opensearch.search.facet_counts import UNDATED
from indexer.engines.opensearch.search.leaf_queries import SECTION, Clause, Counted, LeafQueries, both, without
from indexer.engines.opensearch.search.stored_sections import StoredSection, StoredSections, texts_of
from indexer.engines.opensearch.search.tree_queries import with_section
from indexer.query.ast import Scope, Text, walk

Group = Literal["archive", "year", "agency"]
"""What occurrences are counted by: not at all, by year, or by agency and year."""
Groups = Counter[tuple[str | None, int | None]]
"""Counts by agency and year, both None unless counted by them."""

_PAGE = 5000
_EVERYTHING = (None, None)


@dataclass(frozen=True)
class Matches:
    """The sections that a query matches under filters.

    Attributes:
        query: the clause of the query alone.
        filters: the clause of each filter.
        doubtful: the clause of the sections that might match if their reports stated the figures; None without
            conditions.
        texts: the positive leaves.
    """

    sections: StoredSections
    leaves: LeafQueries
    scope: Scope
    query: Clause
    filters: Mapping[str, Clause]
    doubtful: Clause | None
    texts: tuple[Text, ...]

    @cached_property
    def has_text(self) -> bool:
        return any(isinstance(node, Text) for node, _ in walk(self.scope))

    @property
    def clause(self) -> Clause:
        """The sections that match everything."""
        return both(self.query, *self.filters.values())

    @property
    def admitted(self) -> Clause:
        """The sections that pass all filters, whatever the query."""
        return both(SECTION, *self.filters.values())

    def others(self, field: str) -> list[Clause]:
        """Returns the filters of all other fields."""
        return [clause for name, clause in self.filters.items() if name != field]

    @cached_property
    def counted(self) -> list[Counted] | None:
        """The strings whose occurrences scores count; None if the texts of the sections have to be read."""
        found = [self.leaves.counted(leaf, self.scope.where) for leaf in self.texts]
        strings = [each for leaf in found for each in leaf or ()]
        if None in found or len({each.string for each in strings}) < len(strings):
            return None  # equal spans of two leaves count once
        return strings

    def total(self) -> Total:
        bodies = [_counting(self.clause), _counting(with_section(self.clause))]
        if self.doubtful is not None:
            maybe = both(self.doubtful, without(self.query), *self.filters.values())
            bodies.append(_counting(with_section(maybe)))
        answers = self.sections.cluster.searches(self.sections.index, bodies)
        sections, reports, *silent = (int(each["hits"]["total"]["value"]) for each in answers)
        occurrences = self.occurrences()[_EVERYTHING] if self.has_text else None
        return Total(sections, reports, occurrences, silent[0] if silent else None)

    def occurrences(self, group: Group = "archive") -> Groups:
        """Returns the number of distinct occurrences of all positive leaves in matching sections."""
        if self.counted is None:
            return self._read(group)
        groups = Groups()
        if group == "agency":
            for string in self.counted:
                for cell, found in self.cells(self._scores(string)["query"], _SUM):
                    groups[cell] += _times(found, string)
            return groups
        by_year = {"year": {"terms": {"field": "year", "size": 10_000, "missing": UNDATED}, "aggs": _SUM}}
        bodies = [self._scores(string) | {"aggs": by_year if group == "year" else _SUM} for string in self.counted]
        answers = self.sections.cluster.searches(self.sections.index, bodies)
        for string, answer in zip(self.counted, answers, strict=True):
            found = answer["aggregations"]
            if group == "archive":
                groups[_EVERYTHING] += _times(found, string)
                continue
            for bucket in found["year"]["buckets"]:
                year = None if bucket["key"] == UNDATED else bucket["key"]
                groups[None, year] += _times(bucket, string)
        return groups

    def found(self) -> Iterator[tuple[StoredSection, list[Span]]]:
        """Yields the matching sections in order, with their occurrences."""
        where = self.scope.where
        for section in self.sections.scan(self.clause, texts_of(where)):
            yield section, section.spans(self.texts, where)[0]

    def _read(self, group: Group) -> Groups:
        groups = Groups()
        for section, spans in self.found():
            agency = section.agency if group == "agency" else None
            year = None if group == "archive" else section.year
            groups[agency, year] += len(spans)
        return groups

    def _scores(self, string: Counted) -> dict[str, Any]:
        """Returns the body of a search whose scores are the occurrences of a string."""
        query = {"bool": {"filter": [self.clause, string.within], "must": [string.clause]}}
        return {"size": 0, "track_total_hits": False, "query": query}

    def cells(self, clause: Clause, sums: Mapping[str, Any]) -> Iterator[tuple[tuple[str, int | None], Json]]:
        """Yields the sums of the sections of a clause by agency and year."""
        sources = [
            {"agency": {"terms": {"field": "agency"}}},
            {"year": {"terms": {"field": "year", "missing_bucket": True}}},
        ]
        composite: Json = {"size": _PAGE, "sources": sources}
        body = {"size": 0, "query": clause, "aggs": {"cells": {"composite": composite, "aggs": sums}}}
        while True:
            cells = self.sections.cluster.search(self.sections.index, body)["aggregations"]["cells"]
            for bucket in cells["buckets"]:
                yield (bucket["key"]["agency"], bucket["key"]["year"]), bucket
            if "after_key" not in cells:
                return
            composite["after"] = cells["after_key"]


_SUM: dict[str, Any] = {"occurrences": {"sum": {"script": {"source": "_score"}}}}


def _times(found: Mapping[str, Any], string: Counted) -> int:
    return int(found["occurrences"]["value"]) // string.grams


def _counting(clause: Clause) -> dict[str, Any]:
    return {"size": 0, "track_total_hits": True, "query": clause}
