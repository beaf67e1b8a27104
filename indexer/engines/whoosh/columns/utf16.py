"""Writes texts as columns of UTF-16 units, with one bit for each unit at which a token ends."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.text.tokenizer import is_word

BREAK = ord("\n")
UNITS = "utf-16-le"


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as cleaned, its normal form, and the lengths of the tokens of the form in characters."""

    text: str
    form: str
    pieces: Sequence[int] | NDArray[np.int32]

    def words(self) -> Counter[str]:
        """Counts the words of the text."""
        bounds = np.cumsum(self.pieces, dtype=np.int64).tolist()
        return Counter(filter(is_word, map(self.form.__getitem__, map(slice, [0, *bounds], bounds))))


class TextWriter:
    """Writes texts in sequence, each followed by a line feed."""

    def __init__(self, directory: Path, kind: str = "") -> None:
        self._directory = directory
        self._paths = [directory / f"{name}{kind}.u2" for name in ("stored", "normal")]
        self._files = [path.open("w+b") for path in self._paths]
        self.bounds = [0]
        self.ends: list[NDArray[np.int64]] = []

    def add(self, cut: Cut) -> None:
        """Adds the next text."""
        for file, text in zip(self._files, (cut.text, cut.form), strict=True):
            file.write((text + "\n").encode(UNITS, "surrogatepass"))
        ends, units = np.cumsum(cut.pieces, dtype=np.int64), units_of(cut.form)
        if units != len(cut.form):  # characters of two units
            ends += np.cumsum([0, *(char > "\uffff" for char in cut.form)])[ends]
        self.ends.append(ends + self.bounds[-1])
        self.bounds.append(self.bounds[-1] + units + 1)

    def append(self, other: TextWriter) -> None:
        """Appends the texts of another writer and writes all of them; both writers are closed."""
        shift = self.bounds[-1]
        for path, further in zip(self._paths, other._paths, strict=True):
            with path.open("ab") as file, further.open("rb") as more:
                shutil.copyfileobj(more, file)
            further.unlink()
        bounds = np.array(self.bounds + [shift + bound for bound in other.bounds[1:]], "<i8")
        bits = np.zeros(bounds[-1], np.bool_)
        for ends, start in ((self.ends, 0), (other.ends, shift)):
            if ends:
                bits[np.concatenate(ends) + (start - 1)] = True
        bits[bounds[1:] - 1] = True  # the line feed: a token begins behind it
        np.packbits(bits).tofile(self._directory / "ends.bits")
        bounds.tofile(self._directory / "bounds.i8")

    def close(self) -> None:
        for file in self._files:
            file.close()


def units_of(text: str) -> int:
    """Returns the length of a text in UTF-16 units."""
    return len(text.encode(UNITS, "surrogatepass")) // 2


def as_units(form: str) -> NDArray[np.uint16]:
    """Returns a text as UTF-16 units."""
    return np.frombuffer(form.encode(UNITS, "surrogatepass"), "<u2")


def decoded(units: NDArray[np.uint16]) -> str:
    """Returns the text of units."""
    return units.tobytes().decode(UNITS, "surrogatepass")


def spelled(units: NDArray[np.uint16]) -> str:
    """Returns one character for each unit, so that offsets into the string are offsets into the column."""
    return units.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
