"""Brings an index in a cluster up to date, in an index beside the one that readers use.

That is a clone of the current one, to which only what has changed is written, or an empty one: at a rebuild, for
another layout or dictionary, and when a tenth of the reports has changed. Keywords are weighed with the frequencies of
words in the archive, which are counted when an index is built from the beginning. The alias moves when the new index
has been compared with the catalogue, so that a reader sees one revision or the other.

A build that fails or is killed leaves what it has written, and the next one goes on with it.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.errors import DamagedArchive
from archive.model import Agency, Report
from archive.store.home import make_home
from archive.store.listing import ListedReport, list_report
from indexer.answers.data_version import DataVersion
from indexer.engines.opensearch.build.builder_beat import beating, builder_of, may_go_on, sign_of_life
from indexer.engines.opensearch.build.held_reports import (
    SECTIONS,
    HeldReport,
    MissingReport,
    digest_of,
    held_reports,
    placed,
    remove_reports,
    write_agencies,
)
from indexer.engines.opensearch.build.mapping import layout_hash
from indexer.engines.opensearch.build.publish import ClusterManifest, Generations
from indexer.engines.opensearch.build.report_writers import NoRoomError, count_words, store_frequencies, write_reports
from indexer.engines.opensearch.connection.address import IndexAddress
from indexer.engines.opensearch.connection.bulk import RefusedReportsError
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.whoosh.build.content_hash import content_hash_of
from indexer.engines.whoosh.build.generations import build_lock
from indexer.engines.whoosh.build.shard_builder import unlisted_agency
from indexer.engines.whoosh.build.shards import agency_of
from indexer.text.tokenizer import dictionary_hash

_GROWN = 10
"""Frequencies of words are counted again when one report in ten has changed."""
_SECTIONS_OF_A_SHARD = 2_000_000

Progress = Callable[[int], None]


class IncompleteIndexError(DamagedArchive):
    """A cluster does not hold what it has acknowledged."""

    def __init__(self, address: IndexAddress) -> None:
        super().__init__(
            f"搜索集群 {address.shown} 没有保存写入的全部内容，新索引没有启用。请再运行一次 gongkai index。",
            f"The search cluster {address.shown} has not kept all that was written, so the new index is not in use. "
            "Run gongkai index again.",
        )


def build_cluster_index(
    address: IndexAddress,
    home: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    revision: int,
    *,
    rebuild: bool = False,
    shards: int | None = None,
    progress: Progress = lambda _: None,
) -> DataVersion:
    """Updates the index in a cluster to a revision of the catalogue; returns at once if it is up to date.

    Args:
        address: the cluster, and the name of the index.
        home: the home of the archive, in which one process at a time builds.
        reports: every report that is shown, each agency and year once, ordered by agency and year. Not iterated if the
            index is up to date; a listed report is read only if it is not in the index yet.
        agencies: the agencies with all their names.
        revision: the revision of the catalogue.
        rebuild: builds from the beginning, and removes what a killed build has left.
        shards: the number of shards; None derives it from the size of the archive and of the cluster.
        progress: receives the number of reports that are indexed.

    Raises:
        Busy: another process is building, here or (`BusyElsewhereError`) on another machine.
        ClusterUnavailableError: the cluster does not answer, or not completely.
        IncompleteIndexError: the cluster has lost documents; the current index stays.
        RefusedReportsError: the cluster refused documents; the current index stays.
    """
    cluster = Cluster(address)
    root = make_home(home) / "index"
    root.mkdir(exist_ok=True)
    with build_lock(root), cluster.answering():
        generations = Generations(cluster)
        current = ClusterManifest.read(cluster.meta(generations.current)) if generations.current else None
        if current and current.fits and current.revision == revision and not rebuild and not generations.begun():
            return current.as_of
        archive = _list(reports, agencies, revision)
        builder = _Builder(cluster, generations, archive, builder_of(home), shards, progress)
        try:
            return builder.build(rebuild=rebuild)
        except NoRoomError:
            return builder.build(rebuild=True)


@dataclass(frozen=True, slots=True)
class _Archive:
    """The reports in order, each with its digest in the index, and their agencies."""

    reports: Sequence[tuple[ListedReport, str]]
    agencies: Mapping[str, Agency]
    revision: int


def _list(reports: Iterable[Report | ListedReport], agencies: Iterable[Agency], revision: int) -> _Archive:
    known = {agency.id: agency for agency in agencies}
    listed = []
    for each in reports:
        report = each if isinstance(each, ListedReport) else next(list_report([each]))
        id_ = agency_of(report)
        if id_ not in known:
            known[id_] = unlisted_agency(report.read())
        listed.append((report, digest_of(report, known[id_])))
    return _Archive(listed, known, revision)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What the builder notes in the mapping of an index.

    `counted` is the number of reports in the frequencies of words, `changed` how many have been added, removed or (each
    counted twice) changed since.
    """

    layout: str
    dictionary: str
    counted: int
    changed: int

    @classmethod
    def read(cls, meta: Mapping[str, Any]) -> _Origin | None:
        """Returns the notes of an index that can be brought up to date."""
        origin = cls(**meta["origin"]) if "origin" in meta else None
        return origin if origin and (origin.layout, origin.dictionary) == (layout_hash(), dictionary_hash()) else None


