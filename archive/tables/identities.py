"""Checks the arithmetic of the forms (`identity` in rules/forms/*.toml).

A failed check never changes a figure. Blank and dash count as 0, and the result is then `passed_with_blanks`.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from archive.model import Check, CheckResult, Figure, Notice
from archive.notices import notice
from archive.vocabulary import TABLES, column_label, row_label, statutory_layout, table_names, table_rules

Slot = tuple[str, str]
"""The row and the column of a cell."""
_Cell = tuple[str, str | None]
_Named = tuple[Figure, str]
"""A figure and its name."""
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Equation:
    """An identity on one row or column (`where`): the cells of both sides have equal sums."""

    identity: Mapping[str, Any]
    where: str
    left: tuple[Slot, ...]
    right: tuple[Slot, ...]

    @functools.cached_property
    def slots(self) -> frozenset[Slot]:
        return frozenset((*self.left, *self.right))


@functools.cache
def equations(table: str, form: str | None) -> tuple[Equation, ...]:
    """The identities of a table for every row or column of the form; none for a table that the form does not have."""
    layout = statutory_layout(form, table)
    if layout is None:
        return ()
    found = []
    for identity in table_rules(table).get("identity", ()):
        of_columns = identity["along"] == "columns"
        across, terms = (layout.columns, layout.rows) if of_columns else (layout.rows, layout.columns)
        if "left" in identity:
            left = identity["left"]
        else:
            left = terms[terms.index(identity["left_from"]) : terms.index(identity["left_until"])]
        for where in across:
            sides = [
                tuple((term, where) if of_columns else (where, term) for term in side)
                for side in (left, identity["right"])
            ]
            found.append(Equation(identity, where, sides[0], sides[1]))
    return tuple(found)


def check(figures: Sequence[Figure], form: str | None) -> tuple[tuple[Figure, ...], tuple[Check, ...]]:
    """The figures with their results in `check`, and every check whose cells are all present."""
    names = [figure.name for figure in figures]
    checks = tuple(_checks(figures, names, form))
    results: dict[str, dict[str, CheckResult]] = defaultdict(dict)
    for result in checks:
        for name in (*result.left, *result.right):
            results[name][result.identity] = result.result
    return tuple(
        replace(figure, check=results[name]) if name in results else figure
        for figure, name in zip(figures, names, strict=True)
    ), checks


def failure(failed: Check, form: str | None) -> Notice:
    identity = next(rule for rule in table_rules(failed.table)["identity"] if rule["code"] == failed.identity)
    label = column_label if identity["along"] == "columns" else row_label
    return notice(
        "check_failed",
        failed.place,
        **table_names(failed.table),
        identity=identity["zh"],
        identity_en=identity["en"],
        where=label(form, failed.table, failed.where, "zh"),
        where_en=label(form, failed.table, failed.where, "en"),
        left=f"{failed.left_sum:f}",
        right=f"{failed.right_sum:f}",
    )


def _checks(figures: Sequence[Figure], names: Sequence[str], form: str | None) -> Iterator[Check]:
    cells: dict[str, dict[_Cell, _Named]] = defaultdict(dict)
    for figure, name in zip(figures, names, strict=True):
        cells[figure.table][figure.row, figure.column] = figure, name
    for table in TABLES:
        for equation in equations(table, form) if table in cells else ():
            if cells[table].keys() >= equation.slots:
                yield _check(table, equation, cells[table])


def _check(table: str, equation: Equation, cells: Mapping[_Cell, _Named]) -> Check:
    left, right = ([cells[slot] for slot in side] for side in (equation.left, equation.right))
    left_sum, right_sum = (sum((figure.value for figure, _ in side if figure.value), _ZERO) for side in (left, right))
    states = {figure.state for figure, _ in (*left, *right)}
    result: CheckResult = "passed_with_blanks" if states & {"blank", "dash"} else "passed"
    if "unreadable" in states:
        result = "not_checked"
    elif left_sum != right_sum:
        result = "failed"
    names = [tuple(name for _, name in side) for side in (left, right)]
    code, place = equation.identity["code"], right[0][0].place
    return Check(table, code, equation.where, names[0], names[1], left_sum, right_sum, result, place)
