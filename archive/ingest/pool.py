"""Parses the pages of many files in parallel, and returns them in the order of the files."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import get_ident

from archive.errors import GongkaiError
from archive.ingest.process import kill_processes_of
from archive.ingest.sandbox import PendingPage, try_in_sandbox
from archive.ingest.sources import pages_of
from archive.limits import LIMITS, Limits
from archive.model import Reading
from archive.readers.containers import Capture

Parsed = tuple[bytes, Reading] | GongkaiError
"""A page as captured and what it says, or the sentence that says why it cannot be read."""

# Pages for each process that are read ahead of the one that is waited for: a slow page idles none of them.
_AHEAD = 4
_KILL_AGAIN_SECONDS = 0.1


def parse_files(
    paths: Iterable[Path], jobs: int, limits: Limits = LIMITS
) -> Generator[tuple[Path, Parsed], None, None]:
    """Every page of each file with what it says, before its agencies are resolved (see `parse_source`), in order.

    Closing the generator ends the processes that are reading.

    Args:
        paths: the files; each gives at least one page, or an error that says why there is none.
        jobs: how many processes read.
        limits: of each page, and of the bytes of all pages in memory.
    """
    users: set[int] = set()
    queue = _Queue(jobs, limits)
    with ThreadPoolExecutor(jobs, initializer=lambda: users.add(get_ident())) as threads:
        try:
            for path in paths:
                for page in pages_of(path, limits):
                    size = page.size if isinstance(page, PendingPage) else 0
                    while not queue.has_room_for(size):
                        yield queue.next()
                    capture = page.load() if isinstance(page, PendingPage) else page
                    queue.append(path, size, threads.submit(_parse, capture, limits))
                    del page, capture
            while queue:
                yield queue.next()
        finally:
            queue.cancel(users)


class _Queue:
    """Pages that are being parsed or were parsed, in order, bounded in number and in bytes.

    The page returned last counts until the next one is returned: the caller still uses it.
    """

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._most = _AHEAD * jobs
        self._most_bytes = limits.in_flight
        self._waiting: deque[tuple[Path, int, Future[Parsed]]] = deque()
        self._bytes = 0
        self._returned = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def has_room_for(self, size: int) -> bool:
        """Whether a page can be loaded; one that is larger than the bound waits until no other page does."""
        return not self or (len(self) <= self._most and self._bytes + size <= self._most_bytes)

    def append(self, path: Path, size: int, future: Future[Parsed]) -> None:
        self._waiting.append((path, size, future))
        self._bytes += size

    def next(self) -> tuple[Path, Parsed]:
        """The first page, when it was parsed."""
        path, size, future = self._waiting[0]
        parsed = future.result()
        self._waiting.popleft()
        self._bytes -= self._returned
        self._returned = size
        return path, parsed

    def cancel(self, threads: set[int]) -> None:
        """Ends the work on the pages that are left."""
        running = {future for _, _, future in self._waiting if not future.cancel()}
        while running:
            kill_processes_of(threads)
            running = wait(running, _KILL_AGAIN_SECONDS).not_done


def _parse(capture: Capture | GongkaiError, limits: Limits) -> Parsed:
    if isinstance(capture, GongkaiError):
        return capture
    result = try_in_sandbox(*capture, limits)
    return result if isinstance(result, GongkaiError) else (capture[0], result)
