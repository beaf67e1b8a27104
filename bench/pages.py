"""Measures each kind of page, file and picture inside this process, at first and again, as a table.

At first is the first request of the kind after the warm-up of a start; again is the same address, from the cache.
CPU time is reliable on a shared machine, the time on the clock is not.

    python -m bench.archives HOME --reports 1600 --agencies 300
    python -m bench.pages HOME
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
    "/", "/search", "/search?q=公开", "/search?q=公开&group=report", "/search?q=haidian", "/search/agency?q=公开",
    "/search?q=公开 unit:report", "/search?q=公开 AND 申请", "/search?q=政府信息&sort=-year", "/search/cite?q=公开",
    "/search/advanced", "/concordance?q=公开", "/concordance?q=政府信息&sort=left", "/collocates?q=政府信息",
    "/trends?q=公开&q=微博", "/matrix?q=公开", "/distinctive?q=公开", "/collocates?q=公开", "/agencies",
    "/agencies?q=教育局", "/divisions", "/aggregates", "/aggregates?by=division", "/aggregates?by=kind",
    "/aggregates?place=河北&by=division", "/aggregates?figure=requests.new.total", "/figures?table=measures",
    "/figures?table=series", "/figures?table=requests", "/figures?table=proactive",
    "/figures?table=requests&place=河北", "/figures/ranking", "/figures/ranking?table=requests&row=new",
    "/coverage", "/notices", "/help", "/about", "/api/search?q=公开", "/api/trends?q=公开", "/api/suggest?q=教育",
    "/api/agencies?q=教育局", "/api/coverage", "/api/divisions", "/api/aggregates?figure=series.received",
    "/api/agencies", "/api/collocates?q=申请", "/api/concordance?q=申请", "/api/distinctive?q=申请",
    "/api/figures?table=prose", "/api/matrix?q=申请", "/api/notices", "/api/search/agency?q=申请",
    "/api/search/cite?q=申请", "/api/status", "/api/openapi.json", "/status", "/history", "/basket",
    "/feed.atom?q=申请", "/sitemap.xml", "/sitemap-1.xml",
)  # fmt: skip
_FILES = (
    "/agencies.csv", "/divisions.csv", "/coverage.csv", "/aggregates.csv",
    "/aggregates.csv?figure=proactive.rules.issued", "/figures.csv?table=prose", "/figures.csv",
    "/figures/codebook.csv", "/search.csv?q=主动", "/concordance.csv?q=主动", "/collocates.csv?q=主动",
    "/matrix.csv?q=主动", "/trends.csv?q=主动", "/aggregates.svg", "/aggregates.png?by=kind", "/coverage.svg",
    "/figures/ranking.svg", "/figures/ranking.png?table=requests&row=new", "/matrix.svg?q=主动",
    "/search/years.svg?q=主动", "/search/years.png?q=主动", "/trends.svg?q=主动", "/trends.png?q=主动",
)  # fmt: skip
_OF_A_REPORT = tuple(f"/reports/{{0}}{end}" for end in ("", "?q=公开", "/similar", "/versions", "/cite", "/text"))
_API_OF_A_REPORT = tuple(f"/api/reports/{{0}}{end}" for end in ("", "/similar", "/versions"))
# '<a href="/en/compare/agency/2016/2017">'
_COMPARED = re.compile(r'href="/en(/compare/[^"#]+/[^"#]+)"')
# Milliseconds that a page may take.
_AT_FIRST, _AGAIN = 150, 30


def main() -> None:
    """Prints a row for each kind of page; those above the limits are marked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="a home with a catalogue and an index")
    parser.add_argument("--again", type=int, default=9, help="repetitions of each page")
    args = parser.parse_args()
    app = create_app(args.home)
    started = time.process_time()
    warm(app)
    print(f"warm-up: {time.process_time() - started:.1f} s of CPU time\n")
    logging.disable(logging.CRITICAL)
    client = app.test_client()
    print("| page | first, CPU ms | first, ms | again, CPU ms | again, ms | kB |\n|---|--:|--:|--:|--:|--:|")
    for address in dict.fromkeys(_addresses(client)):
        cpu, clock, size = _get(client, address)
        repeated = [_get(client, address)[:2] for _ in range(args.again)]
        cpu_again, clock_again = (statistics.median(each) for each in zip(*repeated, strict=True))
        mark = " (!)" if cpu > _AT_FIRST or cpu_again > _AGAIN else ""
        cells = (f"{cpu:.0f}{mark}", f"{clock:.0f}", f"{cpu_again:.1f}", f"{clock_again:.1f}", f"{size / 1000:.1f}")
        print(f"| `{address}` | {' | '.join(cells)} |")


def _addresses(client: FlaskClient) -> Iterator[str]:
    """One address of each kind; the report is the first hit of a word. Of a file, the beginning is measured."""
    yield from _SHARED
    hits = client.get("/api/search?q=公开&limit=1").json
    report = hits["hits"][0]["report"] if hits else ""
    yield f"/agencies/{report.partition('/')[0]}"
    yield from (address.format(report) for address in (*_OF_A_REPORT, *_API_OF_A_REPORT))
    yield from _FILES
    # read from the English page, so that the Chinese one is not cached before it is measured
    if found := _COMPARED.search(client.get(f"/en/reports/{report}").text):
        yield found[1]
    compared = f"/compare/{report.partition('/')[0]}"
    if client.get(f"/en{compared}").status_code == 200:  # an agency with one report has nothing to compare
        yield compared


def _get(client: FlaskClient, address: str) -> tuple[float, float, int]:
    """Milliseconds of CPU time and on the clock, and bytes."""
    cpu, clock = time.process_time(), time.perf_counter()
    response = client.get(address, follow_redirects=True, buffered=False)
    head = next(iter(response.response), b"")  # all of a page, the first rows of a file
    times = 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - clock)
    if response.status_code != 200:
        raise SystemExit(f"{response.status_code} for {address}")
    response.close()
    return *times, len(head)


if __name__ == "__main__":
    main()
