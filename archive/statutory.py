"""Statutory tables read into figures, by the forms in `rules/forms/*.toml`.

A table is read as one stream of labels and values in reading order, not as a grid: captures lose the grid in a hundred
ways, but every row keeps its label before its values. A row's label is what stands right before its values; labels
broken over cells or lines are joined before they are matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from archive.model import Cell, CellState, Figure, Notice, Place, Table
from archive.notices import notice
from archive.solving import Slot, solve_rows
from archive.values import Value, is_value, read_value
from archive.vocabulary import STATUTORY, row_label, statutory_layout, table_label, table_rules
from archive.wording import bare, pattern
from archive.wording import label as without_note


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as found: its code (or, unknown to the rules, its label), its values, and what its header said."""

    code: str
    label: str
    values: tuple[Cell, ...]
    columns: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


def form_of_table(table: Table) -> str | None:
    """The form that a table shows by a row or column that only one form has, None where nothing shows it."""
    if table.kind is None:
        return None
    rules = table_rules(table.kind)
    forms = {entry["code"]: entry.get("form") for entry in (*rules["row"], *rules["column"])}
    for row in _rows(table):
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
    rows = tuple(_rows(table))
    answer = solve_rows(table.kind, form, {row.code: [cell.text for cell in row.values] for row in rows if row.known})
    for row in rows:
        made, said = _figures(table.kind, form, row, answer)
        figures += made
        notices += said
    if blank := sum(figure.state == "blank" for figure in figures):
        notices.append(notice("blank_cell", table.place, table=table_label(table.kind, "zh"), count=blank))
    if table.kind in STATUTORY and (layout := statutory_layout(form, table.kind)):
        present = {figure.row for figure in figures}
        missing = [row for row in layout.rows if row not in present and not _optional(table.kind, row)]
        if missing:
            labels = "、".join(row_label(form, table.kind, row, "zh") for row in missing)
            notices.append(notice("missing_row", table.place, table=table_label(table.kind, "zh"), rows=labels))
    return tuple(figures), tuple(notices)


def _rows(table: Table) -> Iterator[_Row]:
    match table_rules(table.kind or "")["layout"]:
        case "rows":
            yield from _labelled_rows(table)
        case "items":
            yield from _item_rows(table)
        case "values":
            yield from _value_rows(table)
        case "list":
            yield from _list_rows(table)
        case other:
            raise ValueError(other)


def _segments(table: Table) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """Labels and the values (blank ones too) that follow them.

    Where a line holds several bars and nothing else, they fill a short row up to the table's width: they are no cells
    of a row that has printed ones.
    """
    bars = Counter(cell.line for cell in table.cells())
    for cell in table.cells():
        if cell.text or cell.line is None:
            del bars[cell.line]
    labels: list[Cell] = []
    values: list[Cell] = []

    def segment() -> tuple[list[Cell], list[Cell]]:
        printed = any(cell.text for cell in values)
        return labels, [cell for cell in values if not (printed and bars[cell.line] > 1)]

    for cell in table.cells():
        if is_value(cell.text):
            values.append(cell)
            continue
        if values:
            yield segment()
            labels, values = [], []
        labels.append(cell)
    yield segment()


def _labelled_rows(table: Table) -> Iterator[_Row]:
    """Rows known by their labels alone, each with the same columns (`requests`, `statistics`).

    Of several labels that stand before the values, the last is the row's. Labels repeat down a table (其他情形数), so a
    row that is still to come goes before one that has been.
    """
    rules = table_rules(table.kind or "")
    columns = tuple(column["code"] for column in rules["column"])
    entries: list[Mapping[str, Any]] = rules["row"]
    heads = {bare(label) for label in (*rules.get("labels", ()), *(column["zh"] for column in rules["column"]))}
    last = -1
    for labels, values in _segments(table):
        names = [cell.text for cell in labels if bare(cell.text) not in rules.get("units", ())]
        text = bare("".join(names))
        # 法律服务机构, 其他 and the blanks that pad them: the head again after a page break, not the row 其他
        in_head = len(names) > 1 and heads.issuperset(map(bare, names[-2:]))
        found: list[tuple[int, bool, int]] = []
        for index, entry in enumerate(entries):
            sure = "sure" in entry and pattern(entry["sure"]).search(text)
            if entry.get("weak") and not sure and (in_head or not (last < index and _due(entries, last, index))):
                continue
            source = f"(?:{entry['match']})$" if entry.get("weak") else entry["match"]
            found += [(match.end(), index > last, -index) for match in pattern(source).finditer(text)]
        if not found and any(cell.text for cell in values):
            own = names[-1] if names else ""
            yield _Row(own, own, tuple(values), columns, known=False)
        if not found or not values:
            continue
        last = -max(found)[2]
        unit = entries[last].get("unit")
        units = dict.fromkeys(columns, unit) if unit else {}
        yield _Row(entries[last]["code"], "".join(names), tuple(values), columns, units)


