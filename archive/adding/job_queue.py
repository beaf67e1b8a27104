"""Puts files into the queue as jobs, one for each WARC or batch of small files, and returns failed jobs to it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote_to_bytes

from archive.adding.job_table import (
    QUEUE,
    create_tables,
    has_jobs,
    job_connection,
    lock_queue,
    no_procrastinate,
    require_database,
)

TASK = "gongkai.add"
BATCH_FILES = 50
"""Files of a job: what one transaction adds."""
BATCH_BYTES = 32 << 20
"""The size of the files of a job. A larger file, such as a WARC, is a job of its own."""
_INSERTED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Queued:
    """Numbers of jobs that were put into the queue, of their files, and of jobs that were in it already."""

    jobs: int
    files: int
    known: int


def enqueue(home: Path, files: Iterable[Path]) -> Queued:
    """Puts files into the queue. A batch that waits or is read already is not put into it again.

    Raises:
        MissingSupport: the catalogue is not in PostgreSQL, or procrastinate is not installed.
    """
    require_database(adding=True)
    try:
        from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415
        from procrastinate.jobs import Job  # noqa: PLC0415
    except ImportError as error:
        raise no_procrastinate() from error
    jobs = App(connector=SyncPsycopgConnector()).job_manager
    put = put_files = known = 0
    with job_connection(home) as connection:
        create_tables(connection)
        batches = batches_of(files)
        while chunk := {_lock(batch): batch for batch in islice(batches, _INSERTED_AT_ONCE)}:
            with connection.begin():
                lock_queue(connection)
                query = (
                    "SELECT queueing_lock FROM procrastinate_jobs "
                    "WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(%s)"
                )
                for lock in connection.exec_driver_sql(query, ([*chunk],)).scalars():
                    del chunk[lock]
                    known += 1
                # the new job replaces an earlier one of the same files
                connection.exec_driver_sql("DELETE FROM procrastinate_jobs WHERE queueing_lock = ANY(%s)", ([*chunk],))
                if chunk:
                    jobs.batch_defer_jobs(
                        [
                            Job(
                                id=None,
                                queue=QUEUE,
                                task_name=TASK,
                                lock=None,
                                queueing_lock=lock,
                                task_kwargs={"files": [path.as_uri() for path in batch]},
                            )
                            for lock, batch in chunk.items()
                        ],
                        connection=connection.connection.driver_connection,
                    )
            put += len(chunk)
            put_files += sum(map(len, chunk.values()))
    return Queued(put, put_files, known)


def retry_failed(home: Path) -> int:
    """Returns all failed jobs to the queue; returns their number."""
    return _changed(
        home,
        "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL "
        "WHERE queue_name = %s AND status = 'failed'",
    )


def forget_succeeded(home: Path) -> int:
    """Forgets the jobs that succeeded; returns their number."""
    return _changed(home, "DELETE FROM procrastinate_jobs WHERE queue_name = %s AND status = 'succeeded'")


def forget_failed(home: Path) -> int:
    """Forgets the jobs that failed; returns their number."""
    return _changed(home, "DELETE FROM procrastinate_jobs WHERE queue_name = %s AND status = 'failed'")


def batches_of(files: Iterable[Path]) -> Iterator[Sequence[Path]]:
    """Yields the files of each job, with absolute paths."""
    batch: list[Path] = []
    size = 0
    for file in files:
        path = Path(os.path.abspath(file))  # noqa: PTH100 (a link stays: other machines can have it elsewhere)
        own = _size(path)
        if batch and (len(batch) >= BATCH_FILES or size + own > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += own
    if batch:
        yield batch


def path_of(uri: str) -> Path:
    """Returns the path that `Path.as_uri` has written, of any bytes."""
    return Path(os.fsdecode(unquote_to_bytes(uri.removeprefix("file://"))))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # the job reports it


def _lock(batch: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(map(os.fsencode, batch))).hexdigest()


def _changed(home: Path, statement: str) -> int:
    with job_connection(home) as connection:
        if not has_jobs(connection):
            return 0
        connection.rollback()
        with connection.begin():
            return connection.exec_driver_sql(statement, (QUEUE,)).rowcount
