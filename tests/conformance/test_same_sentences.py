"""Hits with the same sentences are listed once: the engine against brute force over the stored text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Report
from indexer.answers.engine import Engine, SentenceEntry
from indexer.engines.whoosh.search.grouping.same_sentences import MOST_OCCURRENCES, MOST_OTHERS
from indexer.query.ast import Query, Scope, scope_of
from indexer.query.parser import parse
from indexer.query.request import Request, Sort
from indexer.text.tokenizer import Tokenizer
from tests.cluster.engines import ENGINES, engine_over
from tests.conformance.queries import queries
from tests.conformance.reports import AGENCIES, CITY, PLACES, TOWN, make_report
from tests.conformance.test_generated import QUERIES as GENERATED
from tests.conformance.truth import Row, Truth

pytestmark = pytest.mark.slow

SAME = "为落实条例要求,编制本报告。报告公布在网站上。"


def _reports() -> Iterator[Report]:
    """Reports with sentences of others, of themselves, and of their own."""
    for agency, name in ((CITY, "临水市城市管理局"), (TOWN, "青石镇人民政府")):
        for year in (2014, 2015, 2018, None):
            rows: list[tuple[str, str | None, list[str]]] = [
                ("preface", None, [SAME]),
                ("overview", "一、概述", ["微博发布信息;微博回应舆情。", f"微博{year}年开通!"]),
                ("proactive", "二、主动公开微博", [f"{SAME}网站𠮷公布信息" if year == 2015 else "网站𠮷公布信息。"]),
                ("requests", "三、依申请公开情况", ["没有收到申请。" * (1 if year == 2014 else MOST_OCCURRENCES + 1)]),
                ("problems", "四、问题", ["微博回应舆情。", "编制本报告? 网站更新慢。" * 40]),
            ]
            tables = {"proactive": [["微博", "信息。微博"], ["申请", str(year)]]}
            yield make_report(agency, name, year, rows, tables=tables)


REPORTS = tuple(_reports())


@pytest.fixture(scope="module", params=ENGINES)
def repeated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_over(request, tmp_path_factory.mktemp("repeated"), REPORTS, AGENCIES)


@pytest.fixture(scope="module")
def repeated_truth() -> Truth:
    return Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)


def sentences(truth: Truth, tree: Scope, row: Row) -> tuple[str, ...] | None:
    """The sentences with an occurrence below the heading; None for a section that is the same as no other."""
    form = row.form(tree.where)
    heading = 0 if tree.where == "tables" else len(row.section.heading or "")
    spans = sorted(span for span in truth.spans(tree, form) if span[0] >= heading)
    found = []
    for start, end in spans:
        before = max((stop.end() for stop in re.finditer("[。!?;\n]", form[:start])), default=0)
        after = re.search("[。!?;\n]", form[end:])
        found.append(form[before : end + after.start() if after else len(form)].strip())
    return tuple(dict.fromkeys(found)) if 0 < len(found) <= MOST_OCCURRENCES else None


def expected(truth: Truth, tree: Query, urls: list[str]) -> list[list[Row]]:
    """The hits in groups, in the order of the hits."""
    scope = scope_of(tree)
    rows = {row.address: row for row in truth.rows}
    groups: dict[object, list[Row]] = {}
    for url in urls:
        groups.setdefault(sentences(truth, scope, rows[url]) or url, []).append(rows[url])
    return list(groups.values())


def agree(engine: Engine, truth: Truth, request: Request) -> list[list[Row]]:
    hits = engine.search(Request(request.query, request.years, request.filters, request.sort, 1000)).hits
    groups = expected(truth, parse(request.query), [hit.url for hit in hits])
    entries: list[SentenceEntry] = []
    for offset in range(0, len(groups) + 3, 3):  # pages
        page = engine.collapsed(Request(request.query, request.years, request.filters, request.sort, 3, offset))
        assert page.total == len(groups)
        entries += page.entries
    by_url = {hit.url: hit for hit in hits}
    assert [entry.hit for entry in entries] == [by_url[group[0].address] for group in groups]
    for entry, group in zip(entries, groups, strict=True):
        years = [row.report.year for row in group if row.report.year is not None]
        assert entry.reports == len({(row.report.agency, row.report.key) for row in group})
        assert entry.first_year == min(years, default=None)
        addresses = [f"/reports/{place.report}#{place.anchor}" for place in entry.others]
        assert addresses == [row.address for row in group[1 : 1 + MOST_OTHERS]]
        assert len(addresses) + entry.more == len(group) - 1
    page = hits[: request.limit]
    alike = [group for group in expected(truth, parse(request.query), [hit.url for hit in page]) if len(group) > 1]
    assert engine.is_repetitive(request) == (2 * sum(map(len, alike)) > len(page))
    return groups


QUERIES = [
    ('"编制本报告"', "the preface of all reports, one of which has the sentence again below a heading"),
    ("微博", "in headings, in two sentences, in one"),
    ('"没有收到申请"', "more often than a group may have"),
    ('"收到申请" in:all', "cells behind the text"),
    ("微博 in:tables", "cells: each is a paragraph"),
    ('"报告。报告"', "across the end of a sentence"),
    ("𠮷公布", "a character of two units"),
    ('"网站更新慢" -微博', "a part that is left out"),
    ('"微博" NEAR/5 "舆情"', "near: the left side counts"),
    ("section:preface", "no text: each hit by itself"),
    ("没有人这样写过", "no hits"),
]


@pytest.mark.parametrize("sort", ["relevance", "year", "-year"])
@pytest.mark.parametrize(("query", "reason"), QUERIES, ids=[row[1] for row in QUERIES])
def test_groups_are_those_of_brute_force(
    repeated: Engine, repeated_truth: Truth, query: str, sort: Sort, reason: str
) -> None:
    agree(repeated, repeated_truth, Request(query, sort=sort))


def test_groups_respect_filters(repeated: Engine, repeated_truth: Truth) -> None:
    groups = agree(
        repeated, repeated_truth, Request("编制本报告", filters={"section": ("preface",), "year": ("2015..",)})
    )
    assert [len(group) for group in groups] == [4]
    (entry,) = repeated.collapsed(Request("编制本报告", filters={"section": ("preface",), "year": ("2015..",)})).entries
    assert (entry.reports, entry.first_year) == (4, 2015)


@settings(max_examples=max(GENERATED // 2, 1))
@given(tree=queries(REPORTS, ["临水"]), sort=st.sampled_from(["relevance", "year"]))
def test_generated_queries(repeated: Engine, repeated_truth: Truth, tree: Query, sort: Sort) -> None:
    agree(repeated, repeated_truth, Request(str(tree), sort=sort))
