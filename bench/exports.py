"""Measures the rows a second of CSV exports: python -m bench.exports HOME [ADDRESS …]."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from webui.app import create_app

ADDRESSES = (
    "/figures.csv?table=requests&column=total",
    "/figures.csv?table=series",
    "/aggregates.csv",
    "/search.csv?q=公开",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("addresses", nargs="*", default=ADDRESSES)
    given = parser.parse_args()
    client = create_app(given.home).test_client()
    client.get("/search.csv?q=公开")  # loads the dictionary
    print(f"{'rows':>9} {'CPU s':>7} {'rows/s':>9}  address")
    for address in given.addresses:
        started = time.process_time()
        rows = client.get(address).data.count(b"\r\n") - 1
        taken = time.process_time() - started
        print(f"{rows:>9,} {taken:>7.2f} {rows / taken:>9,.0f}  {address}")


if __name__ == "__main__":
    main()
