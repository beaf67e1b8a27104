"""Files that several workers take from PostgreSQL: each is added once, whatever happens to a worker or the server."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from archive.adding import job_queue
from archive.adding.job_worker import ATTEMPTS
from archive.store.catalogue import Catalogue
from archive.store.verify import verify_catalogue, verify_originals
from tests.archive.pages import prose_report
from tests.archive.readers.documents import warc_file
from tests.cluster.postgresql import Server
from tests.cluster.test_postgresql_faults import gongkai
from tests.cluster.test_postgresql_writers import write_pages
from tests.gongkai.command_line import run, write
from webui.app import create_app

pytestmark = [pytest.mark.cluster, pytest.mark.usefixtures("postgresql_url")]

IN_WARC = 60
"""Pages of a job. A transaction adds 50, and up to 5 are read ahead when the worker comes to the next file."""
ADDED_FIRST = 50
_END = 240
"""Seconds after which a worker that does nothing is an error."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def state(home: Path) -> dict[str, Any]:
    """The JSON of `gongkai jobs`."""
    found: dict[str, Any] = json.loads(run(home, "jobs", "--json", language="en").stdout)
    return found


def numbers(home: Path) -> tuple[int, ...]:
    """The jobs that wait, run, succeeded and failed."""
    found = state(home)
    return tuple(found[name] for name in ("waiting", "running", "succeeded", "failed"))


def reports(home: Path) -> int:
    with Catalogue.open(home) as catalogue:
        return catalogue.count()


def recorded(home: Path) -> int:
    """The reports that jobs have added, which is recorded after they are added."""
    added: int = state(home)["counts"]["added"]
    return added


def damage(home: Path) -> list[str]:
    return [each.en for check in (verify_catalogue, verify_originals) for each in check(home, lambda *_: None)]


def wait_until(done: Callable[[], bool], worker: subprocess.Popen[str]) -> None:
    end = time.monotonic() + _END
    while not done():
        assert worker.poll() is None, worker.communicate()
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def last(tmp_path: Path, home: Path) -> Path:
    """A job of a WARC with 60 pages, and of a file that a worker of `waiting` does not read yet."""
    archive, page = tmp_path / "pages.warc.gz", tmp_path / "page.txt"
    pages = ("\n".join(prose_report("泉州市教育局", year)).encode() for year in range(1960, 1960 + IN_WARC))
    records = [(f"https://example.gov.cn/{number}.txt", "text/plain", page) for number, page in enumerate(pages)]
    archive.write_bytes(warc_file(records))
    write(page, prose_report("泉州市教育局", 1960 + IN_WARC))
    result = run(home, "add", "--queue", archive, page, language="en")
    assert result.stdout == "Queued: files 2, jobs 1. See gongkai jobs for the progress.\n"
    return page


