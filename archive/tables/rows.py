"""Reads the rows of a statutory table: each with its code, its values, and the columns and units that its head prints.

A row's label is right before its values. Labels broken over cells or lines are joined before they are matched.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from archive.limits import bounded_cache
from archive.model import Cell, Table
from archive.tables.cell_values import row_values
from archive.tables.head_columns import head_order
from archive.tables.label_stream import Segment, matching_entry, segments
from archive.text.match import fold, fold_alnum, fold_label
from archive.vocabulary import table_rules

# Characters of a label that identify the next row.
_SHORTEST_PART = 3
# The unit of requests, which some tables have in a column of its own.
_COUNTED = ("件",)
_Rules = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as printed: its code (its label if no rule has it), its values, and the columns and units of its head.

    `padding` is the number of bars behind the values that pad the row to the width of the table.
    """

    code: str
    label: str
    values: tuple[Cell, ...]
    columns: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    known: bool = True
    padding: int = 0


def rows_of(table: Table) -> Iterator[TableRow]:
    """The rows of a table that has a `kind`, in printed order."""
    rules = table_rules(table.kind or "")
    return _READERS[rules["layout"]](table, rules)


def _labelled_rows(table: Table, rules: _Rules) -> Iterator[TableRow]:
    """Rows identified by their labels, all with the same columns (`requests`, `statistics`).

    Of several labels before the values, the last is the row's. Labels repeat down a table (其他情形数), so a later row
    is preferred to one that has been read.
    """
    kind = table.kind or ""
    columns = head_order(table).columns
    entries: Sequence[_Rules] = rules["row"]
    names, heads, groups = _printed(kind)
    units_beside = rules.get("units", _COUNTED)
    last = -1
    for segment in segments(table):
        values = segment.values
        labels = [cell.text for cell in segment.labels if fold_alnum(cell.text) not in units_beside]
        text = fold_alnum("".join(labels))
        # 法律服务机构, 其他 and the blanks that pad them: the head again after a page break, not the row 其他
        in_head = len(labels) > 1 and heads.issuperset(map(fold_alnum, labels[-2:]))
        index = _labelled_row(text, kind, last, in_head=in_head)
        if index is None and any(group in text for group in groups):
            # a group is printed in the middle of the rows that it spans, and so inside a label: 重新出(五)不予处理具
            without_groups = functools.reduce(lambda rest, group: rest.replace(group, ""), groups, text)
            index = _labelled_row(without_groups, kind, last, in_head=in_head)
        if index is None:
            index = _begun_row(entries, names, last, text)
        if index is None and any(cell.text for cell in values):
            label = labels[-1] if labels else ""
            yield TableRow(label, label, values, columns, known=False)
        if index is None or not values:
            continue
        last = index
        unit = _unit(rules, segment.labels)
        units = dict.fromkeys(columns, unit) if unit else {}
        yield TableRow(entries[last]["code"], "".join(labels), values, columns, units, padding=segment.padding)


@functools.cache
def _printed(kind: str) -> tuple[Sequence[str], frozenset[str], Sequence[str]]:
    """The folded labels of the rows, of the head and of the groups of a table."""
    rules = table_rules(kind)
    heads = (*rules.get("labels", ()), *(column["zh"] for column in rules["column"]))
    rows, groups = ([fold_alnum(entry["zh"]) for entry in rules.get(key, ())] for key in ("row", "group"))
    return rows, frozenset(map(fold_alnum, heads)), groups


@dataclass(frozen=True, slots=True, order=True)
class _RowMatch:
    """A row whose label is in a text; the label that ends last is preferred, then a row that is still to come."""

    end: int
    is_ahead: bool
    index: int = field(compare=False)


@bounded_cache(1 << 14)  # the labels of one form are those of the next
def _labelled_row(text: str, kind: str, last: int, *, in_head: bool) -> int | None:
    """The row whose label ends the text; the first of several equally good ones."""
    entries: Sequence[_Rules] = table_rules(kind)["row"]
    matches: list[_RowMatch] = []
    for index, entry in enumerate(entries):
        is_certain = "sure" in entry and entry["sure"].search(text)
        if entry.get("weak") and not is_certain and (in_head or not _is_due(entries, last, index)):
            continue
        pattern = _at_end(entry["match"]) if entry.get("weak") else entry["match"]
        matches += [_RowMatch(match.end(), index > last, index) for match in pattern.finditer(text)]
    return max(matches).index if matches else None


