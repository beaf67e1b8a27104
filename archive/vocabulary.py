"""Provides the codes of the rules and their names in Chinese and English."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from archive.errors import Language
from archive.rulebook import rulebook

STATUTORY = ("proactive", "requests", "review")
TABLES = (*STATUTORY, "statistics", "indicators")
SERIES = "series"
"""The table of the series across forms (`rules/series.toml`)."""


@dataclass(frozen=True, slots=True)
class StatutoryLayout:
    """The row and column codes of a statutory table in one form, in printed order."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]


_FILES = {
    "section": "sections.toml",
    "form": "forms/forms.toml",
    "level": "agencies.toml",
    "kind": "agencies.toml",
}


@functools.cache
def _labels(kind: str) -> dict[str, dict[Language, str]]:
    return {row["code"]: {"zh": row["zh"], "en": row["en"]} for row in rulebook(_FILES[kind])[kind]}


def _codes(kind: str) -> tuple[str, ...]:
    return tuple(_labels(kind))


def _label(kind: str, code: str, language: Language) -> str:
    return _labels(kind)[code][language]


# The codes of each kind in the order of the rules, and their names: section_label("requests", "zh") is 依申请公开.
section_codes, section_label = partial(_codes, "section"), partial(_label, "section")
form_codes, form_label = partial(_codes, "form"), partial(_label, "form")
level_codes, level_label = partial(_codes, "level"), partial(_label, "level")
kind_codes, kind_label = partial(_codes, "kind"), partial(_label, "kind")


def table_label(table: str, language: Language) -> str:
    """The name of a table; the figures in sentences form the table `prose`."""
    if table == "prose":
        return "正文数据" if language == "zh" else "Figures stated in the text"
    if table == SERIES:
        return "2008年至今的序列" if language == "zh" else "Series since 2008"
    return str(table_rules(table)[language])


def table_names(table: str) -> dict[str, str]:
    """The name of a table as the facts `table` and `table_en` of a notice."""
    return {"table": table_label(table, "zh"), "table_en": table_label(table, "en")}


def row_label(form: str | None, table: str, row: str, language: Language) -> str:
    """The name of a row in a form; for an unknown row, the label at the end of its code."""
    return _entry(form, table, "row", row, language)


def column_label(form: str | None, table: str, column: str | None, language: Language) -> str:
    """The name of a column in a form, empty for None."""
    return "" if column is None else _entry(form, table, "column", column, language)


def row_codes(table: str) -> tuple[str, ...]:
    """The codes of all rows of a table in printed order, a computed row behind its last part."""
    if table == "prose":
        return tuple(row for row, _ in prose_rows())
    if table == SERIES:
        return tuple(rule["code"] for rule in rulebook("series.toml")[SERIES])
    rules = table_rules(table)
    behind = {rule["parts"][-1]: rule["code"] for rule in rules.get("derived", ())}
    codes = [code for row in rules["row"] for code in (row["code"], behind.get(row["code"])) if code]
    return tuple(dict.fromkeys(codes))


def column_codes(table: str) -> tuple[str, ...]:
    """The codes of all columns of a table."""
    if table not in TABLES:
        return ()
    return tuple(dict.fromkeys(column["code"] for column in table_rules(table)["column"]))


def statutory_layout(form: str | None, table: str) -> StatutoryLayout | None:
    """The rows and columns of a table in a form, None for a form without it.

    Each item of `proactive` has its own columns; the layout has all columns of the form.
    """
    rules = table_rules(table) if table in TABLES else {}
    if rules.get("layout") in (None, "list") or form not in rules.get("forms", (form,)):
        return None

    def codes(kind: str) -> tuple[str, ...]:
        return tuple(entry["code"] for entry in rules[kind] if entry.get("form") in (None, form))

    return StatutoryLayout(codes("row"), codes("column"))


def form_of_year(year: int) -> str:
    """The form of the reports on a year: Order 492 to 2018, then the notices of 2019 and 2021."""
    first, *later = form_codes()
    return next((code for code in reversed(later) if year >= form_rule(code)["first_year"]), first)


def form_changes() -> dict[int, str]:
    """The years from which reports have another form, with its code: 2019 and 2021."""
    return {form_rule(code)["first_year"]: code for code in form_codes()[1:]}


def form_rule(code: str) -> Mapping[str, Any]:
    """The rule of a form, with `first_year`, `last_year` (unless the form is in use) and `source`."""
    form: Mapping[str, Any] = next(form for form in rulebook("forms/forms.toml")["form"] if form["code"] == code)
    return form


def table_rules(table: str) -> Mapping[str, Any]:
    """The rules of one table, `rules/forms/TABLE.toml`."""
    return rulebook(f"forms/{table}.toml")


def prose_rows() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of `rules/prose.toml` by code."""
    yield from ((row["code"], row) for row in rulebook("prose.toml")["row"])


def _entry(form: str | None, table: str, kind: str, code: str, language: Language) -> str:
    if table == "prose":
        return str(dict(prose_rows())[code][language])
    if table == SERIES:
        entries: Iterable[Mapping[str, Any]] = rulebook("series.toml")[SERIES]
    else:
        rules = table_rules(table)
        entries = (*rules[kind], *(rules.get("derived", ()) if kind == "row" else ()))
    known = {entry["code"]: entry for entry in entries}
    if code not in known:
        return code.rpartition(".")[2]
    printed: str | None = known[code].get("printed", {}).get(form)
    return printed if printed and language == "zh" else str(known[code][language])
