"""Search beside its peers: the same questions, the same work, one run; times as ratios to ours."""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from archive import Report
from bench import corpus
from indexer import Request, build_index, open_index

# What is asked, and what it stands for. Quoted questions are phrases: exactly these characters.
QUESTIONS = (
    ("公开", "a word in nearly every section"),
    ("公开 信息 工作", "three such words"),
    ("保密审查", "a medium word"),
    ('"政府信息公开"', "a frequent phrase"),
    ('"条例保密审查"', "a rare phrase across words"),
)
FACETS = ("year", "section", "agency")


class Peer(Protocol):
    """An engine that can be built and asked; an answer is its total, which all must share for phrases."""

    def build(self, reports: list[Report]) -> None: ...
    def ask(self, question: str) -> int: ...


class Ours:
    """Gongkai's embedded engine."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, reports: list[Report]) -> None:
        build_index(self._home, reports, corpus.agencies(len(reports) // 17 + 1), 1)
        self._index = open_index(self._home)

    def ask(self, question: str) -> int:
        return self._index.search(Request(question)).total.sections


class Fts5:
    """SQLite FTS5 with trigrams; facets by GROUP BY, occurrences by counting in the text."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, reports: list[Report]) -> None:
        self._db = sqlite3.connect(self._home / "fts.sqlite")
        columns = ", ".join(["text", *(f"{facet} UNINDEXED" for facet in FACETS)])
        self._db.execute(f"CREATE VIRTUAL TABLE t USING fts5({columns}, tokenize=trigram)")
        held = ((section, report) for report in reports for section in report.sections)
        rows = ((section.text, report.year, section.code, report.agency) for section, report in held)
        self._db.executemany("INSERT INTO t VALUES (?,?,?,?)", rows)
        self._db.commit()

    def ask(self, question: str) -> int:
        words = [word.strip('"') for word in question.split()]
        if min(map(len, words)) < 3:  # trigrams cannot find shorter words: a scan is what is left
            where, given = " AND ".join("instr(text, ?)" for _ in words), words
        else:
            where, given = "t MATCH ?", [" AND ".join(f'"{word}"' for word in words)]
        for facet in FACETS:
            self._db.execute(f"SELECT {facet}, count(*) FROM t WHERE {where} GROUP BY {facet}", given).fetchall()  # noqa: S608
        if question.startswith('"'):
            count = "sum((length(text) - length(replace(text, ?, ''))) / ?)"
            phrase = [words[0], len(words[0]), *given]
            self._db.execute(f"SELECT year, {count} FROM t WHERE {where} GROUP BY year", phrase).fetchall()  # noqa: S608
        self._db.execute(f"SELECT substr(text, 1, 120) FROM t WHERE {where} LIMIT 10", given).fetchall()  # noqa: S608
        return int(self._db.execute(f"SELECT count(*) FROM t WHERE {where}", given).fetchone()[0])  # noqa: S608


class StockWhoosh:
    """Whoosh as its documentation uses it, with jieba's ChineseAnalyzer; it cannot do exact phrases."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, reports: list[Report]) -> None:
        from jieba.analyse import ChineseAnalyzer  # noqa: PLC0415 (a peer that need not be there)
        from whoosh import fields, index  # noqa: PLC0415

        columns = {name: fields.ID(sortable=True) for name in FACETS}
        schema = fields.Schema(text=fields.TEXT(analyzer=ChineseAnalyzer(), stored=True), **columns)
        self._index = index.create_in(self._home, schema)
        writer = self._index.writer()
        for report in reports:
            for section in report.sections:
                writer.add_document(
                    text=section.text, year=str(report.year), section=section.code, agency=report.agency
                )
        writer.commit()

    def ask(self, question: str) -> int:
        from whoosh.qparser import QueryParser  # noqa: PLC0415

        with self._index.searcher() as searcher:
            query = QueryParser("text", self._index.schema).parse(question)
            found = searcher.search(query, limit=10, groupedby=list(FACETS))
            for facet in FACETS:
                found.groups(facet)
            _ = [hit.highlights("text") for hit in found]
            return len(found)


def main() -> None:
    """Builds every engine over the same reports, asks all questions, prints a table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=5000)
    parser.add_argument("--again", type=int, default=5, help="how often a question is asked again")
    args = parser.parse_args()
    reports = list(corpus.reports(args.sections))
    with tempfile.TemporaryDirectory() as folder:
        peers: dict[str, Peer] = {}
        for name, kind in (("gongkai", Ours), ("fts5", Fts5), ("whoosh", StockWhoosh)):
            home = Path(folder, name)
            home.mkdir()
            peers[name] = kind(home)
        built = {name: _timed(partial(peer.build, reports))[0] for name, peer in peers.items()}
        print(f"{args.sections} sections; times of gongkai, then the others as multiples of it")
        _row("building", built, unit="s", scale=1)
        for question, meaning in QUESTIONS:
            first, again, totals = {}, {}, {}
            for name, peer in peers.items():
                first[name], totals[name] = _timed(partial(peer.ask, question))
                times = [_timed(partial(peer.ask, question))[0] for _ in range(args.again)]
                again[name] = statistics.median(times)
            print(f"\n{question}  {meaning}; sections found: {totals}")
            _row("first time", first)
            _row("again", again)


def _timed(work: Callable[[], int | None]) -> tuple[float, int | None]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _row(label: str, times: dict[str, float], unit: str = "ms", scale: float = 1000) -> None:
    ours = times["gongkai"]
    others = "  ".join(f"{name} ×{seconds / ours:.1f}" for name, seconds in times.items() if name != "gongkai")
    print(f"  {label:<12} {ours * scale:9.2f} {unit}   {others}")


if __name__ == "__main__":
    main()
