"""Generated queries against the truth: over the small archive, the shipped page, and archives generated as well.

GONGKAI_QUERIES=5000 runs that number of each instead of a few hundred.
"""

from __future__ import annotations

import functools
import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ingest.sources import read_path
from archive.model import Agency, Report
from indexer.answers.engine import Engine
from indexer.engines.opensearch.build import update
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.engines.whoosh.build import build as whoosh_build
from indexer.engines.whoosh.build import shards
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import Index
from indexer.query.ast import Query
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.cluster.engines import ENGINES, distributed_engine, engine_over
from tests.conformance.agreement import agree
from tests.conformance.queries import filters, queries, typed
from tests.conformance.reports import AGENCIES, CITY, PLACES, REPORTS, SCHOOL, TOWN, make_report
from tests.conformance.truth import Truth

QUERIES = int(os.environ.get("GONGKAI_QUERIES", "300"))
# The number of examples bounds these tests; the timeout only ends a test that hangs.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(max(1800, 6 * QUERIES))]
"""Seconds: who asks for more queries waits longer."""
PAGE = Path(__file__).parents[2] / "corpus" / "haidian-city-management" / "page.txt"
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
SMALL = ["临水", "河东", "临水市"]
"""Places of the small archive, as one types them."""
LIMITS = st.sampled_from([(1, 512), (2, 512), (512, 1), (512, 2), (2, 3), (512, 512)])
"""Reports of a shard on average and at most: it ends at an address, because it is full, or never."""


@st.composite
def questions(draw: st.DrawFn, reports: Sequence[Report], places: Sequence[str]) -> tuple[Query, Request]:
    """A tree, and a request that asks for it."""
    tree = draw(queries(reports, places))
    return tree, Request(draw(typed(tree)), filters=draw(filters(reports, places)), limit=1000)


@settings(max_examples=QUERIES, deadline=None, suppress_health_check=SLOW)
@given(question=questions(REPORTS, SMALL))
def test_over_the_small_archive(engine: Engine, truth: Truth, question: tuple[Query, Request]) -> None:
    tree, request = question
    agree(engine, truth, request, tree)


@functools.cache
def shipped_page() -> tuple[list[Report], tuple[Agency, ...]]:
    reading = read_path(PAGE)
    reports = [report for report in reading.reports if not report.duplicate_of]
    return sorted(reports, key=lambda report: report.key), reading.agencies


def of_the_page() -> st.SearchStrategy[tuple[Query, Request]]:
    """The page is read when the first query is drawn, not when tests are collected."""
    return questions(shipped_page()[0], ["北京", "海淀", "北京市"])


@pytest.fixture(scope="module", params=ENGINES)
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Truth]:
    """The shipped page, a shard for every report or two."""
    reports, agencies = shipped_page()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MEAN", 2)
        engine = engine_over(request, tmp_path_factory.mktemp("shipped"), reports, agencies)
    places = {agency.id: ("北京市", "北京市海淀区") for agency in agencies}
    return engine, Truth(reports, agencies, Tokenizer(), places)


