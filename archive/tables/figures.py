"""Statutory tables read into figures, by the forms in `rules/forms/*.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.model import Cell, CellState, Figure, Notice, SourceSpan, Table
from archive.notices import notice
from archive.tables.cell_values import CellValue, read_value
from archive.tables.digit_splitting import Slot, solve_rows
from archive.tables.rows import TableRow, places, rows_of
from archive.vocabulary import STATUTORY, row_label, statutory_layout, table_label, table_rules


def form_of_table(table: Table) -> str | None:
    """The form that a table shows by a row or column that only one form has, None where nothing shows it."""
    if table.kind is None:
        return None
    rules = table_rules(table.kind)
    forms = {entry["code"]: entry.get("form") for entry in (*rules["row"], *rules["column"])}
    for row in rows_of(table):
        if row.known and (form := forms.get(row.code)):
            return str(form)
        for column in row.columns:
            if form := forms.get(column):
                return str(form)
    return None


def read_table(table: Table, form: str | None) -> tuple[tuple[Figure, ...], tuple[Notice, ...]]:
    """Every cell of a statutory table as a figure, in printed order, with notices on what was odd or could not be read.

    Args:
        table: with its `kind`.
        form: the form of the report; it tells the columns of a row whose header is not printed.
    """
    if table.kind is None:
        return (), ()
    figures: list[Figure] = []
    notices: list[Notice] = []
    rows = tuple(rows_of(table))
    answer = solve_rows(table.kind, form, {row.code: [cell.text for cell in row.values] for row in rows if row.known})
    margins = _margins((row, len(_columns_of(table.kind, form, row))) for row in rows)
    for row in rows:
        made, said = _figures(table.kind, form, row, answer, margins)
        figures += made
        notices += said
    if blank := sum(figure.state == "blank" for figure in figures):
        notices.append(notice("blank_cell", table.place, **_names(table.kind), count=blank))
    if table.kind in STATUTORY and (layout := statutory_layout(form, table.kind)):
        present = {figure.row for figure in figures}
        missing = [row for row in layout.rows if row not in present and not _optional(table.kind, row)]
        if missing:
            rows_zh = "、".join(row_label(form, table.kind, row, "zh") for row in missing)
            rows_en = "; ".join(row_label(form, table.kind, row, "en") for row in missing)
            lacking = notice("missing_row", table.place, **_names(table.kind), rows=rows_zh, rows_en=rows_en)
            notices.append(lacking)
    return tuple(figures), tuple(notices)


def _figures(
    table: str, form: str | None, row: TableRow, answer: Mapping[Slot, int], margins: _Margins
) -> tuple[list[Figure], list[Notice]]:
    """The figures of one row; where its values do not fit its columns, those of the answer, or else unreadable ones."""
    names = _names(table)
    columns = _columns_of(table, form, row)
    cells = _fitted(row, len(columns), margins)
    place = SourceSpan(row.values[0].line, row.values[-1].line) if row.values else SourceSpan()
    notices = [] if row.known else [notice("unknown_row", place, **names, label=row.label)]
    if not cells:
        printed = " ".join(cell.text for cell in row.values)
        solved = _zeros(printed, row.code, columns) or (answer if row.known else {})
        if not solved:
            notices.append(notice("unreadable_cell", place, **names, row=row.label, printed=printed))
        state: CellState = "solved" if solved else "unreadable"
        values = (Decimal(solved[row.code, column]) if solved else None for column in columns)
        return [
            Figure(table, row.code, column, value, printed, state, label=row.label, place=place)
            for column, value in zip(columns, values, strict=True)
        ], notices
    figures = []
    for column, cell in zip(columns, cells, strict=True):
        unit = row.units.get(column) or None
        read = read_value(cell.text, unit)
        where = SourceSpan(cell.line, cell.line)
        figures.append(
            Figure(
                table,
                row.code,
                column,
                read.value,
                cell.text,
                read.state,
                unit=unit or read.unit,
                label=row.label,
                place=where,
            )
        )
        notices += _oddities(names, row.label, cell, read, unit, where)
    return figures, notices


def _names(table: str) -> Mapping[str, str]:
    """The table's name as a fact of a notice, in both languages."""
    return {"table": table_label(table, "zh"), "table_en": table_label(table, "en")}


