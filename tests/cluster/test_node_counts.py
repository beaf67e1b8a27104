"""Nodes count gaps, NEAR and phrases that overlap themselves as brute force does, in texts made to be ambiguous."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.model import Report
from indexer.answers.engine import Engine
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search import stored_sections
from indexer.query.ast import scope_of
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.cluster.engines import distributed_engine
from tests.conformance.reports import AGENCIES, CITY, PLACES, SCHOOL, TOWN, make_report
from tests.conformance.truth import Truth

pytestmark = pytest.mark.cluster

CHARACTERS = "公公公开开信Ａ,"
_QUERIES = 150


def _texts(random_: random.Random, count: int) -> list[str]:
    return ["".join(random_.choices(CHARACTERS, k=random_.randint(1, 40))) for _ in range(count)]


def _reports() -> Iterator[Report]:
    random_ = random.Random(7)  # noqa: S311 (not for secrets)
    for agency, name in ((CITY, "甲"), (SCHOOL, "乙"), (TOWN, "丙")):
        for year in (2014, 2015, None):
            rows = [(code, None, _texts(random_, 3)) for code in ("preface", "overview", "requests")]
            cells = {code: [_texts(random_, 2)] for code in ("preface", "requests")}
            yield make_report(agency, name, year, rows, cells)


REPORTS = sorted(_reports(), key=lambda report: (report.agency, report.year or 0))
SPECIAL = make_report(
    CITY,
    "甲",
    2016,
    [
        ("preface", None, ["公开𠮷公开公开", "开𠮷𠮷公"]),
        ("overview", None, ["公开信" * 4000 + "公开公", "公"]),
        ("requests", "公开", ["公信公开\ufffe公公"]),
    ],
    {"preface": [["公开𠮷公", "开"]], "overview": [["公开"]], "requests": [["公开信" * 4000]]},
)
"""Texts that nodes do not search: beyond the basic plane, or long."""


@pytest.fixture(scope="module")
def engine(cluster: str) -> Engine:
    with tempfile.TemporaryDirectory() as folder:
        return distributed_engine(cluster, Path(folder), REPORTS, AGENCIES)


def _agree(engine: Engine, truth: Truth, query: str) -> Counter[int | None]:
    """Asks an engine and the truth for the occurrences by year; returns them."""
    tree = scope_of(parse(query))
    rows = truth.sections(tree, {})
    expected = Counter[int | None]()
    for row in rows:
        expected[row.report.year] += len(truth.spans(tree, row.form(tree.where)))
    found, series = engine.search(Request(query, limit=0)), engine.series(Request(query))
    assert (found.total.sections, found.total.occurrences) == (len(rows), expected.total()), query
    assert {point.year: point.occurrences for point in series.points if point.occurrences} == +expected, query
    return expected


def _phrase(random_: random.Random) -> str:
    return "".join(random_.choices("公公公开开信a", k=random_.choice([1, 1, 2, 2, 3])))


def _gapped(random_: random.Random) -> str:
    marks = random_.choices(["*", "?", "??", "*?"], k=random_.choice([0, 1, 1, 1, 2]))
    inside = "".join(f"{_phrase(random_)}{mark}" for mark in marks) + _phrase(random_)
    edges = random_.choices(["", "?", "??"], [8, 1, 1], k=2)
    return f'"{edges[0]}{inside}{edges[1]}"'


def _side(random_: random.Random) -> str:
    operands = [_gapped(random_) for _ in range(random_.choice([1, 1, 2]))]
    return f"({' OR '.join(operands)})" if len(operands) > 1 else operands[0]


def _query(random_: random.Random) -> str:
    scope = random_.choice(["", "", "in:tables ", "in:all ", "unit:report "])
    leaf = f"{_side(random_)} NEAR/{random_.choice([1, 2, 5, 20])} {_side(random_)}"
    return scope + random_.choice(
        [_gapped(random_), leaf, f"({_gapped(random_)} OR {_gapped(random_)})", f"{leaf} -信信"]
    )


@pytest.mark.slow
def test_generated_queries(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_sections, "_COUNTED", 5)  # the sections of one search: several are needed
    random_, truth = random.Random(3), Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)  # noqa: S311
    found = [_agree(engine, truth, _query(random_)) for _ in range(_QUERIES)]
    assert sum(map(bool, found)) > _QUERIES / 2, "most queries test something"


def test_texts_that_nodes_do_not_search(cluster: str) -> None:
    reports = [SPECIAL, *REPORTS[-2:]]
    truth = Truth(reports, AGENCIES, Tokenizer(), PLACES)
    with tempfile.TemporaryDirectory() as folder:
        engine = distributed_engine(cluster, Path(folder), reports, AGENCIES)
    texts = ('"公?公"', '"公公"', '"公开公" NEAR/2 公')
    for query in (*texts, 'in:tables "公??公"', 'in:all "公??公"', '"开公开" NEAR/2 公 in:all'):
        assert _agree(engine, truth, query)[2016], query


ONCE = [
    ('"公*信"', "", "a gap"),
    ('"公开公开" NEAR/4 "信"', "", "NEAR"),
    ('"信公信"', "", "a phrase that overlaps itself"),
    ('"公?开" OR "公信" OR 公', "", "leaves that may occur at the same places"),
    ('"开*信" NEAR/4 word:公开', "text", "the words of a text are known to the program only"),
    ('"公*𠮷"', "text", "a character beyond the basic plane"),
]


@pytest.mark.parametrize(("query", "read", "reason"), ONCE, ids=[row[-1] for row in ONCE])
def test_texts_are_read_only_where_nodes_cannot_count(
    cluster: str, monkeypatch: pytest.MonkeyPatch, query: str, read: str, reason: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = distributed_engine(cluster, Path(folder), REPORTS, AGENCIES)
    fetched, scan = set[str](), Cluster.scan

    def watched(self: Cluster, index: str, query: object, fields: Sequence[str], *sort: object) -> object:
        fetched.update(fields)
        return scan(self, index, query, fields, *sort)  # type: ignore[arg-type]

    monkeypatch.setattr(Cluster, "scan", watched)
    engine.search(Request(query, limit=0))
    assert "text" * ("text" in fetched) == read, reason
