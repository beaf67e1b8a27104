"""Compares the embedded engine with an index in a cluster, side by side in one run.

    python -m bench.cluster FOLDER --sections 20000 --nodes 1
    python -m bench.cluster FOLDER --fields 4000

Both answer the same requests one after the other. No whole answer is remembered: what is asked again is answered from
the caches below, of postings in the embedded engine, of the searches of each shard in a node. CPU is that of the
program and of all nodes, which are processes of this machine, or those that `--cluster HOST:PORT` names. FOLDER keeps
the embedded index for later runs.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import corpus
from bench.field_sizes import field_sizes
from bench.questions import FACETS, FILTER, QUESTIONS, is_phrase
from indexer.answers.engine import Answer, Engine
from indexer.answers.trends import TrendSeries
from indexer.engines.opensearch.build.publish import published
from indexer.engines.opensearch.build.update import build_cluster_index
from indexer.engines.opensearch.connection.address import read_address
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.cluster.nodes import Nodes

MORE_QUESTIONS = (
    ("word:公开", "whole words"),
    ("公开 -保密审查", "one word without another"),
    ("unit:report 公开 -{word}", "whole reports"),
    ("保密审查 NEAR/30 条例", "two words near one another, texts are searched"),
    ('"政府*公开"', "a frequent phrase with a gap, texts are searched"),
)
"""Queries beside those of `bench.search`, which are the mix."""
_WARM_UP = "年度"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, of CPU in this program and its children, and of CPU in the nodes."""

    clock: float
    program: float
    nodes: float = 0.0

    @property
    def cpu(self) -> float:
        return self.program + self.nodes


class Meter:
    """Measures the costs of work; `cluster` is None for the embedded engine."""

    def __init__(self, cluster: Cluster | None) -> None:
        self._cluster = cluster
        self._processes: list[int] = []

    def measure(self, work: Callable[[], object]) -> Cost:
        before = self._now()
        work()
        after = self._now()
        return Cost(*(end - start for start, end in zip(asdict(before).values(), asdict(after).values(), strict=True)))

    def _now(self) -> Cost:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return Cost(time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used), self._of_nodes())

    def _of_nodes(self) -> float:
        if self._cluster is None:
            return 0.0
        if not self._processes:
            nodes = self._cluster.client.nodes.info(metric="process")["nodes"].values()
            self._processes = [node["process"]["id"] for node in nodes]
        return sum(_cpu_of(process) for process in self._processes)


