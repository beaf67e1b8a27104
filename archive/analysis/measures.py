"""Computes the measures that studies use: quotients of two sums of figures (`rules/measures.toml`).

Blank and dash count as 0, as in the identities of the forms, and the result is then `computed_with_blanks`. There is no
result if a figure is missing, unreadable or contradictory: nothing is estimated.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from archive.analysis.computed import Name, parse_name
from archive.errors import Language
from archive.model import Figure, Report, ReportSummary
from archive.rulebook import rulebook
from archive.vocabulary import form_codes, statutory_layout

Standing = Literal["computed", "computed_with_blanks", "nothing_to_divide", "missing"]
_BLANK = ("blank", "dash")
"""States without a value that count as 0."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: `numerator` and `denominator` are names of figures; `refused.*` is every row of this group."""

    code: str
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula_zh: str
    formula_en: str
    source: str

    def label(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def formula(self, language: Language) -> str:
        return self.formula_zh if language == "zh" else self.formula_en

    @property
    def codes(self) -> str:
        """The formula in names of figures."""
        parts = (self.numerator, self.denominator)
        return " / ".join(names[0] if len(names) == 1 else f"({' + '.join(names)})" for names in parts)

    @property
    def table(self) -> str:
        return self.numerator[0].partition(".")[0]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of one report. `value` is a share from 0 to 1, None unless computed.

    It is `doubtful` if one of its figures is in an identity that fails, and has a `confidence` if OCR read one.
    """

    measure: Measure
    standing: Standing
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    doubtful: bool = False
    confidence: float | None = None

    @property
    def value(self) -> Decimal | None:
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def measures() -> tuple[Measure, ...]:
    return tuple(_measures().values())


def measure_named(code: str) -> Measure | None:
    return _measures().get(code)


def figures_of(wanted: Measure) -> tuple[Name, ...]:
    """The figures that a measure uses in any form."""
    names = (name for form in form_codes() for name in _expanded((*wanted.numerator, *wanted.denominator), form))
    return tuple(dict.fromkeys(found for name in names if (found := parse_name(name))))


def measure(wanted: Measure, report: Report | ReportSummary) -> Measured:
    names = _names(wanted, report.form)
    needed = {name for part in names for name in part}
    figures: dict[Name | None, Figure] = {
        name: figure
        for figure in report.figures
        if (name := (figure.table, figure.row, figure.column)) in needed and figure.basis in ("table", "ocr")
    }
    used = [figures[name] for part in names for name in part if name in figures]
    is_stated = all(figure.value is not None or figure.state in _BLANK for figure in used)
    if not all(names) or len(used) < sum(map(len, names)) or not is_stated:
        return Measured(wanted, "missing")
    numerator, denominator = (sum((figures[name].value or Decimal(0) for name in part), Decimal(0)) for part in names)
    has_blanks = any(figure.state in _BLANK for figure in used)
    standing: Standing = "computed_with_blanks" if has_blanks else "computed"
    doubtful = any("failed" in figure.check.values() for figure in used)
    standing = standing if denominator else "nothing_to_divide"
    confidence = min((figure.confidence for figure in used if figure.confidence is not None), default=None)
    return Measured(wanted, standing, numerator, denominator, doubtful, confidence)


@functools.cache
def _names(wanted: Measure, form: str | None) -> tuple[tuple[Name | None, ...], ...]:
    """The figures of numerator and denominator in a form; None for a name that no rule has."""
    return tuple(tuple(map(parse_name, _expanded(part, form))) for part in (wanted.numerator, wanted.denominator))


def _expanded(names: Iterable[str], form: str | None) -> Iterator[str]:
    """The names of figures in a form; a star is every row of its group."""
    for name in names:
        if ".*." not in name:
            yield name
            continue
        stem, column = name.split(".*.")
        table, _, group = stem.partition(".")
        layout = statutory_layout(form, table)
        for row in layout.rows if layout else ():
            if row.startswith(f"{group}."):
                yield f"{table}.{row}.{column}"


@functools.cache
def _measures() -> dict[str, Measure]:
    return {row["code"]: Measure(**row) for row in rulebook("measures.toml")["measure"]}
