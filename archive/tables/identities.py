"""The arithmetic of the forms: which figures must add up, and whether they do (rules/forms/*.toml, `identity`).

A failed check never changes a figure. Blank and dash count as 0, and the result is then `passed_with_blanks`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from archive.model import Check, CheckResult, Figure, Notice
from archive.notices import notice
from archive.vocabulary import TABLES, column_label, row_label, statutory_layout, table_label, table_rules


def check(figures: Sequence[Figure], form: str | None) -> tuple[tuple[Figure, ...], tuple[Check, ...]]:
    """The figures with their results in `check`, and every check that could be made: one whose cells are all there."""
    checks = tuple(_checks(figures, form))
    results: dict[str, dict[str, CheckResult]] = defaultdict(dict)
    for made in checks:
        for name in (*made.left, *made.right):
            results[name][made.identity] = made.result
    checked = (replace(figure, check=results[figure.name]) if figure.name in results else figure for figure in figures)
    return tuple(checked), checks


def failure(made: Check, form: str | None) -> Notice:
    """The notice on a check that failed."""
    identity = next(rule for rule in table_rules(made.table)["identity"] if rule["code"] == made.identity)
    label = column_label if identity["along"] == "columns" else row_label
    return notice(
        "check_failed",
        made.place,
        table=table_label(made.table, "zh"),
        table_en=table_label(made.table, "en"),
        identity=identity["zh"],
        identity_en=identity["en"],
        where=label(form, made.table, made.where, "zh"),
        where_en=label(form, made.table, made.where, "en"),
        left=f"{made.left_sum:f}",
        right=f"{made.right_sum:f}",
    )


def _checks(figures: Sequence[Figure], form: str | None) -> Iterator[Check]:
    for table in TABLES:
        layout = statutory_layout(form, table)
        if layout is None:
            continue
        cells = {(figure.row, figure.column): figure for figure in figures if figure.table == table}
        for identity in table_rules(table).get("identity", ()):
            across, terms = layout.columns, layout.rows
            if identity["along"] == "rows":
                across, terms = terms, across
            for where in across:
                both = [
                    [cells.get((term, where) if identity["along"] == "columns" else (where, term)) for term in side]
                    for side in sides(identity, terms)
                ]
                left, right = (tuple(figure for figure in side if figure) for side in both)
                if len(left) + len(right) == sum(map(len, both)):
                    yield _made(table, identity["code"], where, left, right)


def sides(identity: Mapping[str, Any], terms: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The codes that stand on both sides; `left_from` … `left_until` spans the terms of the form between two."""
    if "left" in identity:
        return identity["left"], identity["right"]
    return terms[terms.index(identity["left_from"]) : terms.index(identity["left_until"])], identity["right"]


def _made(table: str, identity: str, where: str, left: Sequence[Figure], right: Sequence[Figure]) -> Check:
    names = [tuple(figure.name for figure in side) for side in (left, right)]
    sums = [sum((figure.value or Decimal(0) for figure in side), Decimal(0)) for side in (left, right)]
    states = {figure.state for figure in (*left, *right)}
    result: CheckResult = "passed_with_blanks" if states & {"blank", "dash"} else "passed"
    if "unreadable" in states:
        result = "not_checked"
    elif sums[0] != sums[1]:
        result = "failed"
    return Check(table, identity, where, names[0], names[1], sums[0], sums[1], result, right[0].place)
