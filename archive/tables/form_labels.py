"""Finds the rows, groups and columns of the statutory tables that have a given label: `不予公开`, `本年新收…`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from archive.errors import Language
from archive.text.match import fold_label
from archive.vocabulary import TABLES, table_label, table_rules

WEAK = frozenset({"其他", "总计", "合计", "total", "other"})
"""Labels of many rows and columns, which do not identify one."""

# '(三)不予公开', '1.属于国家秘密', '其中:主动公开规范性文件数', '(3) Refused', '1. State secret'
_NUMBER = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]\s*|其中[:：])+")


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A row, a group of rows, or a column (also a group of columns), with the codes that it stands for."""

    table: str
    kind: Literal["row", "group", "column"]
    zh: str
    en: str
    codes: tuple[str, ...]

    def label(self, language: Language) -> str:
        """The label without its number."""
        return _NUMBER.sub("", self.zh if language == "zh" else self.en)

    def table_label(self, language: Language) -> str:
        return table_label(self.table, language)


def labels_named(text: str) -> tuple[FormLabel, ...]:
    """The entries whose label, without number, is the text; one for the rows and one for the columns of each table."""
    return _by_label().get(_key(text), ())


def form_labels() -> Iterator[FormLabel]:
    """Yields every row, group and column of the statutory tables."""
    return (entry for entry, _ in _entries())


@functools.cache
def _by_label() -> Mapping[str, tuple[FormLabel, ...]]:
    found: dict[str, dict[tuple[str, bool], FormLabel]] = {}
    for entry, names in _entries():
        for name in dict.fromkeys(map(_key, (entry.zh, entry.en, *names))):
            if name and name not in WEAK:
                same = found.setdefault(name, {}).get(place := (entry.table, entry.kind == "column"))
                # a row of one form is a group of rows in another: 其他处理
                codes = tuple(dict.fromkeys((*same.codes, *entry.codes))) if same else entry.codes
                found[name][place] = replace(same or entry, codes=codes)
    return {name: tuple(entries.values()) for name, entries in found.items()}


def _entries() -> Iterator[tuple[FormLabel, tuple[str, ...]]]:
    """Yields every entry with the other labels that forms print for it."""
    for table in TABLES:
        rules = table_rules(table)
        for row in (row for row in rules["row"] if "counts_in" not in row):
            yield FormLabel(table, "row", row["zh"], row["en"], (row["code"],)), tuple(row.get("printed", {}).values())
        for part, codes in _groups(rules["row"]):
            yield FormLabel(table, "group", part["zh"], part["en"], codes), ()
        for column in rules["column"]:
            yield FormLabel(table, "column", column["zh"], column["en"], (column["code"],)), ()
        for span in rules.get("span", ()):
            yield FormLabel(table, "column", span["zh"], span["en"], tuple(span["columns"])), ()


def _groups(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, str], tuple[str, ...]]]:
    """Yields the parts whose rows are the items of one thing (`refused.state_secret` …), with their codes."""
    for first, row in enumerate(rows):
        prefix, dot, _ = row["code"].partition(".")
        if dot and row.get("part"):
            yield row["part"], tuple(each["code"] for each in rows[first:] if each["code"].startswith(f"{prefix}."))


def _key(text: str) -> str:
    return fold_label(_NUMBER.sub("", text))
