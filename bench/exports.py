"""Measures the rows a second of CSV exports beside SQLite FTS5: python -m bench.exports HOME [ADDRESS …].

The peer has the same sections in a table with trigrams and writes the sections with a phrase, each with `snippet()`,
by `csv.writer`. It counts no occurrences, and its snippets are not cut at the ends of sentences.
"""

from __future__ import annotations

import argparse
import csv
import io
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from archive.store.catalogue import Catalogue
from archive.text.normalize import normal_form
from webui.app import create_app
from webui.http.warmup import warm

PHRASE = "申请公开"
ADDRESSES = (
    f"/search.csv?q={PHRASE}",
    "/search.csv?q=公开",
    "/concordance.csv?q=公开",
    "/figures.csv?table=requests",
    "/figures.csv?table=series",
    "/aggregates.csv",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("addresses", nargs="*", default=ADDRESSES)
    given = parser.parse_args()
    app = create_app(given.home)
    warm(app)
    client = app.test_client()
    database = _peer(given.home)
    peer = _rows_a_second(lambda: _peer_rows(database))[2]
    print(f"{'rows':>9} {'CPU s':>7} {'rows/s':>9} {'ratio':>6}  file")
    for address in given.addresses:
        rows, taken, rate = _rows_a_second(lambda address=address: client.get(address).data.count(b"\r\n") - 1)  # type: ignore[misc]
        print(f"{rows:>9,} {taken:>7.2f} {rate:>9,.0f} {rate / peer:>6.2f}  {address}")
    print(f"{'':>17} {peer:>9,.0f} {1:>6.2f}  SQLite FTS5, sections with {PHRASE}")


def _rows_a_second(export: Callable[[], int]) -> tuple[int, float, float]:
    """Returns the rows of an export, its CPU time, and their ratio."""
    started = time.process_time()
    rows = export()
    taken = time.process_time() - started
    return rows, taken, rows / taken


def _peer(home: Path) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE sections USING fts5(text, heading UNINDEXED, report UNINDEXED, "
                     "agency UNINDEXED, year UNINDEXED, title UNINDEXED, tokenize = 'trigram')")  # fmt: skip
    with Catalogue.open(home) as catalogue:
        database.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
            (
                (normal_form(section.text), section.heading, report.key, report.agency_name, report.year, report.title)
                for report in (listed.read() for listed in catalogue.listed())
                for section in report.sections
            ),
        )
    return database


def _peer_rows(database: sqlite3.Connection) -> int:
    found = database.execute(
        "SELECT report, agency, year, heading, title, snippet(sections, 0, '', '', '…', 64) "
        "FROM sections WHERE sections MATCH ? ORDER BY rank",
        (f'"{PHRASE}"',),
    )
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(found)
    return file.getvalue().count("\r\n")


if __name__ == "__main__":
    main()
