"""Reads a table that a report prints twice: the same again, another version of it, or that of another year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from archive.model import Block, Figure, Notice
from archive.notices import notice
from archive.vocabulary import table_names

# '(二)2018年度情况', '2018年收到和处理政府信息公开申请情况' above a table; not a comparison of years
_OF_YEAR = re.compile(
    r"(?:[(（]?[一二三四五六七八九十0-9]{1,2}[)）、.])?(?:附[表件:：]*)?(?P<year>20[0-9]{2})年度?[^0-9。,，;；]{0,30}"
)
_COMPARED = re.compile("比较|对比|同比|结转")


def tables_of_other_years(blocks: Sequence[Block], year: int | None) -> frozenset[int]:
    """The `id` of each table whose caption names another year than that of the report; none if `year` is None."""
    return frozenset(
        id(block.table)
        for before, block in pairwise(blocks)
        if year and block.table and block.table.kind and _names_other_year(before.text, year)
    )


def _names_other_year(caption: str, year: int) -> bool:
    named = _OF_YEAR.fullmatch(caption)
    return named is not None and int(named["year"]) != year and not _COMPARED.search(caption)


def once(tables: Iterable[Sequence[Figure]]) -> tuple[list[Figure], list[Notice]]:
    """The figures of all tables of a report, each once; one that two tables state differently is unreadable.

    A number stands for a cell that another table leaves blank, and one in text for one that OCR read.
    """
    found: list[Figure] = []
    places: dict[str, int] = {}
    contradicted: dict[str, Figure] = {}
    for figures in tables:
        own: dict[str, int] = {}
        for figure in figures:
            name = figure.name
            if (at := places.get(name)) is None:
                own.setdefault(name, len(found))
                found.append(figure)
            elif name not in contradicted:
                before = found[at]
                found[at] = _one(before, figure)
                if found[at].state == "unreadable" and None not in (before.value, figure.value):
                    contradicted[name] = found[at]
        places |= own
    rows = {(each.table, each.row): each for each in reversed(contradicted.values())}
    notices = [
        notice("unreadable_cell", each.place, **table_names(each.table), row=each.label, printed=each.printed)
        for each in reversed(rows.values())
    ]
    return found, notices


def _one(first: Figure, second: Figure) -> Figure:
    if second.value is None or first.value == second.value:
        return first
    if first.value is None:
        return second
    if first.basis != second.basis:
        return first if first.basis == "table" else second
    return replace(first, value=None, state="unreadable", printed=f"{first.printed} / {second.printed}")
