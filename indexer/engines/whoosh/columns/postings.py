"""The words of sections, stored in Whoosh. This is the only module that uses Whoosh.

One Whoosh document is a block of sections. It contains each word once; the value of the posting is an array of the
sections of the block that contain the word, and one of the weights.

Whoosh stores its tables as pickles. A pickle can run code, and an index may come from somebody else, so this module
replaces the functions with which Whoosh loads pickles: they accept plain values and the few classes in `_CLASSES`. The
schema comes from this program and not from the index.
"""

from __future__ import annotations

import functools
import io
import pickle
import threading
import weakref
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, formats, index
from whoosh.codec import whoosh3
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb import structfile

from indexer.engines.whoosh.columns.damage import damaged_index
from indexer.engines.whoosh.columns.mmap_columns import Shard
from indexer.query.ast import Where

_BLOCK = 1 << 16
"""Sections of a block: the number of a section in its block has 16 bits."""
_HEAVIEST = 0xFFFF
_FIELDS: Mapping[Where, tuple[str, ...]] = {"text": ("text",), "tables": ("tables",), "all": ("text", "tables")}


class Blocks(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose value maps words to bytes. Public, because Whoosh pickles schemas."""

    def __init__(self) -> None:
        super().__init__(format=Bytes(), analyzer=None, scorable=False)

    def index(self, value: Mapping[str, bytes], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yields what Whoosh stores of one block: word, frequency, weight and value."""
        for word, sections in value.items():
            yield word.encode("utf-8", "surrogatepass"), 1, 1.0, sections


class Bytes(formats.Format):  # type: ignore[misc]
    """Postings with a value of any length."""

    def fixed_value_size(self) -> int:
        """Returns -1: values have no fixed size."""
        return -1


def _schema() -> Any:
    return fields.Schema(**{name: Blocks() for name in _FIELDS["all"]})


def _bytes(text: str, _: str) -> bytes:
    """Returns bytes that pickle protocol 2 stores as Latin-1 text; no other codec is reachable."""
    return text.encode("latin-1")


_CLASSES = {
    ("_codecs", "encode"): _bytes,
    ("builtins", "int"): int,
    ("collections", "defaultdict"): defaultdict,
    ("whoosh.codec.whoosh3", "W3Codec"): W3Codec,
    ("whoosh.codec.whoosh3", "W3Segment"): whoosh3.W3Segment,
}


class _PlainUnpickler(pickle.Unpickler):
    """Loads plain values and the classes of `_CLASSES`."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CLASSES:
            raise pickle.UnpicklingError(f"{module}.{name} must not be loaded")
        return _CLASSES[module, name]


def _load(file: IO[bytes]) -> Any:
    return _PlainUnpickler(file).load()


def _loads(data: bytes) -> Any:
    return _load(io.BytesIO(data))


structfile.load_pickle = _load
whoosh3.loads = _loads


class PostingsWriter:
    """Writes the words of sections, in the order of the sections."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._blocks = _empty()
        # compression=0: most values are a few bytes, which compression does not shorten, and it slows the build by a
        # tenth; compound=False: a compound file is read into memory as a whole
        self._writer = index.create_in(str(directory), _schema()).writer(codec=W3Codec(compression=0), compound=False)
        self._sections = 0

    def add(self, text: Mapping[str, int], tables: Mapping[str, int]) -> None:
        """Adds the next section with the weight of each word of its running text and of its table cells."""
        if self._sections and not self._sections % _BLOCK:
            self._write()
        for name, weights in (("text", text), ("tables", tables)):
            self._blocks[name].add(weights)
        self._sections += 1

    def commit(self) -> None:
        self._write()
        self._writer.commit(optimize=True)

    def _write(self) -> None:
        self._writer.add_document(**{name: dict(block.words()) for name, block in self._blocks.items()})
        self._blocks = _empty()


class _PostingBlock:
    """Collects the words of a block of sections."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words, self._weights, self._counts = array("I"), array("H"), array("I")

    def add(self, weights: Mapping[str, int]) -> None:
        numbers = self._numbers
        self._words.extend([numbers.setdefault(word, len(numbers)) for word in weights])
        self._weights.extend([min(weight, _HEAVIEST) for weight in weights.values()])
        self._counts.append(len(weights))

    def words(self) -> Iterator[tuple[str, bytes]]:
        """Yields each word with its sections and weights."""
        words = np.array(self._words, np.uint32)
        weights = np.array(self._weights, "<u2")
        sections = np.repeat(np.arange(len(self._counts)), self._counts).astype("<u2")
        order = np.argsort(words, kind="stable")
        bounds = np.searchsorted(words[order], np.arange(len(self._numbers) + 1)).tolist()
        sections, weights = sections[order], weights[order]
        for word, first, last in zip(self._numbers, bounds, bounds[1:], strict=False):
            yield word, sections[first:last].tobytes() + weights[first:last].tobytes()


def _empty() -> dict[str, _PostingBlock]:
    return {name: _PostingBlock() for name in _FIELDS["all"]}


class Postings:
    """Reads the words of the sections of one shard."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()  # a reader has one file position

    @functools.cached_property
    def _reader(self) -> Any:
        reader = index.open_dir(str(self._directory), readonly=True, schema=_schema()).reader()
        weakref.finalize(self, reader.close)
        return reader

    def add_to(self, weights: NDArray[np.float64], word: str, where: Where) -> None:
        """Adds the weight of a word in each section of the shard."""
        term = word.encode("utf-8", "surrogatepass")
        for name in _FIELDS[where]:
            for block, value in self._values(name, term):
                halves = np.frombuffer(value, "<u2").reshape(2, -1)
                weights[halves[0].astype(np.int64) + block * _BLOCK] += halves[1]

    def _values(self, name: str, term: bytes) -> list[tuple[int, bytes]]:
        values = []
        try:
            with self._lock:
                if (name, term) in self._reader:
                    matcher = self._reader.postings(name, term)
                    while matcher.is_active():
                        values.append((matcher.id(), matcher.value()))
                        matcher.next()
        except Exception as error:  # Whoosh raises errors of any kind for a damaged file
            raise damaged_index(self._directory) from error
        return values


class AllPostings:
    """Reads the words of all sections of an index."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = [(shard.section, shard.sections, Postings(shard.directory / "words")) for shard in shards]
        self._size = sum(shard.sections for shard in shards)

    def weights(self, word: str, where: Where) -> NDArray[np.float64]:
        """Returns the weight of a word in each section, 0 for a section without it."""
        weights = np.zeros(self._size)
        for first, count, postings in self._shards:
            postings.add_to(weights[first : first + count], word, where)
        return weights
