"""Many files read at once, their results in the order of the files, whatever the number of workers."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path

from archive.files import Parsed, parse_file

# Starting workers takes some seconds, in which one process reads so many files.
_FEW = 50


def parse_files(paths: Sequence[Path], jobs: int) -> Iterator[tuple[Path, tuple[Parsed, ...]]]:
    """Each file with what it says, page by page, in the order given.

    Args:
        paths: the files.
        jobs: how many processes read; 1 reads in this one.
    """
    done = 0
    if jobs > 1 and len(paths) >= _FEW:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            try:
                for path, parsed in zip(paths, pool.map(parse_file, paths), strict=True):
                    yield path, parsed
                    done += 1
            except BrokenProcessPool:  # a worker was killed from outside: what is left is read here
                pass
    for path in islice(paths, done, None):
        yield path, parse_file(path)
