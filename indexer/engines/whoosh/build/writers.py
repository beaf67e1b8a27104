"""Writes the columns of one shard: one entry for each section or character.

Text columns consist of UTF-16 units, so that the cleaned text, its normal form and its word ends share offsets. The
running text of all sections precedes the table cells of all sections, one cell a line. A line feed follows each text;
no query contains one, so no match extends over two sections.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import numpy as np

from archive.model import Report
from indexer.engines.whoosh.columns.records import ColumnValue, SectionRecord, identity
from indexer.engines.whoosh.columns.utf16 import Cut, TextWriter, units_of

NUMBERS = ("bounds", "lines", "headings", "reports", "characters")


class FacetsWriter:
    """Collects the values of sections by field."""

    def __init__(self) -> None:
        self._fields: dict[str, tuple[dict[ColumnValue, int], list[int], list[int]]] = {}

    def add(self, field: str, section: int, value: ColumnValue) -> None:
        """Adds a value of a section; sections are added in order."""
        values, rows, codes = self._fields.setdefault(field, ({}, [], []))
        rows.append(section)
        codes.append(values.setdefault(value, len(values)))

    def write(self, path: Path) -> None:
        """Writes the values of each field to `path`, and the entries of each field to a file of its own."""
        for field, (_, rows, codes) in self._fields.items():
            np.array([rows, codes], "<i8").tofile(path.with_name(f"{field}.facet"))
        values = {field: list(values) for field, (values, _, _) in self._fields.items()}
        path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")


class ColumnsWriter:
    """Writes the columns, section by section. Files are complete when the `with` block ends without an exception."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._records = (directory / "records.jsonl").open("wb")
        self._text, self._cells = TextWriter(directory), TextWriter(directory, ".cells")
        self._lines, self._headings, self._reports, self._characters = [0], list[int](), list[int](), list[int]()
        self._identities: list[int] = []
        self._facets = FacetsWriter()

    def __enter__(self) -> ColumnsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._records.close()
        self._text.close()
        self._cells.close()
        if kind is None:
            self._finish()

    def add(self, report: int, record: SectionRecord, text: Cut, cells: Cut) -> None:
        """Adds the next section: the number of its report, its running text and its table cells."""
        self._text.add(text)
        self._cells.add(cells)
        self._headings.append(units_of(record.heading or ""))
        self._characters.extend(len(cut.form) - cut.form.count("\n") for cut in (text, cells))
        self._reports.append(report)
        self._identities.append(identity(record.address))
        line = json.dumps(asdict(record), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        self._records.write(line)
        self._lines.append(self._lines[-1] + len(line))

    def value(self, field: str, section: int, value: ColumnValue) -> None:
        """Adds a value of a section in a field; a section may have several."""
        self._facets.add(field, section, value)

    def _finish(self) -> None:
        self._text.append(self._cells)
        np.array(self._identities, "<u8").tofile(self._directory / "identities.u8")
        for name in ("lines", "headings", "reports", "characters"):
            self._write(name, getattr(self, f"_{name}"))
        self._facets.write(self._directory / "facets.json")

    def _write(self, name: str, numbers: list[int]) -> None:
        np.array(numbers, "<i8").tofile(self._directory / f"{name}.i8")


class FiguresWriter:
    """Writes the figures of reports; a blank or a dash states no value."""

    def __init__(self) -> None:
        self._figures: dict[str, tuple[array[int], array[float]]] = {}
        self._reports = 0

    def add(self, report: Report) -> None:
        """Adds the next report."""
        for figure in report.figures:
            if figure.value is not None:
                reports, values = self._figures.setdefault(figure.name, (array("q"), array("d")))
                reports.append(self._reports)
                values.append(float(figure.value))
        self._reports += 1

    def write(self, directory: Path) -> None:
        """Writes them, grouped by figure."""
        named = sorted(self._figures.items())
        ends = np.cumsum([len(values) for _, (_, values) in named], dtype=np.int64).tolist()
        bounds = {name: span for (name, _), span in zip(named, pairwise([0, *ends]), strict=True)}
        document = {"reports": self._reports, "figures": bounds}
        (directory / "figures.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        for place, (name, kind) in enumerate((("reports", "<i8"), ("values", "<f8"))):
            columns = [np.array(pair[place], kind) for _, pair in named]
            np.concatenate([np.zeros(0, kind), *columns]).tofile(directory / f"figures.{name}")
