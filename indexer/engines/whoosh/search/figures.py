"""The figures that reports state, as columns: which reports state one, and for which of them a condition holds."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from archive.model import Report
from indexer.engines.whoosh.columns.mmap_columns import Bools, mapped
from indexer.query.ast import Condition, Operator

_COMPARE: Mapping[Operator, np.ufunc] = {
    "=": np.equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


class FiguresWriter:
    """Writes the figures of reports, report by report; a blank or a dash states none."""

    def __init__(self) -> None:
        self._figures: dict[str, tuple[array[int], array[float]]] = {}
        self._reports = 0

    def add(self, report: Report) -> None:
        """The next report."""
        for figure in report.figures:
            if figure.value is not None:
                reports, values = self._figures.setdefault(figure.name, (array("q"), array("d")))
                reports.append(self._reports)
                values.append(float(figure.value))
        self._reports += 1

    def write(self, directory: Path) -> None:
        """Puts them on disk, one figure behind the other."""
        named = sorted(self._figures.items())
        ends = np.cumsum([len(values) for _, (_, values) in named], dtype=np.int64).tolist()
        bounds = {name: span for (name, _), span in zip(named, pairwise([0, *ends]), strict=True)}
        document = {"reports": self._reports, "figures": bounds}
        (directory / "figures.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        for place, (name, kind) in enumerate((("reports", "<i8"), ("values", "<f8"))):
            columns = [np.array(pair[place], kind) for _, pair in named]
            np.concatenate([np.zeros(0, kind), *columns]).tofile(directory / f"figures.{name}")


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
