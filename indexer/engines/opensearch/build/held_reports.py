"""What an index in a cluster holds of each report, and what is missing in it.

A report is held once its own document is there: that is written behind its sections, and removed before them. So the
sections of a report without a document are what a killed build left, or what the next one has to remove.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from archive.model import Agency
from archive.store.listing import ListedReport
from indexer.engines.opensearch.build.documents import REPORT_NUMBER, agency_document
from indexer.engines.opensearch.connection.bulk import BulkWriter
from indexer.engines.opensearch.connection.cluster_client import Cluster

SECTIONS = {"term": {"document": "section"}}
_REPORTS = {"term": {"document": "report"}}
_AGENCIES = {"range": {"number": {"lt": REPORT_NUMBER}}}
_LEFT = {
    "bool": {"filter": [SECTIONS], "must_not": [{"has_parent": {"parent_type": "report", "query": {"match_all": {}}}}]}
}
_DISTANCE = 1 << 28
"""Numbers between the first sections of two reports of a new index; three million reports stay below 2^53."""
_ROOM = 1 << 16
"""Numbers that a report gets which is inserted later."""
_LEAST_ROOM = 1 << 10


@dataclass(frozen=True, slots=True)
class HeldReport:
    """What the document of a report states for the builder: `place` is the number of its first section."""

    digest: str
    content: str
    place: int
    sections: int
    lengths: Mapping[str, int]
    """The lengths of its texts: the sums over its sections."""

    @property
    def end(self) -> int:
        return self.place + self.sections

    @property
    def as_source(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MissingReport:
    """A report to be indexed: as listed, with its digest in the index, and the numbers that its sections may have."""

    listed: ListedReport
    digest: str
    place: int
    room: int

    @property
    def agency(self) -> str:
        return _agency(self.listed.address)


def held_reports(cluster: Cluster, index: str) -> dict[str, HeldReport]:
    """Returns the reports of an index by address."""
    found = cluster.scan(index, _REPORTS, ["report", "state"], [{"report": "asc"}])
    return {each["_source"]["report"]: HeldReport(**each["_source"]["state"]) for each in found}


def digest_of(report: ListedReport, agency: Agency) -> str:
    """Returns the hash of what the documents of a report contain."""
    row = (report.address, report.digest, agency.name, agency.place, agency.level, agency.kind)
    return hashlib.blake2b(json.dumps(row).encode(), digest_size=16).hexdigest()


def placed(
    wanted: Sequence[tuple[ListedReport, str]], held: Mapping[str, HeldReport]
) -> tuple[list[MissingReport], bool]:
    """Returns the reports that an index lacks, with their places, and whether there is room for each.

    Args:
        wanted: every report of the archive in order, with its digest in the index.
        held: the reports of the index that stay.
    """
    missing: list[MissingReport] = []
    waiting: list[tuple[ListedReport, str]] = []
    end, in_order = 0, True
    for report, digest in wanted:
        kept = held.get(report.address)
        if kept is None:
            waiting.append((report, digest))
            continue
        missing += _placed_between(waiting, end, min(_ROOM, (kept.place - end) // max(len(waiting), 1)))
        in_order &= end <= kept.place
        waiting, end = [], kept.end
    missing += _placed_between(waiting, end + _DISTANCE, _DISTANCE)
    return missing, in_order and all(each.room >= _LEAST_ROOM for each in missing)


def _placed_between(reports: Sequence[tuple[ListedReport, str]], place: int, room: int) -> Iterator[MissingReport]:
    for number, (report, digest) in enumerate(reports):
        yield MissingReport(report, digest, place + number * room, room)


def remove_reports(cluster: Cluster, index: str, addresses: Iterable[str]) -> None:
    """Removes reports, and the sections that have no report."""
    writer = BulkWriter(cluster, index)
    for address in addresses:
        writer.remove(address, _agency(address))
    writer.finish()
    cluster.refresh(index)
    for each in cluster.scan(index, _LEFT, ["report"]):
        writer.remove(each["_id"], _agency(each["_source"]["report"]))
    writer.finish()


def write_agencies(cluster: Cluster, index: str, agencies: Iterable[Agency]) -> None:
    """Makes the agencies of an index those of the archive, in their order."""
    held = {each["_id"]: each["_source"] for each in cluster.scan(index, _AGENCIES, ["number", "agency_record"])}
    writer = BulkWriter(cluster, index)
    for number, agency in enumerate(agencies):
        id_, document = f"agency-{agency.id}", agency_document(agency, number)
        if held.pop(id_, None) != document:
            writer.add(id_, agency.id, document)
    for id_, source in held.items():
        writer.remove(id_, source["agency_record"]["id"])
    writer.finish()


def _agency(address: str) -> str:
    return address.partition("/")[0]
