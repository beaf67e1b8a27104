"""Many pages read at once, what they say in the order of the files, whatever the number of processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from archive.errors import GongkaiError
from archive.ingest.sandbox import parse_in_sandbox
from archive.ingest.sources import captures_in
from archive.model import Reading
from archive.readers.warc import Capture

Parsed = tuple[bytes, Reading] | GongkaiError
"""A page as captured and what it says, or the sentence that says why it cannot be read."""

# So many pages for each process are read ahead of the one that is waited for: a slow page idles none of them, and
# memory does not grow with the number of pages.
_AHEAD = 4


def parse_files(paths: Iterable[Path], jobs: int) -> Iterator[tuple[Path, Parsed]]:
    """Every page of each file with what it says, before its agencies are settled (see `parse_source`), in order.

    Args:
        paths: the files; each gives one page at least, or the sentence that says why there is none.
        jobs: how many processes read.
    """
    waiting: deque[tuple[Path, Future[Parsed]]] = deque()
    with ThreadPoolExecutor(jobs) as threads:
        for path in paths:
            for capture in captures_in(path):
                waiting.append((path, threads.submit(_parse, capture)))
                if len(waiting) > _AHEAD * jobs:
                    yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: deque[tuple[Path, Future[Parsed]]]) -> tuple[Path, Parsed]:
    path, future = waiting.popleft()
    return path, future.result()


def _parse(capture: Capture | GongkaiError) -> Parsed:
    if isinstance(capture, GongkaiError):
        return capture
    data, source = capture
    try:
        return data, parse_in_sandbox(data, source)
    except GongkaiError as error:
        return error
