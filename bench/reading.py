"""Measures pages per second and peak memory for text, HTML and PDF on one core and on all cores, then profiles them.

Each row is measured in a new process, including the start of the reading processes. Each page is a complete report with
three tables; the PDF has one page with one table.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import pstats
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from archive.extract.pipeline import parse_source
from archive.ingest.pool import parse_files
from archive.ingest.process import end_all
from tests.archive.pages import form_report, source
from tests.archive.readers.documents import HEADINGS, OVERVIEW, PREAMBLE, TITLE, Paper, html_page, pdf_row

STAGES = 12


def sheet() -> bytes:
    """A PDF of one page."""
    paper = Paper()
    for index, text in enumerate((TITLE, PREAMBLE, HEADINGS[0], OVERVIEW, HEADINGS[1])):
        paper.line(text[:28], 74, 80 + 24 * index)
    top = 220.0
    for row in (("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"), ("规章", "0", "0", "0")):
        top = pdf_row(paper, row, top, [160.0, 80.0, 80.0, 80.0])
    paper.end_page()
    return paper.bytes()


PAGES: Mapping[str, Callable[[], bytes]] = {
    "text": lambda: "\n".join(form_report()).encode(),
    "html": lambda: html_page().encode(),
    "pdf": sheet,
}


def main() -> None:
    """Prints a row for each format, number of pages and number of processes, and a profile of each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 100], help="numbers of pages")
    parser.add_argument("--formats", nargs="+", choices=PAGES, default=list(PAGES), help="formats to read")
    args = parser.parse_args()
    print("| format | pages | processes | pages per second | CPU ms per page | peak MB, main | peak MB, reader |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name in args.formats:
        for count in args.pages:
            for jobs in sorted({1, os.cpu_count() or 1}):
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as program:
                    seconds, busy, own, other = program.submit(measure, name, count, jobs).result()
                speed = f"{count / seconds:.1f} | {1000 * busy / count:.0f}"
                print(f"| {name} | {count:,} | {jobs} | {speed} | {own} | {other} |", flush=True)
    for name in args.formats:
        _profile(PAGES[name]())


def measure(name: str, count: int, jobs: int) -> tuple[float, float, int, int]:
    """Seconds, CPU seconds, and peak megabytes of this process and of one reading process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"page.{name}")
        path.write_bytes(PAGES[name]())
        start, started = time.perf_counter(), time.process_time()
        for _ in parse_files([path] * count, jobs):
            pass
        seconds, busy = time.perf_counter() - start, time.process_time() - started
    end_all()
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, busy + others.ru_utime + others.ru_stime, own.ru_maxrss >> 10, others.ru_maxrss >> 10


def _profile(data: bytes) -> None:
    parse_source(data, source(data))  # loads the rules before profiling
    with cProfile.Profile() as profile:
        parse_source(data, source(data))
    pstats.Stats(profile).sort_stats("cumulative").print_stats("archive", STAGES)


if __name__ == "__main__":
    main()
