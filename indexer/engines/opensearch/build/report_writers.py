"""Reads, cuts and writes reports in several processes: cutting texts into words takes most of the time of a build."""

from __future__ import annotations

import base64
import functools
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from archive.model import Agency, Report
from archive.store.listing import ListedReport
from indexer.engines.opensearch.build.documents import (
    CutSection,
    cut_sections,
    report_document,
    section_documents,
    utf16_length,
)
from indexer.engines.opensearch.build.held_reports import HeldReport, MissingReport
from indexer.engines.opensearch.connection.address import IndexAddress
from indexer.engines.opensearch.connection.bulk import BulkWriter
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.whoosh.build.content_hash import report_hash
from indexer.engines.worker_pool import CORES, worker_pool
from indexer.text.keywords import Frequencies, KeywordCounts, summed
from indexer.text.tokenizer import Tokenizer

_FEW = 200
"""Reports that one process writes before others have started."""
_AT_ONCE = 100
"""Reports that a process has in memory."""
_FREQUENCIES = "frequencies"
"""The id of the document with the frequencies of words."""

_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


class NoRoomError(Exception):
    """A report has more sections than there are numbers between its neighbours."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Reports to be written to an index, with their agencies."""

    address: IndexAddress
    index: str
    reports: Sequence[MissingReport]
    agencies: Mapping[str, Agency]


def count_words(reports: Sequence[ListedReport]) -> Frequencies:
    """Reads all reports: keywords are weighed with the frequencies of words in the archive."""
    return summed(_run(_count_words, [*_split(reports)], len(reports)))


def store_frequencies(cluster: Cluster, index: str, frequencies: Frequencies) -> None:
    writer = BulkWriter(cluster, index)
    packed = base64.b64encode(zlib.compress(frequencies.dump().encode())).decode()
    writer.add(_FREQUENCIES, _FREQUENCIES, {_FREQUENCIES: {"packed": packed}})
    writer.finish()
    _frequencies.cache_clear()  # an index that was removed may have had the same name


def read_frequencies(cluster: Cluster, index: str) -> Frequencies:
    source = cluster.document(index, _FREQUENCIES)
    return Frequencies.load(zlib.decompress(base64.b64decode(source[_FREQUENCIES]["packed"])).decode())


def write_reports(
    cluster: Cluster,
    index: str,
    reports: Sequence[MissingReport],
    agencies: Mapping[str, Agency],
    progress: Callable[[int], None],
) -> list[tuple[str, str]]:
    """Writes reports; returns the documents that the cluster refused, with why.

    `progress` receives the number of reports that are written.

    Raises:
        ClusterUnavailableError: the cluster does not answer, or stays busy.
        NoRoomError: there are too few numbers for the sections of a report.
    """
    batches = []
    for each in _split(reports):
        named = {missing.agency: agencies[missing.agency] for missing in each}
        batches.append(_Batch(cluster.address, index, each, named))
    done, refused = 0, list[tuple[str, str]]()
    for batch, found in zip(batches, _run(_write, batches, len(reports)), strict=True):
        refused += found
        done += len(batch.reports)
        progress(done)
    return refused


def _split(reports: Sequence[_Task]) -> Iterator[Sequence[_Task]]:
    size = max(1, min(_AT_ONCE, -(-len(reports) // (2 * CORES))))
    return (reports[first : first + size] for first in range(0, len(reports), size))


def _run(work: Callable[[_Task], _Done], tasks: Sequence[_Task], reports: int) -> Iterator[_Done]:
    """Yields the results of tasks in order; the first error cancels the others."""
    if reports <= _FEW or CORES == 1:
        yield from map(work, tasks)
        return
    executor = worker_pool(CORES)
    waiting: deque[Future[_Done]] = deque()
    try:
        for task in tasks:
            waiting.append(executor.submit(work, task))
            if len(waiting) > 2 * CORES:  # more would only take memory
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(cancel_futures=True)


_words = functools.cache(Tokenizer)
_cluster = functools.lru_cache(maxsize=1)(Cluster)


@functools.lru_cache(maxsize=1)
def _frequencies(address: IndexAddress, index: str) -> Frequencies:
    return read_frequencies(_cluster(address), index)


def _count_words(reports: Sequence[ListedReport]) -> Frequencies:
    counts = KeywordCounts()
    for listed in reports:
        _count(counts, cut_sections(listed.read(), _words()))
    return counts.frequencies


def _count(counts: KeywordCounts, sections: Sequence[CutSection]) -> None:
    counts.add_report([cut.text.words() for cut in sections])


def _write(batch: _Batch) -> list[tuple[str, str]]:
    counts, read = KeywordCounts(), list[tuple[MissingReport, Report, list[CutSection]]]()
    for missing in batch.reports:
        report = missing.listed.read()
        sections = cut_sections(report, _words())
        if len(sections) > missing.room:
            raise NoRoomError
        _count(counts, sections)
        read.append((missing, report, sections))
    keywords = iter(counts.keywords(_frequencies(batch.address, batch.index)))
    writer = BulkWriter(_cluster(batch.address), batch.index)
    for missing, report, sections in read:
        chosen = [next(keywords) for _ in sections]
        agency = batch.agencies[report.agency]
        for id_, document in section_documents(report, agency, sections, chosen, missing.place, _words()):
            writer.add(id_, report.agency, document)
    writer.send()
    refused = {id_.partition("#")[0] for id_, _ in writer.refused}
    for missing, report, sections in read:
        address = missing.listed.address
        if address not in refused:  # a report is there once all of its sections are
            writer.add(address, report.agency, report_document(report, _state(missing, report, sections).as_source))
    writer.send()
    return writer.refused


def _state(missing: MissingReport, report: Report, sections: Sequence[CutSection]) -> HeldReport:
    lengths = {
        "text": sum(utf16_length(cut.text.form) for cut in sections),
        "cells": sum(utf16_length(cut.cells.form) for cut in sections),
    }
    return HeldReport(missing.digest, report_hash(report), missing.place, len(sections), lengths)
