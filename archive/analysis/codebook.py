"""The codebook: every figure and measure that there can be, with its names, unit, form and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from archive.analysis.measures import measures
from archive.rulebook import rulebook
from archive.vocabulary import TABLES, form_years, prose_rows, statutory_layout, table_rules


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure (or measure) in one form. `unit` is empty where the page prints it or where it counts requests."""

    kind: str
    name: str
    form: str | None
    first_year: int | None
    last_year: int | None
    zh: str
    en: str
    column_zh: str
    column_en: str
    unit: str | None
    formula: str | None
    source: str | None


HEAD = tuple(field.name for field in fields(Entry))


def codebook() -> Iterator[Entry]:
    """Tables as their forms print them, the figures that sentences state, the measures."""
    for table in TABLES:
        rules = table_rules(table)
        for form in rules.get("forms", (None,)):
            yield from _table(table, rules, form)
    for row, rule in prose_rows():
        unit = rule.get("unit")
        yield Entry("prose", f"prose.{row}", None, None, None, rule["zh"], rule["en"], "", "", unit, None, None)
    for each in measures():
        formula = f"{each.formula_zh}; {each.codes}"
        yield Entry("measure", each.code, None, None, None, each.zh, each.en, "", "", None, formula, each.source)


def rows_of_codebook() -> Iterator[tuple[object, ...]]:
    """The codebook as rows under `HEAD`."""
    return map(astuple, codebook())


def _table(table: str, rules: Mapping[str, Any], form: str | None) -> Iterator[Entry]:
    first, last = form_years(form) if form else (None, None)
    source = _form_source(form) if form else rules.get("source")
    layout = statutory_layout(form, table)
    wanted = set(layout.rows) if layout else None
    for row in rules["row"]:
        if (wanted is not None and row["code"] not in wanted) or row.get("form") not in (None, form):
            continue
        for column in _columns(rules, row, form):
            yield Entry(
                "table",
                f"{table}.{row['code']}.{column['code']}",
                form,
                first,
                last,
                row.get("printed", {}).get(form, row["zh"]),
                row["en"],
                column.get("printed", {}).get(form, column["zh"]),
                column["en"],
                row.get("unit"),
                None,
                source,
            )


def _columns(rules: Mapping[str, Any], row: Mapping[str, Any], form: str | None) -> Iterator[Mapping[str, Any]]:
    own = row.get("columns", {}).get(form)
    for column in rules["column"]:
        if column.get("form") in (None, form) and (own is None or column["code"] in own):
            yield column


def _form_source(code: str) -> str:
    return next(str(form["source"]) for form in rulebook("forms/forms.toml")["form"] if form["code"] == code)
