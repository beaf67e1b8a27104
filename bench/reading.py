"""Reading, stage by stage: how long the shipped page takes, and which stage takes it."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path

from archive import read_path

PAGE = Path(__file__).parents[1] / "corpus" / "haidian-city-management" / "page.txt"
TIMES = 20


def main() -> None:
    """Prints pages and printed reports per second, then the stages by their share of the time."""
    read_path(PAGE)  # rules are compiled once
    start = time.perf_counter()
    for _ in range(TIMES):
        reading = read_path(PAGE)
    seconds = (time.perf_counter() - start) / TIMES
    print(f"{1 / seconds:.1f} pages a second, {len(reading.reports) / seconds:.0f} printed reports a second")
    with cProfile.Profile() as profile:
        read_path(PAGE)
    pstats.Stats(profile).sort_stats("cumulative").print_stats("archive", 15)


if __name__ == "__main__":
    main()