def waiting(home: Path, *arguments: str, errors: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    """A worker that waits before the last file of its job."""
    return gongkai(home, "worker", "--jobs", "1", *arguments, errors=errors, module="tests.cluster.waiting_program")


def let_go(last: Path) -> None:
    """Lets a worker read the last file."""
    last.with_name("continue").touch()


def forget_sign_of_life(server: Server, schema: str) -> None:
    """Makes all workers look lost, so that no test waits for that."""
    server.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'", schema)


def schema_of(url: str) -> str:
    return url.rpartition("%3D")[2]


def test_workers_add_what_add_adds(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = write_pages(tmp_path / "pages", 20, range(2022, 2024))
    monkeypatch.setattr(job_queue, "BATCH_FILES", 7)
    assert run(home, "add", "--queue", pages).exit_code == 0
    again = run(home, "add", "--queue", pages, language="en")
    assert again.stdout == "Queued: files 0, jobs 0; in the queue already: jobs 6. See gongkai jobs for the progress.\n"
    assert numbers(home) == (6, 0, 0, 0)
    workers = [gongkai(home, "worker", "--drain", "--jobs", "1") for _ in range(2)]
    outputs = [worker.communicate(timeout=_END) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outputs
    assert sum(output.count("succeeded") for output, _ in outputs) == 6, "each job is run once"
    found = state(home)
    assert (found["succeeded"], found["files"], found["finished_files"], found["failed_jobs"]) == (6, 40, 40, [])
    assert (found["counts"]["added"], found["counts"]["unchanged"], found["counts"]["failed"]) == (40, 0, 0)
    assert damage(home) == []
    with Catalogue.open(home) as catalogue:
        listed = [(each.address, each.digest) for each in catalogue.listed()]
        agencies = catalogue.agencies()
    monkeypatch.delenv("GONGKAI_CATALOGUE")
    assert run(tmp_path / "alone", "add", pages).exit_code == 0
    with Catalogue.open(tmp_path / "alone") as catalogue:
        assert [(each.address, each.digest) for each in catalogue.listed()] == listed
        assert catalogue.agencies() == agencies


def test_a_worker_that_is_killed(home: Path, last: Path, postgresql: Server, postgresql_url: str) -> None:
    killed = waiting(home)
    try:
        wait_until(lambda: recorded(home) == ADDED_FIRST, killed)
    finally:
        killed.kill()
        killed.communicate()
    assert numbers(home) == (0, 1, 0, 0), "nobody knows yet that it is dead"
    forget_sign_of_life(postgresql, schema_of(postgresql_url))
    result = run(home, "worker", "--drain", language="en")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        f"succeeded: {IN_WARC + 1 - ADDED_FIRST} added, 0 new versions, {ADDED_FIRST} unchanged, 0 failed"
        in result.stdout
    )
    counts = state(home)["counts"]
    assert (counts["added"], counts["unchanged"]) == (IN_WARC + 1, 0), "what was added before is counted once"
    assert reports(home) == IN_WARC + 1
    assert damage(home) == []


def test_a_worker_that_is_asked_to_end(tmp_path: Path, home: Path, last: Path) -> None:
    with (tmp_path / "errors").open("w") as errors:
        worker = waiting(home, errors=errors)
    try:
        wait_until(lambda: recorded(home) == ADDED_FIRST, worker)
        worker.send_signal(signal.SIGTERM)
        wait_until(lambda: "Ending" in (tmp_path / "errors").read_text(), worker)
        let_go(last)
        output, _ = worker.communicate(timeout=_END)
    finally:
        worker.kill()
        worker.communicate()
    assert worker.returncode == 0
    assert (tmp_path / "errors").read_text() == "Ending after the page that is being read.\n"
    assert "will be repeated" in output
    assert numbers(home) == (1, 0, 0, 0), "the job is there for others at once"
    assert state(home)["workers"] == 0
    assert run(home, "worker", "--drain").exit_code == 0
    assert (numbers(home), reports(home)) == ((0, 0, 1, 0), IN_WARC + 1)


def test_a_file_that_cannot_be_read(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = write_pages(tmp_path / "pages", 4, range(2023, 2024))
    gone = tmp_path / "gone.txt"
    monkeypatch.setattr(job_queue, "BATCH_FILES", 3)
    assert run(home, "add", "--queue", gone, pages).exit_code == 0
    result = run(home, "worker", "--drain", language="en")
    assert result.exit_code == 1
    assert result.stderr == f"There is no file {gone}. Check the path.\n"
    assert (numbers(home), reports(home)) == ((0, 0, 1, 1), 4), "all other files are added, those of the job too"
    (failed,) = state(home)["failed_jobs"]
    assert failed["files"][0] == str(gone)
    assert failed["failures"] == [result.stderr.strip()]
    client = create_app(home).test_client()
    assert client.get("/en/api/status").json["jobs"] == state(home)
    assert result.stderr.strip() in client.get("/en/status").text.replace("&#39;", "'")
    listed = run(home, "jobs", language="zh")
    assert listed.exit_code == 1
    assert f"没有文件 {gone}" in listed.stdout
    refused = run(home, "jobs", "--retry", "--clear-failed", language="en")
    assert (refused.exit_code, "--clear-failed" in refused.stderr) == (2, True)
    write(gone, prose_report("厦门市水利局", 2019))
    retried = run(home, "jobs", "--retry", language="en")
    assert retried.stdout.startswith("Jobs returned to the queue: 1.\n")
    assert run(home, "worker", "--drain").exit_code == 0
    assert (numbers(home), reports(home)) == ((0, 0, 2, 0), 5)
    found = state(home)
    assert (found["counts"]["added"], found["counts"]["unchanged"], found["counts"]["failed"]) == (5, 0, 0)
    assert run(home, "jobs", "--clear", language="en").stdout.startswith("Jobs that are listed no longer: 2.\n")
    assert numbers(home) == (0, 0, 0, 0)
    run(home, "add", "--queue", gone, tmp_path / "absent.txt")
    run(home, "worker", "--drain")
    assert numbers(home)[3] == 1
    cleared = run(home, "jobs", "--clear-failed", language="en")
    assert (cleared.exit_code, cleared.stdout.startswith("Jobs that are listed no longer: 1.\n")) == (0, True)
    assert numbers(home)[3] == 0


def test_a_job_that_ends_its_workers(tmp_path: Path, home: Path, postgresql: Server, postgresql_url: str) -> None:
    pages, schema = write_pages(tmp_path / "pages", 1, range(2023, 2024)), schema_of(postgresql_url)
    assert run(home, "add", "--queue", pages).exit_code == 0
    lost = f"UPDATE procrastinate_jobs SET status = 'doing', attempts = {ATTEMPTS - 1}"  # noqa: S608
    assert postgresql.execute(lost, schema) == 1
    assert run(home, "worker", "--drain").exit_code == 0
    (failed,) = state(home)["failed_jobs"]
    assert failed["failures"][0].startswith(f"The worker of this job was lost {ATTEMPTS} times")
    assert reports(home) == 0
    run(home, "jobs", "--retry")
    assert run(home, "worker", "--drain").exit_code == 0
    assert (numbers(home), reports(home)) == ((0, 0, 1, 0), 1)


def test_a_server_that_restarts_in_a_job(home: Path, last: Path, postgresql: Server) -> None:
    worker = waiting(home, "--drain")
    try:
        wait_until(lambda: recorded(home) == ADDED_FIRST, worker)
        postgresql.stop()
        postgresql.start()
        let_go(last)
        output, errors = worker.communicate(timeout=_END)
    finally:
        worker.kill()
        worker.communicate()
        postgresql.stop()
        postgresql.start()
    assert worker.returncode == 0, errors
    assert "Check that PostgreSQL is running" in errors and "Traceback" not in errors, errors
    assert "will be repeated" in output
    assert (numbers(home), reports(home)) == ((0, 0, 1, 0), IN_WARC + 1)
    assert state(home)["counts"]["added"] == IN_WARC + 1
    assert damage(home) == []


def test_a_server_that_is_away_from_an_idle_worker(tmp_path: Path, home: Path, postgresql: Server) -> None:
    pages = write_pages(tmp_path / "pages", 1, range(2023, 2024))
    assert run(home, "jobs").exit_code == 0, "the tables of the catalogue are there"
    with (tmp_path / "errors").open("w") as errors:
        worker = gongkai(home, "worker", "--stalled-after", "6", errors=errors)
    try:
        wait_until(lambda: state(home)["workers"] == 1, worker)
        postgresql.stop()
        wait_until(lambda: "Check that PostgreSQL is running" in (tmp_path / "errors").read_text(), worker)
        postgresql.start()
        assert run(home, "add", "--queue", pages).exit_code == 0
        wait_until(lambda: numbers(home) == (0, 0, 1, 0), worker)
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=_END)
    finally:
        worker.kill()
        worker.communicate()
        postgresql.stop()
        postgresql.start()
    assert worker.returncode == 0
    assert "Traceback" not in (tmp_path / "errors").read_text()
    assert reports(home) == 1
