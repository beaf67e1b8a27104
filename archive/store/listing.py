"""Reports by what they say, without reading them: so that an index reads only those that it does not hold already."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archive.model import Report


@dataclass(frozen=True, slots=True)
class ListedReport:
    """One report. `address` is `AGENCY/KEY`, `digest` the hash of its content; `read` may run in any process."""

    address: str
    digest: str
    read: Callable[[], Report]


def list_report(reports: Iterable[Report]) -> Iterator[ListedReport]:
    """Reports that are in memory, one by one."""
    for report in reports:
        content = hashlib.blake2b(repr(report).encode("utf-8", "surrogatepass"), digest_size=16)
        yield ListedReport(f"{report.agency}/{report.key}", content.hexdigest(), functools.partial(_itself, report))


def _itself(report: Report) -> Report:
    return report
