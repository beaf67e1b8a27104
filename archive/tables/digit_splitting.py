"""Separates digits of table cells that run together (640020470 for 64 0 0 2 0 4 70) by the arithmetic of the form.

A table is solved as a whole, and only if its identities leave exactly one solution: a wrong figure is worse than a
missing one. If the table as a whole contradicts itself, a row is solved alone, under stricter conditions.
"""

from __future__ import annotations

import re
import unicodedata
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.tables.cell_values import read_value
from archive.tables.identities import Slot, equations
from archive.vocabulary import statutory_layout, table_rules

# With more divisions of a run, or more steps of the search, there is no single solution.
_MOST_DIVISIONS = 5_000
_MOST_STEPS = 100_000

# More digits than cells leave too many divisions of a row for its sum alone to decide.
_MOST_EXTRA_DIGITS = 2
# '35-15' in the columns of last year's items and of the change.
_CHANGE = ("previous_items", "change")
_SIGNED = re.compile(r"(\d+)([-+]\d+)")

# Cells whose sum is 0: each with +1 if it is on the left side of an identity and -1 if on the right.
_Sum = Mapping[Slot, int]


@dataclass(frozen=True, slots=True)
class DigitRun:
    """What is printed for the cells of a row: pieces of digits, each of them one cell or several run together."""

    slots: tuple[Slot, ...]
    pieces: tuple[str, ...]


def solve_rows(table: str, form: str | None, printed: Mapping[str, Sequence[str]]) -> dict[Slot, int]:
    """The value of every cell of a table with rows that do not fit its columns; empty if it is not solved.

    `printed` has the values of each row; for a table with one line of values, that line for every row.
    """
    layout = statutory_layout(form, table)
    if layout is None or not printed or not printed.keys() <= set(layout.rows):
        return {}
    if table_rules(table)["layout"] == "values":
        lines = {layout.rows: next(iter(printed.values()))}
    else:
        lines = {(row,): values for row, values in printed.items()}
    if all(len(values) == len(rows) * len(layout.columns) for rows, values in lines.items()):
        return {}
    runs: list[DigitRun] = []
    for rows, values in lines.items():
        slots = tuple((row, column) for row in rows for column in layout.columns)
        is_whole = len(values) == len(slots)
        pieces = [piece for value in values for piece in _pieces(value, "0" if is_whole else "")]
        if not all(piece.isdecimal() for piece in pieces) or len(pieces) > len(slots):
            return {}
        runs.append(DigitRun(slots, tuple(pieces)))
    return solve(table, form, runs) or {}


def solve_row(
    table: str, form: str | None, row: str, columns: Sequence[str], printed: Sequence[str]
) -> dict[Slot, int]:
    """The cells of one row whose digits allow one division only; empty if there is none or another.

    000121 and 200 in seven cells add up as 20 0 0 0 0 1 21 only; 007 is 0 0 7 in three cells, as no other number begins
    with 0; a sign begins the cell of a change.
    """
    slots = tuple((row, column) for column in columns)
    pieces = tuple(piece for value in printed for piece in _pieces(value, ""))
    text = "".join(pieces)
    if tuple(columns) == _CHANGE and (match := _SIGNED.fullmatch(text)):
        return dict(zip(slots, map(int, match.groups()), strict=True))
    if not text.isdecimal() or not len(slots) <= len(text) <= len(slots) + _MOST_EXTRA_DIGITS:
        return {}
    sums = [
        dict.fromkeys(equation.left, 1) | dict.fromkeys(equation.right, -1)
        for equation in equations(table, form)
        if equation.slots <= set(slots)
    ]
    if not sums:
        zeros = len(slots) - 1
        is_forced = len(pieces) == 1 and text.startswith("0" * zeros) and text[zeros] != "0"
        return dict(zip(slots, [*([0] * zeros), int(text[zeros:])], strict=True)) if is_forced else {}
    if {slot for each in sums for slot in each} != set(slots):
        return {}
    found = _divisions(DigitRun(slots, pieces), sums) or []
    return dict(zip(slots, found[0], strict=True)) if len(found) == 1 else {}


