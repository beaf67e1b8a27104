"""The measures that studies use: one sum of a report's figures over another, with the formula in words.

A blank and a dash count as 0, as they do in the form's own arithmetic, and the result says so. A figure that is
missing or unreadable leaves no result: nothing is estimated.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from archive.errors import Language
from archive.model import Figure, Report, ReportSummary
from archive.rulebook import rulebook
from archive.vocabulary import form_codes, statutory_layout

Standing = Literal["computed", "computed_with_blanks", "nothing_to_divide", "missing"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: `numerator` and `denominator` are names of figures, `refused.*` stands for every row below it."""

    code: str
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula_zh: str
    formula_en: str
    source: str

    def label(self, language: Language) -> str:
        """Its name."""
        return self.zh if language == "zh" else self.en

    def formula(self, language: Language) -> str:
        """What is divided by what, in words."""
        return self.formula_zh if language == "zh" else self.formula_en

    @property
    def codes(self) -> str:
        """The same in the names of figures, as the query language and the files have them."""
        numerator, denominator = (_sum(names) for names in (self.numerator, self.denominator))
        return f"{numerator} / {denominator}"

    @property
    def table(self) -> str:
        """The table that its figures stand in."""
        return self.numerator[0].partition(".")[0]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of one report. `value` is a share from 0 to 1, None unless computed.

    `doubtful` where a figure used stands in an identity of the form that fails: the share is no better than it.
    """

    measure: Measure
    standing: Standing
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    doubtful: bool = False

    @property
    def value(self) -> Decimal | None:
        """The share."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def measures() -> tuple[Measure, ...]:
    """Every measure, in the order of the rules."""
    return tuple(_measures().values())


def measure_named(code: str) -> Measure | None:
    """The measure of that code."""
    return _measures().get(code)


def measured_rows(wanted: Iterable[Measure]) -> tuple[str, ...]:
    """The rows, in any form, of the figures that measures are computed from."""
    names = [name for each in wanted for name in (*each.numerator, *each.denominator)]
    spelled = [name for form in form_codes() for name in _spelled(names, form)]
    return tuple(dict.fromkeys(name.partition(".")[2].rpartition(".")[0] for name in spelled))


def measure(wanted: Measure, report: Report | ReportSummary) -> Measured:
    """Computes a measure from the figures of one report."""
    figures = {figure.name: figure for figure in report.figures if figure.basis == "table"}
    parts = [
        [figures.get(name) for name in _spelled(names, report.form)] for names in (wanted.numerator, wanted.denominator)
    ]
    used = [figure for part in parts for figure in part]
    if not all(parts) or not all(figure is not None and figure.state != "unreadable" for figure in used):
        return Measured(wanted, "missing")
    numerator, denominator = (sum((_value(figure) for figure in part), Decimal(0)) for part in parts)
    held = [figure for figure in used if figure is not None]
    blanks = any(figure.state in ("blank", "dash") for figure in held)
    standing: Standing = "computed_with_blanks" if blanks else "computed"
    doubtful = any("failed" in dict(figure.check).values() for figure in held)
    return Measured(wanted, standing if denominator else "nothing_to_divide", numerator, denominator, doubtful)


def _spelled(names: Iterable[str], form: str | None) -> Iterator[str]:
    """The figures that names stand for in a form; a star is every row below it."""
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


def _value(figure: Figure | None) -> Decimal:
    return Decimal(0) if figure is None or figure.value is None else figure.value


def _sum(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


@functools.cache
def _measures() -> dict[str, Measure]:
    return {
        row["code"]: Measure(**row | {part: tuple(row[part]) for part in ("numerator", "denominator")})
        for row in rulebook("measures.toml")["measure"]
    }
