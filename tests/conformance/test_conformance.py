"""Every engine against the truth: sections, counts, spans and facets, for named and for generated queries."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from indexer.answers.engine import Engine
from indexer.query.ast import Phrase
from indexer.query.fields import UNDATED
from indexer.query.request import Request
from tests.conformance.agreement import agree
from tests.conformance.queries import paragraphs_of
from tests.conformance.reports import REPORTS
from tests.conformance.truth import Truth

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_a_named_query(engine: Engine, truth: Truth, case: dict[str, Any]) -> None:
    answer = agree(engine, truth, Request(case["query"], limit=1000))
    for total in ("sections", "occurrences", "reports", "reports_without_figure"):
        if total in case:
            assert getattr(answer.total, total) == case[total]


def test_the_archive_holds_what_a_search_by_bytes_takes_for_another_character(truth: Truth) -> None:
    """媒体 is 92 5A 53 4F: from its second byte on it reads 博. The case of one character would prove nothing else."""
    texts = "\n".join(row.form("text") for row in truth.rows)
    assert texts.encode("utf-16-le").count("博".encode("utf-16-le")) > texts.count("博") == 8


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
    threes = (text[start : start + 3].strip() for text in paragraphs_of(REPORTS) for start in range(len(text) - 2))
    query = " OR ".join(str(Phrase(three)) for three in list(dict.fromkeys(threes))[:500])
    assert query.count(" OR ") == 499
    agree(engine, truth, Request(query, limit=1000))
