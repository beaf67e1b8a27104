"""The words of sections, stored in Whoosh. This is the only module that uses Whoosh.

Whoosh only stores here: a posting is read a block at a time into arrays, and what follows is numpy. A section is the
Whoosh document of the same number, because an index is written in one go and in one segment.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, formats, index

_FIELD = "words"
_WRITER_MEGABYTES = 128


class Weighted(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose value is a mapping of words to weights, counted already. Public, since schemas are pickled."""

    def __init__(self) -> None:
        # Lengths are kept (`scorable`) though nobody reads them: without them Whoosh asks the disk at every posting.
        super().__init__(format=formats.Existence(), analyzer=None, scorable=True)

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """What Whoosh stores of one section: word, frequency, weight, and no value."""
        for word, weight in sorted(value.items()):
            yield word.encode("utf-8", "surrogatepass"), 1, weight, b""


class PostingsWriter:
    """Writes the words of sections, in the order of the sections."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        schema = fields.Schema(**{_FIELD: Weighted()})
        self._writer = index.create_in(str(directory), schema).writer(limitmb=_WRITER_MEGABYTES)

    def add(self, weights: Mapping[str, float]) -> None:
        """The next section, with the weight of each of its words."""
        self._writer.add_document(**{_FIELD: dict(weights)})

    def commit(self) -> None:
        """Puts the postings on disk."""
        self._writer.commit(optimize=True)


class Postings:
    """Reads the words of sections."""

    def __init__(self, directory: Path) -> None:
        self._reader = index.open_dir(str(directory), readonly=True).reader()
        self._lock = threading.Lock()  # readers share one file with one position

    def read(self, word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The sections that hold a word, in order, and its weight in each."""
        term = word.encode("utf-8", "surrogatepass")
        with self._lock:
            if (_FIELD, term) not in self._reader:
                return np.zeros(0, np.int64), np.zeros(0)
            blocks = list(_blocks(self._reader.postings(_FIELD, term)))
        sections, weights = zip(*blocks, strict=True)
        return np.concatenate(sections), np.concatenate(weights)


def _blocks(matcher: object) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Whole blocks of a posting list: `id` and `weight` load one, its arrays are then the block's."""
    while matcher.is_active():  # type: ignore[attr-defined]
        matcher.id(), matcher.weight()  # type: ignore[attr-defined]
        yield (
            np.array(matcher._ids, np.int64),  # type: ignore[attr-defined]
            np.array(matcher._weights, np.float64),  # type: ignore[attr-defined]
        )
        matcher._next_block()  # type: ignore[attr-defined]
