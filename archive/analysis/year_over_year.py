"""Checks a year's figures against the report of the year before (`rules/forms/forms.toml`, `year_over_year`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from archive.model import Notice, Report, ReportSummary
from archive.notices import notice
from archive.rulebook import rulebook

_R = TypeVar("_R", Report, ReportSummary)


def year_over_year_notices(reports: Sequence[_R]) -> Iterator[tuple[_R, Notice]]:
    """Yields a `series_break` for each identity that a report and the one of the year before do not satisfy.

    Args:
        reports: of one agency, one for each year, in the order of their years.
    """
    dated = [report for report in reports if report.year is not None]
    for before, report in pairwise(dated):
        if (report.year or 0) - (before.year or 0) != 1:
            continue
        for identity in _identities():
            left, right = _sum(before, identity["before"]), _sum(report, identity["after"])
            if left is not None and right is not None and left != right:
                yield (
                    report,
                    notice(
                        "series_break",
                        identity=identity["zh"],
                        identity_en=identity["en"],
                        before=before.year,
                        year=report.year,
                        left=f"{left:f}",
                        right=f"{right:f}",
                    ),
                )


def compared_figures() -> frozenset[str]:
    return frozenset(name for identity in _identities() for side in ("before", "after") for name in identity[side])


def _identities() -> Sequence[Mapping[str, Any]]:
    rules: Sequence[Mapping[str, Any]] = rulebook("forms/forms.toml")["year_over_year"]
    return rules


def _sum(report: Report | ReportSummary, signs: Mapping[str, int]) -> Decimal | None:
    """The sum of some figures with their signs, None if the report lacks one of them."""
    values = {figure.name: figure.value for figure in report.figures if figure.name in signs}
    if set(values) != set(signs) or None in values.values():
        return None
    return sum((sign * (values[name] or Decimal(0)) for name, sign in signs.items()), Decimal(0))
