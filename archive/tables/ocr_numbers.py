"""Decides by the arithmetic of the form what the doubtful numbers of a table are that was read by OCR.

A number is taken where exactly one reading of the doubtful ones satisfies all identities. Any other is unreadable: a
wrong figure is worse than a missing one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from archive.model import Cell, Notice, RecognisedCell, Table
from archive.notices import notice
from archive.tables.cell_values import read_value
from archive.tables.figures import cells_by_slot
from archive.tables.identities import Equation, Slot, equations
from archive.tables.misread_labels import with_row_labels
from archive.vocabulary import STATUTORY, statutory_layout, table_names, table_rules

UNREAD = "□"
"""Stands for a digit that cannot be read for certain."""
# Combinations of readings in one identity, and steps of the search for solutions.
_MOST_COMBINED, _MOST_STEPS = 20_000, 20_000
_ZERO = Decimal(0)


class _NumberReading(NamedTuple):
    """What a cell can be: its text, and its value in sums."""

    text: str
    value: Decimal


_Domains = dict[Slot, list[_NumberReading]]


def settled(table: Table, form: str | None) -> tuple[Table, tuple[Notice, ...]]:
    """The table with the numbers that the arithmetic leaves, and a notice on those that no identity tests.

    A doubtful number that it does not decide has □ for its doubtful digits, as has every number of a row that the form
    does not have.
    """
    if not any(isinstance(cell, RecognisedCell) for cell in table.cells()):
        return table, ()
    table = with_row_labels(table, form)
    cells = {slot: cell for slot, cell in cells_by_slot(table, form).items() if isinstance(cell, RecognisedCell)}
    domains = {slot: [*_readings(cell)] for slot, cell in cells.items()}
    complete = [each for each in equations(table.kind or "", form) if domains.keys() >= each.slots]
    taken = {
        id(cells[slot]): text
        for slot, text in _taken(domains, complete).items()
        if _is_certain(slot, cells[slot], table.kind or "", form, complete)
    }
    rows = tuple(tuple(_with_text(cell, taken) for cell in row) for row in table.rows)
    tested = {slot for each in complete for slot in each.slots}
    untested = sum(slot not in tested for slot in cells)
    notices = (
        (notice("ocr_unchecked", table.place, **table_names(table.kind or ""), count=untested),) if untested else ()
    )
    return replace(table, rows=rows), notices


def _is_certain(slot: Slot, cell: RecognisedCell, kind: str, form: str | None, complete: Sequence[Equation]) -> bool:
    """Whether a number can be taken that no identity contradicts.

    A row that the form does not have is a misread label. A number whose identities lack a cell, and a doubtful one
    without identities, could be any.
    """
    layout = statutory_layout(form, kind)
    if layout is None:
        return len(cell.readings) <= 1 and not (kind in STATUTORY and table_rules(kind).get("identity"))
    if slot[0] not in layout.rows:
        return False
    if any(slot in each.slots for each in complete):
        return True
    return len(cell.readings) <= 1 and not any(slot in each.slots for each in equations(kind, form))


def plain(table: Table) -> Table:
    """The table with plain cells, as it is kept."""
    if not any(isinstance(cell, RecognisedCell) for cell in table.cells()):
        return table
    rows = (tuple(Cell(cell.text, cell.line, cell.rowspan, cell.colspan) for cell in row) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _readings(cell: RecognisedCell) -> Iterator[_NumberReading]:
    """What a cell can be; a blank and a dash count as 0."""
    seen = set[tuple[Decimal | None, str]]()
    for text in cell.readings or (cell.text,):
        value = read_value(text)
        if value.state != "unreadable" and (value.value, value.state) not in seen:
            seen.add((value.value, value.state))
            yield _NumberReading(text, _ZERO if value.value is None else value.value)


def _with_text(cell: Cell, taken: Mapping[int, str]) -> Cell:
    if not isinstance(cell, RecognisedCell) or not cell.readings:
        return cell
    if id(cell) in taken:
        return replace(cell, text=taken[id(cell)])
    return replace(cell, text=_unread(cell.readings))


def _unread(readings: Sequence[str]) -> str:
    """The digits on which all readings agree, the others unread."""
    first = readings[0]
    if len({*map(len, readings)}) > 1 or len({*readings}) == 1:
        return UNREAD * max(1, len(first))
    return "".join(characters[0] if len({*characters}) == 1 else UNREAD for characters in zip(*readings, strict=True))


def _taken(domains: _Domains, complete: Sequence[Equation]) -> dict[Slot, str]:
    """The text of each cell that is certain or decided."""
    tested = {slot for each in complete for slot in each.slots}
    kept, failed = [*complete], list[Equation]()
    left = domains
    while kept:
        left = {slot: [*found] for slot, found in domains.items()}
        wrong = _narrow(left, kept)
        if wrong is None:
            break
        kept.remove(wrong)
        failed.append(wrong)
    solutions = _solved(left, kept)
    in_failed = {slot for each in failed for slot in each.slots}
    in_kept = {slot for each in kept for slot in each.slots}
    # what an identity next to a failed one decides can make up for the error of another cell
    near_failed = {slot for each in kept if each.slots & in_failed for slot in each.slots} | in_failed
    taken: dict[Slot, str] = {}
    for slot, found in domains.items():
        if slot not in tested:
            if len(found) == 1 and slot in solutions:
                taken[slot] = found[0].text
        elif len(found) == 1:
            if slot not in in_failed or slot in in_kept:
                taken[slot] = found[0].text
        elif slot in solutions and slot not in near_failed:
            taken[slot] = solutions[slot].text
    return taken


def _narrow(domains: _Domains, kept: Sequence[Equation]) -> Equation | None:
    """Leaves out readings that no other cell of an identity allows; the identity that allows none, if any."""
    is_changed = True
    while is_changed:
        is_changed = False
        for each in kept:
            doubtful = [slot for slot in each.slots if len(domains[slot]) != 1]
            fixed = sum((_signed(each, slot, domains[slot][0]) for slot in each.slots if slot not in doubtful), _ZERO)
            if math.prod(len(domains[slot]) for slot in doubtful) > _MOST_COMBINED:
                possible = _within_bounds(each, doubtful, domains, fixed)
            else:
                possible = _in_combinations(each, doubtful, domains, fixed)
            if not all(possible) or (not doubtful and fixed):
                return each
            for slot, readings in zip(doubtful, possible, strict=True):
                if len(readings) < len(domains[slot]):
                    domains[slot] = [one for one in domains[slot] if one in readings]
                    is_changed = True
    return None


def _in_combinations(
    equation: Equation, doubtful: Sequence[Slot], domains: _Domains, fixed: Decimal
) -> list[set[_NumberReading]]:
    """The readings of each doubtful number that those of the others complete; `fixed` is the sum of the rest."""
    possible: list[set[_NumberReading]] = [set() for _ in doubtful]
    for combined in itertools.product(*(domains[slot] for slot in doubtful)):
        if fixed + sum(_signed(equation, slot, one) for slot, one in zip(doubtful, combined, strict=True)) == 0:
            for readings, one in zip(possible, combined, strict=True):
                readings.add(one)
    return possible


def _within_bounds(
    equation: Equation, doubtful: Sequence[Slot], domains: _Domains, fixed: Decimal
) -> list[set[_NumberReading]]:
    """The same where there are too many combinations, by the least and the most that the others can add up to.

    A column of zeros with the total 0 has no other reading, however many of its cells are doubtful.
    """
    terms = [{one: _signed(equation, slot, one) for one in domains[slot]} for slot in doubtful]
    least, most = (fixed + sum(end(term.values(), default=_ZERO) for term in terms) for end in (min, max))
    return [
        {
            one
            for one, value in term.items()
            if least - min(term.values()) + value <= 0 <= most - max(term.values()) + value
        }
        for term in terms
    ]


def _signed(equation: Equation, slot: Slot, reading: _NumberReading) -> Decimal:
    return reading.value * (equation.left.count(slot) - equation.right.count(slot))


def _solved(domains: _Domains, kept: Sequence[Equation]) -> dict[Slot, _NumberReading]:
    """The readings that are the same in every solution; none of the doubtful ones if there are too many."""
    certain = {slot: found[0] for slot, found in domains.items() if len(found) == 1}
    doubtful = [slot for slot, found in domains.items() if len(found) > 1]
    linked = [each for each in kept if any(slot in each.slots for slot in doubtful)]
    found: dict[Slot, set[_NumberReading]] = {slot: set() for slot in doubtful}
    steps = 0
    stack: list[dict[Slot, _NumberReading]] = [{}]
    while stack:
        chosen = stack.pop()
        steps += 1
        if steps > _MOST_STEPS:
            return certain
        if len(chosen) == len(doubtful):
            for slot, reading in chosen.items():
                found[slot].add(reading)
            continue
        slot = doubtful[len(chosen)]
        for reading in domains[slot]:
            made = {**chosen, slot: reading}
            if all(_holds(each, certain, made) for each in linked if slot in each.slots):
                stack.append(made)
    return certain | {slot: next(iter(readings)) for slot, readings in found.items() if len(readings) == 1}


def _holds(equation: Equation, certain: Mapping[Slot, _NumberReading], chosen: Mapping[Slot, _NumberReading]) -> bool:
    """Whether the sums are equal, or a cell has no value yet."""
    total = _ZERO
    for slot in equation.slots:
        reading = certain.get(slot) or chosen.get(slot)
        if reading is None:
            return True
        total += _signed(equation, slot, reading)
    return total == 0