def _zeros(printed: str, row: str, columns: Sequence[str]) -> dict[Slot, int]:
    """000 in a row of three columns is 0 0 0, as no number but 0 itself begins with 0; nothing for anything else."""
    digits = printed.replace(" ", "")
    return {(row, column): 0 for column in columns} if digits == "0" * len(columns) else {}


def _oddities(
    names: Mapping[str, str], row: str, cell: Cell, read: CellValue, unit: str | None, place: SourceSpan
) -> Iterator[Notice]:
    if read.state == "unreadable":
        yield notice("unreadable_cell", place, **names, row=row, printed=cell.text)
    elif read.unit:
        yield notice("unit_in_cell", place, printed=cell.text, value=f"{read.value:f}", unit=unit or read.unit)


def _columns_of(table: str, form: str | None, row: TableRow) -> tuple[str, ...]:
    """The columns of a row: those of its head, or the usual ones where the head is not printed, or broken and too few,
    or that of another item.

    本年新 | 本年新 | 对外公开总数量 is what a capture left of a head whose cells had two lines.
    """
    usual = _usual_columns(table, form, row.code)
    if not row.columns or _all_columns(table, row).isdisjoint(row.columns):
        return usual
    broken = set(row.columns) < set(usual) and len(places(row.values, len(usual))) == 1
    return usual if broken and not places(row.values, len(row.columns)) else row.columns


def _all_columns(table: str, row: TableRow) -> set[str]:
    """The columns that a row has in any form; a row that no rule knows may have whatever is printed."""
    forms = [entry.get("columns", {}) for entry in table_rules(table)["row"] if entry["code"] == row.code]
    return {column for form in forms for columns in form.values() for column in columns} or set(row.columns)


def _usual_columns(table: str, form: str | None, code: str) -> tuple[str, ...]:
    """The columns that a row has in the form, for a page that prints no head above it."""
    for entry in table_rules(table)["row"]:
        if entry["code"] == code:
            return tuple(entry.get("columns", {}).get(form, ()))
    return ()


@dataclass(frozen=True, slots=True)
class _Margins:
    """How many blank places stand before and behind the values, in the rows where only one place fits them."""

    before: frozenset[int]
    behind: frozenset[int]
    overfull: bool
    """Whether most rows print more values than the form has columns: one that prints as many has lost one of them."""


def _margins(rows: Iterable[tuple[TableRow, int]]) -> _Margins:
    rows = tuple(rows)
    too_many = sum(sum(bool(cell.text) for cell in row.values) > size for row, size in rows)
    certain = [(row, size, at[0]) for row, size in rows if len(at := places(row.values, size)) == 1]
    return _Margins(
        frozenset(start for _, _, start in certain),
        frozenset(len(row.values) - size - start + row.filled for row, size, start in certain),
        too_many * 2 > len(rows),
    )


def _fitted(row: TableRow, size: int, margins: _Margins) -> Sequence[Cell]:
    """Exactly `size` cells, without the blanks that pad a merged row; nothing where the values do not fit.

    Where blanks on both sides leave several places, the row is like the others: as far from the edge as they all are.
    A row in which nothing is printed is blank all over, however its cells are merged. Where other rows have a column
    more than the form, such as a number that counts them, no row can be trusted.
    """
    values = row.values
    if values and not any(cell.text for cell in values):
        return (values[0],) * size
    if margins.overfull:
        return ()
    starts = list(places(values, size))
    if len(starts) > 1:
        behind = {start: len(values) - size - start + row.filled for start in starts}
        starts = [start for start in starts if margins.before == {start} or margins.behind == {behind[start]}]
    return values[starts[0] : starts[0] + size] if len(starts) == 1 else ()


def _optional(table: str, row: str) -> bool:
    """Whether a table is whole without a row: agencies split `other_services`, and print only the parts, or none."""
    splits = [entry["code"] for entry in table_rules(table)["row"] if entry.get("splits")]
    return any(row == code or row.startswith(f"{code}.") for code in splits)
