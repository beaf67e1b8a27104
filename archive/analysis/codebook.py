"""Lists all figures and measures with their names, units, forms and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from archive.analysis.computed import computed_rows, figure_name
from archive.analysis.measures import measures
from archive.errors import Language
from archive.vocabulary import TABLES, column_label, form_rule, prose_rows, row_label, statutory_layout, table_rules

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure or measure in one form. `unit` is None for counts of requests and for units that the page prints."""

    kind: str
    name: str
    form: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    zh: str = ""
    en: str = ""
    column_zh: str = ""
    column_en: str = ""
    unit: str | None = None
    formula: str | None = None
    source: str | None = None


HEAD = tuple(field.name for field in fields(Entry))


def codebook() -> Iterator[Entry]:
    """The figures of tables as their forms print them, the figures in sentences, and the measures."""
    for table in TABLES:
        rules = table_rules(table)
        for form in rules.get("forms", (None,)):
            yield from _table(table, rules, form)
    for row, rule in prose_rows():
        yield Entry("prose", f"prose.{row}", zh=rule["zh"], en=rule["en"], unit=rule.get("unit"))
    yield from _computed()
    for each in measures():
        formula = f"{each.formula_zh}; {each.codes}"
        yield Entry("measure", each.code, zh=each.zh, en=each.en, formula=formula, source=each.source)


def rows_of_codebook() -> Iterator[tuple[object, ...]]:
    """The codebook as rows under `HEAD`."""
    return map(astuple, codebook())


def _computed() -> Iterator[Entry]:
    """Totals of groups and series; the formula has the sources of a series in order of preference."""
    for computed in computed_rows().values():
        table, code, column = computed.name
        zh, en = (row_label(None, table, code, language) for language in LANGUAGES)
        column_zh, column_en = (column_label(None, table, column, language) for language in LANGUAGES)
        formula = "; ".join(" + ".join(map(figure_name, step.names)) for step in computed.steps)
        name = figure_name(computed.name)
        yield Entry("computed", name, None, None, None, zh, en, column_zh, column_en, formula=formula)


def _table(table: str, rules: Mapping[str, Any], form: str | None) -> Iterator[Entry]:
    edition = form_rule(form) if form else {"source": rules.get("source")}
    layout = statutory_layout(form, table)
    for row in rules["row"]:
        if (layout and row["code"] not in layout.rows) or row.get("form") not in (None, form):
            continue
        for column in _columns(rules, row, form):
            yield Entry(
                "table",
                f"{table}.{row['code']}.{column['code']}",
                form,
                edition.get("first_year"),
                edition.get("last_year"),
                row.get("printed", {}).get(form, row["zh"]),
                row["en"],
                column.get("printed", {}).get(form, column["zh"]),
                column["en"],
                row.get("unit"),
                source=edition["source"],
            )


def _columns(rules: Mapping[str, Any], row: Mapping[str, Any], form: str | None) -> Iterator[Mapping[str, Any]]:
    own = row.get("columns", {}).get(form)
    for column in rules["column"]:
        if column.get("form") in (None, form) and (own is None or column["code"] in own):
            yield column
