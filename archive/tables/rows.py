"""The rows of a statutory table as they are printed: each with its code, its values, and what its head says of them.

A table is read as one stream of labels and values in reading order, not as a grid: captures lose the grid in a hundred
ways, but every row keeps its label before its values. A row's label is what stands right before its values; labels
broken over cells or lines are joined before they are matched.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from archive.model import Cell, Table
from archive.tables.cell_values import is_value
from archive.tables.label_stream import Segment, segments
from archive.text.match import fold, fold_alnum, pattern
from archive.text.match import fold_label as without_note
from archive.vocabulary import table_rules

# So many characters of a label tell its row, where that row is due.
_FEWEST_OF_LABEL, _LONGEST_LABEL = 3, 60


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as found: its code (or, unknown to the rules, its label), its values, and what its header said."""

    code: str
    label: str
    values: tuple[Cell, ...]
    columns: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    known: bool = True
    filled: int = 0
    """How many places behind the values are only filled up to the table's width."""


def rows_of(table: Table) -> Iterator[TableRow]:
    """Every row of a table that has its `kind`, in printed order."""
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


def _labelled_rows(table: Table) -> Iterator[TableRow]:
    """Rows known by their labels alone, each with the same columns (`requests`, `statistics`).

    Of several labels that stand before the values, the last is the row's. Labels repeat down a table (其他情形数), so a
    row that is still to come goes before one that has been.
    """
    rules = table_rules(table.kind or "")
    columns = tuple(column["code"] for column in rules["column"])
    entries: list[Mapping[str, Any]] = rules["row"]
    heads = {fold_alnum(label) for label in (*rules.get("labels", ()), *(column["zh"] for column in rules["column"]))}
    beginnings = _beginnings(entries)
    groups = [fold_alnum(group["zh"]) for group in rules.get("group", ())]
    last = -1
    for segment in segments(table):
        labels, values = segment.labels, segment.values
        names = [cell.text for cell in labels if fold_alnum(cell.text) not in rules.get("units", ())]
        text = fold_alnum("".join(names))
        # 法律服务机构, 其他 and the blanks that pad them: the head again after a page break, not the row 其他
        in_head = len(names) > 1 and heads.issuperset(map(fold_alnum, names[-2:]))
        # a group is printed in the middle of the rows that it spans, and so inside a label: 重新出(五)不予处理具
        apart = functools.reduce(lambda rest, group: rest.replace(group, ""), groups, text)
        named = (_named_row(entries, last, each, in_head=in_head) for each in dict.fromkeys((text, apart)))
        index = next((index for index in named if index is not None), None)
        if index is None:
            index = _torn_row(entries, last, text, beginnings)
        if index is None and any(cell.text for cell in values):
            own = names[-1] if names else ""
            yield TableRow(own, own, values, columns, known=False)
        if index is None or not values:
            continue
        last = index
        unit = _unit(rules, labels)
        units = dict.fromkeys(columns, unit) if unit else {}
        yield TableRow(entries[last]["code"], "".join(names), values, columns, units, filled=segment.filled)


@dataclass(frozen=True, slots=True)
class _RowMatch:
    """A row whose label stands in a text, where the label ends, and whether the row is still to come."""

    end: int
    is_ahead: bool
    index: int

    def preference(self) -> tuple[int, bool, int]:
        """Later in the text, then still to come, then higher in the table."""
        return self.end, self.is_ahead, -self.index


def _named_row(entries: Sequence[Mapping[str, Any]], last: int, text: str, *, in_head: bool) -> int | None:
    """The row whose label ends the text, one that is still to come before one that has been."""
    matches: list[_RowMatch] = []
    for index, entry in enumerate(entries):
        sure = "sure" in entry and pattern(entry["sure"]).search(text)
        if entry.get("weak") and not sure and (in_head or not (last < index and _due(entries, last, index))):
            continue
        source = f"(?:{entry['match']})$" if entry.get("weak") else entry["match"]
        matches += [_RowMatch(match.end(), index > last, index) for match in pattern(source).finditer(text)]
    return max(matches, key=_RowMatch.preference).index if matches else None


