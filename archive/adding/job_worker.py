"""Runs jobs: a worker takes one after the other from PostgreSQL, and adds its files as `gongkai add` does.

procrastinate gives each job to one worker, and records a sign of life of each worker. The jobs of a worker that gives
none return to the queue. A job that runs again finds what it has added, and adds the rest.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import psycopg_pool
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from archive.adding.file_adder import Sentence
from archive.adding.job_attempt import JobAttempt, earlier_counts, record_outcome
from archive.adding.job_list import STALLED_AFTER, JobEnd, JobState
from archive.adding.job_queue import TASK, path_of
from archive.adding.job_table import QUEUE, create_tables, job_connection
from archive.errors import GongkaiError
from archive.store.dialects.postgresql_errors import location
from archive.store.dialects.postgresql_errors import translated as of_psycopg

ATTEMPTS = 8
"""Attempts at a job whose worker was lost, or which a fault ended that passes, such as an object store that is away."""
_SIGNS = 6
"""Signs of life in that time."""
_FIRST_PAUSE, _LONGEST_PAUSE = 10, 3600
"""Seconds before the second attempt at a job, and at most; each pause is four times as long as the one before."""
_LONGEST_WAIT = 30
"""Seconds between two attempts to reach PostgreSQL."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOST: Sentence = (
    f"处理这个作业的进程中断了 {ATTEMPTS} 次，不再重试。请查看它的日志，然后运行 gongkai jobs --retry。",
    f"The worker of this job was lost {ATTEMPTS} times; it is not tried again. Look at its log, then run "
    "gongkai jobs --retry.",
)
# The jobs of workers that gave no sign of life; those that were tried often enough fail.
_STALLED = """SELECT job.id, job.attempts FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND job.queue_name = %s
    AND (worker.id IS NULL OR worker.last_heartbeat < now() - %s * interval '1 second')
    FOR UPDATE OF job SKIP LOCKED"""
_RETURNED = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_FAILED = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"
_UNFINISHED = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status IN ('todo', 'doing')"


