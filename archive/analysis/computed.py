"""Computes rows that no report prints: totals of a group of rows, and series across forms (`rules/series.toml`).

A row has steps in order of preference; a step is a sum of figures. In a sum, blank and dash count as 0, as in the
identities of the forms. A figure by itself keeps its state: nothing that is missing becomes 0.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import NamedTuple

from archive.analysis.breaks import breaks_between
from archive.errors import Language
from archive.model import CellState, Figure, Report, ReportSummary
from archive.rulebook import rulebook
from archive.vocabulary import SERIES, STATUTORY, TABLES, column_codes, prose_rows, table_label, table_rules

Name = tuple[str, str, str | None]
"""Table, row and column of a figure."""
Value = tuple[Decimal | None, CellState]
# Digits of a sum. Printed numbers have a few; a sum of any of them is exact.
PRECISION = 100
# States of a part without which there is no sum, the first one that occurs tells why.
_NO_SUM: tuple[CellState, ...] = ("unreadable", "contradictory", "incomplete")


class ComputedFigure(Figure, frozen=True):
    """A figure with the names of the figures that it is the sum of.

    Without a value, its state tells why: a part is missing (`incomplete`), `unreadable`, or stated with several values
    (`contradictory`); a series of one figure has the state of this figure. It is `approximate` if a part is.
    """

    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A sum of figures in some forms, in any form without `forms`."""

    names: tuple[Name, ...]
    forms: tuple[str, ...] = ()
    parts: tuple[str, ...] = field(init=False)
    """The names as text."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(map(figure_name, self.names)))


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """A row of a table, in one column, with the steps that give its value."""

    table: str
    row: str
    column: str | None
    steps: tuple[Step, ...]

    @property
    def name(self) -> Name:
        return self.table, self.row, self.column


class ReportValues(NamedTuple):
    """A report with the figures that are wanted of it, by name; a name that it does not state is left out."""

    agency: str
    key: str
    year: int | None
    form: str | None
    figures: Mapping[Name, ComputedFigure]


def with_shared_figures(reports: Iterable[ReportValues]) -> tuple[ReportValues, ...]:
    """The reports with one object for equal figures: a third of the memory where they are kept."""
    shared: dict[tuple[object, ...], ComputedFigure] = {}

    def of(name: Name, figure: ComputedFigure) -> ComputedFigure:
        return shared.setdefault((name, figure.value, figure.state, figure.parts, figure.confidence), figure)

    return tuple(
        each._replace(figures={name: of(name, figure) for name, figure in each.figures.items()}) for each in reports
    )


def computed_rows() -> Mapping[Name, ComputedRow]:
    """All computed rows, by name."""
    return _computed_rows()


def row_of(name: Name) -> ComputedRow:
    """The computed row of a name; any other figure is a row of one part."""
    return computed_rows().get(name) or ComputedRow(*name, (Step((name,)),))


def parts_of(rows: Iterable[ComputedRow]) -> frozenset[Name]:
    """The figures that rows are computed from."""
    return frozenset(name for row in rows for step in row.steps for name in step.names)


def compute(
    row: ComputedRow,
    form: str | None,
    cells: Mapping[Name, Sequence[Value]],
    confidences: Mapping[Name, float] = MappingProxyType({}),
) -> ComputedFigure | None:
    """The row of a report in a form: the first step with a value, else why there is none; None without any part.

    `confidences` has the parts that were read by OCR.
    """
    without: ComputedFigure | None = None
    for step in row.steps:
        if step.forms and form is not None and form not in step.forms:
            continue
        if not any(name in cells for name in step.names):
            continue
        value, state = _sum([cells.get(name, ()) for name in step.names])
        confidence = min((confidences[name] for name in step.names if name in confidences), default=None)
        figure = ComputedFigure(
            row.table, row.row, row.column, value, "", state, "computed", parts=step.parts, confidence=confidence
        )
        if value is not None:
            return figure
        without = without or figure
    return without


def with_computed(figures: Sequence[Figure], form: str | None) -> tuple[Figure, ...]:
    """The figures of a report and the totals of its groups of rows; series are left out."""
    cells: dict[Name, list[Value]] = {}
    for figure in figures:
        cells.setdefault((figure.table, figure.row, figure.column), []).append((figure.value, figure.state))
    confidences = {
        (figure.table, figure.row, figure.column): figure.confidence
        for figure in figures
        if figure.confidence is not None
    }
    totals = (compute(row, form, cells, confidences) for row in computed_rows().values() if row.table != SERIES)
    return (*figures, *(total for total in totals if total))


def series_breaks(
    before: tuple[Report | ReportSummary, object],
    after: tuple[Report | ReportSummary, object],
    language: Language,
) -> tuple[str, ...]:
    """The reasons why a series does not continue: a break of the tables that it is taken from, or another table."""
    tables = [source_table(figure) for _, figure in (before, after)]
    known = dict.fromkeys(filter(None, tables))
    found = dict.fromkeys(each for table in known for each in breaks_between(table, before[0], after[0]))
    reasons = [each.reason(language) for each in found]
    if all(tables) and tables[0] != tables[1] and before[0].form == after[0].form:
        reasons.append(another_source([tables[0] or ""], [tables[1] or ""], language))
    return tuple(reasons)


def another_source(before: Sequence[str], after: Sequence[str], language: Language) -> str:
    """The reason why a series does not continue where its values are taken from other tables."""
    comma = "、" if language == "zh" else ", "
    was, is_ = (comma.join(f"“{table_label(table, language)}”" for table in tables) for tables in (before, after))
    if language == "zh":
        return f"来源不同：此前取自{was}，此后取自{is_}"
    return f"Another source: {was} before, {is_} after"


def source_table(figure: object) -> str | None:
    """The table from which a figure is computed, None for another figure."""
    return figure.parts[0].partition(".")[0] if isinstance(figure, ComputedFigure) and figure.parts else None


def figure_name(name: Name) -> str:
    """`requests.new.total`, `prose.disclosed`."""
    return ".".join(part for part in name if part)


def parse_name(name: str) -> Name | None:
    """The parts of a name of a figure; None for a table, row or column that no rule has."""
    table, _, rest = name.partition(".")
    if table == "prose":
        return (table, rest, None) if rest in _prose_rows() else None
    if table == SERIES:
        return (table, rest, None) if (table, rest, None) in computed_rows() else None
    row, _, column = rest.rpartition(".")
    if table not in TABLES or column not in column_codes(table):
        return None
    codes = {entry["code"] for key in ("row", "derived") for entry in table_rules(table).get(key, ())}
    return (table, row, column) if row in codes else None


def _sum(parts: Sequence[Sequence[Value]]) -> Value:
    stated = [_stated(part) for part in parts]
    states = {state for _, state in stated}
    for state in _NO_SUM:
        if state in states:
            return None, state
    if len(stated) == 1:
        value, state = stated[0]
        return value, state if value is None or state == "approximate" else "number"
    with localcontext(prec=PRECISION):
        total = sum((value or Decimal(0) for value, _ in stated), Decimal(0))
    return total, "approximate" if "approximate" in states else "number"


def _stated(values: Sequence[Value]) -> Value:
    """What the figures of one name state together, as a table can be printed twice."""
    if not values:
        return None, "incomplete"
    if len(values) == 1:
        return values[0]
    numbers = {value for value, _ in values if value is not None}
    if len(numbers) > 1:
        return None, "contradictory"
    return next(((value, state) for value, state in values if value is not None), values[0])


@functools.cache
def _prose_rows() -> frozenset[str]:
    return frozenset(row for row, _ in prose_rows())


@functools.cache
def _computed_rows() -> Mapping[Name, ComputedRow]:
    rows = [*_group_totals(), *_series()]
    return {row.name: row for row in rows}


def _group_totals() -> Iterator[ComputedRow]:
    for table in STATUTORY:
        for rule in table_rules(table).get("derived", ()):
            for column in column_codes(table):
                names = tuple((table, part, column) for part in rule["parts"])
                yield ComputedRow(table, rule["code"], column, (Step(names),))


def _series() -> Iterator[ComputedRow]:
    totals = {row.name: row for row in _group_totals()}
    for rule in rulebook("series.toml")["series"]:
        steps = []
        for step in rule["step"]:
            names: list[Name] = []
            for name in step["figures"]:
                table, _, rest = name.partition(".")
                row, _, column = (rest, "", None) if table == "prose" else rest.rpartition(".")
                total = totals.get((table, row, column))
                names += total.steps[0].names if total else ((table, row, column),)
            steps.append(Step(tuple(names), tuple(step["forms"])))
        yield ComputedRow(SERIES, rule["code"], None, tuple(steps))
