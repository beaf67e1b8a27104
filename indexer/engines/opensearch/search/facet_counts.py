"""Counts the values of fields, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.errors import Language
from archive.model import Agency
from indexer.answers.engine import FacetValue, Total
from indexer.engines.opensearch.connection.cluster_client import Json
from indexer.engines.opensearch.search.scored_clauses import Clause, conjuncts
from indexer.engines.opensearch.search.stored_sections import StoredSections
from indexer.query.facet_values import facet_label, facet_names, is_open, value_order
from indexer.query.fields import FIELDS, FieldValue
from indexer.query.request import Request
from indexer.sized_cache import SizedCache

Counts = tuple[Total, Mapping[str, tuple[FacetValue, ...]]]
"""The totals and facets of an answer, whichever page of hits it shows."""
Values = tuple[tuple[FieldValue, int], ...]
"""The values that a facet lists, with their counts, in order."""
UNDATED = -1
"""Stands for a year that is missing."""
_FIRST_SIZE = 200
_PAGE = 5000
_GROWTH = 8
_KEPT_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet to count: the field, and the clause of the sections that the filters of all other fields admit."""

    name: str
    clause: Clause

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What equal facets have in common, in whatever order their filters were chosen."""
        return self.name, frozenset(map(repr, conjuncts(self.clause)))


class FacetCounts:
    """The values of fields in the sections of one index.

    Counted facets are remembered: a filter that is chosen changes all facets but that of its own field.
    """

    def __init__(self, sections: StoredSections, agencies: Mapping[str, Agency]) -> None:
        self._sections, self._agencies = sections, agencies
        self._kept = SizedCache[Values](_KEPT_VALUES, lambda values: len(values) + 1)

    def unknown(self, facets: Sequence[Facet]) -> list[Facet]:
        """Returns the facets that have to be counted."""
        return [facet for facet in facets if self._kept.find(facet.key) is None]

    def listed(
        self, facets: Sequence[Facet], language: Language, found: Mapping[str, Any]
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Returns the values of facets; the most frequent ones of an open list.

        Args:
            facets: the facets to return.
            language: the language of labels.
            found: the answers to `aggregations` of the unknown facets, by their names.
        """
        return {
            facet.name: self._labelled(facet.name, self._values(facet, found.get(facet.name)), language)
            for facet in facets
        }

    def _values(self, facet: Facet, found: Mapping[str, Any] | None) -> Values:
        return self._kept.get(facet.key, lambda: self._counted(facet, found))

    def _counted(self, facet: Facet, found: Mapping[str, Any] | None) -> Values:
        """Returns the values found.

        If their counts are not exact, or the last one is as frequent as others that are left out, the facet is counted
        again with more values of each shard.
        """
        size = _FIRST_SIZE
        while found is None or not _is_enough(facet.name, found):
            if size > _PAGE:  # more than one answer holds
                return self._most_frequent(facet.name, dict(self.every(facet.name, facet.clause)))
            answer = self._sections.cluster.search(self._sections.index, facet_search(facet, size))
            found, size = answer["aggregations"][facet.name], size * _GROWTH
        counts = {_value(facet.name, each["key"]): each["doc_count"] for each in found["buckets"]}
        return self._most_frequent(facet.name, counts)

    def fitting(
        self, facet: Facet, language: Language, fits: Callable[[Sequence[str]], bool]
    ) -> tuple[FacetValue, ...]:
        """Returns the values with fitting names, however rare."""
        every = self.every(facet.name, facet.clause)
        counts = {
            value: count for value, count in every if fits(facet_names(facet.name, value, language, self._agencies))
        }
        return self._labelled(facet.name, self._most_frequent(facet.name, counts), language)

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

    def _most_frequent(self, name: str, counts: Mapping[FieldValue, int]) -> Values:
        """Returns the values that a facet lists, with their counts, in order."""
        order = value_order(name, self._agencies)
        by_count = is_open(name)
        values = sorted(counts, key=lambda value: (-counts[value] if by_count else 0, order(value)))
        return tuple((value, counts[value]) for value in values[: FIELDS[name].listed])

    def _labelled(self, name: str, values: Values, language: Language) -> tuple[FacetValue, ...]:
        return tuple(
            FacetValue(value, facet_label(name, value, language, self._agencies), count) for value, count in values
        )


def counts_key(request: Request) -> str:
    """Returns what requests have in common that differ only in the hits that they show."""
    return repr(replace(request, sort="relevance", limit=0, offset=0, sample=None, seed=1, readings=False))


def aggregations(facets: Sequence[Facet], size: int = _FIRST_SIZE) -> dict[str, Any]:
    """Returns the aggregations that count facets, in a search for their common clause."""
    return {facet.name: {"terms": _terms(facet.name, size)} for facet in facets}


def facet_search(facet: Facet, size: int = _FIRST_SIZE) -> Json:
    """Returns the search that counts a facet."""
    return {"size": 0, "track_total_hits": False, "query": facet.clause, "aggs": aggregations([facet], size)}


def _terms(name: str, size: int) -> dict[str, Any]:
    terms: dict[str, Any] = {"field": name, "size": size, "shard_size": 2 * size}
    return terms | {"missing": UNDATED} if name == "year" else terms


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
