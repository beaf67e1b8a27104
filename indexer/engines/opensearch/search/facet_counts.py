"""Counts the values of fields, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.errors import Language
from archive.model import Agency
from indexer.answers.engine import FacetValue, Total
from indexer.engines.opensearch.search.scored_clauses import Clause, both
from indexer.engines.opensearch.search.stored_sections import StoredSections
from indexer.query.facet_values import facet_label, facet_names, is_open, value_order
from indexer.query.fields import FIELDS, FieldValue
from indexer.query.request import Request

Counts = tuple[Total, Mapping[str, tuple[FacetValue, ...]]]
"""The totals and facets of an answer, whichever page of hits it shows."""
UNDATED = -1
"""Stands for a year that is missing."""
_FIRST_SIZE = 200
_PAGE = 5000
_GROWTH = 8


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet to count: the field, and the clauses of the other fields' filters."""

    name: str
    filters: Sequence[Clause]


class FacetCounts:
    """The values of fields in the sections of one index."""

    def __init__(self, sections: StoredSections, agencies: Mapping[str, Agency]) -> None:
        self._sections, self._agencies = sections, agencies

    def listed(
        self, query: Clause, facets: Sequence[Facet], language: Language, found: Mapping[str, Any]
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Returns the values of facets; the most frequent ones of an open list.

        A facet whose counts are not exact, or whose last value is as frequent as others that are left out, is counted
        again with more values of each shard.

        Args:
            query: the clause of the query without filters.
            facets: the facets to return.
            language: the language of labels.
            found: the answer of `query` to `facet_searches(facets)`.
        """
        counts: dict[str, dict[FieldValue, int]] = {}
        waiting, size = [*facets], _FIRST_SIZE
        while waiting:
            again = []
            for facet in waiting:
                values = found[facet.name]
                values = values.get("values", values)
                buckets = values["buckets"]
                counts[facet.name] = {_value(facet.name, each["key"]): each["doc_count"] for each in buckets}
                if not _is_enough(facet.name, values):
                    again.append(facet)
            waiting, size = again, size * _GROWTH
            if size > _PAGE:  # more than one answer holds
                counts |= {each.name: dict(self.every(each.name, both(query, *each.filters))) for each in waiting}
                break
            if waiting:
                body = {"size": 0, "query": query, "aggs": facet_searches(waiting, size)}
                found = self._sections.cluster.search(self._sections.index, body)["aggregations"]
        return {facet.name: self._values(facet.name, counts[facet.name], language) for facet in facets}

    def fitting(
        self, query: Clause, facet: Facet, language: Language, fits: Callable[[Sequence[str]], bool]
    ) -> tuple[FacetValue, ...]:
        """Returns the values with fitting names, however rare."""
        every = self.every(facet.name, both(query, *facet.filters))
        counts = {
            value: count for value, count in every if fits(facet_names(facet.name, value, language, self._agencies))
        }
        return self._values(facet.name, counts, language)

    def every(self, name: str, clause: Clause) -> Iterator[tuple[FieldValue, int]]:
        """Yields every value in the sections of a clause, with its count."""
        source = {"terms": {"field": name, "missing_bucket": name == "year"}}
        composite: dict[str, Any] = {"size": _PAGE, "sources": [{"value": source}]}
        body = {"size": 0, "query": clause, "aggs": {"values": {"composite": composite}}}
        while True:
            values = self._sections.cluster.search(self._sections.index, body)["aggregations"]["values"]
            for bucket in values["buckets"]:
                yield bucket["key"]["value"], bucket["doc_count"]
            if "after_key" not in values:
                return
            composite["after"] = values["after_key"]

    def _values(self, name: str, counts: Mapping[FieldValue, int], language: Language) -> tuple[FacetValue, ...]:
        order = value_order(name, self._agencies)
        by_count = is_open(name)
        values = sorted(counts, key=lambda value: (-counts[value] if by_count else 0, order(value)))
        return tuple(
            FacetValue(value, facet_label(name, value, language, self._agencies), counts[value])
            for value in values[: FIELDS[name].listed]
        )


def counts_key(request: Request) -> str:
    """Returns what requests have in common that differ only in the hits that they show."""
    return repr(replace(request, sort="relevance", limit=0, offset=0, sample=None, seed=1, readings=False))


def facet_searches(facets: Sequence[Facet], size: int = _FIRST_SIZE) -> dict[str, Any]:
    """Returns the aggregations that count facets."""
    return {facet.name: _counting(facet, size) for facet in facets}


def _counting(facet: Facet, size: int) -> dict[str, Any]:
    terms: dict[str, Any] = {"field": facet.name, "size": size, "shard_size": 2 * size}
    if facet.name == "year":
        terms["missing"] = UNDATED
    if not facet.filters:
        return {"terms": terms}
    return {"filter": both(*facet.filters), "aggs": {"values": {"terms": terms}}}


def _is_enough(name: str, values: Mapping[str, Any]) -> bool:
    """Returns whether counts are exact, and no value that is left out is as frequent as one that is listed."""
    if values["doc_count_error_upper_bound"]:
        return False
    if not values["sum_other_doc_count"]:
        return True
    buckets, listed = values["buckets"], FIELDS[name].listed
    return listed is not None and bool(buckets[listed - 1]["doc_count"] > buckets[-1]["doc_count"])


def _value(name: str, key: Any) -> FieldValue:
    value: FieldValue = key
    return None if name == "year" and value == UNDATED else value
