"""Search beside its peers: the same questions, the same work, one run; times as multiples of ours."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from archive import Report
from bench import corpus
from bench.peers import Peer, is_phrase, peers, sections
from indexer.words import Words

# What is asked, and what it stands for. Quoted questions are phrases: exactly these characters.
QUESTIONS = (
    ("公开", "a word in nearly every section"),
    ("公开 信息 工作", "three such words"),
    ("保密审查", "a medium word"),
    ("{word}", "a rare word"),
    ('"政府信息公开"', "a frequent phrase, with its occurrences of each year"),
    ('"{phrase}"', "a rare phrase across words, likewise"),
)


def main() -> None:
    """Builds every engine over the same reports, asks all questions, prints a table of multiples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=5000)
    parser.add_argument("--again", type=int, default=5, help="how often a question is asked again")
    parser.add_argument("--peers", nargs="*", default=(), help="only these, by name")
    args = parser.parse_args()
    reports = list(corpus.reports(args.sections))
    rare = {"word": corpus.rare_word(), "phrase": _around(corpus.rare_word(), reports)}
    Words().cut(rare["phrase"])  # the dictionary is loaded once, for all
    with tempfile.TemporaryDirectory() as folder:
        built: dict[str, float] = {}
        measured: dict[str, Peer] = {}
        for name, peer in peers(Path(folder), args.peers):
            measured[name] = peer
            built[name] = _timed(partial(peer.build, reports))[0]
        print(f"{args.sections} sections; times of the first engine, then the others as multiples of it")
        _row("building", built, unit="s", scale=1)
        for pattern, meaning in QUESTIONS:
            _ask(pattern.format(**rare), meaning, measured, args.again)


def _around(word: str, reports: list[Report]) -> str:
    """Where a word first stands, with the character before and the one behind."""
    text = next(section.text for _, section in sections(reports) if word in section.text[1:-1])
    start = text.index(word, 1)
    return text[start - 1 : start + len(word) + 1]


def _ask(question: str, meaning: str, measured: dict[str, Peer], times: int) -> None:
    first: dict[str, float] = {}
    again: dict[str, float] = {}
    totals: dict[str, int | None] = {}
    for name, peer in measured.items():
        if is_phrase(question) and not name.endswith(("gongkai", "grams")):
            continue  # words are no way to find exactly these characters
        first[name], totals[name] = _timed(partial(peer.ask, question))
        again[name] = statistics.median(_timed(partial(peer.ask, question))[0] for _ in range(times))
    print(f"\n{question}  {meaning}")
    _row("first time", first)
    _row("again", again)
    if len(set(totals.values())) > 1:
        print(f"  sections differ, since words are cut or found otherwise: {totals}")


def _timed(work: Callable[[], int | None]) -> tuple[float, int | None]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _row(label: str, times: dict[str, float], unit: str = "ms", scale: float = 1000) -> None:
    (_, ours), *others = times.items()
    multiples = "  ".join(f"{name} ×{seconds / ours:.2f}" for name, seconds in others)
    print(f"  {label:<12} {ours * scale:9.2f} {unit}   {multiples}")


if __name__ == "__main__":
    main()