def _begun_row(entries: Sequence[_Rules], names: Sequence[str], last: int, text: str) -> int | None:
    """The next row whose label begins as the text ends: 1.属于国家, the rest of it behind the values."""
    for index, name in enumerate(names):
        is_next = index > last and (last < 0 or _is_due(entries, last, index))
        if is_next and any(text.endswith(name[:size]) for size in range(_SHORTEST_PART, len(name) + 1)):
            return index
    return None


@functools.cache
def _at_end(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern.pattern})$")


def _is_due(entries: Sequence[_Rules], last: int, index: int) -> bool:
    """Whether a row follows the last one, with no row of its form, or a single one, between the two."""
    between = [entry for entry in entries[last + 1 : index] if "form" not in entry]
    return 0 <= last < index and len(between) <= 1


def _unit(rules: _Rules, labels: Sequence[Cell]) -> str | None:
    """The unit that is printed with a row: in a cell of its own, behind a space, or in brackets."""
    printed = fold(labels[-1].text) if labels else ""
    units = sorted(rules.get("units", ()), key=len, reverse=True)
    return next((unit for unit in units if re.search(rf"(?:^|[ (:]){unit}\)?$", printed)), None)


def _item_rows(table: Table, rules: _Rules) -> Iterator[TableRow]:
    """Rows whose columns are printed above them, item by item (`proactive`)."""
    head = ""
    parent: str | None = None
    used = 0
    for segment, following in pairwise((*segments(table), Segment((), (), 0))):
        labels, values = segment.labels[used:], segment.values
        items = [index for index, cell in enumerate(labels) if rules["item"].search(fold_alnum(cell.text))]
        if items:
            head, parent, labels = "", None, labels[items[-1] :]
        text = "".join(cell.text for cell in labels)
        if not text:
            continue
        printed = any(value.text for value in values)
        entry, used = _item_row(rules, text, following.labels if printed else ())
        columns = _columns(rules, head + text)
        label = labels[-1].text
        if entry:
            parent = entry["code"] if entry.get("splits") else entry["code"].rpartition(".")[0] or None
            if values and (printed or not parent):
                yield TableRow(entry["code"], label, values, tuple(columns), columns, padding=segment.padding)
            head += text
        elif not printed or matching_entry(rules["column"], fold_alnum(label)):
            head += text
        else:
            label = label.partition("(")[0] or label
            # 其他对外管理服务事项 and the name of its part can be in one row
            parent = _split_row(rules, "".join(cell.text for cell in labels[:-1])) or parent
            code = f"{parent}.{label}" if parent else label
            yield TableRow(code, label, values, tuple(columns), columns, known=False)


def _item_row(rules: _Rules, text: str, following: Sequence[Cell]) -> tuple[_Rules | None, int]:
    """The row of a label, and how many labels behind its values are the rest of its name: 行政规范性文, 件."""
    if entry := matching_entry(rules["row"], fold_label(text)):
        return entry, 0
    for rest in following[:1]:
        entry = matching_entry(rules["row"], fold_label(text + rest.text))
        if entry and not matching_entry(rules["row"], fold_label(rest.text)):
            return entry, 1
    return None, 0


def _columns(rules: _Rules, head: str) -> dict[str, str]:
    """The columns that a head prints, in printed order, each with its unit or an empty string."""
    head = fold_alnum(head)
    unit = rules["unit"].search(head)
    return {code: unit[1] if unit and code == "amount" else "" for code in _printed_columns(rules, "match", head)}


def _printed_columns(rules: _Rules, key: str, head: str) -> list[str]:
    """The columns whose pattern under a key is in a folded head, in printed order."""
    matches = {column["code"]: match for column in rules["column"] if (match := column[key].search(head))}
    return sorted(matches, key=lambda code: matches[code].start())


def _split_row(rules: _Rules, label: str) -> str | None:
    """The code of the row with a label, if agencies split this row."""
    entry = matching_entry((entry for entry in rules["row"] if entry.get("splits")), fold_alnum(label))
    return entry["code"] if entry else None


def _value_rows(table: Table, rules: _Rules) -> Iterator[TableRow]:
    """Rows of a table that prints all its labels first and then one line of values (`review`)."""
    columns, codes, _ = head_order(table)
    size = len(columns)
    with_values = [segment for segment in segments(table) if segment.values]
    groups = [segment.values for segment in with_values]
    if _is_one_a_line(with_values, columns, len(codes)):
        groups = [tuple(cell for group in groups for cell in group)]
    if sum(sum(bool(cell.text) for cell in group) >= size * len(codes) for group in groups) > 1:
        groups = []  # a line for each agency or year
    printed = tuple(cell for group in groups for cell in group if cell.text)
    line = _line(table, groups, printed, len(rules["row"]), size)
    names = {entry["code"]: entry["zh"] for entry in rules["row"]}
    for index, code in enumerate(codes):
        values = tuple(line[index * size : (index + 1) * size]) or printed
        if values:
            yield TableRow(code, names[code], values, columns)