@dataclass(frozen=True, slots=True)
class _Difference:
    """What separates an index from the archive."""

    origin: _Origin
    gone: Iterable[str]
    missing: Sequence[MissingReport]


class _Builder:
    def __init__(
        self,
        cluster: Cluster,
        generations: Generations,
        archive: _Archive,
        builder: list[str],
        shards: int | None,
        progress: Progress,
    ) -> None:
        self._cluster, self._generations, self._archive = cluster, generations, archive
        self._builder, self._shards, self._progress = builder, shards, progress

    def build(self, *, rebuild: bool) -> DataVersion:
        index, changes = self._begun(rebuild=rebuild)
        following = self._generations.next()
        self._generations.remove_all_but(self._generations.current, index)
        if changes:
            self._generations.take_over(index)
        else:
            index = following
            changes = None if rebuild else self._changes(self._generations.current)
            if changes:
                self._generations.clone(index)
            else:
                changes = self._begin(index)
        meta = {**self._cluster.meta(index), "origin": asdict(changes.origin)}
        with beating(self._cluster, index, meta, self._builder):
            self._write(index, changes)
        as_of = self._note(index, changes.origin)
        self._generations.publish(index)
        return as_of

    def _begun(self, *, rebuild: bool) -> tuple[str, _Difference | None]:
        """Returns the index that a build of this home has begun, and what it lacks, if this one can go on with it.

        Raises:
            BusyElsewhereError: a builder with another home is writing one.
        """
        for index in self._generations.begun():
            is_own = may_go_on(self._cluster.meta(index), self._builder)
            if is_own and not rebuild and (changes := self._changes(index)):
                return index, changes
        return "", None

    def _changes(self, index: str | None) -> _Difference | None:
        """Returns what has to be written to an index; None if it has to be built from the beginning."""
        meta = self._cluster.meta(index) if index and self._generations.is_whole(index) else {}
        origin, reports = _Origin.read(meta), self._archive.reports
        if index is None or origin is None:
            return None
        held = held_reports(self._cluster, index)
        wanted = {report.address: digest for report, digest in reports}
        kept = {address: report for address, report in held.items() if wanted.get(address) == report.digest}
        missing, has_room = placed(reports, kept)
        gone = held.keys() - kept.keys()
        added = len(missing) if "as_of" in meta else abs(len(reports) - origin.counted)
        changed = origin.changed + len(gone) + added
        if not has_room or changed * _GROWN > origin.counted:
            return None
        return _Difference(_Origin(origin.layout, origin.dictionary, origin.counted, changed), gone, missing)

    def _begin(self, index: str) -> _Difference:
        """Creates an empty index with the frequencies of words."""
        reports = [report for report, _ in self._archive.reports]
        frequencies = count_words(reports)
        nodes = self._cluster.client.cluster.health()["number_of_data_nodes"]
        shards = self._shards or max(nodes, -(-frequencies.sections // _SECTIONS_OF_A_SHARD))
        self._generations.create(index, shards, sign_of_life(self._builder))
        store_frequencies(self._cluster, index, frequencies)
        origin = _Origin(layout_hash(), dictionary_hash(), len(reports), 0)
        return _Difference(origin, (), placed(self._archive.reports, {})[0])

    def _write(self, index: str, changes: _Difference) -> None:
        """Makes the documents of an index those of the archive."""
        there = len(self._archive.reports) - len(changes.missing)
        remove_reports(self._cluster, index, changes.gone)
        write_agencies(self._cluster, index, self._archive.agencies.values())
        refused = write_reports(
            self._cluster,
            index,
            changes.missing,
            self._archive.agencies,
            lambda done: self._progress(there + done),
        )
        if refused:
            raise RefusedReportsError(refused)
        self._cluster.refresh(index)

    def _note(self, index: str, origin: _Origin) -> DataVersion:
        """Compares an index with the archive, and notes what it holds.

        Raises:
            IncompleteIndexError: the index lacks a document, or has others.
        """
        held, reports = held_reports(self._cluster, index), self._archive.reports
        sections = sum(report.sections for report in held.values())
        if {address: report.digest for address, report in held.items()} != {
            report.address: digest for report, digest in reports
        } or sections != self._count_sections(index):
            raise IncompleteIndexError(self._cluster.address)
        as_of = DataVersion(
            generation=int(index.rpartition("-")[2]),
            reports=len(reports),
            sections=sections,
            content=self._content(held),
            dictionary=dictionary_hash(),
            version=importlib.metadata.version("gongkai"),
        )
        lengths = {
            name: sum(report.lengths[name] for report in held.values()) / max(sections, 1) for name in ("text", "cells")
        }
        meta = {"revision": self._archive.revision, "layout": layout_hash(), "as_of": asdict(as_of)}
        self._cluster.note(index, {**meta, "lengths": lengths, "origin": asdict(origin)})
        return as_of

    def _content(self, held: Mapping[str, HeldReport]) -> str:
        addresses = [report.address for report, _ in self._archive.reports]
        shown = {report.partition("/")[0] for report in addresses}
        return content_hash_of((held[address].content for address in addresses), self._archive.agencies, shown)

    def _count_sections(self, index: str) -> int:
        body = {"size": 0, "track_total_hits": True, "query": SECTIONS}
        return int(self._cluster.search(index, body)["hits"]["total"]["value"])
