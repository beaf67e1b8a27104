"""Reads the items of a basket: `AGENCY/KEY` for a report, with `/ANCHOR` for a section or `/TABLE.ROW.COLUMN`.

The third part is a figure if it has a dot, which anchors do not have.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from werkzeug.datastructures import MultiDict

from archive.analysis.computed import Name, figure_name, parse_name
from archive.errors import Language
from archive.model import Figure, Report, Section
from archive.store.figures_table import FigureSelection
from webui.data_access import catalogue, report
from webui.http.errors import ParameterError
from webui.params.validators import read_values, shortened

MOST_KEPT = 100
"""Items of a basket, and searches of a history, that a browser keeps."""
LONGEST_ITEM = 300

ItemKind = Literal["report", "section", "figure"]
KIND_NAMES: dict[ItemKind, dict[Language, str]] = {
    "report": {"zh": "报告", "en": "report"},
    "section": {"zh": "章节", "en": "section"},
    "figure": {"zh": "统计数据", "en": "figure"},
}


@dataclass(frozen=True, slots=True)
class BasketItem:
    """An item as its address names it, with what the archive has of it; `report` is None if it is not held."""

    item: str
    kind: ItemKind
    agency: str
    key: str
    report: Report | None = None
    section: Section | None = None
    figure: Figure | None = None

    @property
    def is_held(self) -> bool:
        return {"report": self.report, "section": self.section, "figure": self.figure}[self.kind] is not None

    @property
    def anchor(self) -> str | None:
        return self.section.anchor if self.section else None


def read_basket(arguments: MultiDict[str, str]) -> tuple[BasketItem, ...]:
    """Reads up to `MOST_KEPT` items.

    Raises:
        ParameterError: for too many items, and for one that names no report, section or figure.
    """
    return tuple(map(_item, read_values(arguments, "item", MOST_KEPT, LONGEST_ITEM)))


@functools.lru_cache(maxsize=4096)
def figure_item(table: str, row: str, column: str | None = None) -> str | None:
    """The last part of the item of a figure; None for a row or column that no rule has."""
    name = figure_name((table, row, column))
    return name if "/" not in name and parse_name(name) else None


def _item(text: str) -> BasketItem:
    agency, _, rest = text.partition("/")
    key, _, part = rest.partition("/")
    name = parse_name(part) if "." in part else None
    if not (agency and key) or "/" in part or ("." in part and name is None):
        raise ParameterError(
            f"参数 item 的“{shortened(text)}”不是报告、章节或数字。",
            f"“{shortened(text)}” in the parameter item is no report, section or figure.",
        )
    kind: ItemKind = "figure" if name else "section" if part else "report"
    held = report(agency, key)
    if held is None:
        return BasketItem(text, kind, agency, key)
    section = next((each for each in held.sections if each.anchor == part), None) if kind == "section" else None
    return BasketItem(text, kind, agency, key, held, section, _figure(held, name) if name else None)


def _figure(held: Report, name: Name) -> Figure | None:
    table, row, column = name
    selection = FigureSelection(
        (held.agency,), held.year, held.year, tables=(table,), rows=(row,), columns=(column,) if column else ()
    )
    found = (each for each in catalogue().computed_figures(selection) if each.key == held.key)
    figures = (figure for each in found for figure in each.figures)
    return next((figure for figure in figures if (figure.table, figure.row, figure.column) == name), None)
