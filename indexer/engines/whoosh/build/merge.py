"""Merges the number columns of shards into those of an index; texts, bigrams and postings stay in their shards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path

import numpy as np

from indexer.engines.whoosh.build.shards import read_digests
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.records import ColumnValue

FACET_FILES = ("facets.json", "keywords.json")


def join(directory: Path, shards: Sequence[Path]) -> tuple[int, int]:
    """Writes the columns of an index; returns the number of its reports and of its sections."""
    bounds = [_read(shard, "bounds") for shard in shards]
    sections = [len(each) // 2 for each in bounds]
    text_units = [int(each[count]) for each, count in zip(bounds, sections, strict=True)]
    cell_units = [int(each[-1]) - units for each, units in zip(bounds, text_units, strict=True)]
    texts = [0, *accumulate(text_units)]
    cells = [*accumulate(cell_units, initial=texts[-1])]
    firsts = [0, *accumulate(sections)]
    parts = [*zip(bounds, sections, texts, cells, strict=False)]
    _write(
        directory,
        "bounds",
        [each[:count] + text for each, count, text, _ in parts],
        [each[count:-1] + (cell - each[count]) for each, count, _, cell in parts],
        [np.array([cells[-1]])],
    )
    reports = [_read(shard, "reports") for shard in shards]
    counts = [*accumulate((len(read_digests(shard)) for shard in shards), initial=0)]
    _write(directory, "reports", [each + first for each, first in zip(reports, counts, strict=False)])
    for name in ("headings", "characters"):
        _write(directory, name, [_read(shard, name) for shard in shards])
    identities = [np.fromfile(shard / "identities.u8", "<u8") for shard in shards]
    np.concatenate([np.zeros(0, "<u8"), *identities]).tofile(directory / "identities.u8")
    _join_facets(directory, [*zip(shards, firsts, strict=False)])
    rows = [
        *zip((shard.name for shard in shards), firsts, sections, texts, text_units, cells, cell_units, strict=False)
    ]
    (directory / "shards.json").write_text(json.dumps(rows), "utf-8")
    return counts[-1], firsts[-1]


def _join_facets(directory: Path, shards: Sequence[tuple[Path, int]]) -> None:
    """Merges facets; values are numbered in order of appearance, so that an update equals a rebuild."""
    known: dict[str, dict[ColumnValue, int]] = {}
    joined: dict[str, list[tuple[Ints, Ints]]] = {}
    for (shard, first), name in ((shard, name) for shard in shards for name in FACET_FILES):
        for field, values in json.loads((shard / name).read_text("utf-8")).items():
            numbers = known.setdefault(field, {})
            renamed = np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)
            rows, codes = np.fromfile(shard / f"{field}.facet", "<i8").reshape(2, -1)
            joined.setdefault(field, []).append((rows + first, renamed[codes]))
    for field, entries in joined.items():
        _write(directory, f"{field}.rows", [rows for rows, _ in entries])
        _write(directory, f"{field}.codes", [codes for _, codes in entries])
    values = {field: list(numbers) for field, numbers in known.items()}
    (directory / "values.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")


def join_figures(directory: Path, shards: Sequence[Path]) -> None:
    """Merges the figures of all shards, grouped by name."""
    held: dict[str, list[tuple[Ints, Ints]]] = {}
    first = 0
    for shard in shards:
        document = json.loads((shard / "figures.json").read_text("utf-8"))
        reports, values = np.fromfile(shard / "figures.reports", "<i8"), np.fromfile(shard / "figures.values", "<f8")
        for name, (begin, end) in document["figures"].items():
            held.setdefault(name, []).append((reports[begin:end] + first, values[begin:end]))
        first += document["reports"]
    named = sorted(held.items())
    ends = accumulate((sum(len(values) for _, values in parts) for _, parts in named), initial=0)
    figures = {name: span for (name, _), span in zip(named, pairwise(ends), strict=True)}
    document = {"reports": first, "figures": figures}
    (directory / "figures.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    for place, (name, kind) in enumerate((("reports", "<i8"), ("values", "<f8"))):
        columns = [part[place] for _, parts in named for part in parts]
        np.concatenate([np.zeros(0, kind), *columns]).tofile(directory / f"figures.{name}")


def _read(shard: Path, name: str) -> Ints:
    return np.fromfile(shard / f"{name}.i8", "<i8")


def _write(directory: Path, name: str, *numbers: Iterable[Ints]) -> None:
    np.concatenate([np.zeros(0, "<i8"), *chain(*numbers)]).tofile(directory / f"{name}.i8")
