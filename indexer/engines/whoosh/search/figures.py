"""The figures that reports state, as columns: which reports state one, and for which of them a condition holds."""

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
    """Reads the figures of reports."""

    def __init__(self, directory: Path) -> None:
        document = json.loads((directory / "figures.json").read_text("utf-8"))
        self._size: int = document["reports"]
        self._bounds: dict[str, list[int]] = document["figures"]
        self._reports = mapped(directory / "figures.reports", "<i8")
        self._values = mapped(directory / "figures.values", "<f8")

    def reports(self, condition: Condition) -> tuple[Bools, Bools]:
        """For which reports a condition holds, and which of them state the figure at all."""
        first, last = self._bounds.get(condition.figure, (0, 0))
        holds, states = np.zeros(self._size, np.bool_), np.zeros(self._size, np.bool_)
        states[self._reports[first:last]] = True
        # a report may state two different numbers in its sentences: one of them is enough
        holds[
            self._reports[first:last][_COMPARE[condition.operator](self._values[first:last], float(condition.number))]
        ] = True
        return holds, states
