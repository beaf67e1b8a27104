"""Generated queries against the truth: over the small archive, the shipped page, and archives generated as well.

GONGKAI_QUERIES=5000 asks so many of each instead of the usual few hundred.
"""

from __future__ import annotations

import functools
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Agency, Report, read_path
from indexer import UNDATED, Engine, Index, Request, build_index, open_index
from indexer.engines.whoosh import build as whoosh_build
from indexer.engines.whoosh import shards
from indexer.tree import Query
from indexer.words import Words
from tests.conformance.agreement import agree
from tests.conformance.queries import queries
from tests.conformance.reports import AGENCIES, CITY, PLACES, REPORTS, SCHOOL, TOWN, make_report
from tests.conformance.truth import Truth

QUERIES = int(os.environ.get("GONGKAI_QUERIES", "300"))
PAGE = Path(__file__).parents[2] / "corpus" / "haidian-city-management" / "page.txt"
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
YEARS = st.sampled_from([(), ("2014",), ("2016", UNDATED), ("2014..2018",)])


def asked(tree: Query, years: tuple[str, ...]) -> Request:
    return Request(str(tree), filters={"year": years} if years else {}, limit=1000)


@settings(max_examples=QUERIES, deadline=None, suppress_health_check=SLOW)
@given(tree=queries(REPORTS, ["临水", "河东", "临水市"]), years=YEARS)
def test_over_the_small_archive(engine: Engine, truth: Truth, tree: Query, years: tuple[str, ...]) -> None:
    agree(engine, truth, asked(tree, years), tree)


@functools.cache
def shipped_page() -> tuple[list[Report], tuple[Agency, ...]]:
    reading = read_path(PAGE)
    reports = [report for report in reading.reports if not report.duplicate_of]
    return sorted(reports, key=lambda report: report.key), reading.agencies


@functools.cache
def shipped_queries() -> st.SearchStrategy[Query]:
    return queries(shipped_page()[0], ["北京", "海淀", "北京市"])


@st.composite
def of_the_page(draw: st.DrawFn) -> Query:
    """The page is read when the first query is drawn, not when tests are collected."""
    return draw(shipped_queries())


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Truth]:
    """The shipped page, a shard for every report or two."""
    home = tmp_path_factory.mktemp("shipped")
    reports, agencies = shipped_page()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MEAN", 2)
        build_index(home, reports, agencies, revision=1)
    places = {agency.id: ("北京市", "北京市海淀区") for agency in agencies}
    return open_index(home), Truth(reports, agencies, Words(), places)


@settings(max_examples=QUERIES // 3, deadline=None, suppress_health_check=SLOW)
@given(tree=of_the_page(), years=YEARS)
def test_over_the_shipped_page(shipped: tuple[Engine, Truth], tree: Query, years: tuple[str, ...]) -> None:
    agree(*shipped, asked(tree, years), tree)


_CHARACTERS = "公开信息政府民政人微博一件年aB5０ ·。,“」(〔?*\\-哈哈哈𠮷"
_WORDS = ("政府信息公开", "人民政府", "微博", "5件", "2014 年", "諮詢", "申请")
sentences = st.lists(st.sampled_from([*_CHARACTERS, *_WORDS]), min_size=1, max_size=14).map("".join).filter(str.strip)
sections = st.tuples(
    st.sampled_from(["preface", "overview", "requests", "overview+problems"]),
    st.none() | sentences,
    st.lists(sentences, max_size=3),
)
tables = st.dictionaries(
    st.sampled_from(["preface", "overview", "requests", "overview-2"]),
    st.lists(st.lists(st.just("") | sentences, min_size=1, max_size=3), min_size=1, max_size=2),
    max_size=2,
)
figures = st.dictionaries(
    st.sampled_from(["requests.new.total", "requests.granted.total", "prose.requests_received"]),
    st.lists(st.sampled_from(["", "0", "4", "5", "9.5", "12"]), min_size=1, max_size=2),
)
made = st.builds(
    make_report,
    st.sampled_from([CITY, TOWN, SCHOOL]),
    st.sampled_from(["某市某局", "某镇人民政府"]),
    st.sampled_from([2014, 2016, 2018, None]),
    st.lists(sections, min_size=1, max_size=3),
    tables,
    figures,
)
archives = st.lists(made, min_size=2, max_size=5, unique_by=lambda report: (report.agency, report.key)).map(
    lambda reports: sorted(reports, key=lambda report: (report.agency, report.key))
)


@settings(max_examples=max(QUERIES // 20, 1), deadline=None, suppress_health_check=SLOW)
@given(archive=archives, earlier=st.data(), mean=st.sampled_from([1, 2, 512]))
def test_over_archives_that_grow(archive: list[Report], earlier: st.DataObject, mean: int) -> None:
    """An index of some of the reports, some of them as they were captured before, and the same brought up to date."""
    known = [agency for agency in AGENCIES if agency.id in {report.agency for report in archive}]
    places = {agency.id: PLACES[agency.id] for agency in known}
    count = earlier.draw(st.integers(1, len(archive) - 1))
    before = [replace(each, sections=each.sections[:1]) for each in archive[:count]]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MEAN", mean)
        patch.setattr(whoosh_build, "_CORES", 1)
        for revision, reports in enumerate((before, archive), 1):
            build_index(Path(folder), reports, known, revision)
            engine, truth = Index(Path(folder)), Truth(reports, known, Words(), places)
            for tree in earlier.draw(st.lists(queries(reports, ["临水", "河东"]), min_size=1, max_size=6)):
                agree(engine, truth, asked(tree, ()), tree)