def _torn_row(
    entries: Sequence[Mapping[str, Any]], last: int, text: str, beginnings: Mapping[str, Sequence[int]]
) -> int | None:
    """The row that is due and whose label begins as this text ends: 1.属于国家, the rest of it behind the values."""
    ends = (text[-size:] for size in range(_FEWEST_OF_LABEL, _LONGEST_LABEL + 1))
    rows = (index for end in ends for index in beginnings.get(end, ()))
    return min((index for index in rows if index > last and (last < 0 or _due(entries, last, index))), default=None)


def _beginnings(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[int]]:
    """The rows by what their labels begin with."""
    found: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        name = fold_alnum(entry["zh"])
        for size in range(_FEWEST_OF_LABEL, len(name) + 1):
            found.setdefault(name[:size], []).append(index)
    return found


def _unit(rules: Mapping[str, Any], labels: Sequence[Cell]) -> str | None:
    """The unit that is printed with a row: in a cell of its own, behind a blank, or in brackets."""
    printed = fold(labels[-1].text) if labels else ""
    units = sorted(rules.get("units", ()), key=len, reverse=True)
    return next((unit for unit in units if pattern(rf"(?:^|[ (:]){unit}\)?$").search(printed)), None)


def _due(entries: Sequence[Mapping[str, Any]], last: int, index: int) -> bool:
    """Whether only rows of other forms, or one that was lost, stand between two rows."""
    between = [entry for entry in entries[last + 1 : index] if "form" not in entry]
    return last >= 0 and len(between) <= 1


def _item_rows(table: Table) -> Iterator[TableRow]:
    """Rows whose columns are printed above them, item by item (`proactive`)."""
    rules = table_rules(table.kind or "")
    head = ""
    parent: str | None = None
    tail = 0
    for segment, following in pairwise((*segments(table), Segment((), (), 0))):
        labels, values = segment.labels[tail:], segment.values
        items = [index for index, cell in enumerate(labels) if pattern(rules["item"]).search(fold_alnum(cell.text))]
        if items:
            head, parent, labels = "", None, labels[items[-1] :]
        text = "".join(cell.text for cell in labels)
        if not text:
            continue
        printed = any(value.text for value in values)
        entry, tail = _item_row(rules, text, following.labels if printed else ())
        columns = _columns(rules, head + text)
        if entry:
            own = labels[-1].text
            parent = entry["code"] if entry.get("splits") else entry["code"].rpartition(".")[0] or None
            if values and (printed or not parent):
                yield TableRow(entry["code"], own, values, tuple(columns), columns, filled=segment.filled)
            head += text
        elif _is_head(rules, labels[-1].text) or not printed:
            head += text
        else:
            label = labels[-1].text.partition("(")[0] or labels[-1].text
            # 其他对外管理服务事项 and the name of its part may stand in one row
            parent = _split_row(rules, "".join(cell.text for cell in labels[:-1])) or parent
            code = f"{parent}.{label}" if parent else label
            yield TableRow(code, label, values, tuple(columns), columns, known=False)


def _item_row(rules: Mapping[str, Any], text: str, following: Sequence[Cell]) -> tuple[Mapping[str, Any] | None, int]:
    """The row that a text names, and how many labels behind its values are the rest of its name: 行政规范性文, 件."""

    def named(text: str) -> Mapping[str, Any] | None:
        name = without_note(text)
        return next((entry for entry in rules["row"] if pattern(entry["match"]).search(name)), None)

    if entry := named(text):
        return entry, 0
    for rest in following[:1]:
        if (entry := named(text + rest.text)) and not named(rest.text):
            return entry, 1
    return None, 0


def _columns(rules: Mapping[str, Any], head: str) -> dict[str, str]:
    """The columns that a head prints, in printed order, each with its unit or an empty string."""
    found: list[tuple[int, str]] = []
    head = fold_alnum(head)
    for column in rules["column"]:
        if match := pattern(column["match"]).search(head):
            found.append((match.start(), column["code"]))
    unit = pattern(rules["unit"]).search(head)
    return {code: unit[1] if unit and code == "amount" else "" for _, code in sorted(found)}


def _split_row(rules: Mapping[str, Any], label: str) -> str | None:
    """The row of that label, if it is one that agencies split."""
    splits = (entry for entry in rules["row"] if entry.get("splits"))
    return next((entry["code"] for entry in splits if pattern(entry["match"]).search(fold_alnum(label))), None)


def _is_head(rules: Mapping[str, Any], label: str) -> bool:
    return any(pattern(column["match"]).search(fold_alnum(label)) for column in rules["column"])


