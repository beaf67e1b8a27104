"""Builds one index from reports: takes over the shards that stay, builds the others on all cores, joins them.

Keywords are weighed with the document frequencies of the archive. Those are recounted only when a
tenth of it has come or gone, or at a rebuild: each report that comes in would change every keyword a little otherwise.
"""

from __future__ import annotations

import functools
import json
import math
import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archive.model import Agency, Report
from archive.store.listing import ListedReport, list_report
from indexer.engines.whoosh.build.merge import join, join_figures
from indexer.engines.whoosh.build.shard_builder import (
    COUNTS,
    KEYWORDS,
    UNLISTED,
    Job,
    build_shard,
    read_agencies,
    write_agencies,
)
from indexer.engines.whoosh.build.shard_builder import write_keywords as write_keywords_of
from indexer.engines.whoosh.build.shards import name_of, read_digests, split, take_over
from indexer.engines.whoosh.build.token_reuse import ReusedTokens, reused_tokens
from indexer.text.keywords import Frequencies, KeywordCounts, summed
from indexer.text.tokenizer import Tokenizer

_CORES = os.cpu_count() or 1
_GROWN = 10
"""Frequencies hold until so small a part of the archive, 1 in 10, has come or gone."""
_FREQUENCIES, _CHANGED = "frequencies.json", "changed.json"

_Task = TypeVar("_Task")


@dataclass(frozen=True, slots=True)
class Built:
    """What an index was built from. `keyword_frequencies` is the hash of those that keywords were weighed with."""

    reports: int
    sections: int
    keyword_frequencies: str


def build(
    directory: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    words: Tokenizer,
    replaced: Path | None = None,
) -> Built:
    """Writes an index into a directory that exists and is empty.

    What the `replaced` index holds already, built with the same dictionary, is taken over.
    """
    known = {agency.id: agency for agency in agencies}
    folder, columns = directory / "shards", directory / "columns"
    folder.mkdir()
    columns.mkdir()
    coming = (report if isinstance(report, ListedReport) else next(list_report([report])) for report in reports)
    shards = [(folder / name_of(each, known), each) for each in split(coming)]
    old = {path.name: path for path in _shards_in(replaced)}
    for path, _ in shards:
        if path.name in old:
            take_over(old.pop(path.name), path)
    kept = reused_tokens(iter(old.values()))
    jobs = [_job(path, each, known, kept) for path, each in shards if not path.exists()]
    jobs.sort(key=lambda job: len(job.reports), reverse=True)  # so that no core waits for another with a large one
    paths = [path for path, _ in shards]
    with _Workers(words, len(jobs)) as workers:
        workers.run(build_shard, jobs)
        frequencies = _weigh(directory, paths, replaced, workers)
    for path in paths:
        known |= {id_: agency for id_, agency in read_agencies(path / UNLISTED).items() if id_ not in known}
    write_agencies(directory / "agencies.json", iter(known.values()))
    join_figures(directory, paths)
    return Built(*join(columns, paths), frequencies.hash)


def _job(path: Path, reports: Sequence[ListedReport], known: dict[str, Agency], kept: ReusedTokens) -> Job:
    ids = {report.address.partition("/")[0] for report in reports}
    return Job(
        path,
        reports,
        {id_: known[id_] for id_ in ids & known.keys()},
        {report.digest: kept[report.digest] for report in reports if report.digest in kept},
    )


def _weigh(directory: Path, shards: Sequence[Path], replaced: Path | None, workers: _Workers) -> Frequencies:
    """Sees to it that every shard has keywords; the frequencies that they were weighed with."""
    frequencies = Frequencies.read(replaced / _FREQUENCIES) if replaced else Frequencies()
    changed = _changed(shards, replaced)
    if changed * _GROWN > frequencies.reports:
        changed = 0
        frequencies = summed(KeywordCounts.read(path / COUNTS).frequencies for path in shards)
        waiting = [*shards]
    else:
        waiting = [path for path in shards if not (path / KEYWORDS).exists()]
    frequencies.write(directory / _FREQUENCIES)
    (directory / _CHANGED).write_text(json.dumps(changed), "utf-8")
    workers.run(_write_keywords, [(path, directory / _FREQUENCIES) for path in waiting])
    return frequencies


def _shards_in(index: Path | None) -> list[Path]:
    return [*(index / "shards").iterdir()] if index else []


def _changed(shards: Sequence[Path], replaced: Path | None) -> float:
    """How many reports have come or gone since frequencies were counted; one that was captured again has done both."""
    new, old = ({path.name: path for path in paths} for paths in (shards, _shards_in(replaced)))
    come, gone = (
        {digest for name in some.keys() - others.keys() for digest in read_digests(some[name])}
        for some, others in ((new, old), (old, new))
    )
    before = replaced / _CHANGED if replaced else None
    if before is None or not before.exists():  # an index of an earlier program: nobody counted
        return math.inf if new else 0
    known: float = json.loads(before.read_text("utf-8"))
    return known + len(come ^ gone)


def _write_keywords(task: tuple[Path, Path], _: Tokenizer) -> None:
    shard, frequencies = task
    write_keywords_of(shard, _frequencies(frequencies))


_frequencies = functools.lru_cache(maxsize=1)(Frequencies.read)


class _Workers:
    """Does some work for each of several tasks: on all cores, or here where there is little to do."""

    def __init__(self, words: Tokenizer, jobs: int) -> None:
        count = min(_CORES, jobs)
        self._words = words
        # spawned: threads may be running, which a fork would break
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(count, context) if count > 1 else None

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def run(self, work: Callable[[_Task, Tokenizer], None], tasks: Sequence[_Task]) -> None:
        """Returns when all is done; the first error ends the others."""
        if self._executor is None:
            for task in tasks:
                work(task, self._words)
            return
        for done in [self._executor.submit(_work, work, task, self._words.cache) for task in tasks]:
            done.result()


def _work(work: Callable[[_Task, Tokenizer], None], task: _Task, cache: Path | None) -> None:
    work(task, Tokenizer(cache))
