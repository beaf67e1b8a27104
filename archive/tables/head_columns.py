"""Reads the order of the columns of a statutory table from its printed head, where it is printed in whole.

Most captures lose the grid of the head and keep its labels. Only labels that are whole cells count: a head that is
broken over lines, or printed in part, does not show an order, and the columns are those of the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from archive.model import Table
from archive.tables.cell_values import row_values
from archive.text.match import fold_alnum
from archive.vocabulary import table_rules


class HeadOrder(NamedTuple):
    """The codes of the columns and rows in printed order; `printed` has the labels of an order unlike the form."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    printed: str | None = None


def head_order(table: Table) -> HeadOrder:
    """The order of a `requests` or `review` table, which the form fixes and a head can contradict."""
    rules = table_rules(table.kind or "")
    usual = HeadOrder(_codes(rules["column"]), _codes(rules["row"]))
    if table.kind not in _READERS:
        return usual
    labels = list(_head(table))
    found = _one_row(table, rules) or _READERS[table.kind](labels, rules)
    if found is None or found == usual:
        return usual
    names = {entry["code"]: entry["zh"] for entry in (*rules["column"], *rules["row"])}
    changed = found.columns if found.columns != usual.columns else found.rows
    return found._replace(printed="、".join(names[code] for code in changed))


def _head(table: Table) -> Iterator[str]:
    """The folded labels before the first value."""
    flagged = (each for row in table.rows for each in zip(row, row_values(row), strict=True))
    cells = takewhile(lambda each: not each[0].text or not each[1], flagged)
    return (label for cell, _ in cells if (label := fold_alnum(cell.text)))


def _one_row(table: Table, rules: Mapping[str, Any]) -> HeadOrder | None:
    """The order in a head of one row (`head_grid`), which can lack columns of the form."""
    if table.kind != "requests":
        return None
    names = {entry["zh"]: entry["code"] for entry in rules["column"]}
    blank, *printed = (cell.text for cell in table.rows[0])
    if blank or not printed or not names.keys() >= set(printed):
        return None
    return HeadOrder(tuple(names[name] for name in printed), _codes(rules["row"]))


def _codes(entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(entry["code"] for entry in entries)


def _requests(labels: Sequence[str], rules: Mapping[str, Any]) -> HeadOrder | None:
    """自然人, 法人或其他组织 with five columns below it, 总计."""
    (span,) = rules["span"]
    below = _order(labels, [entry for entry in rules["column"] if entry["code"] in span["columns"]])
    others = [entry for entry in rules["column"] if entry["code"] not in span["columns"]]
    above = _order(labels, [*others, {"code": "span", "zh": span["zh"]}])
    if below is None or above is None:
        return None
    columns = (code for each in above for code in (below if each == "span" else (each,)))
    return HeadOrder(tuple(columns), _codes(rules["row"]))


def _review(labels: Sequence[str], rules: Mapping[str, Any]) -> HeadOrder | None:
    """Three groups with the same columns, in the order of the groups; each group has its columns in the same order."""
    names = {fold_alnum(entry["zh"]): entry["code"] for entry in rules["column"]}
    printed = [names[label] for label in labels if label in names]
    size = len(names)
    columns = tuple(printed[:size])
    if len(set(columns)) != size or printed != list(columns) * len(rules["row"]):
        return None
    above = {entry["code"]: entry["above"] for entry in rules["row"]}
    if any(labels.count(label) != 1 for each in above.values() for label in each):
        return HeadOrder(columns, _codes(rules["row"]))
    return HeadOrder(columns, tuple(sorted(above, key=lambda code: [labels.index(label) for label in above[code]])))


def _order(labels: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The codes of entries in the order of their labels, None unless each label occurs once."""
    names = {entry["code"]: fold_alnum(entry["zh"]) for entry in entries}
    if any(labels.count(name) != 1 for name in names.values()):
        return None
    return tuple(sorted(names, key=lambda code: labels.index(names[code])))


_READERS = {"requests": _requests, "review": _review}
