"""An index in a cluster that follows the catalogue: only what changed is written, a killed build goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import Busy
from archive.model import Agency, Report
from indexer.answers.data_version import DataVersion
from indexer.engines.opensearch.build import builder_beat, held_reports, mapping, report_writers, update
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.connection.address import IndexAddress, read_address
from indexer.engines.opensearch.connection.bulk import BulkWriter
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.query.request import Request
from indexer.text.keywords import Frequencies
from indexer.text.tokenizer import Tokenizer
from tests.conformance.agreement import agree
from tests.conformance.reports import AGENCIES, PLACES, REPORTS
from tests.conformance.truth import Truth

pytestmark = pytest.mark.cluster

Reports = Sequence[Report]
WEIGHTS = Truth(REPORTS, AGENCIES, Tokenizer(), PLACES).frequencies
SHORTER = replace(REPORTS[1], sections=REPORTS[1].sections[:1])
CHANGED = [SHORTER, *REPORTS[2:]]
"""The first report is removed, the second one changed."""
QUERIES = ("公开", '"政府信息公开"', "")


@pytest.fixture
def address(index_address: str, monkeypatch: pytest.MonkeyPatch) -> IndexAddress:
    """An index that is never built from the beginning because much has changed."""
    monkeypatch.setattr(update, "_GROWN", 0)
    return read_address(index_address)


@pytest.fixture
def build(address: IndexAddress, tmp_path: Path) -> Callable[..., DataVersion]:
    def call(
        reports: Reports,
        revision: int,
        agencies: Sequence[Agency] = AGENCIES,
        home: str = "home",
        *,
        rebuild: bool = False,
    ) -> DataVersion:
        path = tmp_path / home
        return update.build_cluster_index(address, path, reports, agencies, revision, rebuild=rebuild, shards=2)

    return call


def engine(address: IndexAddress) -> OpenSearchEngine:
    cluster = Cluster(address)
    return OpenSearchEngine(cluster, *published(cluster), Tokenizer())


def holds(address: IndexAddress, reports: Reports, weights: Frequencies | None = WEIGHTS) -> None:
    truth = Truth(reports, AGENCIES, Tokenizer(), PLACES, weights)
    opened = engine(address)
    for query in QUERIES:
        agree(opened, truth, Request(query, limit=1000))


def indices(address: IndexAddress) -> list[str]:
    return sorted(Cluster(address).client.indices.get(index=f"{address.name}-*"))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of documents that are written; those that are removed begin with '-'."""
    ids: list[str] = []
    for name, sign in (("add", ""), ("remove", "-")):
        method = getattr(BulkWriter, name)

        def noted(
            writer: BulkWriter, id_: str, *rest: object, call: Callable[..., None] = method, sign: str = sign
        ) -> None:
            ids.append(sign + id_)
            call(writer, id_, *rest)

        monkeypatch.setattr(BulkWriter, name, noted)
    return ids


def documents(report: Report) -> set[str]:
    address = f"{report.agency}/{report.key}"
    return {address, *(f"{address}#{section.anchor}" for section in report.sections)}


def removed(report: Report) -> set[str]:
    return {f"-{id_}" for id_ in documents(report)}


RENAMED = (replace(AGENCIES[0], name="临水市城管执法局"), *AGENCIES[1:])
OF_THE_FIRST = [report for report in REPORTS if report.agency == AGENCIES[0].id]
UPDATES = [
    (REPORTS, AGENCIES, set(), "another revision with the same reports"),
    (
        REPORTS[:-1],
        AGENCIES,
        {f"-agency-{REPORTS[-1].agency}", *removed(REPORTS[-1])},
        "the only report of an agency is removed",
    ),
    (REPORTS[1:], AGENCIES, removed(REPORTS[0]), "the first report is removed"),
    (
        [REPORTS[0], SHORTER, *REPORTS[2:]],
        AGENCIES,
        documents(SHORTER) | removed(REPORTS[1]),
        "a report has fewer sections",
    ),
    (
        REPORTS,
        RENAMED,
        {f"agency-{AGENCIES[0].id}"}.union(*(documents(each) | removed(each) for each in OF_THE_FIRST)),
        "the name of an agency is in each of its sections",
    ),
]


