"""Builds an index in a cluster beside the current one, and moves the alias once it is complete.

The alias of an index is its name; the index behind it is `NAME-000007`. A build that fails or is killed leaves an index
that no alias names, and the next build removes it.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import IndexMissing
from archive.model import Agency, Report
from archive.store.home import make_home
from archive.store.listing import ListedReport, list_report
from indexer.answers.data_version import DataVersion
from indexer.engines.opensearch.build.documents import CutSection, agency_document, cut_sections, documents
from indexer.engines.opensearch.build.mapping import index_body, layout_hash
from indexer.engines.opensearch.connection.address import IndexAddress
from indexer.engines.opensearch.connection.bulk import BulkWriter
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.whoosh.build.content_hash import content_hash_of, report_hash
from indexer.engines.whoosh.build.generations import build_lock
from indexer.engines.whoosh.build.shard_builder import unlisted_agency
from indexer.text.keywords import Frequencies, KeywordCounts, summed
from indexer.text.tokenizer import Tokenizer, dictionary_hash

_READ_AT_ONCE = 500
"""Reports whose words are in memory."""
_SECTIONS_OF_A_SHARD = 2_000_000


@dataclass(frozen=True, slots=True)
class ClusterManifest:
    """What an index was built from and with. `lengths` are the mean lengths of texts, by which hits are ranked."""

    revision: int
    layout: str
    as_of: DataVersion
    lengths: dict[str, float]

    @property
    def fits(self) -> bool:
        """Whether this program, with its dictionary, can answer from the index."""
        return (self.layout, self.as_of.dictionary) == (layout_hash(), dictionary_hash())

    @classmethod
    def read(cls, meta: dict[str, Any]) -> ClusterManifest | None:
        """Returns the manifest in the mapping of an index; None if there is none of this form."""
        try:
            return cls(meta["revision"], meta["layout"], DataVersion(**meta["as_of"]), meta["lengths"])
        except (KeyError, TypeError):
            return None


def published(cluster: Cluster) -> tuple[str, ClusterManifest]:
    """Returns the current index and its manifest.

    Raises:
        IndexMissing: there is no index, or another version of the program, or another dictionary, built it.
        ClusterUnavailableError: the cluster does not answer.
    """
    name, shown = cluster.index_behind(cluster.address.name), cluster.address.shown
    if name is None:
        raise IndexMissing(
            f"集群中还没有索引（{shown}）。请先运行 gongkai index。",
            f"There is no index in the cluster yet ({shown}). Run gongkai index first.",
        )
    manifest = ClusterManifest.read(cluster.meta(name))
    if manifest is None or not manifest.fits:
        raise IndexMissing(
            f"集群中的索引（{shown}）是用另一版程序或词典建的。请运行 gongkai index --rebuild。",
            f"The index in the cluster ({shown}) was built by another version of the program or with another "
            "dictionary. Run gongkai index --rebuild.",
        )
    return name, manifest


def build_cluster_index(
    address: IndexAddress,
    home: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    revision: int,
    *,
    rebuild: bool = False,
    shards: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> DataVersion:
    """Builds an index of all reports in a cluster; returns at once if the current one is up to date.

    Args:
        address: the cluster, and the name of the index.
        home: the home of the archive, in which one process at a time builds.
        reports: every report that is shown, each agency and year once, ordered by agency and year.
        agencies: the agencies with all their names.
        revision: the revision of the catalogue.
        rebuild: builds in any case.
        shards: the number of shards; None derives it from the size of the archive and of the cluster.
        progress: receives the number of reports that are indexed.

    Raises:
        Busy: another process is building.
        ClusterUnavailableError: the cluster does not answer.
        RefusedReportsError: the cluster refused documents; the current index stays.
    """
    cluster = Cluster(address)
    root = make_home(home) / "index"
    root.mkdir(exist_ok=True)
    with build_lock(root), cluster.answering():
        current = cluster.index_behind(address.name)
        manifest = ClusterManifest.read(cluster.meta(current)) if current else None
        if manifest and manifest.fits and manifest.revision == revision and not rebuild:
            return manifest.as_of
        number = 1 + (_number(current) if current else 0)
        _remove_all_but(cluster, current)
        listed = [each if isinstance(each, ListedReport) else next(list_report([each])) for each in reports]
        archive = _survey(listed, agencies)
        as_of = DataVersion(
            generation=number,
            reports=len(listed),
            sections=archive.frequencies.sections,
            content=content_hash_of(archive.hashes, archive.agencies, archive.shown),
            dictionary=dictionary_hash(),
            version=importlib.metadata.version("gongkai"),
        )
        meta = {"revision": revision, "layout": layout_hash(), "as_of": asdict(as_of), "lengths": archive.mean_lengths}
        index = f"{address.name}-{number:06}"
        nodes = cluster.client.cluster.health()["number_of_data_nodes"]
        size = max(nodes, -(-as_of.sections // _SECTIONS_OF_A_SHARD)) if shards is None else shards
        cluster.client.indices.create(index=index, body=index_body(size, meta))
        try:
            _write(BulkWriter(cluster, index), listed, archive, progress)
        except BaseException:
            cluster.client.indices.delete(index=index, ignore_unavailable=True)
            raise
        _publish(cluster, index, current)
        return as_of


@dataclass
class _Archive:
    """What has to be known of all reports before the first is indexed."""

    agencies: dict[str, Agency]
    shown: set[str] = field(default_factory=set)
    hashes: list[str] = field(default_factory=list)
    frequencies: Frequencies = field(default_factory=Frequencies)
    lengths: dict[str, int] = field(default_factory=lambda: {"text": 0, "cells": 0})

    @property
    def mean_lengths(self) -> dict[str, float]:
        sections = max(self.frequencies.sections, 1)
        return {name: length / sections or 1.0 for name, length in self.lengths.items()}


def _survey(reports: Sequence[ListedReport], agencies: Iterable[Agency]) -> _Archive:
    """Reads all reports once: keywords are weighed with the document frequencies of the whole archive."""
    archive, words = _Archive({agency.id: agency for agency in agencies}), Tokenizer()
    for batch in _batches(reports):
        counts = KeywordCounts()
        for report, sections in _cut(batch, words):
            if report.agency not in archive.agencies:
                archive.agencies[report.agency] = unlisted_agency(report)
            archive.shown.add(report.agency)
            archive.hashes.append(report_hash(report))
            counts.add_report([cut.text.words() for cut in sections])
            for cut in sections:
                archive.lengths["text"] += len(cut.text.form)
                archive.lengths["cells"] += len(cut.cells.form)
        archive.frequencies = summed([archive.frequencies, counts.frequencies])
    return archive


def _write(
    writer: BulkWriter, reports: Sequence[ListedReport], archive: _Archive, progress: Callable[[int], None]
) -> None:
    """Writes the documents of all reports and agencies.

    Raises:
        RefusedReportsError: the cluster refused some of them.
    """
    words, place, done = Tokenizer(), 0, 0
    for number, agency in enumerate(archive.agencies.values()):
        writer.add(f"agency-{number}", agency.id, agency_document(agency, number))
    for batch in _batches(reports):
        counts, read = KeywordCounts(), [*_cut(batch, words)]
        for _, sections in read:
            counts.add_report([cut.text.words() for cut in sections])
        keywords = counts.keywords(archive.frequencies)
        for report, sections in read:
            chosen, keywords = keywords[: len(sections)], keywords[len(sections) :]
            agency = archive.agencies[report.agency]
            for id_, document in documents(report, agency, sections, chosen, place, words):
                writer.add(id_, report.agency, document)
            place += len(sections)
        done += len(read)
        progress(done)
    writer.finish()


def _publish(cluster: Cluster, index: str, current: str | None) -> None:
    """Points the alias to a finished index, in one step: a reader sees the old index or the new one."""
    indices = cluster.client.indices
    indices.refresh(index=index)
    indices.put_settings(index=index, body={"index": {"auto_expand_replicas": "0-1", "refresh_interval": "1s"}})
    moved: list[dict[str, Any]] = [{"add": {"index": index, "alias": cluster.address.name}}]
    if current:
        moved.append({"remove": {"index": current, "alias": cluster.address.name}})
    indices.update_aliases(body={"actions": moved})


def _remove_all_but(cluster: Cluster, kept: str | None) -> None:
    """Removes the indices of killed builds and those before the one being replaced."""
    name = cluster.address.name
    for index in cluster.client.indices.get(index=f"{name}-*"):
        if re.fullmatch(f"{re.escape(name)}-[0-9]{{6,}}", index) and index != kept:
            cluster.client.indices.delete(index=index)


def _number(index: str) -> int:
    return int(index.rpartition("-")[2])


def _batches(reports: Sequence[ListedReport]) -> Iterator[Sequence[ListedReport]]:
    return (reports[first : first + _READ_AT_ONCE] for first in range(0, len(reports), _READ_AT_ONCE))


def _cut(reports: Iterable[ListedReport], words: Tokenizer) -> Iterator[tuple[Report, list[CutSection]]]:
    for listed in reports:
        report = listed.read()
        yield report, cut_sections(report, words)
