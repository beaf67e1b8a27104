"""Counts the reports of the archive in SQL, in the index of `reports` alone and decoding no document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from archive.store.schema import reports

_UNDATED = "undated-"


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """The reports of an agency: their number, and the keys of the first and the last one."""

    reports: int
    first: str
    last: str


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
    """Counts each agency and key once. `newest` is the number of reports listed, those added last first."""
    c = reports.c
    shown = (
        sa.select(c.agency, c.key, sa.func.max(c.capture).label("capture"))
        .where(c.duplicate.is_(False))
        .group_by(c.agency, c.key)
        .subquery()
    )
    s = shown.c
    by_agency = sa.select(s.agency, sa.func.count(), sa.func.min(s.key), sa.func.max(s.key)).group_by(s.agency)
    by_key = sa.select(s.key, sa.func.count()).where(s.key.not_like(f"{_UNDATED}%")).group_by(s.key).order_by(s.key)
    last = sa.select(s.agency, s.key).order_by(s.capture.desc(), s.agency, s.key.desc()).limit(newest)
    return ReportCounts(
        {agency: ReportSpan(*values) for agency, *values in connection.execute(by_agency)},
        {int(key): count for key, count in connection.execute(by_key)},
        tuple((agency, key) for agency, key in connection.execute(last)),
    )
