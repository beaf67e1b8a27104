"""Reads the advanced form, from which a query is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from flask_babel import LazyString, lazy_gettext
from werkzeug.datastructures import MultiDict

from archive.text.normalize import normal_form
from archive.vocabulary import TABLES, column_codes, kind_codes, level_codes, prose_rows, section_codes, table_rules
from indexer.query.ast import Condition, Operator, Unit, Where
from indexer.query.conditions import figure_names
from indexer.query.query_form import QueryForm
from webui.params.validators import check_known, check_query, read_one, read_values

PROSE = "prose"
OPERATORS: tuple[Operator, ...] = (">", ">=", "=", "<=", "<")
WHERE: tuple[Where, ...] = get_args(Where)
WITHIN: tuple[Unit, ...] = get_args(Unit)
DISTANCE = 30
MOST_CHOSEN = 100
TEXTS = ("exact", "all", "any", "none", "near", "beside", "agency", "place", "distance", "from", "to", "number")
PARAMETERS = (*TEXTS, "section", "level", "kind", "row", "column", "operator", "in", "unit")

# '30', '10.5', '-3'
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class AdvancedParams:
    """The form as filled in.

    `typed` are the text fields, `row` and `column` the choices of a figure. `mistakes` are by the field that has to be
    corrected; with any, `form` lacks what could not be read.
    """

    form: QueryForm
    typed: dict[str, str]
    row: str
    column: str
    operator: Operator
    mistakes: dict[str, LazyString]


def read_advanced_params(arguments: MultiDict[str, str]) -> AdvancedParams:
    """Reads the form.

    Raises:
        ParameterError: for a choice that the form does not have.
    """
    typed = {name: check_query(arguments.get(name, "")) for name in TEXTS}
    mistakes: dict[str, LazyString] = {}
    operator = read_one(arguments, "operator", OPERATORS)
    row, column = arguments.get("row", ""), arguments.get("column", "")
    if row:
        check_known("row", row, [name for _, names in figure_rows() for name in names])
    if column:
        check_known("column", column, [name for _, names in figure_columns() for name in names])
    first, last = (_year(typed[name], name, mistakes) for name in ("from", "to"))
    if first is not None and last is not None and first > last:
        mistakes["from"] = lazy_gettext("起始年份晚于终止年份")
    form = QueryForm(
        exact=typed["exact"],
        every=typed["all"],
        either=typed["any"],
        none=typed["none"],
        near=(typed["near"], typed["beside"]),
        distance=_distance(typed["distance"], mistakes),
        sections=read_values(arguments, "section", MOST_CHOSEN, known=section_codes()),
        first=first,
        last=last,
        agencies=typed["agency"],
        places=typed["place"],
        levels=read_values(arguments, "level", MOST_CHOSEN, known=level_codes()),
        kinds=read_values(arguments, "kind", MOST_CHOSEN, known=kind_codes()),
        condition=_condition(row, column, operator, typed["number"], mistakes),
        where=read_one(arguments, "in", WHERE),
        unit=read_one(arguments, "unit", WITHIN),
    )
    return AdvancedParams(form, typed, row, column, operator, mistakes)


def figure_rows() -> Iterator[tuple[str, list[str]]]:
    """The rows that a condition can name, by table: `requests.new`, `prose.requests_received`."""
    yield from ((table, [f"{table}.{row['code']}" for row in table_rules(table)["row"]]) for table in TABLES)
    yield PROSE, [f"{PROSE}.{row}" for row, _ in prose_rows()]


def figure_columns() -> Iterator[tuple[str, list[str]]]:
    """The columns that a condition can name, by table: `requests.total`."""
    return ((table, [f"{table}.{column}" for column in column_codes(table)]) for table in TABLES)


def _condition(
    row: str, column: str, operator: Operator, typed: str, mistakes: dict[str, LazyString]
) -> Condition | None:
    number = normal_form(typed.strip()).replace(",", "")
    if not row and not number:
        return None
    table = row.partition(".")[0]
    if not row:
        mistakes["row"] = lazy_gettext("请选择一项数据")
    elif column and table != column.partition(".")[0]:
        mistakes["column"] = lazy_gettext("这一列不在所选数据的表格中")
    elif not _NUMBER.fullmatch(number):
        mistakes["number"] = lazy_gettext("请填写一个数字")
    else:
        codes = column_codes(table)
        usual = "total" if "total" in codes else next(iter(codes), "")
        code = column.partition(".")[2] or usual
        figure = f"{row}.{code}" if code else row
        if figure in figure_names():
            return Condition(figure, operator, Decimal(number))
        mistakes["column"] = lazy_gettext("这一列不在所选数据的表格中")
    return None


def _year(typed: str, name: str, mistakes: dict[str, LazyString]) -> int | None:
    year = normal_form(typed.strip())
    if not year:
        return None
    if re.fullmatch(r"[1-9][0-9]{3}", year):
        return int(year)
    mistakes[name] = lazy_gettext("请填写四位数的年份")
    return None


def _distance(typed: str, mistakes: dict[str, LazyString]) -> int:
    distance = normal_form(typed.strip())
    if not distance:
        return DISTANCE
    if re.fullmatch(r"[0-9]{1,4}", distance):
        return int(distance)
    mistakes["distance"] = lazy_gettext("请填写0到9999的整数")
    return DISTANCE