def _due(entries: Sequence[Mapping[str, Any]], last: int, index: int) -> bool:
    """Whether only rows of other forms, or one that was lost, stand between two rows."""
    between = [entry for entry in entries[last + 1 : index] if "form" not in entry]
    return last >= 0 and len(between) <= 1


def _item_rows(table: Table) -> Iterator[_Row]:
    """Rows whose columns are printed above them, item by item (`proactive`)."""
    rules = table_rules(table.kind or "")
    head = ""
    parent: str | None = None
    for labels, values in _segments(table):
        items = [index for index, cell in enumerate(labels) if pattern(rules["item"]).search(bare(cell.text))]
        if items:
            head, parent, labels = "", None, labels[items[-1] :]
        text = "".join(cell.text for cell in labels)
        if not text:
            continue
        name = without_note(text)
        entry = next((entry for entry in rules["row"] if pattern(entry["match"]).search(name)), None)
        columns = _columns(rules, head + text)
        if entry:
            own = labels[-1].text
            parent = entry["code"] if entry.get("splits") else entry["code"].rpartition(".")[0] or None
            if values and (any(value.text for value in values) or not parent):
                yield _Row(entry["code"], own, tuple(values), tuple(columns), columns)
            head += text
        elif _is_head(rules, labels[-1].text) or not any(value.text for value in values):
            head += text
        else:
            label = labels[-1].text.partition("(")[0] or labels[-1].text
            # 其他对外管理服务事项 and the name of its part may stand in one row
            parent = _split_row(rules, "".join(cell.text for cell in labels[:-1])) or parent
            code = f"{parent}.{label}" if parent else label
            yield _Row(code, label, tuple(values), tuple(columns), columns, known=False)


def _columns(rules: Mapping[str, Any], head: str) -> dict[str, str]:
    """The columns that a head prints, in printed order, each with its unit or an empty string."""
    found: list[tuple[int, str]] = []
    head = bare(head)
    for column in rules["column"]:
        if match := pattern(column["match"]).search(head):
            found.append((match.start(), column["code"]))
    unit = pattern(rules["unit"]).search(head)
    return {code: unit[1] if unit and code == "amount" else "" for _, code in sorted(found)}


def _split_row(rules: Mapping[str, Any], label: str) -> str | None:
    """The row of that label, if it is one that agencies split."""
    splits = (entry for entry in rules["row"] if entry.get("splits"))
    return next((entry["code"] for entry in splits if pattern(entry["match"]).search(bare(label))), None)


def _is_head(rules: Mapping[str, Any], label: str) -> bool:
    return any(pattern(column["match"]).search(bare(label)) for column in rules["column"])


def _value_rows(table: Table) -> Iterator[_Row]:
    """Rows of a table that prints all its labels first and then one line of values (`review`)."""
    rules = table_rules(table.kind or "")
    columns = tuple(column["code"] for column in rules["column"])
    values = [cell for _, values in _segments(table) for cell in values]
    size = len(rules["row"]) * len(columns)
    printed = [cell for cell in values if cell.text]
    line = printed if len(printed) == size else _last(values, size)
    for index, entry in enumerate(rules["row"]):
        part = line[index * len(columns) : (index + 1) * len(columns)] if line else ()
        if part or printed:
            yield _Row(entry["code"], entry["zh"], tuple(part or printed), columns)


def _last(values: Sequence[Cell], size: int) -> Sequence[Cell]:
    """The last `size` cells, if exactly so many remain without the blanks that pad the head; else none."""
    first = next((index for index, cell in enumerate(values) if cell.text), len(values))
    return values[first:] if len(values) - first == size else ()


