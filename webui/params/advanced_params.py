"""Reads the advanced form, from which a query is written, and writes the fields of a query as its parameters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from flask_babel import LazyString, lazy_gettext
from werkzeug.datastructures import MultiDict

from archive.errors import Language
from archive.text.normalize import normal_form
from archive.vocabulary import TABLES, column_codes, kind_codes, level_codes, prose_rows, section_codes, table_rules
from indexer.query.ast import Condition, MatchAll, Operator, Unit, Where
from indexer.query.conditions import figure_names
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError
from indexer.query.query_form import DISTANCE, QueryForm, narrowed, read_form
from indexer.query.request import Request
from indexer.query.values import restrictions
from webui.http.i18n import language
from webui.params.search_params import read_filters
from webui.params.validators import check_known, check_query, read_one, read_values

PROSE = "prose"
OPERATORS: tuple[Operator, ...] = (">", ">=", "=", "<=", "<")
WHERE: tuple[Where, ...] = get_args(Where)
WITHIN: tuple[Unit, ...] = get_args(Unit)
MOST_CHOSEN = 100
TEXTS = ("exact", "all", "any", "none", "near", "beside", "agency", "place", "distance", "from", "to", "number", "rest")
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
    mistakes: dict[str, LazyString | str]


def read_advanced_params(arguments: MultiDict[str, str]) -> AdvancedParams:
    """Reads the form.

    Raises:
        ParameterError: for a choice that the form does not have.
    """
    typed = {name: check_query(arguments.get(name, "")) for name in TEXTS}
    mistakes: dict[str, LazyString | str] = {}
    operator = read_one(arguments, "operator", OPERATORS)
    row, column = arguments.get("row", ""), arguments.get("column", "")
    if row:
        check_known("row", row, [name for _, names in figure_rows() for name in names])
    if column:
        check_known("column", column, [name for _, names in figure_columns() for name in names])
    first, last = (_year(typed[name], name, mistakes) for name in ("from", "to"))
    if first is not None and last is not None and first > last:
        mistakes["from"] = lazy_gettext("起始年份晚于终止年份")
    try:
        parse(typed["rest"])
    except QueryError as error:
        mistakes["rest"] = error.message(language())
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
        rest=typed["rest"],
    )
    return AdvancedParams(form, typed, row, column, operator, mistakes)


def carried_arguments(arguments: MultiDict[str, str], code: Language) -> dict[str, str | list[str]]:
    """The parameters of the form for a search: its query `q` and its filters. `read_advanced_params` reads them.

    A query that cannot be read is kept as it is, for the form to show its mistake.
    """
    query = check_query(arguments.get("q", ""))
    filters = restrictions(Request(filters=read_filters(arguments)))
    try:
        form = read_form(narrowed(parse(query), filters), code)
    except QueryError:
        form = replace(read_form(narrowed(MatchAll(), filters), code), rest=query)
    row, column = _figure(form.condition)
    usual = form.distance == DISTANCE or not all(form.near)
    spelled: dict[str, str | list[str]] = {
        "exact": form.exact,
        "all": form.every,
        "any": form.either,
        "none": form.none,
        "near": form.near[0],
        "distance": "" if usual else str(form.distance),
        "beside": form.near[1],
        "in": "" if form.where == WHERE[0] else form.where,
        "unit": "" if form.unit == WITHIN[0] else form.unit,
        "from": str(form.first or ""),
        "to": str(form.last or ""),
        "agency": form.agencies,
        "place": form.places,
        "section": [*form.sections],
        "level": [*form.levels],
        "kind": [*form.kinds],
        "row": row,
        "column": column,
        "operator": form.condition.operator if form.condition else "",
        "number": f"{form.condition.number:f}" if form.condition else "",
        "rest": form.rest,
    }
    return {name: value for name, value in spelled.items() if value}


def figure_rows() -> Iterator[tuple[str, list[str]]]:
    """The rows that a condition can name, by table: `requests.new`, `prose.requests_received`."""
    yield from ((table, [f"{table}.{row['code']}" for row in table_rules(table)["row"]]) for table in TABLES)
    yield PROSE, [f"{PROSE}.{row}" for row, _ in prose_rows()]


def figure_columns() -> Iterator[tuple[str, list[str]]]:
    """The columns that a condition can name, by table: `requests.total`."""
    return ((table, [f"{table}.{column}" for column in column_codes(table)]) for table in TABLES)


def _figure(condition: Condition | None) -> tuple[str, str]:
    """The choices of a condition: the row, and the column if it is not the usual one."""
    if condition is None:
        return "", ""
    row, _, code = condition.figure.rpartition(".")
    table = condition.figure.partition(".")[0]
    codes = column_codes(table) if table in TABLES else ()
    if code not in codes:
        return condition.figure, ""
    return row, "" if code == _usual(codes) else f"{table}.{code}"


def _usual(codes: Collection[str]) -> str:
    """The column of a table that a condition has if none is chosen."""
    return "total" if "total" in codes else next(iter(codes), "")


def _condition(
    row: str, column: str, operator: Operator, typed: str, mistakes: dict[str, LazyString | str]
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
        code = column.partition(".")[2] or _usual(column_codes(table))
        figure = f"{row}.{code}" if code else row
        if figure in figure_names():
            return Condition(figure, operator, Decimal(number))
        mistakes["column"] = lazy_gettext("这一列不在所选数据的表格中")
    return None


def _year(typed: str, name: str, mistakes: dict[str, LazyString | str]) -> int | None:
    year = normal_form(typed.strip())
    if not year:
        return None
    if re.fullmatch(r"[1-9][0-9]{3}", year):
        return int(year)
    mistakes[name] = lazy_gettext("请填写四位数的年份")
    return None


def _distance(typed: str, mistakes: dict[str, LazyString | str]) -> int:
    distance = normal_form(typed.strip())
    if not distance:
        return DISTANCE
    if re.fullmatch(r"[0-9]{1,4}", distance):
        return int(distance)
    mistakes["distance"] = lazy_gettext("请填写0到9999的整数")
    return DISTANCE
