"""One report more: how long until it is found, in an index of any size."""

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

_SAID = "前所未见之语"


def main() -> None:
    """Adds a report that says what no other says to the index that `bench.search` left, and searches for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="FOLDER/gongkai of `bench.search`")
    parser.add_argument("--sections", type=int, required=True, help="the same number as there")
    args = parser.parse_args()
    made = list(corpus.reports(args.sections))
    section = replace(made[0].sections[0], paragraphs=(Paragraph(_SAID),))
    new = replace(made[0], agency="agency-new", sections=(section,), fingerprint="f" * 64)
    agencies = corpus.agencies(len(made) // 17 + 1)
    # as a catalogue lists them: known by what they say, read only if the index does not hold them
    known = [*list_report([*made, new])]
    open_index(args.home).search(Request(_SAID))
    start = time.perf_counter()
    build_index(args.home, known, agencies, 2)
    built = time.perf_counter() - start
    total = open_index(args.home).search(Request(_SAID)).total
    print(f"built in {built:.1f} s, found after {time.perf_counter() - start:.1f} s: {total}")


if __name__ == "__main__":
    main()
