"""Builds tables from ruled lines and the text between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from archive.model import Cell, Table
from archive.readers.ofd.ofd_objects import Rule, TextRun
from archive.readers.table_builder import in_one_cell

# Millimetres between lines that are one, such as the two sides of a thick line.
_SAME_LINE = 1.0

_Box = tuple[float, float, float, float]
_Lines = Callable[[Sequence[TextRun]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table, its upper edge, and the runs that are in it."""

    top: float
    table: Table
    runs: frozenset[TextRun]


def ruled_tables(rules: Iterable[Rule], runs: Sequence[TextRun], lines: _Lines) -> Iterator[RuledTable]:
    """The grids with text, from top to bottom; `lines` divides the text of a cell."""
    edges = merge_edges([_edge(rule) for rule in rules], _SAME_LINE, _SAME_LINE, _SAME_LINE, _SAME_LINE)
    cells = intersections_to_cells(edges_to_intersections(edges, _SAME_LINE, _SAME_LINE))
    for boxes in cells_to_tables(cells):
        rows = [list(row) for _, row in groupby(sorted(boxes, key=lambda box: (box[1], box[0])), lambda box: box[1])]
        inside = {box: [run for run in runs if _is_in(run, box)] for box in boxes}
        if any(inside.values()) and max(map(len, rows)) > 1:
            made = Table(tuple(tuple(_cell(box, boxes, lines(inside[box])) for box in row) for row in rows))
            yield RuledTable(rows[0][0][1], made, frozenset(run for each in inside.values() for run in each))


def _edge(rule: Rule) -> dict[str, Any]:
    """The line as pdfplumber describes it."""
    width, height = rule.right - rule.left, rule.bottom - rule.top
    is_across = width > height
    return {
        "object_type": "line",
        "orientation": "h" if is_across else "v",
        "x0": rule.left,
        "x1": rule.right if is_across else rule.left,
        "top": rule.top,
        "bottom": rule.top if is_across else rule.bottom,
        "doctop": rule.top,
        "width": width,
        "height": height,
    }


def _is_in(run: TextRun, box: _Box) -> bool:
    left, top, right, bottom = box
    return left <= (run.left + run.right) / 2 < right and top <= run.middle < bottom


def _cell(box: _Box, boxes: Sequence[_Box], lines: Iterable[str]) -> Cell:
    left, top, right, bottom = box
    rowspan = len({each[1] for each in boxes if top <= each[1] < bottom})
    colspan = len({each[0] for each in boxes if left <= each[0] < right})
    return Cell(in_one_cell(lines), None, rowspan, colspan)
