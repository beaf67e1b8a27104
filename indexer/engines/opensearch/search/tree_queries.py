"""Translates trees into clauses of sections, without scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from archive.model import Agency
from indexer.engines.opensearch.build.grams import storable
from indexer.engines.opensearch.search.leaf_queries import NOTHING, SECTION, LeafQueries, either, without
from indexer.engines.opensearch.search.scored_clauses import Clause, both
from indexer.query.ast import (
    And,
    Condition,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Unit,
    Where,
    Word,
    YearRange,
)
from indexer.query.fields import FieldValue
from indexer.query.values import values_meant

_RANGE = {">": ("gt",), "<": ("lt",), ">=": ("gte",), "<=": ("lte",), "=": ("gte", "lte")}
_VALUES = 50_000
"""Values in one clause; OpenSearch accepts 65,536."""


@dataclass(frozen=True, slots=True)
class TreeQueries:
    """Translates trees over one index, in the texts `where` and by `unit`; `values` are those that fields have."""

    leaves: LeafQueries
    values: Mapping[str, Collection[FieldValue]]
    agencies: Mapping[str, Agency]
    where: Where = "text"
    unit: Unit = "section"

    def sections(self, tree: Query, *, doubtful: bool = False) -> Clause:
        """Returns the clause of the sections that match a tree.

        A condition is undecided for reports that do not state the figure: their sections match if `doubtful` is set,
        in addition to those that match in any case.
        """
        match tree:
            case MatchAll():
                return SECTION
            case Term() | Phrase() | Gapped() | Word() | Near():
                return self._widened(self.leaves.clause(tree, self.where))
            case And(parts):
                return both(*(self.sections(part, doubtful=doubtful) for part in parts))
            case Or(parts):
                return either([self.sections(part, doubtful=doubtful) for part in parts])
            case Not(part):
                return without(self.sections(part, doubtful=not doubtful))
            case YearRange() | In():
                return self._widened(self._of_values(tree))
            case Condition():
                return _condition(tree, doubtful=doubtful)
            case Scope(part):
                return self.sections(part, doubtful=doubtful)

    def _of_values(self, node: YearRange | In) -> Clause:
        """Returns the clause of the values that a node means; the value None is a field that is missing."""
        meant = values_meant(node, self.values[node.name], self.agencies)
        stated = [value for value in meant if value is not None]
        parts: list[Clause] = [
            {"terms": {node.name: stated[at : at + _VALUES]}} for at in range(0, len(stated), _VALUES)
        ]
        if len(stated) < len(meant):
            parts.append({"bool": {"filter": [SECTION], "must_not": [{"exists": {"field": node.name}}]}})
        return both(SECTION, either(parts)) if parts else NOTHING

    def _widened(self, clause: Clause) -> Clause:
        """Extends a clause to whole reports if that is the unit."""
        return clause if self.unit == "section" else of_reports(with_section(clause))


def of_reports(reports: Clause) -> Clause:
    """Returns the clause of the sections of reports."""
    return {"has_parent": {"parent_type": "report", "query": reports}}


def with_section(sections: Clause) -> Clause:
    """Returns the clause of the reports that have one of the sections."""
    return {"has_child": {"type": "section", "query": sections}}


def _condition(node: Condition, *, doubtful: bool) -> Clause:
    number = float(node.number)
    name = {"term": {"figures.name": storable(node.figure)}}
    states = _figure(name)
    holds = _figure(name, {"range": {"figures.value": dict.fromkeys(_RANGE[node.operator], number)}})
    silent = {"bool": {"must_not": [states]}}
    return of_reports(either([holds, silent]) if doubtful else holds)


def _figure(*clauses: dict[str, Any]) -> Clause:
    """Returns the clause of the reports with a figure; sentences of a report may state different numbers."""
    return {"nested": {"path": "figures", "query": both(*clauses)}}
