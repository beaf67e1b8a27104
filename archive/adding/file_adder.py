"""Parses files and adds their pages to a catalogue: the work of `gongkai add` and of each worker."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

from archive.agencies.decisions import Decisions, decided
from archive.errors import GongkaiError
from archive.ingest.pool import parse_files
from archive.model import Reading
from archive.notices import message
from archive.store.catalogue import Catalogue

CORES = os.cpu_count() or 1
PENDING_BYTES = 32 << 20
"""The size of pages that wait to be added together."""

Sentence = tuple[str, str]
"""A message in Chinese and English."""
_Page = tuple[Path, bytes, Reading]


def located(path: Path, error: GongkaiError) -> Sentence:
    """Returns the sentence of an error with the path of the file; errors of readers have only its name."""
    if str(path) in error.en:
        return error.zh, error.en
    if error.zh.startswith(name := f"{path.name} ") and error.en.startswith(name):
        return f"{path.parent}/{error.zh}", f"{path.parent}/{error.en}"
    return f"{path}：{error.zh}", f"{path}: {error.en}"


class FileAdder:
    """Adds the pages of files to a catalogue, with the names that a curator decided.

    `counts` has the number of reports by outcome, of `duplicates`, `notices` and pages that `failed`; it stays true if
    an error ends the work. `on_failure` is called with the sentence of a page that was not added, `on_restored` with
    that of a page whose damaged original was replaced.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        decisions: Decisions,
        on_failure: Callable[[Sentence], None],
        on_restored: Callable[[Sentence], None],
    ) -> None:
        self.counts = Counter[str]()
        self._catalogue = catalogue
        self._decisions = decisions
        self._on_failure = on_failure
        self._on_restored = on_restored
        self._pending: list[_Page] = []

    def add(self, files: Sequence[Path], jobs: int) -> Generator[int, None, None]:
        """Adds files with that many processes; yields the number of files that were read, after each page."""
        done = 0
        with closing(parse_files(files, jobs)) as pages:
            for done, (_, pages_of_file) in enumerate(groupby(pages, key=lambda page: page[0]), 1):
                for path, parsed in pages_of_file:
                    yield done - 1
                    if isinstance(parsed, GongkaiError):
                        self._fail(located(path, parsed))
                        continue
                    data, reading = parsed
                    self._pending.append((path, data, decided(reading, self._decisions)))
                    size = sum(len(data) for _, data, _ in self._pending)
                    if len(self._pending) >= self._catalogue.pages_at_once or size > PENDING_BYTES:
                        self._keep()
        self._keep()
        yield done

    def _keep(self) -> None:
        pages, self._pending = self._pending, []
        paths = {reading.source.sha256: path for path, _, reading in pages}

        def restored(sha256: str) -> None:
            path = paths[sha256]
            self._on_restored(
                (f"{path}：已恢复损坏或丢失的原件 {sha256}。", f"{path}: restored the damaged original {sha256}.")
            )

        added = self._catalogue.add_parsed([(reading, data) for _, data, reading in pages], restored)
        for (path, _, _), (reading, outcomes) in zip(pages, added, strict=True):
            self.counts.update(outcome for _, outcome in outcomes)
            self.counts["duplicates"] += sum(
                report.duplicate_of is not None for report, outcome in outcomes if outcome != "unchanged"
            )
            self.counts["notices"] += len(reading.notices) + sum(len(report.notices) for report in reading.reports)
            if not reading.reports:
                self._fail(
                    *((f"{path}：{message(each, 'zh')}", f"{path}: {message(each, 'en')}") for each in reading.notices)
                )

    def _fail(self, *sentences: Sentence) -> None:
        self.counts["failed"] += 1
        for sentence in sentences:
            self._on_failure(sentence)
