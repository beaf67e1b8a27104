"""What adding pages costs in the catalogue alone: `python -m bench.catalogue FOLDER --reports N [--writers W]`.

The catalogue is the one that `GONGKAI_CATALOGUE` names, or SQLite in a new folder. Each writer parses its pages first.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager
from pathlib import Path
from threading import Barrier

from archive.extract.pipeline import parse_source
from archive.model import Source
from archive.store.catalogue import Catalogue
from bench.archives import pages


def add(home: Path, reports: int, seed: int, ready: Barrier) -> tuple[int, float, float]:
    """Returns the number of pages, and the seconds of CPU and by the clock that adding them took."""
    parsed = []
    for page in pages(reports, max(1, reports // 8), seed):
        source = Source(page.path, hashlib.sha256(page.data).hexdigest(), "text/plain", site=f"site-{page.path[:5]}")
        parsed.append((parse_source(page.data, source), page.data))
    with Catalogue.open(home) as catalogue:
        ready.wait()
        cpu, clock = time.process_time(), time.perf_counter()
        size = catalogue.pages_at_once
        for start in range(0, len(parsed), size):
            catalogue.add_parsed(parsed[start : start + size])
    return len(parsed), time.process_time() - cpu, time.perf_counter() - clock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a new home")
    parser.add_argument("--reports", type=int, default=400, help="reports of each writer")
    parser.add_argument("--writers", type=int, default=1)
    args = parser.parse_args()
    with Manager() as manager, ProcessPoolExecutor(args.writers) as pool:
        ready = manager.Barrier(args.writers)
        running = [pool.submit(add, args.home, args.reports, seed, ready) for seed in range(1, args.writers + 1)]
        done = [each.result() for each in running]
    count = sum(each[0] for each in done)
    cpu, clock = sum(each[1] for each in done), max(each[2] for each in done)
    print(f"{count} pages, {args.writers} writers: {1000 * cpu / count:.1f} ms CPU a page, {count / clock:.0f} pages/s")


if __name__ == "__main__":
    main()
