"""Evaluates conditions on the figures that reports state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from indexer.engines.whoosh.columns.mmap_columns import Bools, mapped
from indexer.query.ast import Condition, Operator

_COMPARE: Mapping[Operator, np.ufunc] = {
    "=": np.equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


class Figures:
    """The figures of reports, as columns."""

    def __init__(self, directory: Path) -> None:
        document = json.loads((directory / "figures.json").read_text("utf-8"))
        self._size: int = document["reports"]
        self._bounds: dict[str, list[int]] = document["figures"]
        self._reports = mapped(directory / "figures.reports", "<i8")
        self._values = mapped(directory / "figures.values", "<f8")

    def reports(self, condition: Condition) -> tuple[Bools, Bools]:
        """Returns the reports for which a condition is true, and those that state the figure."""
        rows = slice(*self._bounds.get(condition.figure, (0, 0)))
        reports, values = self._reports[rows], self._values[rows]
        holds, states = np.zeros(self._size, np.bool_), np.zeros(self._size, np.bool_)
        states[reports] = True
        # sentences of a report may state different numbers: one of them is enough
        holds[reports[_COMPARE[condition.operator](values, float(condition.number))]] = True
        return holds, states
