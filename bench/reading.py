"""Reading: pages a second and peak memory for text, HTML and PDF, on one core and on all; then where the time goes.

Each line is measured in a program of its own, from the first file to the last, the start of the processes that read
with it; each page is one whole report with its three tables, the PDF one sheet of paper with a table.
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
from archive.ingest.sandbox import end_all
from tests.archive.pages import form_report, source
from tests.archive.readers.documents import HEADINGS, OVERVIEW, PREAMBLE, TITLE, Paper, html_page, pdf_row

STAGES = 12


def sheet() -> bytes:
    """A PDF of one sheet."""
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
    """Prints a row for each format, number of pages and number of processes, and the stages that take the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 100], help="how many pages")
    parser.add_argument("--formats", nargs="+", choices=PAGES, default=list(PAGES), help="of which formats")
    args = parser.parse_args()
    print("| format | pages | processes | pages a second | CPU ms a page | peak MB, program | peak MB, a process |")
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
    """Seconds and seconds of CPU for so many pages; the most megabytes that this program and one that reads held."""
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
    parse_source(data, source(data))  # rules are read once
    with cProfile.Profile() as profile:
        parse_source(data, source(data))
    pstats.Stats(profile).sort_stats("cumulative").print_stats("archive", STAGES)


if __name__ == "__main__":
    main()
