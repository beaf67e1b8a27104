"""Measures search pages per second of `gongkai serve` with clients that send requests without pauses."""

from __future__ import annotations

import argparse
import http.client
import itertools
import math
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench import corpus
from bench.questions import FILTER, QUESTIONS

_STARTS_WITHIN = 60.0


def main() -> None:
    """Starts the site on a free loopback port, sends the queries of the bench, and prints times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a home with an index, such as FOLDER/gongkai of `bench.search`")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="duration of the load")
    parser.add_argument("--threads", type=int, default=4, help="threads of the site")
    args = parser.parse_args()
    with _site(args.home, args.threads) as (port, process):
        kinds = (("cached", _cached()), ("uncached", _uncached()), ("new queries", _new_queries()))
        for title, addresses in kinds:
            before = _cpu(process)
            times, seconds = _load(port, addresses, args.clients, args.seconds)
            _report(title, times, seconds, _cpu(process) - before)


def _cached() -> Iterator[str]:
    """The queries of the bench in a cycle, each with and without a filter."""
    rare = {"word": corpus.rare_word(), "phrase": corpus.rare_word()}
    questions = [pattern.format(**rare) for pattern, _ in QUESTIONS]
    pairs = itertools.product(questions, ({}, FILTER))
    return itertools.cycle([f"/search?{urlencode({'q': question, **chosen})}" for question, chosen in pairs])


def _uncached() -> Iterator[str]:
    """The same queries with a new seed each, so that neither page nor answer is cached."""
    return (f"{address}&seed={seed}" for seed, address in enumerate(_cached(), 2))


def _new_queries() -> Iterator[str]:
    """Two words at a time, never the same pair twice, so that nothing is cached."""
    words = corpus.vocabulary()
    return (f"/search?{urlencode({'q': ' '.join(pair)})}" for pair in itertools.combinations(words, 2))


@contextmanager
def _site(home: Path, threads: int) -> Iterator[tuple[int, int]]:
    """Starts the site in a process; yields its port and process id."""
    command = [sys.executable, "-m", "gongkai", "--home", str(home), "serve", "--port", "0", "--threads", str(threads)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    try:
        assert process.stdout is not None  # noqa: S101 (stdout is a pipe)
        # 'Serving http://127.0.0.1:43211/ (Ctrl+C ends it)'
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("the site did not start")
        yield int(found[1]), process.pid
    finally:
        process.terminate()
        process.wait(_STARTS_WITHIN)


def _cpu(process: int) -> float:
    """CPU seconds of a process on Linux; NaN elsewhere."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return math.nan
    # '4711 (python) S 1 …': fields 14 and 15 are user and system time in ticks
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def _load(port: int, addresses: Iterator[str], clients: int, seconds: float) -> tuple[list[float], float]:
    """Seconds of each request, and of the whole run. Each client sends its next request immediately."""
    times, refused = list[float](), list[str]()
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STARTS_WITHIN)
        while time.perf_counter() < until:
            with lock:
                address = next(addresses)
            start = time.perf_counter()
            connection.request("GET", address)
            response = connection.getresponse()
            response.read()
            if response.status != http.client.OK:
                refused.append(f"{response.status} for {address}")
                break
            times.append(time.perf_counter() - start)
        connection.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=send) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise SystemExit(f"the site did not answer: {refused[0]}")
    return times, time.perf_counter() - start


def _report(title: str, times: list[float], seconds: float, cpu: float) -> None:
    """Prints request times, and CPU time per page, which is reliable on a shared machine too."""
    slowest = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    print(
        f"{title}: {len(times) / seconds:.0f} requests per second; median {1000 * statistics.median(times):.0f} ms, "
        f"95th percentile {1000 * slowest:.0f} ms; {1000 * cpu / len(times):.1f} ms of CPU per page"
    )


if __name__ == "__main__":
    main()
