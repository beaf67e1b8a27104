"""Every visitor handles every kind of node."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest

from indexer.answers.highlight import marks
from indexer.engines.whoosh.search.engine import WhooshEngine
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
    Text,
    Word,
    YearRange,
    positive_texts,
    walk,
)
from indexer.query.parser import parse
from indexer.query.request import Request
from tests.conformance.reports import AGENCIES, PLACES, REPORTS
from tests.conformance.truth import Truth, has_text

A, B = Phrase("微博"), Phrase("微信")
NODES: dict[type[object], Query] = {
    type(node): node
    for node in (
        MatchAll(),
        Term("微博"),
        A,
        Gapped(("微", "博"), ("*",)),
        Word("微博"),
        Near((A,), 30, (B,)),
        YearRange(2014, None),
        In("section", "problems"),
        Condition("requests.new.total", ">", Decimal(10)),
        And((A, B)),
        Or((A, B)),
        Not(A),
        Scope(A, "all", "report"),
    )
}


def test_the_table_has_every_kind_of_node() -> None:
    assert set(NODES) == set(get_args(Query))


def visitors(index: WhooshEngine) -> dict[str, Callable[[Query], object]]:
    truth = Truth(REPORTS, AGENCIES, index.words, PLACES)
    return {
        "matched": lambda node: index.evaluator.match(node, Request()).mask.any(),
        "truth": lambda node: truth.sections(node, {}),
        "reading": lambda node: index.search(Request(str(node))).reading,
        "parsed again": lambda node: parse(str(node)) == node,
        "walked": lambda node: next(walk(node))[0] == node,
        "marked": lambda node: bool(marks("微博,微信", str(node))) == bool([*positive_texts(node)]),
        "text": lambda node: has_text(node) == any(isinstance(each, Text) for each, _ in walk(node)),
    }


@pytest.mark.parametrize("kind", NODES, ids=lambda kind: kind.__name__)
def test_every_visitor_handles_it(index: WhooshEngine, kind: type[object]) -> None:
    for name, visit in visitors(index).items():
        assert visit(NODES[kind]), name
