"""Counts the reports of the archive, decoding no document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from archive.store.figures_table import report_rows
from archive.store.schema import reports


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """The reports of an agency: their number, and the first and the last year; None if no year is known."""

    reports: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """Shown reports by agency id, by year (without undated ones), and the agency and key of those added last."""

    spans: Mapping[str, ReportSpan]
    years: Mapping[int, int]
    newest: tuple[tuple[str, str], ...]

    @property
    def total(self) -> int:
        return sum(span.reports for span in self.spans.values())


def count_reports(connection: sa.Connection, newest: int) -> ReportCounts:
    """Counts each agency and key once. `newest` is the number of reports listed, those added last first.

    Raises:
        DamagedRecord: for a damaged row, which would be a wrong count.
    """
    query = sa.select(reports).where(reports.c.duplicate.is_(False)).order_by(reports.c.capture)
    captures = {(row.agency, row.key): (row.capture, row.year) for row in report_rows(connection, query)}
    years: defaultdict[str, list[int | None]] = defaultdict(list)
    for agency, key in sorted(captures):
        years[agency].append(captures[agency, key][1])
    dated = Counter(year for _, year in captures.values() if year is not None)
    added = sorted(captures, key=lambda address: address[1], reverse=True)
    added.sort(key=lambda address: (-captures[address][0], address[0]))
    return ReportCounts(
        {agency: _span(each) for agency, each in years.items()}, dict(sorted(dated.items())), tuple(added[:newest])
    )


def _span(years: list[int | None]) -> ReportSpan:
    dated = [year for year in years if year is not None]
    return ReportSpan(len(years), min(dated, default=None), max(dated, default=None))