@pytest.mark.parametrize(
    ("reports", "agencies", "expected"), [row[:3] for row in UPDATES], ids=[row[3] for row in UPDATES]
)
def test_only_what_has_changed_is_written(
    build: Callable[..., DataVersion],
    written: list[str],
    reports: Reports,
    agencies: Sequence[Agency],
    expected: set[str],
) -> None:
    build(REPORTS, 1)
    written.clear()
    updated = build(reports, 2, agencies)
    assert set(written) == expected
    assert len(written) == len(expected), "nothing is written twice"
    assert updated.generation == 2
    again = build(reports, 3, agencies, rebuild=True)
    assert (again.content, again.sections) == (updated.content, updated.sections), "as if built from the beginning"


def test_reports_are_inserted_between_others(address: IndexAddress, build: Callable[..., DataVersion]) -> None:
    build(REPORTS[::2], 1)
    build(REPORTS, 2)
    truth = Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)
    found = [hit.url for hit in engine(address).every_hit(Request("", sort="year"))]
    place = {row.address: number for number, row in enumerate(truth.rows)}
    year = {row.address: row.report.year or 9999 for row in truth.rows}
    assert found == sorted(place, key=lambda url: (year[url], place[url])), "in the order of a new index"


def test_an_index_without_room_is_built_again(
    build: Callable[..., DataVersion], written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of sections leave room for reports between others, but not for any number of them."""
    monkeypatch.setattr(held_reports, "_DISTANCE", len(REPORTS[0].sections))
    monkeypatch.setattr(held_reports, "_LEAST_ROOM", 1)
    build([REPORTS[0], *REPORTS[2:]], 1)
    written.clear()
    assert build(REPORTS, 2).reports == len(REPORTS)
    assert set().union(*map(documents, REPORTS)) < set(written)


def test_an_index_of_another_layout_is_built_again(
    build: Callable[..., DataVersion], written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(mapping, "LAYOUT", mapping.LAYOUT - 1)
        build(REPORTS, 1)
    written.clear()
    assert build(REPORTS, 1).generation == 2, "of the same revision"
    assert set().union(*map(documents, REPORTS)) < set(written)


@pytest.mark.parametrize(
    ("counted", "changed", "is_updated"), [(20, 2, True), (20, 3, False)], ids=["a tenth", "more than a tenth"]
)
def test_frequencies_are_counted_again_after_many_changes(
    build: Callable[..., DataVersion],
    written: list[str],
    monkeypatch: pytest.MonkeyPatch,
    counted: int,
    changed: int,
    is_updated: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(update, "_GROWN", 10)
    many = [replace(REPORTS[0], year=year, sections=REPORTS[0].sections[:1]) for year in range(2000, 2000 + counted)]
    build(many, 1)
    build(many[1:], 2)  # changes add up
    written.clear()
    build(many[changed:], 3)
    assert ("frequencies" in written) != is_updated


class Killed(BaseException):
    """Ends a build as SIGKILL would: nothing is tidied up."""


@pytest.mark.parametrize("moment", range(8))
@pytest.mark.parametrize("before", [[], REPORTS], ids=["a new index", "an update"])
def test_a_killed_build_goes_on(
    address: IndexAddress,
    build: Callable[..., DataVersion],
    written: list[str],
    monkeypatch: pytest.MonkeyPatch,
    before: Reports,
    moment: int,
) -> None:
    """Killed before each request that writes, and once behind it: readers see the state before, then the new one."""
    if before:
        build(before, 1)
    bulk, requests = Cluster.bulk, []

    def until_killed(*arguments: object) -> object:
        requests.append(0)
        if len(requests) > moment:
            raise Killed
        return bulk(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(report_writers, "_AT_ONCE", 2)
        patch.setattr(Cluster, "bulk", until_killed)
        try:
            build(CHANGED, 2)
        except Killed:
            if before:
                holds(address, before)
            else:
                assert Cluster(address).index_behind(address.name) is None
    build(CHANGED, 2)
    holds(address, CHANGED, WEIGHTS if before else None)
    replaced = [f"{address.name}-000001"] if before else []
    assert indices(address) == [*replaced, published(Cluster(address))[0]], "nothing is left of the killed build"
    if moment == 4:
        assert len(written) < 2 * len(set(written)), "what was written is not written again"


def test_a_catalogue_that_goes_back_after_a_kill(
    address: IndexAddress, build: Callable[..., DataVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report is killed while being replaced, and then is again what it was: its sections are from neither."""
    build(REPORTS, 1)
    bulk = Cluster.bulk
    kinds = []

    def until_sections(cluster: Cluster, index: str, lines: Sequence[bytes]) -> object:
        kinds.append(b'"delete"' in lines[0])
        outcome = bulk(cluster, index, lines)
        if not kinds[-1]:
            raise Killed  # behind the first sections that are written
        return outcome

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Cluster, "bulk", until_sections)
        build(CHANGED, 2)
    build(REPORTS, 3)
    holds(address, REPORTS)


