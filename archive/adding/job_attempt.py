"""One attempt at a job: adds its files, and records what became of them."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa

from archive.adding.file_adder import FileAdder, Sentence
from archive.adding.job_list import JobState
from archive.adding.job_table import OUTCOMES, TABLE, job_connection
from archive.agencies.decisions import read_decisions
from archive.errors import GongkaiError
from archive.store.catalogue import Catalogue
from archive.system_errors import translated

_LISTED_FAILURES = 50
"""Sentences that are kept of a job: a WARC can have thousands of pages that cannot be read."""
_WRITTEN = ("added", "new_version", "reread", "duplicates")
"""What earlier attempts at a job have added; a later one finds it unchanged."""
_COLUMNS = ", ".join(OUTCOMES)
_VALUES = ", ".join(["%s"] * len(OUTCOMES))
_REPLACED = ", ".join(f"excluded.{name}" for name in OUTCOMES)
_FIND = f"SELECT {_COLUMNS} FROM {TABLE} WHERE job = %s"  # noqa: S608
_RECORD = f"""INSERT INTO {TABLE} (job, {_COLUMNS}, failures) VALUES (%s, {_VALUES}, %s) ON CONFLICT (job) DO UPDATE
    SET ({_COLUMNS}, failures, changed) = ({_REPLACED}, excluded.failures, now())"""  # noqa: S608


class JobAttempt:
    """Adds the files of a job. `counts` and `failures` are those of this attempt, as in `FileAdder`."""

    def __init__(self, home: Path, number: int, files: Sequence[Path]) -> None:
        self.number, self.files = number, files
        self.counts = Counter[str]()
        self.failures: list[Sentence] = []
        self._home = home
        self._before = Counter[str]()

    def run(self, readers: int, should_stop: Callable[[], bool]) -> JobState:
        """Adds the files with that many processes that read, and records the counts after each batch of pages.

        Returns `failed` if some pages could not be read, the others are added; `repeated` if `should_stop` said so.

        Raises:
            GongkaiError: a fault that can pass ended the attempt.
            Exception: an error of the program ended it.
        """
        try:
            with job_connection(self._home) as connection:
                self._before = earlier_counts(connection, self.number)
            with Catalogue.open(self._home) as catalogue:
                decisions = read_decisions(self._home)
                adder = FileAdder(catalogue, decisions, self.failures.append, lambda _: None)
                self.counts = adder.counts
                return self._add(adder, readers, should_stop)
        except Exception as error:
            if known := translated(error, self._home):
                self.failures.append((known.zh, known.en))
            else:
                traceback.print_exception(error)
                self.failures.append((f"程序出错：{error!r}", f"Error of the program: {error!r}"))
            with suppress(GongkaiError):
                self._record()
            raise known or error from None

    def _add(self, adder: FileAdder, readers: int, should_stop: Callable[[], bool]) -> JobState:
        recorded = 0
        with closing(adder.add(self.files, readers)) as pages:
            for _ in pages:
                if should_stop():
                    return "repeated"
                if (counted := self.counts.total()) != recorded:
                    self._record()
                    recorded = counted
        self._record()
        return "failed" if self.counts["failed"] else "succeeded"

    def _record(self) -> None:
        with job_connection(self._home) as connection:
            connection.rollback()
            with connection.begin():
                record_outcome(connection, self.number, self.counts, self.failures, self._before)


def earlier_counts(connection: sa.Connection, job: int) -> Counter[str]:
    """Returns what earlier attempts at a job have added."""
    row = connection.exec_driver_sql(_FIND, (job,)).one_or_none()
    return Counter({name: getattr(row, name) for name in _WRITTEN} if row else {})


def record_outcome(
    connection: sa.Connection,
    job: int,
    counts: Counter[str],
    failures: Sequence[Sentence],
    before: Counter[str],
) -> None:
    """Records the counts of an attempt as if the job had run once; the last failures are those that ended it.

    Pages that were added just before a worker was lost, and not recorded, count as unchanged.
    """
    total = counts + before
    total["unchanged"] -= min(total["unchanged"], sum(before[name] for name in ("added", "new_version", "reread")))
    values = (job, *(total[name] for name in OUTCOMES), json.dumps(failures[-_LISTED_FAILURES:]))
    connection.exec_driver_sql(_RECORD, values)
