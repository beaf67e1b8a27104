"""Reading: pages a second and peak memory for text, HTML and PDF, on one core and on all; then stage by stage."""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import tempfile
import time
from pathlib import Path

from archive import read_path
from archive.workers import parse_files
from tests.archive.readers.documents import html_page, pdf_file

PAGE = Path(__file__).parents[1] / "corpus" / "haidian-city-management" / "page.txt"
STAGES = 12


def main() -> None:
    """Prints a line for each format and number of processes, and the stages that take the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 100], help="how many pages of each format")
    args = parser.parse_args()
    formats = {"txt": PAGE.read_bytes(), "html": html_page().encode(), "pdf": pdf_file()}
    for count in args.pages:
        for suffix, data in formats.items():
            for jobs in sorted({1, os.cpu_count() or 1}):
                seconds = _read(data, suffix, count, jobs)
                print(f"{count:>6} {suffix:<4} {jobs} processes: {count / seconds:8.1f} pages a second")
    own, other = _megabytes(resource.RUSAGE_SELF), _megabytes(resource.RUSAGE_CHILDREN)
    print(f"peak memory: {own} MB in this process, {other} MB in any other")
    with cProfile.Profile() as profile:
        read_path(PAGE)
    pstats.Stats(profile).sort_stats("cumulative").print_stats("archive", STAGES)


def _read(data: bytes, suffix: str, count: int, jobs: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.{suffix}") for number in range(count)]
        for path in paths:
            path.write_bytes(data)
        start = time.perf_counter()
        for _ in parse_files(paths, jobs):
            pass
        return time.perf_counter() - start


def _megabytes(who: int) -> int:
    return resource.getrusage(who).ru_maxrss >> 10


if __name__ == "__main__":
    main()
