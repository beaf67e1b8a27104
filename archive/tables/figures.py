"""Reads the figures of statutory tables, by the forms in `rules/forms/*.toml`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_row
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from archive.model import Cell, CellState, Figure, FigureBasis, Notice, RecognisedCell, SourceSpan, Table
from archive.notices import notice
from archive.tables.cell_values import read_value
from archive.tables.digit_splitting import solve_row, solve_rows
from archive.tables.head_columns import head_order
from archive.tables.head_grid import by_head, is_of_others
from archive.tables.identities import Slot
from archive.tables.rows import TableRow, possible_starts, rows_of
from archive.text.match import fold, fold_alnum
from archive.vocabulary import STATUTORY, row_label, statutory_layout, table_names, table_rules

# '二、上年结转政府信息公开申请数量' in a table of 主动公开, '元三、收到和处理…'
_HEADING = re.compile(r"[一二三四五六七八九十]、")
_IN_TABLE: tuple[FigureBasis, None] = ("table", None)
"""The basis and the confidence of a figure that was not read by OCR."""


def form_of_table(table: Table) -> str | None:
    """The form of a table by the first row or column that only one form has, None without one."""
    if table.kind is None:
        return None
    table = by_head(table)
    rules = table_rules(table.kind or "")
    forms = {entry["code"]: entry.get("form") for entry in (*rules["row"], *rules["column"])}
    codes = (code for row in _figure_rows(table) for code in ((row.code,) if row.known else ()) + row.columns)
    return next((form for code in codes if (form := forms.get(code))), None)


def read_table(table: Table, form: str | None) -> tuple[tuple[Figure, ...], tuple[Notice, ...]]:
    """The figures of a statutory table in printed order, and notices on unusual and unreadable cells.

    The form of the report has the columns of a row whose head is not printed.
    """
    if (kind := table.kind) is None:
        return (), ()
    figures: list[Figure] = []
    notices: list[Notice] = []
    printed_table, table = table, by_head(table)
    is_foreign = table is printed_table and is_of_others(table)
    rows = _figure_rows(table)
    order = head_order(table)
    if order.printed:
        notices.append(notice("head_differs", table.place, **table_names(kind), printed=order.printed))
    printed = {row.code: [cell.text for cell in row.values] for row in rows if row.known}
    # the arithmetic of the form takes its columns in the order of the form
    solution = {} if order.printed or is_foreign else solve_rows(kind, form, printed)
    columns = [_columns_of(kind, form, row) for row in rows]
    margins = _margins(rows, map(len, columns))
    if is_foreign:
        margins = _Margins(frozenset(), frozenset(), is_overfull=True, is_foreign=True)
    for row, row_columns in zip(rows, columns, strict=True):
        solved = solution or ({} if is_foreign else _solved_alone(kind, form, row, row_columns))
        row_figures, row_notices = _row_figures(kind, row_columns, row, solved, margins)
        figures += row_figures
        notices += row_notices
    figures = [_counted(figure) for figure in figures]
    if blank := sum(figure.state == "blank" for figure in figures):
        notices.append(notice("blank_cell", table.place, **table_names(kind), count=blank))
    if kind in STATUTORY and (layout := statutory_layout(form, kind)):
        present = {figure.row for figure in figures}
        missing = [row for row in layout.rows if row not in present and not _is_optional(kind, row)]
        if missing:
            rows_zh = "、".join(row_label(form, kind, row, "zh") for row in missing)
            rows_en = "; ".join(row_label(form, kind, row, "en") for row in missing)
            names = table_names(kind)
            notices.append(notice("missing_row", table.place, **names, rows=rows_zh, rows_en=rows_en))
    return tuple(figures), tuple(notices)


def _counted(figure: Figure) -> Figure:
    """A figure of a local table as one of the table that counts the same in the reports of all agencies."""
    table = _row_rules(figure.table).get(figure.row, {}).get("counts_in")
    if not table:
        return figure
    columns = {entry["code"]: entry.get("counts_as") for entry in table_rules(figure.table)["column"]}
    column = columns.get(figure.column)
    return replace(figure, table=table, column=column) if column else figure


def cells_by_slot(table: Table, form: str | None) -> dict[Slot, Cell]:
    """The cell of each figure in the rows whose values fit their columns."""
    if (kind := table.kind) is None:
        return {}
    table = by_head(table)
    rows = _figure_rows(table)
    columns = [_columns_of(kind, form, row) for row in rows]
    margins = _margins(rows, map(len, columns))
    return {
        (row.code, column): cell
        for row, names in zip(rows, columns, strict=True)
        for column, cell in zip(names, _fitted(row, len(names), margins), strict=False)
    }


def _figure_rows(table: Table) -> tuple[TableRow, ...]:
    kind = table.kind or ""
    rows = [row for row in rows_of(table) if row.known or not _is_text(kind, row.label)]
    groups = _groups_with_values(kind, rows)
    return tuple(replace_row(row, code=row.label, known=False) if row.code in groups else row for row in rows)


def _groups_with_values(kind: str, rows: Sequence[TableRow]) -> frozenset[str]:
    """The rows of one form that are groups here, as the rows of the other form below them show: (六)其他处理."""
    forms = {row.code: form for row in rows if row.known and (form := _row_rules(kind).get(row.code, {}).get("form"))}
    return frozenset(
        code
        for code, form in forms.items()
        if any(part.startswith(f"{code}.") and other != form for part, other in forms.items())
    )


def _row_figures(
    table: str, columns: Sequence[str], row: TableRow, solution: Mapping[Slot, int], margins: _Margins
) -> tuple[list[Figure], list[Notice]]:
    """The figures of one row; if its values do not fit its columns, those of the solution or unreadable ones."""
    cells = _fitted(row, len(columns), margins)
    place = SourceSpan(row.values[0].line, row.values[-1].line) if row.values else SourceSpan()
    notices = [] if row.known else [notice("unknown_row", place, **table_names(table), label=row.label)]
    if not cells:
        printed = " ".join(cell.text for cell in row.values)
        zeros = {} if margins.is_foreign else _zeros(printed, row.code, columns)
        solved = zeros or (solution if row.known else {})
        if not solved:
            notices.append(notice("unreadable_cell", place, **table_names(table), row=row.label, printed=printed))
        state: CellState = "solved" if solved else "unreadable"
        values = (Decimal(solved[row.code, column]) if solved else None for column in columns)
        basis, confidence = _origin(row.values)
        return [
            Figure(
                table,
                row.code,
                column,
                value,
                printed,
                state,
                basis,
                label=row.label,
                place=place,
                confidence=confidence,
            )
            for column, value in zip(columns, values, strict=True)
        ], notices
    figures = []
    for column, cell in zip(columns, cells, strict=True):
        column_unit = row.units.get(column) or None
        value = read_value(cell.text, column_unit)
        unit, place = column_unit or value.unit, SourceSpan(cell.line, cell.line)
        basis, confidence = _origin([cell]) if isinstance(cell, RecognisedCell) else _IN_TABLE
        decided = isinstance(cell, RecognisedCell) and len(cell.readings) > 1 and value.state == "number"
        figures.append(
            Figure(
                table,
                row.code,
                column,
                value.value,
                cell.text,
                "solved" if decided else value.state,
                basis,
                unit=unit,
                label=row.label,
                place=place,
                confidence=confidence,
            )
        )
        if value.state == "unreadable":
            notices.append(notice("unreadable_cell", place, **table_names(table), row=row.label, printed=cell.text))
        elif value.unit:
            notices.append(notice("unit_in_cell", place, printed=cell.text, value=f"{value.value:f}", unit=unit))
    return figures, notices


def _origin(cells: Sequence[Cell]) -> tuple[FigureBasis, float | None]:
    """The basis of a figure in cells, and the confidence of OCR."""
    confidences = [cell.confidence for cell in cells if isinstance(cell, RecognisedCell)]
    return ("ocr", min(confidences)) if confidences else _IN_TABLE


def _is_text(table: str, label: str) -> bool:
    """Whether the label of an unknown row is no label: longer than any of a statutory form, or with a heading in it."""
    if table not in STATUTORY:
        return False
    return len(fold_alnum(label)) > _longest_label(table) or _HEADING.search(fold(label)) is not None


@functools.cache
def _longest_label(table: str) -> int:
    rows = table_rules(table)["row"]
    return max(len(fold_alnum(name)) for row in rows for name in (row["zh"], *row.get("printed", {}).values()))


def _solved_alone(table: str, form: str | None, row: TableRow, columns: Sequence[str]) -> dict[Slot, int]:
    if table not in STATUTORY or table_rules(table)["layout"] == "values" or len(row.values) >= len(columns):
        return {}
    return solve_row(table, form, row.code, columns, [cell.text for cell in row.values]) if row.known else {}


def _zeros(printed: str, row: str, columns: Sequence[str]) -> dict[Slot, int]:
    """000 in a row of three columns is 0 0 0, as only 0 itself begins with 0; empty for all other text."""
    digits = printed.replace(" ", "")
    return {(row, column): 0 for column in columns} if digits == "0" * len(columns) else {}


def _columns_of(table: str, form: str | None, row: TableRow) -> tuple[str, ...]:
    """The columns of a row by its head, or by the form if the head is not printed, incomplete, or of another item.

    本年新 | 本年新 | 对外公开总数量 is what a capture keeps of a head whose cells have two lines.
    """
    by_form: Mapping[str | None, Sequence[str]] = _row_rules(table).get(row.code, {}).get("columns", {})
    usual = tuple(by_form.get(form, ()))
    # a row that no rule has can have any columns
    possible = {column for columns in by_form.values() for column in columns} or set(row.columns)
    if not row.columns or possible.isdisjoint(row.columns):
        return usual
    is_incomplete = set(row.columns) < set(usual) and len(possible_starts(row.values, len(usual))) == 1
    return usual if is_incomplete and not possible_starts(row.values, len(row.columns)) else row.columns


@functools.cache
def _row_rules(table: str) -> Mapping[str, Mapping[str, Any]]:
    """The rows of a table by code, the first one of each."""
    return {entry["code"]: entry for entry in reversed(table_rules(table)["row"])}


@dataclass(frozen=True, slots=True)
class _Margins:
    """The numbers of blank cells before and after the values, in the rows whose values fit in one way only.

    In an overfull table most rows have more values than the form has columns. A foreign one is that of others.
    """

    before: frozenset[int]
    after: frozenset[int]
    is_overfull: bool
    is_foreign: bool = False


def _margins(rows: Sequence[TableRow], sizes: Iterable[int]) -> _Margins:
    too_many = 0
    certain = []
    for row, size in zip(rows, sizes, strict=True):
        too_many += sum(bool(cell.text) for cell in row.values) > size
        if len(starts := possible_starts(row.values, size)) == 1:
            certain.append((row, size, starts[0]))
    return _Margins(
        frozenset(start for _, _, start in certain),
        frozenset(_margin_after(row, size, start) for row, size, start in certain),
        too_many * 2 > len(rows),
    )


def _margin_after(row: TableRow, size: int, start: int) -> int:
    return len(row.values) - size - start + row.padding


def _fitted(row: TableRow, size: int, margins: _Margins) -> Sequence[Cell]:
    """Exactly `size` cells, without the blanks that pad a merged row; empty if the values do not fit.

    If blanks on both sides leave several possibilities, the row has the same margin as the other rows. A row without
    printed values is all blank, however its cells are merged. No row of an overfull table is read: its rows have one
    more column than the form, such as a row number, and a row that seems to fit lacks a value.
    """
    values = row.values
    if values and not any(cell.text for cell in values):
        return (values[0],) * size
    if margins.is_overfull:
        return ()
    starts = list(possible_starts(values, size))
    if len(starts) > 1:
        starts = [
            start for start in starts if margins.before == {start} or margins.after == {_margin_after(row, size, start)}
        ]
    return values[starts[0] : starts[0] + size] if len(starts) == 1 else ()


def _is_optional(table: str, row: str) -> bool:
    """Whether a table can lack a row: agencies split `other_services` and print only the parts, or none."""
    splits = [entry["code"] for entry in table_rules(table)["row"] if entry.get("splits")]
    return any(row == code or row.startswith(f"{code}.") for code in splits)
