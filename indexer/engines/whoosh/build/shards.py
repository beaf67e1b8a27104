"""Shards: an index is a row of them, each a run of reports; one of unchanged reports is taken over as it is.

Where a shard begins is decided by the address of one report, or because the one before is full. So a report that comes
in, or goes, changes one shard, seldom a second or third, and an index that was brought up to date is the same as one
rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.model import Agency
from archive.store.listing import ListedReport

MEAN = 256
"""Reports from one address that begins a shard to the next, on average: few enough to be indexed in a second or two,
many enough that a search over all shards does not notice them."""
MOST = 2 * MEAN
"""Reports of a shard at most: no core waits long for the one with the largest, and no update."""


def split(reports: Iterable[ListedReport]) -> Iterator[list[ListedReport]]:
    """The reports of each shard; reports come in the order of the archive."""
    shard: list[ListedReport] = []
    for report in reports:
        if shard and (len(shard) == MOST or _number(report.address) % MEAN == 0):
            yield shard
            shard = []
        shard.append(report)
    if shard:
        yield shard


def name_of(shard: Sequence[ListedReport], agencies: Mapping[str, Agency]) -> str:
    """The name of a shard: the hash of its reports and of what is indexed of their agencies."""
    digest = hashlib.blake2b(digest_size=16)
    for report in shard:
        agency = agencies.get(report.address.partition("/")[0])
        shown = agency and (agency.name, agency.place, agency.level, agency.kind)
        row = (report.address, report.digest, shown)
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def write_digests(directory: Path, shard: Sequence[ListedReport]) -> None:
    """Keeps by what its reports are known."""
    (directory / "reports.json").write_text(json.dumps([report.digest for report in shard]), "utf-8")


def read_digests(directory: Path) -> list[str]:
    """By what the reports of a shard are known, in order."""
    digests: list[str] = json.loads((directory / "reports.json").read_text("utf-8"))
    return digests


def take_over(old: Path, new: Path) -> None:
    """A shard as it is: the same files under another name, since nobody ever writes into them again."""
    for folder, _, files in os.walk(old):
        place = new / Path(folder).relative_to(old)
        place.mkdir()
        for file in files:
            os.link(Path(folder, file), place / file)


def _number(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=8).digest())
