from __future__ import annotations

import pytest

from indexer.engines.opensearch.search.scored_clauses import Clause, Counted, both, in_passes, unit_of, with_scores

A: Clause = {"term": {"text_grams": "公开"}}
B: Clause = {"term": {"text_grams": "信息"}}
C: Clause = {"term": {"year": 2018}}


def counted(name: str, grams: int = 1, clause: Clause = A, within: Clause | None = None) -> Counted:
    return Counted(name, clause, grams, within)


def test_each_part_of_a_conjunction_is_there_once() -> None:
    assert both(both(A, C), both(C, B)) == {"bool": {"filter": [A, C, B]}}
    either: Clause = {"bool": {"filter": [A], "must_not": [B]}}
    assert both(either) == {"bool": {"filter": [either]}}, "not only a conjunction"


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        pytest.param([counted("公开")], {"bool": {"filter": [C], "must": [A]}}, id="evaluated once, with its score"),
        pytest.param(
            [counted("信息", clause=B)], {"bool": {"filter": [A, C], "should": [B]}}, id="not required by the query"
        ),
        pytest.param(
            [counted("公开", within=C)],
            {"bool": {"filter": [A, C], "should": [{"bool": {"must": [A], "filter": [C]}}]}},
            id="required by the query, but counted in some sections only",
        ),
        pytest.param(
            [counted("公开"), counted("信息", grams=2, clause=B)],
            {"bool": {"filter": [C], "must": [{"bool": {"must": [A], "boost": 2}}], "should": [B]}},
            id="scores of one string are the double of its occurrences",
        ),
        pytest.param([], {"bool": {"filter": [A, C]}}, id="nothing to count"),
    ],
)
def test_scores_are_the_sum_of_occurrences(strings: list[Counted], expected: Clause) -> None:
    assert with_scores(both(A, C), strings) == expected


@pytest.mark.parametrize(
    ("grams", "passes", "reason"),
    [
        ([], [], "nothing to count"),
        ([1, 1, 1], [[1, 1, 1]], "all in one search"),
        ([3, 1, 4], [[1, 3, 4]], "a score is 12 times the occurrences"),
        ([5, 4, 3], [[3, 4], [5]], "60 times would lose occurrences beyond 2 ** 24 / 60"),
        ([20], [[20]], "a phrase of forty characters has no smaller score"),
    ],
)
def test_strings_share_a_search_while_their_scores_are_exact(
    grams: list[int], passes: list[list[int]], reason: str
) -> None:
    found = in_passes([counted(str(place), each) for place, each in enumerate(grams)])
    assert [[each.grams for each in strings] for strings in found] == passes, reason
    assert all(unit_of(strings) % each.grams == 0 for strings in found for each in strings)
