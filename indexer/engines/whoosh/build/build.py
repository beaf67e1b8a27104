"""Builds one index from reports: reuses unchanged shards, builds the others on all cores, merges them.

Keywords are weighted with the document frequencies of the archive. Frequencies are counted again only when a tenth of
the reports has changed, or at a rebuild; otherwise each new report would change every keyword a little.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import TypeVar

from archive.model import Agency, Report
from archive.store.listing import ListedReport, list_report
from indexer.engines.whoosh.build.content_hash import content_hash
from indexer.engines.whoosh.build.merge import join, join_figures
from indexer.engines.whoosh.build.shard_builder import (
    COUNTS,
    KEYWORDS,
    Job,
    build_shard,
    unlisted_agency,
    write_agencies,
)
from indexer.engines.whoosh.build.shard_builder import write_keywords as write_keywords_of
from indexer.engines.whoosh.build.shards import agency_of, name_of, read_digests, split, take_over
from indexer.engines.whoosh.build.token_reuse import ReusedTokens, reused_tokens
from indexer.engines.worker_pool import CORES, worker_pool
from indexer.text.keywords import Frequencies, KeywordCounts, summed

_GROWN = 10
"""Frequencies are counted again when one report in ten has changed."""
_FREQUENCIES, _CHANGED = "frequencies.json", "changed.json"

_Task = TypeVar("_Task")


@dataclass(frozen=True, slots=True)
class Built:
    """The size of an index, and the hashes of the frequencies that weight its keywords and of its content."""

    reports: int
    sections: int
    keyword_frequencies: str
    content: str


@dataclass(frozen=True, slots=True)
class ReplacedIndex:
    """The index that a build replaces, built with the same dictionary; `damaged` are paths of files in it."""

    directory: Path
    damaged: frozenset[str]

    def shards(self) -> dict[str, Path]:
        """Returns the shards without damage by name."""
        damaged = {PurePath(name).parts[1] for name in self.damaged if name.startswith("shards/")}
        return {path.name: path for path in (self.directory / "shards").iterdir() if path.name not in damaged}

    def file(self, name: str) -> Path | None:
        """Returns the path of a file without damage."""
        path = self.directory / name
        return path if name not in self.damaged and path.exists() else None


def build(
    directory: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    replaced: ReplacedIndex | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Built:
    """Writes an index into an existing empty directory; shards of the `replaced` index are reused.

    `progress` receives the number of reports in finished shards, reused ones included.
    """
    known = {agency.id: agency for agency in agencies}
    folder, columns = directory / "shards", directory / "columns"
    folder.mkdir()
    columns.mkdir()
    listed = (report if isinstance(report, ListedReport) else next(list_report([report])) for report in reports)
    parts = [*split(listed)]
    for report in chain.from_iterable(parts):
        if (id_ := agency_of(report)) not in known:
            known[id_] = unlisted_agency(report.read())
    shards = [(folder / name_of(each, known), each) for each in parts]
    old = replaced.shards() if replaced else {}
    for path, _ in shards:
        if path.name in old:
            take_over(old.pop(path.name), path)
    kept = reused_tokens(iter(old.values()))
    jobs = [_job(path, each, known, kept) for path, each in shards if not path.exists()]
    jobs.sort(key=lambda job: len(job.reports), reverse=True)  # the largest first, so that all cores end together
    paths = [path for path, _ in shards]
    with _Workers(len(jobs)) as workers:
        finished = sum(len(each) for _, each in shards) - sum(len(job.reports) for job in jobs)
        for job in workers.run(build_shard, jobs):
            finished += len(job.reports)
            progress(finished)
        frequencies = _weigh(directory, paths, replaced, workers)
    write_agencies(directory / "agencies.json", iter(known.values()))
    join_figures(directory, paths)
    shown = map(agency_of, chain.from_iterable(parts))
    return Built(*join(columns, paths), frequencies.hash, content_hash(paths, known, shown))


def _job(path: Path, reports: Sequence[ListedReport], known: dict[str, Agency], kept: ReusedTokens) -> Job:
    ids = {*map(agency_of, reports)}
    return Job(
        path,
        reports,
        {id_: known[id_] for id_ in ids},
        {report.digest: kept[report.digest] for report in reports if report.digest in kept},
    )


def _weigh(directory: Path, shards: Sequence[Path], replaced: ReplacedIndex | None, workers: _Workers) -> Frequencies:
    """Writes the keywords of each shard that has none; returns the frequencies that they are weighted with."""
    path = replaced.file(_FREQUENCIES) if replaced else None
    frequencies = Frequencies.read(path) if path else Frequencies()
    changed = _changed(shards, replaced)
    if changed * _GROWN > frequencies.reports:
        changed = 0
        frequencies = summed(KeywordCounts.read(path / COUNTS).frequencies for path in shards)
        waiting = [*shards]
    else:
        waiting = [path for path in shards if not (path / KEYWORDS).exists()]
    frequencies.write(directory / _FREQUENCIES)
    (directory / _CHANGED).write_text(json.dumps(changed), "utf-8")
    for _ in workers.run(_write_keywords, [(path, directory / _FREQUENCIES) for path in waiting]):
        pass
    return frequencies


def _changed(shards: Sequence[Path], replaced: ReplacedIndex | None) -> float:
    """Returns how many reports were added or removed since frequencies were counted; a changed report counts twice."""
    path = replaced.file(_CHANGED) if replaced else None
    if replaced is None or path is None:
        return math.inf if shards else 0
    new, old = {path.name: path for path in shards}, replaced.shards()
    added, removed = (
        {digest for name in some.keys() - others.keys() for digest in read_digests(some[name])}
        for some, others in ((new, old), (old, new))
    )
    counted: float = json.loads(path.read_text("utf-8"))
    return counted + len(added ^ removed)


def _write_keywords(task: tuple[Path, Path]) -> None:
    shard, frequencies = task
    write_keywords_of(shard, _frequencies(frequencies))


_frequencies = functools.lru_cache(maxsize=1)(Frequencies.read)


class _Workers:
    """Runs tasks on all cores, or in this process if there is only one."""

    def __init__(self, jobs: int) -> None:
        count = min(CORES, jobs)
        self._executor = worker_pool(count) if count > 1 else None

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def run(self, work: Callable[[_Task], None], tasks: Sequence[_Task]) -> Iterator[_Task]:
        """Yields the tasks that are done, in order; the first error cancels the others."""
        if self._executor is None:
            for task in tasks:
                work(task)
                yield task
            return
        for task, done in [(task, self._executor.submit(work, task)) for task in tasks]:
            done.result()
            yield task
