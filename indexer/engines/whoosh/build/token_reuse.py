"""Reuses the segmentation of unchanged text from the replaced index; segmenting is most of the work of a build."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.model import Report, Section
from archive.text.normalize import normal_form
from indexer.engines.whoosh.build.shards import read_digests
from indexer.engines.whoosh.columns.mmap_columns import mapped
from indexer.engines.whoosh.columns.utf16 import Cut, decoded
from indexer.text.tokenizer import Tokenizer

Lengths = NDArray[np.int32]
ReusedTokens = Mapping[str, tuple[Path, int]]
"""Reports tokenized before, by digest: their shard and their position in it."""


def reused_tokens(shards: Iterator[Path]) -> ReusedTokens:
    """Returns the reports of some shards by digest."""
    return {digest: (shard, number) for shard in shards for number, digest in enumerate(read_digests(shard))}


class ReusingTokenizer:
    """Segments reports; `kept` locates those segmented before with the same dictionary."""

    def __init__(self, words: Tokenizer, kept: ReusedTokens) -> None:
        self._words = words
        self._kept = kept
        # the same form labels and sentences occur in many reports
        self._line = functools.lru_cache(maxsize=20_000)(lambda line: tuple(map(len, words.cut(line))))
        self._old = functools.cache(_Old)

    def cut(self, digest: str, report: Report) -> list[tuple[Cut, Cut]]:
        """Returns the segmented running text and table cells of each section."""
        known = dict(self._known(digest))
        cuts = []
        for section in report.sections:
            form = normal_form(section.text)
            lengths = known[form] if form in known else self._pieces(form)
            cuts.append((Cut(section.text, form, lengths), self._cells(section)))
        return cuts

    def _known(self, digest: str) -> Iterator[tuple[str, Lengths]]:
        if digest in self._kept:
            shard, number = self._kept[digest]
            yield from self._old(shard).texts(number)

    def _cells(self, section: Section) -> Cut:
        """Returns the table cells of a section, one a line."""
        text = "\n".join(cell.text for table in section.tables for cell in table.cells() if cell.text)
        form = normal_form(text)
        return Cut(text, form, self._pieces(form))

    def _pieces(self, form: str) -> list[int]:
        """Returns the lengths of the pieces of a text; no word extends over a line."""
        return [length for line in form.split("\n") for length in (*self._line(line), 1)][:-1]


class _Old:
    """The texts of a shard of the replaced index, with their segmentation."""

    def __init__(self, shard: Path) -> None:
        self._normal: NDArray[np.uint16] = mapped(shard / "normal.u2", "<u2")
        self._ends: NDArray[np.uint8] = mapped(shard / "ends.bits", "u1")
        self._bounds: NDArray[np.int64] = mapped(shard / "bounds.i8", "<i8")
        self._reports: NDArray[np.int64] = mapped(shard / "reports.i8", "<i8")

    def texts(self, report: int) -> Iterator[tuple[str, Lengths]]:
        """Yields the normal form of each section of a report, with the lengths of its pieces."""
        for section in range(*np.searchsorted(self._reports, (report, report + 1)).tolist()):
            first, last = int(self._bounds[section]), int(self._bounds[section + 1]) - 1
            form = decoded(self._normal[first:last])
            if len(form) == last - first:  # a character of two units would shift the ends
                bits = np.unpackbits(self._ends[first >> 3 : (last + 7) >> 3])[first & 7 :][: last - first]
                yield form, np.diff(np.flatnonzero(bits) + 1, prepend=0).astype(np.int32)
