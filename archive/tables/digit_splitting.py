"""Digits of a table's cells run together (640020470 for 64 0 0 2 0 4 70) taken apart again by the form's arithmetic.

Only a table whose identities leave exactly one answer is solved, as a whole or not at all: a wrong figure is worse
than a missing one. `693665` stands in no sum and stays what it is.
"""

from __future__ import annotations

import unicodedata
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.tables.cell_values import read_value
from archive.tables.identities import sides
from archive.vocabulary import statutory_layout, table_rules

Slot = tuple[str, str]
"""The row and the column of a cell."""

# A run is given up where it has more readings, a table where the search takes more steps: there is no one answer then.
_MOST_READINGS = 5_000
_MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class DigitRun:
    """What is printed for some cells in a row: pieces of digits, each of them one cell or several run together."""

    slots: tuple[Slot, ...]
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """Cells that add up to as much as others do: each with +1 on the left side and -1 on the right."""

    signs: Mapping[Slot, int]


def solve_rows(table: str, form: str | None, printed: Mapping[str, Sequence[str]]) -> dict[Slot, int]:
    """The value of every cell of a table whose rows do not all fit its columns; nothing where it is not solved.

    Args:
        table: its code.
        form: the form of the report, which has the identities.
        printed: row by row, what is printed for it; in a table of one line of values, that line for every row.
    """
    layout = statutory_layout(form, table)
    if layout is None or not printed or not printed.keys() <= set(layout.rows):
        return {}
    if table_rules(table)["layout"] == "values":
        lines = {layout.rows: next(iter(printed.values()))}
    else:
        lines = {(row,): values for row, values in printed.items()}
    runs: list[DigitRun] = []
    run_together = False
    for rows, values in lines.items():
        slots = tuple((row, column) for row in rows for column in layout.columns)
        whole = len(values) == len(slots)
        run_together = run_together or not whole
        pieces = [piece for value in values for piece in _pieces(value, "0" if whole else "")]
        if not all(piece.isdecimal() for piece in pieces) or len(pieces) > len(slots):
            return {}
        runs.append(DigitRun(slots, tuple(pieces)))
    return (solve(table, form, runs) or {}) if run_together else {}


def _pieces(value: str, blank: str) -> list[str]:
    """What stands between the spaces of a cell; a blank or a dash counts as `blank`."""
    parts = unicodedata.normalize("NFKC", value).split()
    state = read_value(value).state
    return [blank] if blank and state in ("blank", "dash") else parts


def solve(table: str, form: str | None, runs: Sequence[DigitRun]) -> dict[Slot, int] | None:
    """The value of every cell, if the identities of the form leave one answer; None if they leave none or several.

    Every run must stand in identities that its cells, and those of the other runs, fill completely.
    """
    sums = tuple(_sums(table, form, {slot for run in runs for slot in run.slots}))
    stands = {slot for each in sums for slot in each.signs}
    if not sums or any(slot not in stands for run in runs for slot in run.slots):
        return None
    readings: list[list[dict[Slot, int]]] = []
    for run in runs:
        inner = [each for each in sums if each.signs.keys() <= set(run.slots)]
        found = _readings(run, inner)
        if found is None:
            return None
        readings.append([dict(zip(run.slots, values, strict=True)) for values in found])
    return _only_answer(readings, sums)


def _sums(table: str, form: str | None, present: set[Slot]) -> Iterator[_Sum]:
    """The identities of the form whose cells are all there (rules/forms/*.toml, `identity`)."""
    layout = statutory_layout(form, table)
    if layout is None:
        return
    for identity in table_rules(table).get("identity", ()):
        along_columns = identity["along"] == "columns"
        across, terms = (layout.columns, layout.rows) if along_columns else (layout.rows, layout.columns)
        left, right = sides(identity, terms)
        for where in across:
            signs = {
                ((term, where) if along_columns else (where, term)): sign
                for side, sign in ((left, 1), (right, -1))
                for term in side
            }
            if signs.keys() <= present:
                yield _Sum(signs)


def _readings(run: DigitRun, sums: Sequence[_Sum]) -> list[tuple[int, ...]] | None:
    """Every way to part the run into its cells in which the sums inside the run hold, None where they are too many.

    No number crosses from one piece to the next, and none but 0 itself begins with 0.
    """
    text = "".join(run.pieces)
    ends = set(accumulate(len(piece) for piece in run.pieces))
    place = {slot: index for index, slot in enumerate(run.slots)}
    # a sum is looked at as soon as the last of its cells is read
    due: dict[int, list[list[tuple[int, int]]]] = {}
    for each in sums:
        terms = [(place[slot], sign) for slot, sign in each.signs.items()]
        due.setdefault(max(index for index, _ in terms), []).append(terms)
    found: list[tuple[int, ...]] = []
    steps = 0
    stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while stack:
        start, values = stack.pop()
        steps += 1
        if steps > _MOST_STEPS or len(found) > _MOST_READINGS:
            return None
        left = len(run.slots) - len(values)
        if not left:
            if start == len(text):
                found.append(values)
            continue
        wall = min((end for end in ends if end > start), default=start)
        longest = min(wall, len(text) - left + 1, start + 1 if text[start : start + 1] == "0" else wall)
        for end in range(longest, start, -1):
            read = (*values, int(text[start:end]))
            if all(sum(sign * read[index] for index, sign in terms) == 0 for terms in due.get(len(values), ())):
                stack.append((end, read))
    return found


def _only_answer(readings: Sequence[Sequence[dict[Slot, int]]], sums: Sequence[_Sum]) -> dict[Slot, int] | None:
    """The one choice of a reading for every run under which all sums hold, None where there is none or another."""
    order = sorted(readings, key=len)
    totals = [[[_part(each, reading) for each in sums] for reading in run] for run in order]
    if not all(totals):
        return None
    # what the runs still to come can add to each sum, at least and at most
    reach = [[(0, 0)] * len(sums)]
    for run in reversed(totals):
        columns = zip(*run, strict=True)
        reach.append(
            [(low + min(column), high + max(column)) for (low, high), column in zip(reach[-1], columns, strict=True)]
        )
    reach.reverse()
    answer: dict[Slot, int] | None = None
    steps = 0
    stack: list[tuple[tuple[int, ...], list[int]]] = [((), [0] * len(sums))]
    while stack:
        chosen, held = stack.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return None
        if len(chosen) == len(order):
            if answer is not None:
                return None
            answer = dict(ChainMap(*(run[index] for run, index in zip(order, chosen, strict=True))))
            continue
        ahead = reach[len(chosen) + 1]
        for index, parts in enumerate(totals[len(chosen)]):
            now = [value + part for value, part in zip(held, parts, strict=True)]
            if all(value + low <= 0 <= value + high for value, (low, high) in zip(now, ahead, strict=True)):
                stack.append(((*chosen, index), now))
    return answer


def _part(each: _Sum, reading: Mapping[Slot, int]) -> int:
    return sum(sign * reading[slot] for slot, sign in each.signs.items() if slot in reading)