def _cpu_of(process: int) -> float:
    """The seconds of CPU that a process of this machine has used; nodes themselves report them a second late."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sections", type=int, default=20_000)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--cluster", metavar="HOST:PORT", help="nodes that run already")
    parser.add_argument("--again", type=int, default=9, help="repetitions of each query")
    parser.add_argument("--warm-up", type=int, default=90, help="rounds of the mix before the first measurement")
    parser.add_argument("--fields", type=int, metavar="SECTIONS", help="measures the size of each kind of field only")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with _nodes(args) as hosts:
        if args.fields:
            field_sizes(Cluster(read_address(f"opensearch+http://{hosts}/bench-fields")), args.fields)
        else:
            _compare(args, hosts)


@contextmanager
def _nodes(args: argparse.Namespace) -> Iterator[str]:
    if args.cluster:
        yield args.cluster
        return
    nodes = Nodes.start(args.nodes, args.folder / f"nodes-{args.nodes}")
    try:
        nodes.wait()
        yield nodes.hosts
    finally:
        nodes.stop()


def _compare(args: argparse.Namespace, hosts: str) -> None:
    size, home = args.sections, args.folder / f"home-{args.sections}"
    address = read_address(f"opensearch+http://{hosts}/bench-{size}")
    cluster = Cluster(address)
    reports = functools.cache(lambda: [*corpus.reports(size)])
    agencies = corpus.agencies(size // 8 // 17 + 1)
    Tokenizer().cut(_WARM_UP)  # loads the dictionary before the first measurement
    print(f"{size:,} sections, {args.nodes} nodes\n")
    builds = {
        "embedded": _built(home / "cost.json", Meter(None), lambda: build_index(home, reports(), agencies, 1)),
        "cluster": _built(
            home / f"cost-{args.nodes}.json",
            Meter(cluster),
            lambda: build_cluster_index(address, home, reports(), agencies, 1),
        ),
    }
    reports.cache_clear()
    index, manifest = published(cluster)
    _print_builds(builds, size, _bytes_of(home / "index"), _bytes_in(cluster, index))
    engines = (open_index(home), OpenSearchEngine(cluster, index, manifest, Tokenizer()))
    for engine in engines:
        _ask(engine, Request(_WARM_UP, facets=FACETS, readings=False))
    _warm_up(engines[1], args.warm_up)
    rare = {"word": corpus.rare_word(), "phrase": corpus.around(corpus.rare_word(), corpus.reports(size))}
    mix = [
        _row(engines, cluster, q.format(**rare), chosen, args.again) for q, _ in QUESTIONS for chosen in ({}, FILTER)
    ]
    more = [_row(engines, cluster, q.format(**rare), {}, args.again) for q, _ in MORE_QUESTIONS]
    for title, rows in (("the mix", mix), ("others", more)):
        _print_rows(title, rows)


def _warm_up(engine: Engine, rounds: int) -> None:
    """Asks for other words in the ways of the mix, so that a node has made its machine code."""
    words = corpus.vocabulary()[100:]
    for first in words[: 3 * rounds : 3]:
        others = " ".join(words[words.index(first) : words.index(first) + 3])
        for question, filters in itertools.product((first, others, f'"{first}"'), ({}, {"year": ("2012",)})):
            _ask(engine, Request(question, filters=filters, facets=FACETS, readings=False))


def _built(kept: Path, meter: Meter, build: Callable[[], object]) -> Cost:
    """Builds an index, which does nothing if a run before built it; returns what the build cost then."""
    cost = meter.measure(build)
    if kept.exists() and cost.cpu < json.loads(kept.read_text("utf-8"))["program"] / 2:
        return Cost(**json.loads(kept.read_text("utf-8")))
    kept.write_text(json.dumps(asdict(cost)), "utf-8")
    return cost


@dataclass(frozen=True, slots=True)
class Row:
    """What a query costs in both engines: CPU the first time, then the median by the clock and the mean of CPU."""

    question: str
    sections: int
    first: tuple[float, float]
    embedded: Cost
    cluster: Cost

    @property
    def clock(self) -> float:
        return self.cluster.clock / self.embedded.clock

    @property
    def cpu(self) -> float:
        return self.cluster.cpu / self.embedded.cpu


def _row(engines: tuple[Engine, Engine], cluster: Cluster, question: str, chosen: Mapping[str, str], again: int) -> Row:
    """Asks both engines in turn.

    Raises:
        ValueError: totals, facets or years differ.
    """
    filters = {name: (value,) for name, value in chosen.items()}
    request = functools.partial(Request, question, filters=filters, facets=FACETS, readings=False)
    meters = (Meter(None), Meter(cluster))
    answers = []
    first = [
        meter.measure(lambda: answers.append(_ask(engine, request(seed=1)))).cpu  # noqa: B023
        for engine, meter in zip(engines, meters, strict=True)
    ]
    if _compared(answers[0]) != _compared(answers[1]):
        raise ValueError(f"the engines differ: {question}")
    if [hit.url for hit in answers[0][0].hits] != [hit.url for hit in answers[1][0].hits]:
        print(f"the order of hits differs: {question}")
    clocks: tuple[list[float], list[float]] = ([], [])
    for number in range(again):
        for engine, clock in zip(engines, clocks, strict=True):
            start = time.perf_counter()
            _ask(engine, request(seed=2 + number))  # a new seed, so that no whole answer is remembered
            clock.append(time.perf_counter() - start)
    costs = []
    for engine, clock, meter in zip(engines, clocks, meters, strict=True):
        # nodes report whole milliseconds, a process ticks of ten: so several requests are measured together
        numbers = range(100, 100 + 2 * again)
        cost = meter.measure(lambda: [_ask(engine, request(seed=seed)) for seed in numbers])  # noqa: B023
        costs.append(Cost(statistics.median(clock), cost.program / len(numbers), cost.nodes / len(numbers)))
    return Row(question + " +year" * bool(chosen), answers[0][0].total.sections, (first[0], first[1]), *costs)


def _ask(engine: Engine, request: Request) -> tuple[Answer, TrendSeries | None]:
    series = engine.series(request) if is_phrase(request.query) else None
    return engine.search(request), series


def _compared(answer: tuple[Answer, TrendSeries | None]) -> object:
    found, series = answer
    return found.total, found.facets, series and series.points


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _bytes_in(cluster: Cluster, index: str) -> int:
    return int(cluster.client.indices.stats(index=index)["indices"][index]["primaries"]["store"]["size_in_bytes"])


def _print_builds(builds: Mapping[str, Cost], sections: int, *sizes: int) -> None:
    print("| build | CPU of the program, s | CPU of the nodes, s | clock, s | CPU a section, ms | bytes a section |")
    print("|---|--:|--:|--:|--:|--:|")
    for (name, cost), size in zip(builds.items(), sizes, strict=True):
        times = f"{cost.program:.0f} | {cost.nodes:.0f} | {cost.clock:.0f} | {cost.cpu / sections * 1000:.1f}"
        print(f"| {name} | {times} | {size / sections:,.0f} |")


def _print_rows(title: str, rows: Sequence[Row]) -> None:
    columns = "sections | embedded, first | cluster, first | embedded | cluster | ratio | by the clock"
    print(f"\n| {title}, ms of CPU | {columns} |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        times = [f"{seconds * 1000:.1f}" for seconds in (*row.first, row.embedded.cpu, row.cluster.cpu)]
        cells = (f"`{row.question}`", f"{row.sections:,}", *times, f"{row.cpu:.1f}", f"{row.clock:.1f}")
        print(f"| {' | '.join(cells)} |", flush=True)
    clock, cpu = (statistics.median(ratios) for ratios in ([r.clock for r in rows], [r.cpu for r in rows]))
    embedded, cluster = (statistics.median(t) for t in ([r.embedded.cpu for r in rows], [r.cluster.cpu for r in rows]))
    print(f"medians of the ratios: {clock:.1f} by the clock, {cpu:.1f} of CPU;", end=" ")
    print(f"medians of CPU: {embedded * 1000:.1f} and {cluster * 1000:.1f} ms, {cluster / embedded:.1f} times")


if __name__ == "__main__":
    main()
