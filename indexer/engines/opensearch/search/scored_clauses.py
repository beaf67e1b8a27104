"""Combines clauses so that each is evaluated once, and the occurrences of several strings are counted in one search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Clause = dict[str, Any]

_MOST_GRAMS = 16
"""The most by which a score exceeds the number of occurrences: scores are exact up to 2 ** 24."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A string whose occurrences are counted by the score of a clause, in the sections of another one if given."""

    string: str
    clause: Clause
    grams: int
    """The score is this many times the number of occurrences: each term of a phrase adds them once."""
    within: Clause | None = None


def both(*clauses: Clause) -> Clause:
    """Returns the clause of what all clauses match, each of their parts once."""
    parts: list[Clause] = []
    for clause in clauses:
        parts += [part for part in conjuncts(clause) if part not in parts]
    return {"bool": {"filter": parts}}


def conjuncts(clause: Clause) -> list[Clause]:
    """Returns the clauses that a clause of `both` combines."""
    filters: list[Clause] = clause["bool"]["filter"] if [*clause.get("bool", ())] == ["filter"] else [clause]
    return filters


def in_passes(strings: Sequence[Counted]) -> list[list[Counted]]:
    """Splits strings into those whose scores can be added without loss."""
    passes: list[list[Counted]] = []
    for string in sorted(strings, key=lambda each: each.grams):
        if passes and unit_of([*passes[-1], string]) <= _MOST_GRAMS:
            passes[-1].append(string)
        else:
            passes.append([string])
    return passes


def with_scores(clause: Clause, strings: Sequence[Counted]) -> Clause:
    """Returns a clause whose score is the number of occurrences of strings, times `unit_of`."""
    unit = unit_of(strings)
    scores = [_times(string, unit // string.grams) for string in strings]
    matching = [score if each.within else each.clause for each, score in zip(strings, scores, strict=True)]
    return ranked(clause, [*zip(matching, scores, strict=True)])


def ranked(clause: Clause, scores: Sequence[tuple[Clause, Clause]]) -> Clause:
    """Returns a clause whose score is the sum of others, each given with a clause that matches the same sections."""
    left = [*conjuncts(clause)]
    parts: dict[str, list[Clause]] = {"filter": left, "must": [], "should": []}
    for matching, score in scores:
        is_required = matching in left
        if is_required:  # evaluated once
            left.remove(matching)
        parts["must" if is_required else "should"].append(score)
    return {"bool": {kind: clauses for kind, clauses in parts.items() if clauses}}


def unit_of(strings: Sequence[Counted]) -> int:
    """Returns what a score of several strings is to be divided by."""
    return math.lcm(*(string.grams for string in strings))


def _times(string: Counted, factor: int) -> Clause:
    score = string.clause if factor == 1 else {"bool": {"must": [string.clause], "boost": factor}}
    return score if string.within is None else {"bool": {"must": [score], "filter": [string.within]}}
