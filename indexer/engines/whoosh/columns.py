"""Columns beside the words: one entry for each section or character, mapped into memory.

Text columns hold UTF-16 units, so that one offset serves the text as cleaned, its normal form and its word ends.
Each section is followed by one line feed, which no query holds: nothing is found across two sections.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Value = int | str | None

_UNITS = "utf-16-le"


@dataclass(frozen=True, slots=True)
class Record:
    """What a hit shows of its section. `key` is the report's part of its address."""

    agency: str
    agency_name: str
    key: str
    year: int | None
    section: str
    anchor: str
    heading: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Facet:
    """The values that sections have in one field: entry i says that section `rows[i]` has value `codes[i]`."""

    values: tuple[Value, ...]
    rows: Ints
    codes: Ints

    def count(self, sections: Bools) -> Ints:
        """How many of the sections have each value."""
        return np.bincount(self.codes[sections[self.rows]], minlength=len(self.values))

    def having(self, codes: Sequence[int], size: int) -> Bools:
        """The sections, of `size`, that have any of the values."""
        found = np.zeros(size, np.bool_)
        found[self.rows[np.isin(self.codes, np.array(codes, np.int64))]] = True
        return found


class ColumnsWriter:
    """Writes the columns, section by section. Files are whole when the `with` block is left without an exception."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory
        self._stored = (directory / "stored.u2").open("wb")
        self._normal = (directory / "normal.u2").open("wb")
        self._records = (directory / "records.jsonl").open("wb")
        self._ends: list[NDArray[np.int32]] = []
        self._bounds, self._lines, self._headings, self._reports = [0], [0], list[int](), list[int]()
        self._facets: dict[str, tuple[dict[Value, int], list[int], list[int]]] = {}

    def __enter__(self) -> ColumnsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for file in (self._stored, self._normal, self._records):
            file.close()
        if kind is None:
            self._finish()

    def add(self, report: int, record: Record, text: str, form: str, pieces: Sequence[str]) -> None:
        """The next section: its report's number, its text, the normal form of that, and the pieces it is cut into."""
        units = form.encode(_UNITS, "surrogatepass")
        self._stored.write((text + "\n").encode(_UNITS, "surrogatepass"))
        self._normal.write(units + "\n".encode(_UNITS))
        self._ends.append(np.cumsum([units_of(piece) for piece in pieces], dtype=np.int32))
        self._bounds.append(self._bounds[-1] + len(units) // 2 + 1)
        self._headings.append(units_of(record.heading or ""))
        self._reports.append(report)
        line = json.dumps(asdict(record), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        self._records.write(line)
        self._lines.append(self._lines[-1] + len(line))

    def value(self, field: str, section: int, value: Value) -> None:
        """Says that a section has a value in a field; it may have several."""
        values, rows, codes = self._facets.setdefault(field, ({}, [], []))
        rows.append(section)
        codes.append(values.setdefault(value, len(values)))

    def _finish(self) -> None:
        bits = np.zeros(self._bounds[-1], np.bool_)
        for start, ends in zip(self._bounds, self._ends, strict=False):
            bits[start + ends - 1] = True
        bits[np.array(self._bounds[1:], np.int64) - 1] = True  # the line feed: what follows it begins a word
        np.packbits(bits).tofile(self._directory / "ends.bits")
        for name in ("bounds", "lines", "headings", "reports"):
            self._write(name, getattr(self, f"_{name}"))
        for field, (_, rows, codes) in self._facets.items():
            self._write(f"{field}.rows", rows)
            self._write(f"{field}.codes", codes)
        values = {field: list(values) for field, (values, _, _) in self._facets.items()}
        (self._directory / "values.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")

    def _write(self, name: str, numbers: list[int]) -> None:
        np.array(numbers, "<i8").tofile(self._directory / f"{name}.i8")


class Columns:
    """Reads the columns of an index."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.normal: NDArray[np.uint16] = self._map("normal.u2")
        self._stored: NDArray[np.uint16] = self._map("stored.u2")
        self._ends: NDArray[np.uint8] = self._map("ends.bits", "u1")
        self._records: NDArray[np.uint8] = self._map("records.jsonl", "u1")
        self.bounds, self._lines = self._map("bounds.i8", "<i8"), self._map("lines.i8", "<i8")
        self.headings, self.reports = self._map("headings.i8", "<i8"), self._map("reports.i8", "<i8")
        self.size = len(self.headings)
        self.lengths: Ints = np.diff(self.bounds) - 1
        values: Mapping[str, list[Value]] = json.loads((directory / "values.json").read_text("utf-8"))
        self.facets = {
            field: Facet(tuple(known), self._map(f"{field}.rows.i8", "<i8"), self._map(f"{field}.codes.i8", "<i8"))
            for field, known in values.items()
        }

    def _map(self, name: str, kind: str = "<u2") -> NDArray[Any]:
        path = self._directory / name
        if not path.stat().st_size:  # an empty file cannot be mapped
            return np.zeros(0, kind)
        return np.memmap(path, kind, "r")

    def text(self, section: int) -> str:
        """The running text of a section, as cleaned."""
        return self._decoded(self._stored, section)

    def form(self, section: int) -> str:
        """The same in the normal form."""
        return self._decoded(self.normal, section)

    def _decoded(self, column: NDArray[np.uint16], section: int) -> str:
        units = column[self.bounds[section] : self.bounds[section + 1] - 1]
        return units.tobytes().decode(_UNITS, "surrogatepass")

    def ends(self, section: int) -> Ints:
        """Where the pieces of the cut of a section end, in units from its beginning."""
        first, last = int(self.bounds[section]), int(self.bounds[section + 1]) - 1
        bits = np.unpackbits(self._ends[first >> 3 : (last + 7) >> 3])
        return np.flatnonzero(bits[first & 7 :][: last - first]) + 1

    def record(self, section: int) -> Record:
        """What a hit shows of a section."""
        line = self._records[self._lines[section] : self._lines[section + 1]].tobytes()
        return Record(**json.loads(line.decode("utf-8", "surrogatepass")))

    def sections_of(self, places: Ints) -> Ints:
        """The section that each place in the text columns lies in."""
        return np.searchsorted(self.bounds, places, side="right") - 1

    def ends_word(self, places: Ints) -> Bools:
        """Whether a piece of the cut ends just before each place; one ends before the first."""
        last = np.maximum(places - 1, 0)
        bits: Ints = (self._ends[last >> 3] >> (7 - (last & 7))) & 1
        ended: Bools = np.logical_or(bits, places == 0)
        return ended


def units_of(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def as_units(form: str) -> NDArray[np.uint16]:
    """A text as UTF-16 units."""
    return np.frombuffer(form.encode(_UNITS, "surrogatepass"), "<u2")