class JobWorker:
    """Runs the jobs of a catalogue in PostgreSQL, with `readers` processes that read, until it is stopped.

    `on_end` is called after each attempt at a job, in another thread; `on_wait` with the reason while PostgreSQL cannot
    be reached; `on_stop` when the worker is asked to end. With `drain`, it ends when no job waits or runs, on other
    workers either.
    """

    def __init__(
        self,
        home: Path,
        readers: int,
        on_end: Callable[[JobEnd], None],
        on_wait: Callable[[GongkaiError], None],
        on_stop: Callable[[], None],
        *,
        drain: bool = False,
        stalled_after: float = STALLED_AFTER,
    ) -> None:
        self._home, self._readers = home, readers
        self._on_end, self._on_wait, self._on_stop = on_end, on_wait, on_stop
        self._is_stopped = False
        self._drain, self._stalled_after = drain, stalled_after
        self._where = ""
        self._options: dict[str, Any] = {}

    def run(self) -> None:
        """Runs jobs. SIGTERM, SIGINT and SIGHUP end it after the page being added; its job returns to the queue.

        Raises:
            GongkaiError: PostgreSQL or the tables cannot be used when it starts.
        """
        with job_connection(self._home) as connection:
            create_tables(connection)
            url = connection.engine.url
            self._where = location(url)
            self._options = {**connection.engine.dialect.create_connect_args(url)[1]}
        for name in ("procrastinate", "psycopg.pool"):  # they log what `on_end` and `on_wait` say
            logging.getLogger(name).setLevel(logging.CRITICAL)
        asyncio.run(self._run())

    async def _run(self) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        # a job whose end could not be recorded returns to the queue when its worker counts as lost
        loop.set_exception_handler(lambda *_: None)

        def end() -> None:
            stop.set()
            self._is_stopped = True
            self._on_stop()
            for number in handled:
                loop.remove_signal_handler(number)  # a second one ends the program at once

        handled = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
        for number in handled:
            loop.add_signal_handler(number, end)
        wait = 1.0
        while not stop.is_set():
            try:
                async with self._app().open_async() as app:
                    wait = 1.0
                    await self._serve(app, stop)
            except (ConnectorException, psycopg.Error, GongkaiError) as error:
                self._on_wait(error if isinstance(error, GongkaiError) else self._sentence(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), wait)
                wait = min(2 * wait, _LONGEST_WAIT)

    async def _serve(self, app: App, stop: asyncio.Event) -> None:
        """Runs jobs until there is a fault, `stop` is set or, with `drain`, none is left."""
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=1,
                install_signal_handlers=False,
                listen_notify=False,  # a connection that is lost would end the job that runs
                fetch_job_polling_interval=1 if self._drain else 5,
                shutdown_graceful_timeout=0,
                update_heartbeat_interval=self._stalled_after / _SIGNS,
                stalled_worker_timeout=self._stalled_after,
            )
        )
        watch = asyncio.create_task(self._watch(stop))
        try:
            await asyncio.wait((worker, watch), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (watch, worker):
                task.cancel()
            ended = await asyncio.gather(watch, worker, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _watch(self, stop: asyncio.Event) -> None:
        """Returns stalled jobs to the queue, until `stop` is set; with `drain`, sets it when no job is left."""
        pause = min(1.0, self._stalled_after / _SIGNS) if self._drain else self._stalled_after / _SIGNS
        while not stop.is_set():
            with suppress(GongkaiError):  # the worker notices it, too
                if await asyncio.to_thread(self._return_stalled) == 0 and self._drain:
                    stop.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    def _return_stalled(self) -> int:
        """Returns the number of jobs that wait or run."""
        with job_connection(self._home) as connection:
            connection.rollback()
            with connection.begin():
                stalled = connection.exec_driver_sql(_STALLED, (QUEUE, self._stalled_after)).all()
                for number, attempts in stalled:
                    if attempts + 1 < ATTEMPTS:
                        connection.exec_driver_sql(_RETURNED, (number,))
                    else:
                        before = earlier_counts(connection, number)
                        record_outcome(connection, number, Counter(), [_LOST], before)
                        connection.exec_driver_sql(_FAILED, (number,))
                return int(connection.exec_driver_sql(_UNFINISHED, (QUEUE,)).scalar_one())

    def _app(self) -> App:
        options = {**self._options, "application_name": "gongkai worker"}
        app = App(connector=PsycopgConnector(kwargs=options, min_size=1, timeout=self._stalled_after / 2))
        app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_Retries())(self._add)
        return app

    def _sentence(self, error: Exception) -> GongkaiError:
        """Returns the sentence for an error of the connection from which jobs are taken."""
        cause = error.__cause__ or error
        reason = cause if isinstance(cause, psycopg.Error) else psycopg.OperationalError(str(cause))
        if isinstance(reason, psycopg_pool.PoolTimeout):
            reason = psycopg.OperationalError(str(reason))
        return of_psycopg(reason, self._where)

    def _add(self, context: JobContext, files: list[str]) -> None:
        attempt = JobAttempt(self._home, context.job.id or 0, [path_of(file) for file in files])
        state: JobState = "failed"
        try:
            state = attempt.run(self._readers, lambda: self._is_stopped or context.should_abort())
        except GongkaiError:
            state = "repeated" if _is_repeated(context.job) else "failed"
            raise
        finally:
            self._on_end(JobEnd(attempt.number, attempt.files, state, attempt.counts, attempt.failures))
        if state == "repeated":
            raise InterruptedError
        if state == "failed":
            raise RuntimeError("some pages were not added")


class _Retries(BaseRetryStrategy):
    """Repeats a job that was stopped, at once, and one that a fault ended which can pass, after a pause."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, InterruptedError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, GongkaiError) and _is_repeated(job):
            return RetryDecision(retry_in={"seconds": min(_FIRST_PAUSE * 4**job.attempts, _LONGEST_PAUSE)})
        return None


def _is_repeated(job: Job) -> bool:
    return job.attempts + 1 < ATTEMPTS
