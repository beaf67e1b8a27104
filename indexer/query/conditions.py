"""Conditions on statutory figures: which names there are, and how they are read."""

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
    """The condition that a query writes; full-width signs, ≤ and ≥ are read, too.

    Raises:
        QueryError: when there is no such figure, or nothing that it could be compared with.
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
    """Whether a report can state a figure of this name: one of the forms, or a row that kept its label as printed."""
    table, _, row = name.partition(".")
    return name in figure_names() or (table in TABLES and bool(row) and not row.isascii())


@functools.cache
def figure_names() -> frozenset[str]:
    """Every name of a figure that the forms have, whichever of its columns a row may use: `requests.new.total`."""
    prose = {f"{_PROSE}.{row}" for row, _ in prose_rows()}
    rules = {table: table_rules(table) for table in TABLES}
    return frozenset(
        prose.union(
            f"{table}.{row['code']}.{column['code']}"
            for table in TABLES
            for row in rules[table]["row"]
            for column in rules[table]["column"]
        )
    )


def figure_label(name: str, language: Language) -> str:
    """What a figure is called: table, row and column."""
    table, _, rest = name.partition(".")
    if table == _PROSE:
        return f"{table_label(table, language)}·{row_label(None, table, rest, language)}"
    columns = [column["code"] for column in table_rules(table)["column"]]
    row, _, column = rest.rpartition(".")
    if column not in columns:
        row, column = rest, ""
    labels = [table_label(table, language), row_label(None, table, row, language)]
    return "·".join([*labels, column_label(None, table, column, language)] if column else labels)
