"""Finds breaks: reasons why the figures of two years are not comparable (`rules/breaks.toml`)."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from archive.errors import Language
from archive.model import Report, ReportSummary
from archive.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Break:
    """A reason why the figures before and after are not one series, in some tables or (without `tables`) in all."""

    code: str
    zh: str
    en: str
    source: str
    between_forms: bool = False
    first_year: int | None = None
    tables: tuple[str, ...] = ()

    def reason(self, language: Language) -> str:
        """The reason as a sentence without a full stop."""
        return self.zh if language == "zh" else self.en

    def separates(self, table: str, before: Report | ReportSummary, after: Report | ReportSummary) -> bool:
        """Whether it is between two reports' figures of a table."""
        if self.tables and table not in self.tables:
            return False
        if self.between_forms:
            return before.form != after.form
        if self.first_year is None or before.year is None or after.year is None:
            return False
        return min(before.year, after.year) < self.first_year <= max(before.year, after.year)


def breaks_between(table: str, before: Report | ReportSummary, after: Report | ReportSummary) -> tuple[Break, ...]:
    return tuple(rule for rule in _rules() if rule.separates(table, before, after))


@functools.cache
def _rules() -> tuple[Break, ...]:
    return tuple(Break(**row) for row in rulebook("breaks.toml")["break"])
