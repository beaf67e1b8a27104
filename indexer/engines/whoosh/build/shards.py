"""Shards: an index is a sequence of shards, each a run of reports; a shard of unchanged reports is reused.

The address of one report decides whether a shard begins there; a full shard also ends. An added or removed report thus
changes one shard, rarely two or three, and an updated index equals a rebuilt one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.model import Agency
from archive.store.listing import ListedReport

MEAN = 256
"""Reports of a shard on average: few enough to be indexed in a second or two, and many enough that searching all shards
costs little more than searching one."""
MOST = 2 * MEAN
"""Reports of a shard at most, so that no core and no update waits long for the largest."""


def split(reports: Iterable[ListedReport]) -> Iterator[list[ListedReport]]:
    """Yields the reports of each shard; `reports` are in the order of the archive."""
    shard: list[ListedReport] = []
    for report in reports:
        if shard and (len(shard) == MOST or _number(report.address) % MEAN == 0):
            yield shard
            shard = []
        shard.append(report)
    if shard:
        yield shard


def agency_of(report: ListedReport) -> str:
    """Returns the id of the agency of a report."""
    return report.address.partition("/")[0]


def name_of(shard: Sequence[ListedReport], agencies: Mapping[str, Agency]) -> str:
    """Returns the name of a shard: the hash of its reports and of the indexed fields of their agencies."""
    digest = hashlib.blake2b(digest_size=16)
    for report in shard:
        agency = agencies[agency_of(report)]
        shown = (agency.name, agency.place, agency.level, agency.kind)
        row = (report.address, report.digest, shown)
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def write_digests(directory: Path, shard: Sequence[ListedReport]) -> None:
    (directory / "reports.json").write_text(json.dumps([report.digest for report in shard]), "utf-8")


def read_digests(directory: Path) -> list[str]:
    """Returns the digests of the reports of a shard, in order."""
    digests: list[str] = json.loads((directory / "reports.json").read_text("utf-8"))
    return digests


def take_over(old: Path, new: Path) -> None:
    """Hard-links the files of a shard into a new directory; files of a finished shard are never written again.

    They are copied where the file system has no hard links (exFAT, some network shares).
    """
    for folder, _, files in os.walk(old):
        place = new / Path(folder).relative_to(old)
        place.mkdir()
        for file in files:
            try:
                os.link(Path(folder, file), place / file)
            except OSError:  # which errors there are depends on the file system; any other one meets the copy, too
                shutil.copyfile(Path(folder, file), place / file)


def _number(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=8).digest())
