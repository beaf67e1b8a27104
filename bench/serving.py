"""Serving: search pages a second under `gongkai serve`, with clients that do not wait; on this machine alone."""

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
    """Starts the site on a free port of the loopback, asks for the query mix of the bench, and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a home with an index, such as FOLDER/gongkai of `bench.search`")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="how long the clients ask")
    parser.add_argument("--threads", type=int, default=4, help="of the site")
    args = parser.parse_args()
    with _site(args.home, args.threads) as (port, process):
        kinds = (("the mix of the bench", _mix()), ("the mix, pages made anew", _anew()), ("new queries", _new()))
        for title, addresses in kinds:
            before = _cpu(process)
            times, seconds = _load(port, addresses, args.clients, args.seconds)
            _report(title, times, seconds, _cpu(process) - before)


def _mix() -> Iterator[str]:
    """The questions of the bench, over and over, each with and without a filter."""
    rare = {"word": corpus.rare_word(), "phrase": corpus.rare_word()}
    questions = [pattern.format(**rare) for pattern, _ in QUESTIONS]
    pairs = itertools.product(questions, ({}, FILTER))
    return itertools.cycle([f"/search?{urlencode({'q': question, **chosen})}" for question, chosen in pairs])


def _anew() -> Iterator[str]:
    """The same with a seed that nothing depends on and that nobody gave before: neither page nor answer is kept."""
    return (f"{address}&seed={seed}" for seed, address in enumerate(_mix(), 2))


def _new() -> Iterator[str]:
    """Two words at a time, never the same two: nothing of it can be remembered."""
    words = corpus.vocabulary()
    return (f"/search?{urlencode({'q': ' '.join(pair)})}" for pair in itertools.combinations(words, 2))


@contextmanager
def _site(home: Path, threads: int) -> Iterator[tuple[int, int]]:
    """The site of a home, in a process of its own; the port that it found free, and the number of the process."""
    command = [sys.executable, "-m", "gongkai", "--home", str(home), "serve", "--port", "0", "--threads", str(threads)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    try:
        assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
        # 'Serving http://127.0.0.1:43211/ (Ctrl+C ends it)'
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("the site did not start")
        yield int(found[1]), process.pid
    finally:
        process.terminate()
        process.wait(_STARTS_WITHIN)


def _cpu(process: int) -> float:
    """The seconds of processor that a process has used, where the system tells (Linux); else no number."""
    said = Path(f"/proc/{process}/stat")
    if not said.exists():
        return math.nan
    # '4711 (python) S 1 …': the 14th and 15th are its own time, in ticks
    return sum(map(int, said.read_text().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def _load(port: int, addresses: Iterator[str], clients: int, seconds: float) -> tuple[list[float], float]:
    """What each request took, and how long all together; every client asks again as soon as it has its page."""
    times, refused = list[float](), list[str]()
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STARTS_WITHIN)
        while time.perf_counter() < until:
            with lock:
                address = next(addresses)
            start = time.perf_counter()
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                refused.append(f"{answer.status} for {address}")
                break
            times.append(time.perf_counter() - start)
        connection.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise SystemExit(f"the site did not answer: {refused[0]}")
    return times, time.perf_counter() - start


def _report(title: str, times: list[float], seconds: float, cpu: float) -> None:
    """What the clients saw, and what a page took of the processor: the latter also where others use the machine."""
    slowest = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    print(
        f"{title}: {len(times) / seconds:.0f} requests a second; half within {1000 * statistics.median(times):.0f} ms, "
        f"95 % within {1000 * slowest:.0f} ms; {1000 * cpu / len(times):.1f} ms of processor a page"
    )


if __name__ == "__main__":
    main()