def _is_one_a_line(found: Sequence[Segment], columns: Sequence[str], rows: int) -> bool:
    """Whether each value stands behind the name of its column: 行政复议 | 结果维持 | 1, and 结果纠正 | 0 below it."""
    if len(found) != rows * len(columns) or any(len(each.values) != 1 for each in found):
        return False
    names = {fold_alnum(entry["zh"]): entry["code"] for entry in table_rules("review")["column"]}
    labels = [names.get(fold_alnum(each.labels[-1].text)) if each.labels else None for each in found]
    return labels == list(columns) * rows


def _line(
    table: Table, groups: Sequence[tuple[Cell, ...]], printed: tuple[Cell, ...], rows: int, columns: int
) -> Sequence[Cell]:
    """All values of a table in one line: behind all labels, or the values of each row behind its own label.

    Blanks before them pad the head. Empty if this is ambiguous.
    """
    size = rows * columns
    # fewer in one group and the rest in another: some are out of place, 结果维持 | 0 | 2 | … and 1 below the table
    if len(printed) == size and all(sum(bool(cell.text) for cell in group) % columns == 0 for group in groups):
        return printed
    for row in reversed(table.rows):
        if len(row) == size and all(row_values(row)):
            return row
    if groups and len(starts := possible_starts(groups[-1], size)) == 1:
        return groups[-1][starts[0] : starts[0] + size]
    if len(groups) >= rows and all(len(group) == columns for group in groups[-rows:]):
        return [cell for group in groups[-rows:] for cell in group]
    return ()


def possible_starts(values: Sequence[Cell], size: int) -> range:
    """The indexes at which `size` consecutive values can begin so that all printed values are among them."""
    printed = [index for index, cell in enumerate(values) if cell.text]
    if not printed:
        return range(0)
    return range(max(0, printed[-1] - size + 1), min(printed[0], len(values) - size) + 1)


def _list_rows(table: Table, rules: _Rules) -> Iterator[TableRow]:
    """Rows of 指标 / 单位 / 数量 tables, whose columns the first row names (`indicators`)."""
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    if len(rows[0]) == 1:
        yield from _list_rows_of_lines(table, rules)
        return
    head = [fold_alnum(cell.text) for cell in rows[0]]
    unit_index = next((index for index, text in enumerate(head) if rules["unit_header"].search(text)), None)
    columns = {
        index: column["code"]
        for index, text in enumerate(head)
        for column in rules["column"]
        if column["match"].search(text)
    }
    for row in rows[1:]:
        if len(row) >= len(head):
            values = tuple(row[index] for index in columns)
            unit = row[unit_index].text if unit_index is not None else ""
            yield _list_row(rules, row[0].text, values, tuple(columns.values()), unit)


def _list_rows_of_lines(table: Table, rules: _Rules) -> Iterator[TableRow]:
    """The same rows if each cell, or each row, is a line of a text."""
    head = ""
    for segment in segments(table):
        labels = [cell.text for cell in segment.labels]
        while labels and rules["head"].search(fold_alnum(labels[0])):
            head += fold_alnum(labels.pop(0))
        unit = _unit(rules, segment.labels) if labels else None
        if labels and fold_alnum(labels[-1]) == unit:
            labels.pop()
        # 主动公开信息数条268: the unit behind what is counted
        label = "".join(labels)
        if unit is None and (match := re.search(rf"(?<=[数量额费])({'|'.join(rules['units'])})$", label)):
            label, unit = label[: match.start()], match[0]
        if label:
            values = segment.values[1:] if rules["counted"].search(head) else segment.values
            yield _list_row(rules, label, values, tuple(_printed_columns(rules, "within", head)), unit or "")


def _list_row(rules: _Rules, label: str, values: tuple[Cell, ...], columns: tuple[str, ...], unit: str) -> TableRow:
    number = rules["number"].match(fold(label))
    name = label[number.end() :] if number and fold_alnum(label[number.end() :]) else label
    entry = matching_entry(rules["row"], fold_alnum(name))
    units = dict.fromkeys(columns, unit)
    return TableRow(entry["code"] if entry else name, label, values, columns, units, known=entry is not None)


_READERS: Mapping[str, Callable[[Table, _Rules], Iterator[TableRow]]] = {
    "rows": _labelled_rows,
    "items": _item_rows,
    "values": _value_rows,
    "list": _list_rows,
}
