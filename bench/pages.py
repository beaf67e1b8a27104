"""Pages: how long each page of the corpus that ships takes, for who opens it first and for who opens it later."""

from __future__ import annotations

import argparse
import http.client
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from bench.site import site

_WARMING = 5.0  # seconds that the site has for what it does before anybody asks
_LATER = 7  # views of a page after the first
_ASKED = ("公开", "应公开尽公开", "公开 审查", "微博 OR 微信", "政务公开 NEAR/30 微博")
_QUESTIONS = {
    "search": "/search?q={}",
    "search, by report": "/search?q={}&group=report",
    "values of a facet": "/search/agency?q={}",
    "concordance": "/concordance?q={}",
    "trends": "/trends?q={}",
    "matrix": "/matrix?q={}",
}
_OTHERS = {
    "figures": "/figures?table=requests&row=new",
    "figures, ranked": "/figures/ranking?table=requests&row=new&year=2019",
    "notices": "/notices",
}


def main() -> None:
    """Serves a home, opens every page of its sitemap and what asks or compares, and prints a table of kinds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a home with an index of the corpus that ships")
    args = parser.parse_args()
    with site(args.home, threads=4) as (port, _):
        time.sleep(_WARMING)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        kinds = _kinds(_listed(connection))
        seen = {kind: [_views(connection, address) for address in addresses] for kind, addresses in kinds.items()}
    print("| page | addresses | first view, slowest | later, half within | later, 95 % within |\n|---|--:|--:|--:|--:|")
    for kind, views in seen.items():
        first, later = max(first for first, _ in views), [each for _, later in views for each in later]
        times = (first, statistics.median(later), statistics.quantiles(later, n=20)[-1])
        print(f"| {kind} | {len(views)} |", " | ".join(f"{1000 * each:.0f} ms" for each in times), "|")


def _listed(connection: http.client.HTTPConnection) -> list[str]:
    """Every path of the sitemap, in Chinese."""
    root = ElementTree.fromstring(_asked(connection, "/sitemap.xml"))  # noqa: S314 (of the site itself)
    return [quote(urlsplit(str(each.text)).path) for each in root.iterfind(".//{*}loc")]


def _kinds(listed: Iterable[str]) -> dict[str, list[str]]:
    kinds = defaultdict[str, list[str]](list)
    for path in listed:
        kinds[path.split("/")[1] or "home"].append(path)
    reports = sorted(kinds["reports"])
    for kind, pattern in _QUESTIONS.items():
        kinds[kind] = [prefix + pattern.format(quote(asked)) for prefix in ("", "/en") for asked in _ASKED]
    for kind, path in _OTHERS.items():
        kinds[kind].append(path)
    kinds["report, with hits marked"] = [f"{path}?q={quote(_ASKED[0])}" for path in reports]
    kinds["references of a report"] = [f"{path}/cite" for path in reports]
    kinds["two years compared"] = [*_pairs(reports)]
    return kinds


def _pairs(reports: list[str]) -> Iterator[str]:
    """A report and the one of the same agency before it."""
    for earlier, later in pairwise(reports):
        before, after = earlier.rsplit("/", 1), later.rsplit("/", 1)
        if before[0] == after[0]:
            yield f"{later.replace('/reports/', '/compare/').rsplit('/', 1)[0]}/{before[1]}/{after[1]}"


def _views(connection: http.client.HTTPConnection, address: str) -> tuple[float, list[float]]:
    def view() -> float:
        start = time.perf_counter()
        _asked(connection, address)
        return time.perf_counter() - start

    return view(), [view() for _ in range(_LATER)]


def _asked(connection: http.client.HTTPConnection, address: str) -> bytes:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise SystemExit(f"the site did not answer: {answer.status} for {address}")
    return body


if __name__ == "__main__":
    main()