def _value_rows(table: Table) -> Iterator[TableRow]:
    """Rows of a table that prints all its labels first and then one line of values (`review`)."""
    rules = table_rules(table.kind or "")
    columns = tuple(column["code"] for column in rules["column"])
    groups = [segment.values for segment in segments(table) if segment.values]
    printed = tuple(cell for group in groups for cell in group if cell.text)
    line = _line(table, groups, printed, (len(rules["row"]), len(columns)))
    for index, entry in enumerate(rules["row"]):
        part = line[index * len(columns) : (index + 1) * len(columns)]
        if part or printed:
            yield TableRow(entry["code"], entry["zh"], tuple(part or printed), columns)


def _line(
    table: Table, groups: Sequence[tuple[Cell, ...]], printed: tuple[Cell, ...], form: tuple[int, int]
) -> Sequence[Cell]:
    """All values of a table in one line: behind all labels, or five behind each row's own; none where that is unclear.

    Blanks before them pad the head.
    """
    rows, columns = form
    size = rows * columns
    # fewer in one group and the rest in another: some lost their place, 结果维持 | 0 | 2 | … and 1 below the table
    if len(printed) == size and all(sum(bool(cell.text) for cell in group) % columns == 0 for group in groups):
        return printed
    for row in reversed(table.rows):
        if len(row) == size and all(is_value(cell.text) for cell in row):
            return row
    if groups and len(at := places(groups[-1], size)) == 1:
        return groups[-1][at[0] : at[0] + size]
    if len(groups) >= rows and all(len(group) == columns for group in groups[-rows:]):
        return [cell for group in groups[-rows:] for cell in group]
    return ()


def places(values: Sequence[Cell], size: int) -> range:
    """Where `size` cells can begin among the values of a row so that nothing printed stands outside them."""
    printed = [index for index, cell in enumerate(values) if cell.text]
    if not printed:
        return range(0)
    return range(max(0, printed[-1] - size + 1), min(printed[0], len(values) - size) + 1)


def _list_rows(table: Table) -> Iterator[TableRow]:
    """Rows of 指标 / 单位 / 数量 tables, whose columns the first row names (`indicators`)."""
    rules = table_rules(table.kind or "")
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    if len(rows[0]) == 1:
        yield from _listed_rows(rules, table)
        return
    head = [fold_alnum(cell.text) for cell in rows[0]]
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
        entry = next((entry for entry in rules["row"] if pattern(entry["match"]).search(fold_alnum(label))), None)
        unit = row[unit_at].text if unit_at is not None else ""
        yield TableRow(
            entry["code"] if entry else label,
            label,
            tuple(row[index] for index in columns),
            tuple(columns.values()),
            dict.fromkeys(columns.values(), unit),
            known=entry is not None,
        )


def _listed_rows(rules: Mapping[str, Any], table: Table) -> Iterator[TableRow]:
    """The same rows where each cell, or each row, is a line of a text."""
    head = ""
    for segment in segments(table):
        names = [cell.text for cell in segment.labels]
        while names and pattern(rules["head"]).search(fold_alnum(names[0])):
            head += fold_alnum(names.pop(0))
        unit = _unit(rules, segment.labels) if names else None
        if names and fold_alnum(names[-1]) == unit:
            names.pop()
        # 主动公开信息数条268: the unit behind what is counted
        label = "".join(names)
        if unit is None and (match := pattern(rf"(?<=[数量额费])({'|'.join(rules['units'])})$").search(label)):
            label, unit = label[: match.start()], match[0]
        if not label:
            continue
        columns = _listed_columns(rules, head)
        values = segment.values[1:] if pattern(rules["counted"]).search(head) else segment.values
        entry = next((entry for entry in rules["row"] if pattern(entry["match"]).search(fold_alnum(label))), None)
        units = dict.fromkeys(columns, unit or "")
        yield TableRow(entry["code"] if entry else label, label, values, columns, units, known=entry is not None)


def _listed_columns(rules: Mapping[str, Any], head: str) -> tuple[str, ...]:
    found = {column["code"]: pattern(column["within"]).search(head) for column in rules["column"]}
    return tuple(sorted((code for code, match in found.items() if match), key=lambda code: found[code].start()))  # type: ignore[union-attr]
