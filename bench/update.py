"""Measures how long adding one report to an index takes until it is found."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from archive.model import Paragraph
from archive.store.listing import list_report
from bench import corpus
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request

_SENTENCE = "前所未见之语"


def main() -> None:
    """Adds a report with a unique sentence to an index of `bench.search` and searches for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="FOLDER/gongkai of `bench.search`")
    parser.add_argument("--sections", type=int, required=True, help="the number given to `bench.search`")
    args = parser.parse_args()
    made = list(corpus.reports(args.sections))
    section = replace(made[0].sections[0], paragraphs=(Paragraph(_SENTENCE),))
    new = replace(made[0], agency="agency-new", sections=(section,), fingerprint="f" * 64)
    agencies = corpus.agencies(len(made) // 17 + 1)
    # Listed as by a catalogue: reports are read only if the index does not contain them.
    known = [*list_report([*made, new])]
    open_index(args.home).search(Request(_SENTENCE))
    start = time.perf_counter()
    build_index(args.home, known, agencies, 2)
    built = time.perf_counter() - start
    total = open_index(args.home).search(Request(_SENTENCE)).total
    print(f"built in {built:.1f} s, found after {time.perf_counter() - start:.1f} s: {total}")


if __name__ == "__main__":
    main()
