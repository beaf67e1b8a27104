"""Columns beside the words: one entry for each section or character, mapped into memory.

Text columns hold UTF-16 units, so that one offset serves the text as cleaned, its normal form and its word ends.
First comes the running text of all sections, then the table cells of all sections, each cell a line of its own; what
is searched is one stretch of it. Each text is followed by one line feed, which no query holds: nothing is found across
two sections.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.texts import Cut, TextWriter, decoded, units_of
from indexer.tree import Where

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Value = int | str | None


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

    @property
    def report(self) -> str:
        """The address of its report, `AGENCY/YEAR`."""
        return f"{self.agency}/{self.key}"

    @property
    def address(self) -> str:
        """Where the section stands on the site."""
        return f"/reports/{self.report}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class Facet:
    """The values that sections have in one field: entry i says that section `rows[i]` has value `codes[i]`.

    Entries are in the order of sections.
    """

    values: tuple[Value, ...]
    rows: Ints
    codes: Ints

    def count(self, sections: Bools) -> Ints:
        """How many of the sections have each value."""
        return np.bincount(self._codes_of(sections), minlength=len(self.values))

    def _codes_of(self, sections: Bools) -> Ints:
        few = np.flatnonzero(sections)
        if len(few) > len(sections) >> 4:
            held: Bools = sections[self.rows]
            return self.codes[held]
        first, last = np.searchsorted(self.rows, few), np.searchsorted(self.rows, few, side="right")
        lengths = last - first
        entries = np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        found: Ints = self.codes[entries]
        return found

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
        self._records = (directory / "records.jsonl").open("wb")
        self._text, self._cells = TextWriter(directory), TextWriter(directory, ".cells")
        self._lines, self._headings, self._reports, self._characters = [0], list[int](), list[int](), list[int]()
        self._identities: list[int] = []
        self._facets: dict[str, tuple[dict[Value, int], list[int], list[int]]] = {}

    def __enter__(self) -> ColumnsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._records.close()
        self._text.close()
        self._cells.close()
        if kind is None:
            self._finish()

    def add(self, report: int, record: Record, text: Cut, cells: Cut) -> None:
        """The next section: its report's number, its running text and its table cells."""
        self._text.add(text)
        self._cells.add(cells)
        self._headings.append(units_of(record.heading or ""))
        self._characters.extend(len(cut.form) - cut.form.count("\n") for cut in (text, cells))
        self._reports.append(report)
        self._identities.append(identity(record.address))
        line = json.dumps(asdict(record), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        self._records.write(line)
        self._lines.append(self._lines[-1] + len(line))

    def value(self, field: str, section: int, value: Value) -> None:
        """Says that a section has a value in a field; it may have several."""
        values, rows, codes = self._facets.setdefault(field, ({}, [], []))
        rows.append(section)
        codes.append(values.setdefault(value, len(values)))

    def _finish(self) -> None:
        self._text.append(self._cells)
        np.array(self._identities, "<u8").tofile(self._directory / "identities.u8")
        for name in ("lines", "headings", "reports", "characters"):
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
        self.normal: NDArray[np.uint16] = mapped(directory / "normal.u2", "<u2")
        self.stored: NDArray[np.uint16] = mapped(directory / "stored.u2", "<u2")
        self._ends: NDArray[np.uint8] = mapped(directory / "ends.bits", "u1")
        self._records: NDArray[np.uint8] = mapped(directory / "records.jsonl", "u1")
        self.bounds, self._lines = self._numbers("bounds"), self._numbers("lines")
        self.reports = self._numbers("reports")
        self.size = len(self.reports)
        self.identities: NDArray[np.uint64] = mapped(directory / "identities.u8", "<u8")
        headings = self._numbers("headings")
        self.headings: Ints = np.concatenate([headings, np.zeros(self.size, np.int64)])  # cells have none
        self.heading_ends: Ints = self.bounds[:-1] + self.headings
        lengths = np.diff(self.bounds) - 1
        self.lengths: dict[Where, Ints] = {"text": lengths[: self.size], "tables": lengths[self.size :]}
        self.lengths["all"] = self.lengths["text"] + self.lengths["tables"]
        text, tables = self._numbers("characters").reshape(-1, 2).T
        self.characters: dict[Where, Ints] = {"text": text, "tables": tables, "all": text + tables}
        values: Mapping[str, list[Value]] = json.loads((directory / "values.json").read_text("utf-8"))
        self.facets = {
            field: Facet(tuple(known), self._numbers(f"{field}.rows"), self._numbers(f"{field}.codes"))
            for field, known in values.items()
        }

    def _numbers(self, name: str) -> Ints:
        return mapped(self._directory / f"{name}.i8", "<i8")

    def stretch(self, where: Where) -> tuple[int, int]:
        """The units of the text columns that are searched."""
        first, middle, last = (int(self.bounds[place]) for place in (0, self.size, 2 * self.size))
        return {"text": (first, middle), "tables": (middle, last), "all": (first, last)}[where]

    def text(self, section: int, where: Where = "text") -> str:
        """The running text of a section as cleaned, or its table cells, or both."""
        if where == "all":
            return "\n".join(filter(None, (self.text(section), self.text(section, "tables"))))
        return self._decoded(self.stored, section + self.size * (where == "tables"))

    def spans_in(self, section: int, where: Where, starts: Ints, ends: Ints) -> list[tuple[int, int]]:
        """Those of some spans, in order, that lie in a section, as offsets into its `text(section, where)`."""
        found, before = list[tuple[int, int]](), 0
        texts = {"text": (section,), "tables": (section + self.size,), "all": (section, section + self.size)}
        for text in texts[where]:
            first, last = int(self.bounds[text]), int(self.bounds[text + 1]) - 1
            inside = slice(*np.searchsorted(starts, (first, last)).tolist())
            begins, finishes = starts[inside] - first, ends[inside] - first
            halves = np.flatnonzero((self.stored[first:last] & 0xFC00) == 0xDC00)
            if len(halves):  # the second units of characters that have two
                begins, finishes = (each - np.searchsorted(halves, each) for each in (begins, finishes))
            found += zip((begins + before).tolist(), (finishes + before).tolist(), strict=True)
            before = last - first - len(halves) + 1 if last > first else 0
        return found

    def form(self, text: int) -> str:
        """The normal form of a text: of sections first, then of their table cells."""
        return self._decoded(self.normal, text)

    def _decoded(self, column: NDArray[np.uint16], text: int) -> str:
        return decoded(column[self.bounds[text] : self.bounds[text + 1] - 1])

    def ends(self, text: int) -> Ints:
        """Where the pieces of the cut of a text end, in units from its beginning."""
        first, last = int(self.bounds[text]), int(self.bounds[text + 1]) - 1
        bits = np.unpackbits(self._ends[first >> 3 : (last + 7) >> 3])
        return np.flatnonzero(bits[first & 7 :][: last - first]) + 1

    def record(self, section: int) -> Record:
        """What a hit shows of a section."""
        line = self._records[self._lines[section] : self._lines[section + 1]].tobytes()
        return Record(**json.loads(line.decode("utf-8", "surrogatepass")))

    def texts_of(self, places: Ints) -> Ints:
        """The text that each of some places, in order, lies in; of table cells more than there are sections."""
        if len(places) < self.size >> 3:
            return np.searchsorted(self.bounds, places, side="right") - 1
        return np.repeat(np.arange(2 * self.size), np.diff(np.searchsorted(places, self.bounds)))

    def sections_of(self, places: Ints) -> Ints:
        """The section that each of some places, in order, lies in."""
        texts = self.texts_of(places)
        return np.where(texts < self.size, texts, texts - self.size)

    def ends_word(self, places: Ints) -> Bools:
        """Whether a piece of the cut ends just before each place; one ends before the first."""
        last = np.maximum(places - 1, 0)
        bits: Ints = (self._ends[last >> 3] >> (7 - (last & 7))) & 1
        ended: Bools = np.logical_or(bits, places == 0)
        return ended


def identity(address: str) -> int:
    """A number of 64 bits that goes with the address of a section for ever."""
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest())


def mapped(path: Path, kind: str) -> NDArray[Any]:
    """A column of numbers, mapped into memory."""
    if not path.stat().st_size:  # an empty file cannot be mapped
        return np.zeros(0, kind)
    return np.memmap(path, kind, "r").view(np.ndarray)
