"""Every engine against the truth: sections, counts, spans and facets, for named and for generated queries."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import FIELDS, UNDATED, Answer, Engine, Request, marks, parse
from indexer.spans import snippets
from indexer.tree import (
    And,
    Condition,
    Gapped,
    In,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Word,
    Years,
    scope_of,
    walk,
)
from indexer.values import restrictions
from tests.conformance.reports import REPORTS
from tests.conformance.truth import Truth, has_text

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))["case"]
SECTIONS = [section for report in REPORTS for section in report.sections if section.text]
CELLS = [cell.text for s in SECTIONS for table in s.tables for cell in table.cells() if len(cell.text) > 1]
PARAGRAPHS = [*(paragraph for section in SECTIONS for paragraph in section.text.split("\n")), *CELLS]
CODES = sorted({section.code for section in SECTIONS})


def agree(engine: Engine, truth: Truth, request: Request) -> Answer:
    """Asks an engine and the truth; returns the answer, on which they agree."""
    answer = engine.search(request)
    tree = parse(request.query)
    filters = restrictions(request)
    rows = truth.sections(tree, filters)
    where = scope_of(tree).where
    spans = {row.address: truth.spans(tree, row.form(where)) for row in rows}
    assert sorted(hit.url for hit in answer.hits) == sorted(spans)
    assert answer.total.sections == len(rows)
    assert answer.total.reports == len({(row.report.agency, row.report.key) for row in rows})
    if has_text(tree):
        assert answer.total.occurrences == sum(map(len, spans.values()))
        assert {hit.url: hit.occurrences for hit in answer.hits} == {url: len(found) for url, found in spans.items()}
    else:
        assert answer.total.occurrences is None
    marked = {row.address: (row.text(where), sorted(truth.marks(tree, row.form(where)))) for row in rows}
    conditions = any(isinstance(node, Condition) for node, _ in walk(tree))
    without_figure = truth.reports_without_figure(tree, filters) if conditions else None
    assert answer.total.reports_without_figure == without_figure
    for hit in answer.hits[:3]:
        assert hit.snippets == snippets(*marked[hit.url])
    for row in rows:
        assert set(marks(row.text(where), request.query, where)) == truth.marks(tree, row.form(where))
    for name, field in FIELDS.items():
        counted = {value.value: value.count for value in answer.facets[name]}
        expected = truth.facet(name, tree, filters)
        if field.listed is None or len(expected) <= field.listed:
            assert counted == dict(expected), name
        else:  # the most frequent values, with their counts
            assert counted == {value: expected[value] for value in counted}, name
            assert sorted(counted.values()) == sorted(count for _, count in expected.most_common(field.listed)), name
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_a_named_query(engine: Engine, truth: Truth, case: dict[str, Any]) -> None:
    answer = agree(engine, truth, Request(case["query"], limit=1000))
    for total in ("sections", "occurrences", "reports", "reports_without_figure"):
        if total in case:
            assert getattr(answer.total, total) == case[total]


@pytest.mark.parametrize("query", ["", "微博 OR 舆情", '"公开"', "NOT 微博"])
def test_every_facet_value_clicked_gives_its_count(engine: Engine, truth: Truth, query: str) -> None:
    for field, values in engine.search(Request(query)).facets.items():
        assert values
        for value in values:
            chosen = UNDATED if value.value is None else str(value.value)
            answer = agree(engine, truth, Request(query, filters={field: (chosen,)}, limit=1000))
            assert answer.total.sections == value.count, value
            assert value in answer.facets[field]


def test_values_of_one_filter_are_alternatives_and_filters_all_hold(engine: Engine, truth: Truth) -> None:
    filters = {"year": ("2014", "2016"), "section": ("problems", "proactive")}
    answer = agree(engine, truth, Request("公开", filters=filters, limit=1000))
    assert {hit.year for hit in answer.hits} == {2014, 2016}
    assert {hit.section for hit in answer.hits} == {"problems", "proactive"}


def test_a_range_beside_the_query(engine: Engine, truth: Truth) -> None:
    answer = agree(engine, truth, Request("公开", years=(2016, None), limit=1000))
    assert {hit.year for hit in answer.hits} == {2016, 2018, 2021}
    assert 2014 in {value.value for value in answer.facets["year"]}


@pytest.mark.parametrize("query", ['"' + "公开" * 999 + '"', "公开" * 1000, " OR ".join(["微博"] * 500)])
def test_two_thousand_characters(engine: Engine, truth: Truth, query: str) -> None:
    assert len(query) >= 2000
    agree(engine, truth, Request(query, limit=1000))


def test_five_hundred_terms(engine: Engine, truth: Truth) -> None:
    threes = (text[start : start + 3].strip() for text in PARAGRAPHS for start in range(len(text) - 2))
    query = " OR ".join(str(Phrase(three)) for three in list(dict.fromkeys(threes))[:500])
    assert query.count(" OR ") == 499
    agree(engine, truth, Request(query, limit=1000))


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """A piece of a paragraph as it stands."""
    paragraph = draw(st.sampled_from(PARAGRAPHS))
    start = draw(st.integers(0, len(paragraph) - 1))
    piece = paragraph[start : start + draw(st.integers(1, 9))].strip()
    return piece or paragraph[:1]


@st.composite
def gapped(draw: st.DrawFn) -> Gapped:
    """A piece of a paragraph with gaps in it, or one that stands nowhere."""
    left, right = draw(pieces()), draw(pieces())
    if draw(st.booleans()):
        paragraph = draw(st.sampled_from([each for each in PARAGRAPHS if len(each) > 4]))
        start = draw(st.integers(0, len(paragraph) - 3))
        middle = draw(st.integers(start + 1, len(paragraph) - 2))
        left, right = paragraph[start : start + 1].strip() or "公", paragraph[middle + 1 : middle + 3].strip() or "开"
    ends = draw(st.sampled_from(["", "", "", "?", "??"]))
    gap = draw(st.sampled_from(["*", "*", "?", "??", "*?", "**"]))
    if ends and draw(st.booleans()):
        return Gapped(("", left, right), (ends, gap))
    return Gapped((left, right, ""), (gap, ends)) if ends else Gapped((left, right), (gap,))


plain = pieces().map(lambda piece: "".join(filter(str.isalnum, piece))).filter(bool)
exact = st.one_of(pieces().map(Phrase), gapped(), plain.map(lambda text: Phrase(text[:2])), plain.map(Word))
sides = st.lists(exact, min_size=1, max_size=2, unique=True).map(tuple)
conditions = st.builds(
    Condition,
    st.sampled_from(["requests.new.total", "requests.granted.total", "prose.requests_received"]),
    st.sampled_from(["=", ">", "<", ">=", "<="]),
    st.sampled_from([Decimal(number) for number in ("0", "4", "5", "9.5", "10", "12")]),
)
leaves: st.SearchStrategy[Query] = st.one_of(
    gapped(),
    st.builds(Near, sides, st.integers(0, 30), sides),
    conditions,
    pieces().map(Phrase),
    pieces().map(Word),
    plain.map(Term),
    st.tuples(plain, plain).map("".join).map(Term),
    st.tuples(plain, plain).map("".join).map(Phrase),
    st.sampled_from([2014, 2016, 2018, 2021]).map(lambda year: Years(year, year)),
    st.sampled_from(CODES).map(lambda code: In("section", code)),
    st.sampled_from(["临水", "河东", "临水市", "火星"]).map(lambda place: In("place", place)),
)
trees: st.SearchStrategy[Query] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(parts, min_size=2, max_size=3).map(tuple).map(Or),
    ),
    max_leaves=6,
)


scopes = st.one_of(
    trees,
    st.builds(Scope, trees, st.sampled_from(["tables", "all"])),
    st.builds(Scope, trees, st.sampled_from(["text", "tables", "all"]), st.just("report")),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=scopes, year=st.sampled_from([(), ("2014",), ("2016", UNDATED)]))
def test_a_generated_query(engine: Engine, truth: Truth, tree: Query, year: tuple[str, ...]) -> None:
    agree(engine, truth, Request(str(tree), filters={"year": year} if year else {}, limit=1000))
