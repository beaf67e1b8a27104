"""Hashes what an archive holds: equal on every machine for equal reports, whatever the order in which they were added.

The hash covers what can change the answer to a query: the reports in order, their agencies, the dictionary, and the
rules by which a query counts. It does not cover the generation, paths, days of capture, or the release of the program.
Keyword weights are frozen at a rebuild (`keyword_frequencies` of the manifest) and are not covered either.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from archive.model import Agency, Report, Source
from archive.store.serialization import dump
from indexer.text.tokenizer import dictionary_hash

SEMANTICS = 3
"""Increase this number with every change by which a query may count differently on the same reports."""

_FILE = "contents.json"


def report_hash(report: Report) -> str:
    """Returns the hash of a report without what differs between captures of the same bytes: path, address and day."""
    source = Source("", report.source.sha256, report.source.media_type)
    return hashlib.sha256(dump(replace(report, source=source)).encode("utf-8", "surrogatepass")).hexdigest()


def write_contents(shard: Path, hashes: Sequence[str]) -> None:
    (shard / _FILE).write_text(json.dumps(hashes), "utf-8")


def content_hash(shards: Iterable[Path], agencies: Mapping[str, Agency], shown: Iterable[str]) -> str:
    """Returns the hash of an archive from its shards in order, each with the file that `write_contents` wrote."""
    reports = (each for shard in shards for each in json.loads((shard / _FILE).read_text("utf-8")))
    return content_hash_of(reports, agencies, shown)


def content_hash_of(reports: Iterable[str], agencies: Mapping[str, Agency], shown: Iterable[str]) -> str:
    """Returns the hash of an archive.

    Args:
        reports: the hashes of its reports in order.
        agencies: the agencies by id.
        shown: the ids of the agencies that have a report.
    """
    digest = hashlib.sha256(json.dumps([SEMANTICS, dictionary_hash(), _divisions_hash()]).encode())
    for each in reports:
        digest.update(f"\n{each}".encode())
    for id_ in sorted(set(shown) & agencies.keys()):
        agency = agencies[id_]
        names = sorted({name.text for name in agency.names})
        row = (id_, agency.name, names, agency.place, agency.level, agency.kind)
        digest.update(f"\n{json.dumps(row)}".encode())
    return digest.hexdigest()


@functools.cache
def _divisions_hash() -> str:
    """Returns the hash of the table by which `place:` finds the regions below a region."""
    table = files("archive").joinpath("rules", "divisions", "divisions.tsv")
    return hashlib.sha256(table.read_bytes()).hexdigest()