def _list_rows(table: Table) -> Iterator[_Row]:
    """Rows of 指标 / 单位 / 数量 tables, whose columns the first row names (`indicators`)."""
    rules = table_rules(table.kind or "")
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    head = [bare(cell.text) for cell in rows[0]]
    unit_at = next((index for index, text in enumerate(head) if pattern(rules["unit_header"]).search(text)), None)
    columns = {
        index: column["code"]
        for index, text in enumerate(head)
        for column in rules["column"]
        if pattern(column["match"]).search(text)
    }
    for row in rows[1:]:
        if len(row) < len(head):
            continue
        label = row[0].text
        entry = next((entry for entry in rules["row"] if pattern(entry["match"]).search(bare(label))), None)
        unit = row[unit_at].text if unit_at is not None else ""
        yield _Row(
            entry["code"] if entry else label,
            label,
            tuple(row[index] for index in columns),
            tuple(columns.values()),
            dict.fromkeys(columns.values(), unit),
            known=entry is not None,
        )


def _figures(table: str, form: str | None, row: _Row, answer: Mapping[Slot, int]) -> tuple[list[Figure], list[Notice]]:
    """The figures of one row; where its values do not fit its columns, those of the answer, or else unreadable ones."""
    name = table_label(table, "zh")
    columns = _columns_of(table, form, row)
    cells = _fitted(row.values, len(columns))
    place = Place(row.values[0].line, row.values[-1].line) if row.values else Place()
    notices = [] if row.known else [notice("unknown_row", place, table=name, label=row.label)]
    if not cells:
        printed = " ".join(cell.text for cell in row.values)
        if not answer:
            notices.append(notice("unreadable_cell", place, table=name, row=row.label, printed=printed))
        state: CellState = "solved" if answer else "unreadable"
        values = (Decimal(answer[row.code, column]) if answer else None for column in columns)
        return [
            Figure(table, row.code, column, value, printed, state, label=row.label, place=place)
            for column, value in zip(columns, values, strict=True)
        ], notices
    figures = []
    for column, cell in zip(columns, cells, strict=True):
        unit = row.units.get(column) or None
        read = read_value(cell.text, unit)
        where = Place(cell.line, cell.line)
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
        notices += _oddities(name, row.label, cell, read, unit, where)
    return figures, notices


def _oddities(table: str, row: str, cell: Cell, read: Value, unit: str | None, place: Place) -> Iterator[Notice]:
    if read.state == "unreadable":
        yield notice("unreadable_cell", place, table=table, row=row, printed=cell.text)
    elif read.unit:
        yield notice("unit_in_cell", place, printed=cell.text, value=f"{read.value:f}", unit=unit or read.unit)


def _columns_of(table: str, form: str | None, row: _Row) -> tuple[str, ...]:
    """The columns of a row: those of its head, or the usual ones where the head is not printed, or broken and too few,
    or that of another item.

    本年新 | 本年新 | 对外公开总数量 is what a capture left of a head whose cells had two lines.
    """
    usual = _usual_columns(table, form, row.code)
    if not row.columns or _all_columns(table, row).isdisjoint(row.columns):
        return usual
    broken = set(row.columns) < set(usual) and len(_fitted(row.values, len(usual))) == len(usual)
    return usual if broken and not _fitted(row.values, len(row.columns)) else row.columns


def _all_columns(table: str, row: _Row) -> set[str]:
    """The columns that a row has in any form; a row that no rule knows may have whatever is printed."""
    forms: Mapping[str, Sequence[str]] = next(
        (entry.get("columns", {}) for entry in table_rules(table)["row"] if entry["code"] == row.code), {}
    )
    return set().union(*forms.values()) or set(row.columns)


def _usual_columns(table: str, form: str | None, code: str) -> tuple[str, ...]:
    """The columns that a row has in the form, for a page that prints no head above it."""
    for entry in table_rules(table)["row"]:
        if entry["code"] == code:
            return tuple(entry.get("columns", {}).get(form, ()))
    return ()


def _fitted(values: Sequence[Cell], size: int) -> Sequence[Cell]:
    """Exactly `size` cells, without the blanks that pad a merged row; nothing where the values do not fit.

    A row in which nothing is printed is blank all over, however its cells are merged.
    """
    if values and not any(cell.text for cell in values):
        return (values[0],) * size
    while len(values) > size and not values[-1].text:
        values = values[:-1]
    while len(values) > size and not values[0].text:
        values = values[1:]
    return values if len(values) == size else ()


def _optional(table: str, row: str) -> bool:
    """Whether a table is whole without a row: agencies split `other_services`, and print only the parts, or none."""
    splits = [entry["code"] for entry in table_rules(table)["row"] if entry.get("splits")]
    return any(row == code or row.startswith(f"{code}.") for code in splits)
