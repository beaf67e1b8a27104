"""Parses conditions on statutory figures, and names the figures."""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import cast

from archive.errors import Language
from archive.text.normalize import normal_form
from archive.vocabulary import TABLES, column_label, prose_rows, row_label, table_label, table_rules
from indexer.query.ast import Condition, Operator
from indexer.query.query_errors import query_error, unknown_figure

_PROSE = "prose"

# 'requests.new.total >= 10'
_PARTS = re.compile(r"(?P<figure>[^\s<>=≤≥]+)\s*(?P<operator>[<>]\s*=|[<>=≤≥])\s*(?P<number>.*)")
# '10', '-3', '82.3658'
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15})?")
_OPERATORS = {"≤": "<=", "≥": ">="}


def read_condition(written: str, position: int) -> Condition:
    """Returns the condition; full-width signs, ≤ and ≥ are accepted.

    Raises:
        QueryError: if there is no such figure, or no number to compare it with.
    """
    match = _PARTS.fullmatch(normal_form(written))
    if match is None:
        raise query_error("no_comparison", position, name=written)
    figure, operator, number = match["figure"], "".join(match["operator"].split()), match["number"].strip()
    if not is_figure(figure):
        raise unknown_figure(position, figure, figure_names())
    if not _NUMBER.fullmatch(number):
        raise query_error("bad_number", position + match.start("number"), name=figure, number=number)
    return Condition(figure, cast(Operator, _OPERATORS.get(operator, operator)), Decimal(number))


def is_figure(name: str) -> bool:
    """Returns whether a form has the figure, or its row is a label as printed."""
    table, _, row = name.partition(".")
    return name in figure_names() or (table in TABLES and bool(row) and not row.isascii())


@functools.cache
def figure_names() -> frozenset[str]:
    """Every combination of a row and a column of each table (`requests.new.total`), and the figures of prose."""
    names = {f"{_PROSE}.{row}" for row, _ in prose_rows()}
    for table, rules in ((table, table_rules(table)) for table in TABLES):
        names.update(f"{table}.{row['code']}.{column['code']}" for row in rules["row"] for column in rules["column"])
    return frozenset(names)


def figure_label(name: str, language: Language) -> str:
    table, _, rest = name.partition(".")
    if table == _PROSE:
        return f"{table_label(table, language)}·{row_label(None, table, rest, language)}"
    columns = [column["code"] for column in table_rules(table)["column"]]
    row, _, column = rest.rpartition(".")
    if column not in columns:
        row, column = rest, ""
    labels = [table_label(table, language), row_label(None, table, row, language)]
    return "·".join([*labels, column_label(None, table, column, language)] if column else labels)
