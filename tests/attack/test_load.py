"""Eight clients and a writer at once: no status 5xx but 503, and the memory of the site stays flat."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.attack.archives import write_pages
from tests.attack.processes import Launcher
from tests.attack.random_requests import Requests
from tests.attack.results import Results
from tests.attack.scale import IS_LONG, PATIENCE, seeded
from tests.attack.serving import Site
from webui.app import create_app

SEED = 11
CLIENTS = 8
MINUTES = 20
"""Duration of the long form."""
REQUESTS = 400
"""Requests of the short form."""
GROWTH = 64 if IS_LONG else 200
"""Megabytes by which the peak of the last third may exceed that of the middle third.

Caches of pages and answers are bounded in bytes; a new generation of the index is open together with the one before,
with caches of its own. In the short form the caches are still filling.
"""
FINE = {200, 301, 302, 304, 308, 400, 404, 405, 414, 429, 431, 503}


class Load:
    """Clients that send random requests until a deadline or a count is reached."""

    def __init__(self, site: Site, home: Path, results: Results) -> None:
        self._site = site
        self._requests = Requests(create_app(home), SEED)
        self._lock = threading.Lock()
        self._end = time.monotonic() + 60 * MINUTES
        self._results = results
        self.sent = 0
        self.failures: list[str] = []
        self.memory: list[float] = []

    def next(self) -> str | None:
        with self._lock:
            if time.monotonic() > self._end or (not IS_LONG and self.sent >= REQUESTS) or self.failures:
                return None
            self.sent += 1
            if self.sent % 20 == 0:
                self.memory.append(self._site.resident_megabytes())
            return self._requests.path()

    def client(self) -> None:
        while (path := self.next()) is not None:
            try:
                status, body = self._site.get(path)
            except Exception as error:  # whatever is raised is the finding
                self.failures.append(f"{path}: {error!r}")
                return
            with self._lock:
                self._results.count(str(status))
                if status not in FINE or b"Traceback" in body:
                    self.failures.append(f"{path}: {status} {body[:300]!r}")

    def thirds(self) -> list[float]:
        """The peak of memory in each third of the requests, in megabytes."""
        step = len(self.memory) // 3
        return [max(self.memory[start : start + step]) for start in (0, step, 2 * step)]


class Writer:
    """Adds new versions of reports and updates the index until it is stopped."""

    def __init__(self, home: Path, folder: Path, launcher: Launcher) -> None:
        self._home, self._folder, self._launcher = home, folder, launcher
        self._is_stopped = threading.Event()
        self.updates = 0
        self.failures: list[str] = []

    def run(self) -> None:
        while not self._is_stopped.is_set() and not self.failures:
            pages = write_pages(self._folder / str(self.updates), 6, seeded(self.updates))
            for command in (["add", pages], ["index"]):
                ended = self._launcher.run("--home", self._home, *command)
                if ended.code:
                    self.failures.append(ended.err)
            self.updates += 1

    def stop(self) -> None:
        self._is_stopped.set()


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    running = Site(filled, tmp_path / "site", "--requests-per-address", "100")
    yield running
    running.close()


def test_mixed_load(
    site: Site, filled: Path, tmp_path: Path, launcher: Launcher, results_of: Callable[[str], Results]
) -> None:
    results = results_of("load")
    load, writer = Load(site, filled, results), Writer(filled, tmp_path / "pages", launcher)
    begin = time.monotonic()
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        writing = threads.submit(writer.run)
        try:
            for client in [threads.submit(load.client) for _ in range(CLIENTS)]:
                client.result()
        finally:
            writer.stop()
        writing.result(PATIENCE)
    assert load.failures == [], "\n".join(line for line in site.log().splitlines() if " level=INFO " not in line)
    assert writer.failures == []
    assert "Traceback" not in site.log()
    assert site.get("/healthz")[0] == 200
    first, middle, last = load.thirds()
    results.figures |= {
        "minutes": round((time.monotonic() - begin) / 60, 1),
        "updates of archive and index meanwhile": writer.updates,
        "peak memory by thirds, MB": f"{first:.0f}, {middle:.0f}, {last:.0f}",
    }
    assert writer.updates
    assert last - middle < GROWTH
