"""Lists the jobs of a catalogue in PostgreSQL: how many wait, run and have ended, and why some failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from archive.adding.file_adder import Sentence
from archive.adding.job_queue import path_of
from archive.adding.job_table import OUTCOMES, QUEUE, TABLE, has_jobs
from archive.errors import Language
from archive.export.json_types import Count, Json, record, shape

LISTED = 100
"""Failed jobs that are listed, the latest first."""
STALLED_AFTER = 60
"""Seconds without a sign of life after which a worker counts as lost."""
_STATES = {"todo": "waiting", "doing": "running", "succeeded": "succeeded", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class ListedJob:
    """A job that runs or has failed. `failures` are some of the reasons; `counts` is None before the first batch."""

    number: Count
    files: tuple[Path, ...]
    attempts: Count
    changed: datetime | None
    counts: Mapping[str, Count] | None
    failures: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class JobList:
    """The state of the queue.

    `workers` counts those that are not lost, `counts` adds up the reports, notices and failed pages of all jobs.
    """

    waiting: Count
    running: Count
    succeeded: Count
    failed: Count
    files: Count
    finished_files: Count
    workers: Count
    counts: Mapping[str, Count]
    running_jobs: tuple[ListedJob, ...]
    failed_jobs: tuple[ListedJob, ...]

    @property
    def jobs(self) -> int:
        return self.waiting + self.running + self.succeeded + self.failed


JobState = Literal["succeeded", "failed", "repeated"]
"""The end of an attempt; `repeated` if the job returns to the queue."""


@dataclass(frozen=True, slots=True)
class JobEnd:
    """What became of one attempt at a job."""

    number: int
    files: Sequence[Path]
    state: JobState
    counts: Mapping[str, int]
    failures: Sequence[Sentence]


_JOB = shape(
    "job", number=Count, files=[str], attempts=Count, changed=datetime | None,
    counts=dict[str, Count] | None, failures=[str],
)  # fmt: skip
JOBS = shape(
    "jobs", JobList, "waiting running succeeded failed files finished_files workers",
    counts=dict[str, Count], running_jobs=[_JOB], failed_jobs=[_JOB],
)  # fmt: skip


def list_jobs(connection: sa.Connection, most: int = LISTED) -> JobList:
    """Lists the jobs; all numbers are 0 before any file was put into the queue."""
    if not has_jobs(connection):
        return JobList(0, 0, 0, 0, 0, 0, 0, dict.fromkeys(OUTCOMES, 0), (), ())
    states = dict.fromkeys(_STATES.values(), 0)
    files = dict(states)
    query = (
        "SELECT status::text, count(*), sum(jsonb_array_length(args -> 'files')) FROM procrastinate_jobs "
        "WHERE queue_name = %s GROUP BY status"
    )
    for status, jobs, held in connection.exec_driver_sql(query, (QUEUE,)):
        state = _STATES.get(status, "failed")
        states[state] += jobs
        files[state] += int(held)
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in OUTCOMES)
    totals = connection.exec_driver_sql(f"SELECT {sums} FROM {TABLE}").one()  # noqa: S608
    query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second'"
    return JobList(
        **states,
        files=sum(files.values()),
        finished_files=files["succeeded"] + files["failed"],
        workers=connection.exec_driver_sql(query, (STALLED_AFTER,)).scalar_one(),
        counts=dict(zip(OUTCOMES, map(int, totals), strict=True)),
        running_jobs=_listed(connection, "doing", most),
        failed_jobs=_listed(connection, "failed", most),
    )


def jobs_json(jobs: JobList, language: Language) -> Json:
    running, failed = ([_job_json(job, language) for job in each] for each in (jobs.running_jobs, jobs.failed_jobs))
    return record(JOBS, jobs, running_jobs=running, failed_jobs=failed)


def _job_json(job: ListedJob, language: Language) -> Json:
    failures = [zh if language == "zh" else en for zh, en in job.failures]
    return record(_JOB, job, files=[shown_path(path) for path in job.files], failures=failures)


def shown_path(path: Path) -> str:
    """Returns a path as text; bytes that are not UTF-8 are replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _listed(connection: sa.Connection, status: str, most: int) -> tuple[ListedJob, ...]:
    columns = ", ".join(OUTCOMES)
    query = (
        f"SELECT id, args -> 'files' AS files, attempts, changed, failures, {columns} "  # noqa: S608
        f"FROM procrastinate_jobs LEFT JOIN {TABLE} ON job = id "
        "WHERE queue_name = %s AND status = %s::procrastinate_job_status ORDER BY changed DESC NULLS LAST, id LIMIT %s"
    )
    return tuple(_job(row) for row in connection.exec_driver_sql(query, (QUEUE, status, most)))


def _job(row: sa.Row[Any]) -> ListedJob:
    values = row._asdict()
    counts = None if values["failures"] is None else {name: values[name] for name in OUTCOMES}
    failures = tuple((zh, en) for zh, en in json.loads(values["failures"] or "[]"))
    files = tuple(map(path_of, values["files"]))
    return ListedJob(values["id"], files, values["attempts"], values["changed"], counts, failures)
