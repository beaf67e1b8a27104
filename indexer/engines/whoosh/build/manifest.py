"""The manifest of an index: what it was built from, and the size and checksum of each of its files.

A file that changed since it was written must lead to a rebuild, never to other counts. Checksums (XXH3) detect rot, not
forgery: whoever can write the files can write the manifest.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path

import xxhash

from archive.store.durable import fsync_directory
from indexer.answers.data_version import DataVersion
from indexer.text.tokenizer import dictionary_hash

SCHEMA = 6
"""The layout of an index directory."""
SHAPING = (
    "archive/cues/divisions.py",
    "archive/rules/agencies.toml",
    "archive/rules/divisions/divisions.tsv",
    "archive/text/clean.py",
    "indexer/data/stopwords.txt",
    "indexer/engines/whoosh/build",
    "indexer/engines/whoosh/columns",
    "indexer/query/fields.py",
    "archive/agencies/regions.py",
    "indexer/text",
)
"""The sources that determine the content of a shard. An index built from others would answer with wrong counts."""
CHECKED_AT_OPEN = 256 << 20
"""Bytes whose checksums are compared when an index is opened, the smallest files first; takes a tenth of a second."""

_NAME = "index.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with.

    `content` is the hash of what the archive holds (`content_hash`), `keyword_frequencies` that of the document
    frequencies that keywords were weighted with. `files` maps each path inside the index to size in bytes and checksum.
    """

    generation: int
    schema: int
    revision: int
    reports: int
    sections: int
    content: str
    shape: str
    dictionary: str
    jieba: str
    keyword_frequencies: str
    version: str
    files: Mapping[str, tuple[int, str]]

    @property
    def as_of(self) -> DataVersion:
        """The data version that answers of this index state."""
        return DataVersion(self.generation, self.reports, self.sections, self.content, self.dictionary, self.version)

    @property
    def fits(self) -> bool:
        """Whether this program, with its dictionary, can answer from the index."""
        return (self.schema, self.shape, self.dictionary) == (SCHEMA, shape_hash(), dictionary_hash())


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Writes the manifest with a checksum of its own."""
    content = json.loads(json.dumps(asdict(manifest)))
    text = json.dumps({**content, "checksum": _checksum(content)}, indent=2) + "\n"
    with (directory / _NAME).open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(directory: Path) -> Manifest | None:
    """Returns the manifest; None if it cannot be read or was changed.

    The manifest of another version of the program has its generation only, and schema 0.
    """
    try:
        content = json.loads((directory / _NAME).read_text("utf-8"))
        generation, schema, checksum = content["generation"], content["schema"], content.pop("checksum", None)
        if schema >= SCHEMA and checksum != _checksum(content):  # earlier manifests have no checksum
            return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if schema != SCHEMA or content.keys() != {field.name for field in fields(Manifest)}:
        return Manifest(generation, 0, 0, 0, 0, "", "", "", "", "", "", {})
    return Manifest(**content)


def seal(directory: Path) -> dict[str, tuple[int, str]]:
    """Flushes every file and folder of a finished index to the disk; returns size and checksum of each file."""
    sealed = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            path = Path(folder, name)
            with path.open("rb") as file:
                os.fsync(file.fileno())
            sealed[path.relative_to(directory).as_posix()] = (path.stat().st_size, file_checksum(path))
        fsync_directory(Path(folder))
    return sealed


def file_checksum(path: Path) -> str:
    """Returns the XXH3 hash of a file, 128 bits in hexadecimal."""
    digest = xxhash.xxh3_128()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def damaged_files(directory: Path, manifest: Manifest, budget: int | None = None) -> Iterator[str]:
    """Yields the files that are missing, unexpected, of another size, unreadable or changed.

    Args:
        directory: the index.
        manifest: its manifest.
        budget: bytes whose checksums are compared, the smallest files first; None compares all.
    """
    sizes = _sizes(directory)
    yield from sorted(sizes.keys() ^ manifest.files.keys())
    for name, (size, checksum) in sorted(manifest.files.items(), key=itemgetter(1)):
        if name not in sizes:
            continue
        if sizes[name] != size:
            yield name
        elif budget is None or (budget := budget - size) >= 0:
            try:
                if file_checksum(directory / name) != checksum:
                    yield name
            except OSError:  # a bad sector, or no permission
                yield name


def _sizes(directory: Path, within: str = "") -> dict[str, int]:
    """Returns the files of an index, except its manifest, with their sizes in bytes.

    An index of half a million sections has ten thousand files; `os.scandir` is the quickest way to list them.
    """
    sizes = dict[str, int]()
    with os.scandir(directory) as entries:
        for entry in entries:
            name = within + entry.name
            if entry.is_dir(follow_symlinks=False):
                sizes |= _sizes(Path(entry.path), f"{name}/")
            elif name != _NAME:
                sizes[name] = entry.stat(follow_symlinks=False).st_size
    return sizes


def _checksum(content: Mapping[str, object]) -> str:
    return xxhash.xxh3_128(json.dumps(content, sort_keys=True).encode()).hexdigest()


@functools.cache
def shape_hash() -> str:
    """Returns the hash of the field table and of every other source that determines the content of a shard."""
    digest = hashlib.blake2b(digest_size=16)
    for name in SHAPING:
        package, _, inside = name.partition("/")
        _add_source(digest, files(package).joinpath(*inside.split("/")))
    return digest.hexdigest()


def _add_source(digest: hashlib.blake2b, source: Traversable) -> None:
    if source.is_dir():
        for each in sorted(source.iterdir(), key=lambda entry: entry.name):
            if each.name != "__pycache__":
                _add_source(digest, each)
        return
    data = source.read_bytes()
    digest.update(f"{source.name} {len(data)} ".encode() + data)