def test_a_rebuild_begins_again(
    build: Callable[..., DataVersion], written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(REPORTS, 1)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(update, "write_reports", lambda *_: (_ for _ in ()).throw(Killed))
        build(REPORTS, 2, rebuild=True)
    written.clear()
    assert build(REPORTS, 2, rebuild=True).generation == 3
    assert "frequencies" in written


def test_two_machines_do_not_build_at_once(
    address: IndexAddress, build: Callable[..., DataVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another home is another machine; what it has begun is never gone on with, because it may still be alive."""
    build(REPORTS, 1)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(update, "write_reports", lambda *_: (_ for _ in ()).throw(Killed))
        build(CHANGED, 2)
    with pytest.raises(Busy, match="Another machine"):
        build(CHANGED, 2, home="elsewhere")
    monkeypatch.setattr(builder_beat, "_DEAD", 0.0)
    assert build(CHANGED, 2, home="elsewhere").generation == 3
    assert indices(address) == [f"{address.name}-000001", f"{address.name}-000003"]
    holds(address, CHANGED)


def test_documents_that_a_cluster_loses_are_noticed(
    address: IndexAddress, build: Callable[..., DataVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(REPORTS, 1)
    bulk = Cluster.bulk

    def lost(cluster: Cluster, index: str, lines: Sequence[bytes]) -> object:
        outcomes = bulk(cluster, index, lines)
        kept = [line for line in lines if f"{SHORTER.key}#".encode() in line]
        for line in kept:
            id_ = line.split(b'"_id": "')[1].split(b'"')[0].decode()
            cluster.client.delete(index=index, id=id_, params={"routing": SHORTER.agency}, ignore=(404,))
        return outcomes

    with monkeypatch.context() as patch, pytest.raises(update.IncompleteIndexError):
        patch.setattr(Cluster, "bulk", lost)
        build(CHANGED, 2)
    holds(address, REPORTS)


def test_readers_keep_the_revision_that_they_opened(address: IndexAddress, build: Callable[..., DataVersion]) -> None:
    build(REPORTS, 1)
    opened = engine(address)
    before = opened.search(Request("公开")).total
    build(CHANGED, 2)
    assert opened.search(Request("公开")).total == before
    assert engine(address).search(Request("公开")).total != before


MANY = sorted(
    (replace(report, agency=f"{report.agency}-{number}") for number in range(40) for report in REPORTS),
    key=lambda report: (report.agency, report.key),
)
BUILD = """
import sys
from pathlib import Path
from indexer.engines.opensearch.build import report_writers, update
from indexer.engines.opensearch.connection.address import read_address
from tests.cluster.test_index_updates import MANY

if __name__ == "__main__":
    report_writers._FEW, report_writers._AT_ONCE, report_writers.CORES = 0, 4, 2
    update.build_cluster_index(read_address(sys.argv[1]), Path(sys.argv[2]), MANY, (), 1, shards=2)
"""


@pytest.mark.timeout(600)
def test_processes_that_write_end_with_the_one_that_started_them(index_address: str, tmp_path: Path) -> None:
    """SIGKILL while two processes write: they end, too, and the next build adds what is missing."""
    address = read_address(index_address)
    cluster = Cluster(address)
    index = f"{address.name}-000001"
    process = subprocess.Popen([sys.executable, "-c", BUILD, index_address, str(tmp_path)])  # noqa: S603 (no shell)

    def written() -> int:
        if not cluster.client.indices.exists(index=index):
            return 0
        cluster.refresh(index)
        return int(cluster.client.count(index=index)["count"])

    while written() < 20:
        assert process.poll() is None, "the build has ended before it was killed"
        time.sleep(0.01)
    process.kill()
    process.wait()
    while written() != (seen := written()):
        time.sleep(2)
    time.sleep(3)
    assert written() == seen, "nobody writes"
    as_of = update.build_cluster_index(address, tmp_path, MANY, (), 1, shards=2)
    assert (as_of.generation, as_of.reports) == (1, len(MANY))
    assert engine(address).search(Request("")).total.sections == sum(len(report.sections) for report in MANY)
