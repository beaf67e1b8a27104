"""The matches of a query under filters: clauses of sections, and the occurrences in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from indexer.answers.engine import Total
from indexer.answers.highlight import Span
from indexer.engines.opensearch.connection.cluster_client import Json
from indexer.engines.opensearch.search.facet_counts import UNDATED
from indexer.engines.opensearch.search.leaf_queries import SECTION, LeafQueries, without
from indexer.engines.opensearch.search.scored_clauses import Clause, Counted, both, in_passes, unit_of, with_scores
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

    def without_filter(self, field: str) -> Clause:
        """The sections that match everything but the filter of a field."""
        return both(self.query, *(clause for name, clause in self.filters.items() if name != field))

    @cached_property
    def counted(self) -> list[Counted] | None:
        """The strings whose occurrences scores count; None if the texts of the sections have to be searched."""
        found = [self.leaves.counted(leaf, self.scope.where) for leaf in self.texts]
        strings = [each for leaf in found for each in leaf or ()]
        if None in found or len({each.string for each in strings}) < len(strings):
            return None  # equal spans of two leaves count once
        return strings

    @cached_property
    def counting(self) -> Counting:
        return Counting(self)

    def total(self) -> Total:
        return self.counting.total(self.sections.cluster.searches(self.sections.index, self.counting.bodies))

    def occurrences(self, group: Group = "archive") -> Groups:
        """Returns the number of distinct occurrences of all positive leaves in matching sections."""
        if self.counted is None:
            return self._resolved(group)
        groups = Groups()
        searches = [(with_scores(self.clause, strings), unit_of(strings)) for strings in in_passes(self.counted)]
        if group == "agency":
            for query, unit in searches:
                for cell, found in self.cells(query, SUM):
                    groups[cell] += occurrences_of(found, unit)
            return groups
        by_year = {"year": {"terms": {"field": "year", "size": 10_000, "missing": UNDATED}, "aggs": SUM}}
        aggs = by_year if group == "year" else SUM
        bodies = [{"size": 0, "track_total_hits": False, "query": query, "aggs": aggs} for query, _ in searches]
        answers = self.sections.cluster.searches(self.sections.index, bodies) if bodies else []
        for (_, unit), answer in zip(searches, answers, strict=True):
            found = answer["aggregations"]
            if group == "archive":
                groups[_EVERYTHING] += occurrences_of(found, unit)
                continue
            for bucket in found["year"]["buckets"]:
                year = None if bucket["key"] == UNDATED else bucket["key"]
                groups[None, year] += occurrences_of(bucket, unit)
        return groups

    def found(self) -> Iterator[tuple[StoredSection, list[Span]]]:
        """Yields the matching sections in order, with their occurrences."""
        where = self.scope.where
        for section in self.sections.scan(self.clause, texts_of(where)):
            yield section, section.spans(self.texts, where)[0]

    def _resolved(self, group: Group) -> Groups:
        """Counts in the texts, which were searched already if one leaf was resolved."""
        groups = Groups()
        where, leaf = self.scope.where, self.texts[0]
        if len(self.texts) > 1 or self.leaves.is_decided(leaf):
            for _, agency, year, number in self.sections.counted(self.clause, self.texts, where):
                groups[_group(group, agency, year)] += number
            return groups
        found, clause = self.leaves.resolved(leaf, where), self.leaves.clause(leaf, where)
        everywhere = both(self.clause) == both(clause)
        matching = {*found.places} if everywhere else self.sections.places(self.clause)
        rows = zip(found.places, found.agencies, found.years, found.occurrences, strict=True)
        for place, agency, year, number in rows:
            if place in matching:
                groups[_group(group, agency, year)] += number
        return groups

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


class Counting:
    """The searches that count the matches of a query, and what they answer.

    One search counts sections, reports, occurrences, and what `aggs` adds.
    """

    def __init__(self, matches: Matches, aggs: Mapping[str, Any] | None = None) -> None:
        self._matches = matches
        self._passes = in_passes(matches.counted or ())
        query = with_scores(matches.clause, self._passes[0] if self._passes else ())
        self.bodies: list[Json] = [
            _counting(query) | {"aggs": REPORTS | (SUM if self._passes else {}) | {**(aggs or {})}}
        ]
        for strings in self._passes[1:]:
            query = with_scores(matches.clause, strings)
            self.bodies.append({"size": 0, "track_total_hits": False, "query": query, "aggs": SUM})
        if matches.doubtful is not None:
            maybe = both(matches.doubtful, without(matches.query), *matches.filters.values())
            self.bodies.append(_counting(with_section(maybe)))

    def total(self, answers: Sequence[Json]) -> Total:
        """Returns the totals, from the answers to the searches of `bodies`, in order."""
        found = answers[0]["aggregations"]
        sections = answers[0]["hits"]["total"]["value"]
        silent = answers[-1]["hits"]["total"]["value"] if self._matches.doubtful is not None else None
        occurrences = None
        if self._matches.counted is None:
            occurrences = self._matches.occurrences()[_EVERYTHING]
        elif self._matches.has_text:
            sums = [found, *(answer["aggregations"] for answer in answers[1 : len(self._passes)])]
            occurrences = sum(
                occurrences_of(each, unit_of(strings)) for each, strings in zip(sums, self._passes, strict=False)
            )
        return Total(int(sections), int(found["reports"]["doc_count"]), occurrences, silent)


SUM: dict[str, Any] = {"occurrences": {"sum": {"script": {"source": "_score"}}}}
REPORTS: dict[str, Any] = {"reports": {"parent": {"type": "section"}}}
"""Counts the reports of sections: exact, because both are on one shard."""


def occurrences_of(found: Mapping[str, Any], unit: int) -> int:
    return int(found["occurrences"]["value"]) // unit


def _group(group: Group, agency: str, year: int | None) -> tuple[str | None, int | None]:
    return agency if group == "agency" else None, None if group == "archive" else year


def _counting(clause: Clause) -> Json:
    return {"size": 0, "track_total_hits": True, "query": clause}
