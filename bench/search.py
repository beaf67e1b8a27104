"""Compares search with other engines in one run; prints the others' times as multiples of Gongkai's."""

from __future__ import annotations

import argparse
import functools
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from archive.model import Report
from bench import corpus, growth
from bench.peers import Ours, Peer, peers
from bench.questions import FILTER, QUESTIONS, is_phrase
from indexer.text.tokenizer import Tokenizer

_OPENING = "年度"

Times = dict[str, float]
_Result = TypeVar("_Result")


def main() -> None:
    """Builds each engine from the same reports, runs all queries, and prints a table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=5000)
    parser.add_argument("--again", type=int, default=9, help="repetitions of each query")
    parser.add_argument("--peers", nargs="*", default=(), help="names of the engines to measure")
    parser.add_argument("--folder", type=Path, help="folder of the indexes; existing indexes are reused")
    parser.add_argument("--growth", type=Path, metavar="FILE", help="collects the times in FILE and draws FILE.svg")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        _measure(args, args.folder or Path(temporary))


def _measure(args: argparse.Namespace, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    reports = functools.cache(lambda: list(corpus.reports(args.sections)))  # generated only if an index is missing
    rare = {"word": corpus.rare_word(), "phrase": corpus.around(corpus.rare_word(), corpus.reports(args.sections))}
    Tokenizer().cut(rare["phrase"])  # loads the dictionary before the first measurement
    built = {name: _built(folder / name, peer, reports) for name, peer in peers(folder, args.peers)}
    del reports
    # Reopened, so that the peak memory is that of searching.
    measured = dict(peers(folder, args.peers))
    for peer in measured.values():
        peer.ask(_OPENING, {})  # opening an index is not part of a query
    print(f"{args.sections} sections; times of the first engine, then the others as multiples of it")
    _row("building", built, unit="s", scale=1)
    asked: dict[str, tuple[Times, Times]] = {}
    for pattern, meaning in QUESTIONS:
        for chosen in ({}, FILTER):
            question = pattern.format(**rare)
            print(f"\n{question}  {meaning}{', filtered by year' if chosen else ''}")
            times = _ask(question, chosen, measured, args.again)
            if not chosen:
                asked[meaning] = times
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
    if args.growth:
        growth.keep(args.growth, args.sections, built, asked)


def _built(home: Path, peer: Peer, reports: Callable[[], list[Report]]) -> float:
    """The seconds of the build of an index, now or in an earlier run."""
    kept = home / "seconds.json"
    if not kept.exists():
        made = reports()
        kept.write_text(json.dumps(_timed(lambda: peer.build(made))[0]), "utf-8")
    seconds: float = json.loads(kept.read_text("utf-8"))
    return seconds


def _ask(question: str, chosen: Mapping[str, str], measured: dict[str, Peer], times: int) -> tuple[Times, Times]:
    first, again = Times(), Times()
    totals: dict[str, int] = {}
    for name, peer in measured.items():
        if is_phrase(question) and not name.endswith(("gongkai", "grams")):
            continue  # word indexes have no exact phrases
        first[name], totals[name] = _timed(partial(peer.ask, question, chosen))
        again[name] = statistics.median(_timed(partial(peer.ask, question, chosen))[0] for _ in range(times))
    _row("first time", first)
    _row("again", again)
    if isinstance(ours := measured.get("gongkai"), Ours):
        ours.afresh = True
        afresh = statistics.median(_timed(partial(ours.ask, question, chosen))[0] for _ in range(times))
        ours.afresh = False
        _row("worked out", {**again, "gongkai": afresh})
    if len(set(totals.values())) > 1:
        print(f"  sections differ: {totals}")
        for reason in _reasons(totals):
            print(f"    {reason}")
    return first, again


def _reasons(totals: Mapping[str, int]) -> Iterator[str]:
    """The reasons why engines differ from Gongkai in the number of sections."""
    ours = totals.get("gongkai")
    for name, total in totals.items():
        if total != ours:
            yield f"{name}: " + (
                "matches whole tokens only; Gongkai also matches parts of tokens and strings across tokens"
                if name.endswith("words")
                else "matches each word as a string, also across tokens"
                if name.endswith("grams")
                else "segments with another dictionary and omits single characters and frequent words"
            )


def _timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _row(label: str, times: Times, unit: str = "ms", scale: float = 1000) -> None:
    (_, ours), *others = times.items()
    multiples = "  ".join(f"{name} ×{seconds / ours:.2f}" for name, seconds in others)
    print(f"  {label:<12} {ours * scale:9.2f} {unit}   {multiples}")


if __name__ == "__main__":
    main()
