"""Writing the columns of one shard: an entry for each section or character.

Text columns hold UTF-16 units, so that one offset serves the text as cleaned, its normal form and its word ends.
First comes the running text of all sections, then the table cells of all sections, each cell a line of its own. Each
text is followed by one line feed, which no query holds: nothing is found across two sections.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from indexer.engines.whoosh.columns.utf16 import Cut, TextWriter, units_of

ColumnValue = int | str | None
NUMBERS = ("bounds", "lines", "headings", "reports", "characters")


@dataclass(frozen=True, slots=True)
class SectionRecord:
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


class FacetsWriter:
    """Gathers which section has which values in which field."""

    def __init__(self) -> None:
        self._fields: dict[str, tuple[dict[ColumnValue, int], list[int], list[int]]] = {}

    def add(self, field: str, section: int, value: ColumnValue) -> None:
        """Says that a section has a value; sections come in order."""
        values, rows, codes = self._fields.setdefault(field, ({}, [], []))
        rows.append(section)
        codes.append(values.setdefault(value, len(values)))

    def write(self, path: Path) -> None:
        """Puts them on disk: `path` holds the values of each field, and a file for each field its entries."""
        for field, (_, rows, codes) in self._fields.items():
            np.array([rows, codes], "<i8").tofile(path.with_name(f"{field}.facet"))
        values = {field: list(values) for field, (values, _, _) in self._fields.items()}
        path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")


class ColumnsWriter:
    """Writes the columns, section by section. Files are whole when the `with` block is left without an exception."""

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

    def value(self, field: str, section: int, value: ColumnValue) -> None:
        """Says that a section has a value in a field; it may have several."""
        self._facets.add(field, section, value)

    def _finish(self) -> None:
        self._text.append(self._cells)
        np.array(self._identities, "<u8").tofile(self._directory / "identities.u8")
        for name in ("lines", "headings", "reports", "characters"):
            self._write(name, getattr(self, f"_{name}"))
        self._facets.write(self._directory / "facets.json")

    def _write(self, name: str, numbers: list[int]) -> None:
        np.array(numbers, "<i8").tofile(self._directory / f"{name}.i8")


def identity(address: str) -> int:
    """A number of 64 bits that goes with the address of a section for ever."""
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest())