def _pieces(value: str, blank: str) -> list[str]:
    """The parts of a cell between spaces; a blank or a dash counts as `blank`."""
    parts = unicodedata.normalize("NFKC", value).split()
    return [blank] if blank and read_value(value).state in ("blank", "dash") else parts


def solve(table: str, form: str | None, runs: Sequence[DigitRun]) -> dict[Slot, int] | None:
    """The value of every cell, None unless the identities of the form leave exactly one solution.

    Every cell must be in an identity all of whose cells are in the runs.
    """
    present = {slot for run in runs for slot in run.slots}
    sums = [
        dict.fromkeys(equation.left, 1) | dict.fromkeys(equation.right, -1)
        for equation in equations(table, form)
        if present.issuperset((*equation.left, *equation.right))
    ]
    if not sums or not present <= {slot for each in sums for slot in each}:
        return None
    divisions: list[list[dict[Slot, int]]] = []
    for run in runs:
        found = _divisions(run, [each for each in sums if each.keys() <= set(run.slots)])
        if found is None:
            return None
        divisions.append([dict(zip(run.slots, values, strict=True)) for values in found])
    return _only_solution(divisions, sums)


def _divisions(run: DigitRun, sums: Sequence[_Sum]) -> list[tuple[int, ...]] | None:
    """Every division of the run into cells under which the sums inside the run hold, None if there are too many.

    No number continues from one piece to the next, and only 0 itself begins with 0.
    """
    text = "".join(run.pieces)
    ends = set(accumulate(len(piece) for piece in run.pieces))
    position = {slot: index for index, slot in enumerate(run.slots)}
    # a sum is checked as soon as the last of its cells has a value
    due: dict[int, list[list[tuple[int, int]]]] = {}
    for each in sums:
        terms = [(position[slot], sign) for slot, sign in each.items()]
        due.setdefault(max(index for index, _ in terms), []).append(terms)
    found: list[tuple[int, ...]] = []
    steps = 0
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack:
        start, values = stack.pop()
        steps += 1
        if steps > _MOST_STEPS or len(found) > _MOST_DIVISIONS:
            return None
        left = len(run.slots) - len(values)
        if not left:
            if start == len(text):
                found.append(values)
            continue
        piece_end = min((end for end in ends if end > start), default=start)
        longest = min(piece_end, len(text) - left + 1, start + 1 if text[start : start + 1] == "0" else piece_end)
        for end in range(longest, start, -1):
            read = (*values, int(text[start:end]))
            if all(sum(sign * read[index] for index, sign in terms) == 0 for terms in due.get(len(values), ())):
                stack.append((end, read))
    return found


def _only_solution(divisions: Sequence[Sequence[dict[Slot, int]]], sums: Sequence[_Sum]) -> dict[Slot, int] | None:
    """The only choice of one division for each run under which all sums hold, None if there is none or another."""
    order = sorted(divisions, key=len)
    totals = [[[_partial_sum(each, cells) for each in sums] for cells in run] for run in order]
    if not all(totals):
        return None
    # the least and the most that the remaining runs can add to each sum
    reach = [[(0, 0)] * len(sums)]
    for run in reversed(totals):
        columns = zip(*run, strict=True)
        reach.append(
            [(low + min(column), high + max(column)) for (low, high), column in zip(reach[-1], columns, strict=True)]
        )
    reach.reverse()
    solution: dict[Slot, int] | None = None
    steps = 0
    stack: list[tuple[tuple[int, ...], list[int]]] = [((), [0] * len(sums))]
    while stack:
        chosen, values = stack.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return None
        if len(chosen) == len(order):
            if solution is not None:
                return None
            solution = dict(ChainMap(*(run[index] for run, index in zip(order, chosen, strict=True))))
            continue
        ahead = reach[len(chosen) + 1]
        for index, parts in enumerate(totals[len(chosen)]):
            now = [value + part for value, part in zip(values, parts, strict=True)]
            if all(value + low <= 0 <= value + high for value, (low, high) in zip(now, ahead, strict=True)):
                stack.append(((*chosen, index), now))
    return solution


def _partial_sum(each: _Sum, cells: Mapping[Slot, int]) -> int:
    return sum(sign * cells[slot] for slot, sign in each.items() if slot in cells)
