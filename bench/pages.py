"""Measures each kind of page inside this process: first view after the start, uncached view, cached view.

An unused URL parameter makes a view uncached.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient

from webui.app import create_app
from webui.http.warmup import warm

_SHARED = (
    "/", "/search", "/search?q=公开", "/search?q=公开&group=report", "/search/agency?q=公开", "/concordance?q=公开",
    "/trends?q=公开&q=微博", "/matrix?q=公开", "/distinctive?q=公开", "/collocates?q=公开", "/agencies", "/aggregates",
    "/figures?table=measures", "/figures/ranking", "/coverage", "/notices", "/help", "/about",
)  # fmt: skip
_OF_A_REPORT = tuple(f"/reports/{{0}}{end}" for end in ("", "?q=公开", "/similar", "/versions", "/cite"))
# '<a href="/compare/agency/2016/2017">'
_COMPARED = re.compile(r'href="(/compare/[^"#]+)"')


def main() -> None:
    """Prints a line for each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a home with a catalogue and an index")
    parser.add_argument("--again", type=int, default=9, help="repetitions of each page")
    args = parser.parse_args()
    app = create_app(args.home)
    warm(app)
    logging.disable(logging.CRITICAL)
    client = app.test_client()
    print("page                                   first ms  uncached cached ms      kB")
    for address in _addresses(client):
        first, size = _get(client, address)
        mark = "&" if "?" in address else "?"
        uncached = statistics.median(_get(client, f"{address}{mark}again={number}")[0] for number in range(args.again))
        cached = statistics.median(_get(client, address)[0] for _ in range(args.again))
        print(f"{address:<38} {1000 * first:8.1f} {1000 * uncached:9.1f} {1000 * cached:8.1f} {size / 1000:8.1f}")


def _addresses(client: FlaskClient) -> Iterator[str]:
    yield from _SHARED
    hits = client.get("/api/search?q=公开&limit=1").json
    report = hits["hits"][0]["report"] if hits else ""
    yield f"/agencies/{report.partition('/')[0]}"
    yield from (address.format(report) for address in _OF_A_REPORT)
    if found := _COMPARED.search(client.get(f"/reports/{report}").text):
        yield found[1]


def _get(client: FlaskClient, address: str) -> tuple[float, int]:
    start = time.perf_counter()
    response = client.get(address)
    seconds = time.perf_counter() - start
    if response.status_code != 200:
        raise SystemExit(f"{response.status_code} for {address}")
    return seconds, len(response.data)


if __name__ == "__main__":
    main()