@settings(max_examples=QUERIES // 3, deadline=None, suppress_health_check=SLOW)
@given(question=st.deferred(of_the_page))
def test_over_the_shipped_page(shipped: tuple[Engine, Truth], question: tuple[Query, Request]) -> None:
    tree, request = question
    agree(*shipped, request, tree)


_CHARACTERS = "公开信息政府民政人微博一件年aB5０ ·。,“」(〔?*\\-哈哈哈𠮷"
_WORDS = ("政府信息公开", "人民政府", "微博", "5件", "2014 年", "諮詢", "申请", "APP “发布”", "5 %", "\U0002f82e")
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
UNLISTED = {"某市某局": (), "某镇人民政府": ("unknown",)}
"""The places of an agency that nobody listed, by the name that its first report prints: many towns have such a name."""
made = st.builds(
    make_report,
    st.sampled_from([CITY, TOWN, SCHOOL]),
    st.sampled_from(list(UNLISTED)),
    st.sampled_from([2014, 2016, 2018, None]),
    st.lists(sections, min_size=1, max_size=3),
    tables,
    figures,
)
archives = st.lists(made, min_size=2, max_size=5, unique_by=lambda report: (report.agency, report.key)).map(
    lambda reports: sorted(reports, key=lambda report: (report.agency, report.key))
)


STATES = ("as it is", "as captured before", "not held")


def _held(archive: list[Report], states: Sequence[str]) -> Iterator[Report]:
    for report, state in zip(archive, states, strict=True):
        if state != "not held":
            yield report if state == "as it is" else replace(report, sections=report.sections[:1])


@settings(max_examples=max(QUERIES // 20, 1), deadline=None, suppress_health_check=SLOW)
@given(archive=archives, drawn=st.data(), limits=LIMITS)
def test_over_archives_that_change(archive: list[Report], drawn: st.DataObject, limits: tuple[int, int]) -> None:
    """An index brought up to date again and again: reports come, go, and are captured again, anywhere in the order."""
    known = [agency for agency in AGENCIES if agency.id in {report.agency for report in archive}]
    listed = {agency.id: PLACES[agency.id] for agency in known}
    states = st.lists(st.sampled_from(STATES), min_size=len(archive), max_size=len(archive))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("MEAN", "MOST"), limits, strict=True):
            patch.setattr(shards, name, limit)
        patch.setattr(whoosh_build, "CORES", 1)
        for revision, state in enumerate(drawn.draw(st.lists(states, min_size=1, max_size=3)), 1):
            reports = [*_held(archive, state)]
            unlisted = {report.agency: UNLISTED[report.agency_name or ""] for report in reversed(reports)}
            places = unlisted | listed
            build_index(Path(folder), reports, known, revision)
            engine, truth = Index(Path(folder)).current(), Truth(reports, known, Tokenizer(), places)
            for tree, request in drawn.draw(st.lists(questions(reports, SMALL), min_size=1, max_size=4)):
                agree(engine, truth, request, tree)


@pytest.mark.cluster
@settings(max_examples=max(QUERIES // 20, 1), deadline=None, suppress_health_check=SLOW)
@given(archive=archives, drawn=st.data())
def test_over_archives_that_change_in_a_cluster(cluster: str, archive: list[Report], drawn: st.DataObject) -> None:
    """As above; keywords stay weighed by the first archive, because an index is updated and never built again."""
    known = [agency for agency in AGENCIES if agency.id in {report.agency for report in archive}]
    listed = {agency.id: PLACES[agency.id] for agency in known}
    states = st.lists(st.sampled_from(STATES), min_size=len(archive), max_size=len(archive))
    address = read_address(f"{cluster}/conformance-{secrets.token_hex(4)}")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(update, "_GROWN", 0)
        weights = Truth(archive, known, Tokenizer(), listed).frequencies
        for revision, state in enumerate([["as it is"] * len(archive), *drawn.draw(st.lists(states, max_size=3))]):
            reports = [*_held(archive, state)]
            unlisted = {report.agency: UNLISTED[report.agency_name or ""] for report in reversed(reports)}
            update.build_cluster_index(address, Path(folder), reports, known, revision, shards=3)
            client = Cluster(address)
            engine = OpenSearchEngine(client, *published(client), Tokenizer())
            truth = Truth(reports, known, Tokenizer(), unlisted | listed, weights)
            for tree, request in drawn.draw(st.lists(questions(reports, SMALL), min_size=1, max_size=4)):
                agree(engine, truth, request, tree)


@pytest.mark.cluster
@settings(max_examples=max(QUERIES // 20, 1), deadline=None, suppress_health_check=SLOW)
@given(archive=archives, drawn=st.data())
def test_over_generated_archives_in_a_cluster(cluster: str, archive: list[Report], drawn: st.DataObject) -> None:
    known = [agency for agency in AGENCIES if agency.id in {report.agency for report in archive}]
    unlisted = {report.agency: UNLISTED[report.agency_name or ""] for report in reversed(archive)}
    truth = Truth(archive, known, Tokenizer(), unlisted | {agency.id: PLACES[agency.id] for agency in known})
    with tempfile.TemporaryDirectory() as folder:
        engine = distributed_engine(cluster, Path(folder), archive, known)
        for tree, request in drawn.draw(st.lists(questions(archive, SMALL), min_size=1, max_size=8)):
            agree(engine, truth, request, tree)
