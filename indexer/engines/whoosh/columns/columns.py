"""Memory-mapped columns of an index: one entry for each section or character.

Offsets count UTF-16 units, first in the running text of all sections, then in their table cells.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.mmap_columns import (
    MANY,
    Bools,
    Column,
    Ints,
    ShardedColumn,
    allow_files,
    mapped,
    shards_of,
)
from indexer.engines.whoosh.columns.records import ColumnValue, SectionRecord, read_record
from indexer.engines.whoosh.columns.utf16 import decoded
from indexer.query.ast import Where

_FILES = 12
"""Open files of a shard, in this index and in the replaced one, which may still be in use."""
_OTHERS = 1000
"""Other open files of a process."""
_PAIR = Struct("<qq")


@dataclass(frozen=True)
class FacetColumn:
    """The values of sections in one field: section `rows[i]` has value `codes[i]`; entries are in section order."""

    values: tuple[ColumnValue, ...]
    rows: Ints
    codes: Ints

    def count(self, sections: Bools) -> Ints:
        """Returns the number of sections with each value."""
        others = ~sections
        if np.count_nonzero(others) < len(sections) >> 1:  # counting the excluded ones is quicker
            return self._totals - np.bincount(self._codes_of(others), minlength=len(self.values))
        return np.bincount(self._codes_of(sections), minlength=len(self.values))

    @functools.cached_property
    def numbers(self) -> Mapping[ColumnValue, int]:
        """The code of each value."""
        return {value: number for number, value in enumerate(self.values)}

    @functools.cached_property
    def _totals(self) -> Ints:
        return np.bincount(self.codes, minlength=len(self.values))

    @functools.cached_property
    def _is_single(self) -> bool:
        """Whether every section has exactly one value, so that entries are sections."""
        return bool((self.rows == np.arange(len(self.rows))).all())

    def _codes_of(self, sections: Bools) -> Ints:
        few = np.flatnonzero(sections)
        if self._is_single and len(self.rows) == len(sections):
            return self.codes.take(few)
        if len(few) > len(sections) >> 4:
            return self.codes.take(np.flatnonzero(sections.take(self.rows)))
        first, last = np.searchsorted(self.rows, few), np.searchsorted(self.rows, few, side="right")
        lengths = last - first
        entries = np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        found: Ints = self.codes[entries]
        return found

    def having(self, codes: Sequence[int], size: int) -> Bools:
        """The sections, of `size`, that have any of the values."""
        wanted, found = np.zeros(len(self.values), np.bool_), np.zeros(size, np.bool_)
        wanted[codes] = True
        found[self.rows[wanted[self.codes]]] = True
        return found


class Columns:
    """Reads the columns of an index."""

    def __init__(self, directory: Path, folder: Path) -> None:
        self._directory = directory
        self.shards = shards_of(directory, folder)
        allow_files(_OTHERS + 2 * _FILES * len(self.shards))
        self._firsts = np.array([shard.section for shard in self.shards], np.int64)
        self.normal, self.stored = ShardedColumn(self.shards, "normal.u2"), ShardedColumn(self.shards, "stored.u2")
        self._ends = [mapped(shard.directory / "ends.bits", "u1") for shard in self.shards]
        self._lines = [Column(shard.directory / "lines.i8", "<i8") for shard in self.shards]
        self._records = [Column(shard.directory / "records.jsonl", "u1") for shard in self.shards]
        self.bounds = self._numbers("bounds")
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
        values: Mapping[str, list[ColumnValue]] = json.loads((directory / "values.json").read_text("utf-8"))
        self.facets = {
            field: FacetColumn(tuple(known), self._numbers(f"{field}.rows"), self._numbers(f"{field}.codes"))
            for field, known in values.items()
        }

    def _numbers(self, name: str) -> Ints:
        return mapped(self._directory / f"{name}.i8", "<i8")

    def texts(self, section: int, where: Where) -> tuple[int, ...]:
        """Returns the text numbers of a section: of its running text, its table cells, or both."""
        return {"text": (section,), "tables": (section + self.size,), "all": (section, section + self.size)}[where]

    def stretch(self, text: int) -> tuple[int, int]:
        """Returns the offsets at which a text begins and ends."""
        return int(self.bounds[text]), int(self.bounds[text + 1]) - 1

    def normal_text(self, text: int) -> str:
        """Returns the normal form of a text."""
        return decoded(self.normal.between(*self.stretch(text)))

    def records(self, sections: Ints) -> Iterator[SectionRecord]:
        """Yields the records that hits in these sections show."""
        shards = np.searchsorted(self._firsts, sections, side="right") - 1
        places = zip(shards.tolist(), (sections - self._firsts[shards]).tolist(), strict=True)
        if len(sections) < MANY:
            for shard, line in places:
                first, last = _PAIR.unpack(self._lines[shard].bytes_between(line, line + 2))
                yield read_record(self._records[shard].bytes_between(first, last))
            return
        for shard, line in places:
            lines = self._lines[shard].view
            yield read_record(bytes(self._records[shard].view[lines[line] : lines[line + 1]]))

    def counted(self, places: Ints, where: Where) -> tuple[Ints, Ints, Ints]:
        """Returns the sections of sorted offsets, the number of offsets in each, and the number in its heading.

        `where` is the part of the text that contains the offsets.
        """
        if len(places) < self.size >> 3:
            texts = self.texts_of(places)
            sections, numbers, counts = np.unique(texts % self.size, return_inverse=True, return_counts=True)
            in_headings = numbers[places < self.heading_ends[texts]]
            return sections, counts, np.bincount(in_headings, minlength=len(sections))
        # A frequent string has far more offsets than there are texts, so the texts are looked up.
        before = np.searchsorted(places, self.bounds[: self.size + 1])
        in_headings = np.searchsorted(places, self.heading_ends[: self.size]) - before[:-1]
        counts = np.diff(before)
        if where != "text":
            counts += np.diff(np.searchsorted(places, self.bounds[self.size :]))
        sections = np.flatnonzero(counts)
        return sections, counts[sections], in_headings[sections]

    def texts_of(self, places: Ints) -> Ints:
        """Returns the text number of each sorted offset; those of table cells follow those of running text."""
        if len(places) < self.size >> 3:
            return np.searchsorted(self.bounds, places, side="right") - 1
        return np.repeat(np.arange(2 * self.size), np.diff(np.searchsorted(places, self.bounds)))

    def sections_of(self, places: Ints) -> Ints:
        """Returns the section of each sorted offset."""
        return self.texts_of(places) % self.size

    def ends_word(self, places: Ints) -> Bools:
        """Returns whether a token ends just before each sorted offset; true for offset 0."""
        last = np.maximum(places - 1, 0)
        ended: Bools = places == 0
        for shard, shift, of in self.normal.parts(last):
            bits = last[of] - shift
            ended[of] |= (self._ends[shard][bits >> 3] >> (7 - (bits & 7)) & 1).astype(np.bool_)
        return ended
