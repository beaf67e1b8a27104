"""Breaks: where numbers of two years do not mean the same and must not be joined silently."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from archive.errors import Language
from archive.model import Report, ReportSummary
from archive.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Break:
    """One reason why a table's numbers before and after are not one series."""

    code: str
    zh: str
    en: str
    between_forms: bool = False
    first_year: int | None = None
    tables: tuple[str, ...] = ()

    def reason(self, language: Language) -> str:
        """Why, in one sentence without a full stop."""
        return self.zh if language == "zh" else self.en

    def stands_between(self, table: str, before: Report | ReportSummary, after: Report | ReportSummary) -> bool:
        """Whether it parts the two reports' figures of that table."""
        if self.tables and table not in self.tables:
            return False
        if self.between_forms:
            return before.form != after.form
        if self.first_year is None or before.year is None or after.year is None:
            return False
        return min(before.year, after.year) < self.first_year <= max(before.year, after.year)


def breaks_between(table: str, before: Report | ReportSummary, after: Report | ReportSummary) -> tuple[Break, ...]:
    """Every break between the figures that two reports state in a table."""
    return tuple(rule for rule in _rules() if rule.stands_between(table, before, after))


@functools.cache
def _rules() -> tuple[Break, ...]:
    return tuple(
        Break(
            row["code"],
            row["zh"],
            row["en"],
            row.get("between_forms", False),
            row.get("first_year"),
            tuple(row.get("tables", ())),
        )
        for row in rulebook("breaks.toml")["break"]
    )
