"""The record of a section that a hit shows, and the types of field values."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import msgspec

ColumnValue = int | str | None


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """The data of a section that a hit shows; `key` is the last part of the address of its report."""

    agency: str
    agency_name: str
    key: str
    year: int | None
    section: str
    anchor: str
    heading: str | None
    title: str

    @property
    def report(self) -> str:
        """The address of its report, `AGENCY/YEAR`."""
        return f"{self.agency}/{self.key}"

    @property
    def address(self) -> str:
        """The address of the section on the site."""
        return f"/reports/{self.report}#{self.anchor}"


_DECODER = msgspec.json.Decoder(SectionRecord)


def read_record(line: bytes) -> SectionRecord:
    """Returns the record of a line of `records.jsonl`."""
    try:
        return _DECODER.decode(line)
    except UnicodeDecodeError:  # half of a surrogate pair, which a page may have
        return SectionRecord(**json.loads(line.decode("utf-8", "surrogatepass")))


def identity(address: str) -> int:
    """Returns the 64-bit number of a section address; it never changes."""
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest())
