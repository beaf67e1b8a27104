"""Generations: every build makes a new directory, and one pointer file says which one is read.

    HOME/index/gen-000001/     one whole index
    HOME/index/current         the name of the one that is read, replaced in one step
    HOME/index/build.lock      locked while building; build.pid holds the process id of the builder

A build that is killed leaves a directory that nothing points to; the next build removes it.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import jieba
from filelock import FileLock, Timeout

from archive.errors import Busy, DamagedArchive, IndexMissing
from archive.model import Agency, Report
from archive.store.home import own_home
from archive.store.listing import ListedReport
from indexer.answers.data_version import DataVersion
from indexer.engines.whoosh.build.build import build
from indexer.text.tokenizer import Tokenizer, dictionary_hash

SCHEMA = 4
"""The layout of the manifest and of the pointer file."""
SHAPING = (
    "archive/cues/divisions.py",
    "archive/rules/agencies.toml",
    "archive/rules/divisions/divisions.tsv",
    "indexer/data/stopwords.txt",
    "indexer/engines/whoosh/build",
    "indexer/engines/whoosh/columns",
    "indexer/query/fields.py",
    "indexer/query/region_values.py",
    "indexer/text",
)
"""Sources that decide what stands in a shard. An index built from others answers with wrong counts."""

_NAME = re.compile("gen-([0-9]{6,})")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in `index.json` beside an index: what it was built of and with.

    `keyword_frequencies` is the hash of the document frequencies that its keywords were weighed with; `files` are the
    files of the index with their sizes in bytes: one that lost a file, or a part of one, would find too little.
    """

    generation: int
    schema: int
    revision: int
    reports: int
    sections: int
    shape: str
    dictionary: str
    jieba: str
    keyword_frequencies: str
    version: str
    files: Mapping[str, int]

    @property
    def as_of(self) -> DataVersion:
        """What an answer of this index says of itself."""
        return DataVersion(self.generation, self.reports, self.sections, self.dictionary, self.version)


def build_index(
    home: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    revision: int,
    *,
    rebuild: bool = False,
) -> DataVersion:
    """Brings the index of a home up to a catalogue; returns at once when there is nothing to do.

    Args:
        home: the home; the index lies in its folder `index`.
        reports: every report that is shown, each agency-year once, the agencies in order and then the years; not looked
            at when there is nothing to do. Those that are listed are read only where they are not in the index yet.
        agencies: the agencies with all their names.
        revision: the catalogue's; the index is up to date when it was built from this one, with this dictionary.
        rebuild: whether to build in any case.

    Raises:
        Busy: when another process is building; UnusableHome for the home of another user.
    """
    root = own_home(home) / "index"
    root.mkdir(exist_ok=True)
    with _locked(root):
        current = _read(root, pointer(home))
        usable = current is not None and _fits(current) and _is_whole(root, current) and not rebuild
        if current is not None and usable and current.revision == revision:
            return current.as_of
        kept = None if current is None else _directory(root, current.generation)
        numbers = (_number(directory.name) for directory in root.glob("gen-*"))
        number = 1 + (max(numbers, default=0) if current is None else current.generation)
        _remove_all_but(root, kept)
        directory = _directory(root, number)
        directory.mkdir()
        replaced = kept if usable else None
        built = build(directory, reports, agencies, Tokenizer(home / "cache"), replaced)
        manifest = Manifest(
            generation=number,
            schema=SCHEMA,
            revision=revision,
            reports=built.reports,
            sections=built.sections,
            shape=shape_hash(),
            dictionary=dictionary_hash(),
            jieba=jieba.__version__,
            keyword_frequencies=built.keyword_frequencies,
            version=importlib.metadata.version("gongkai"),
            files=_sizes(directory),
        )
        (directory / "index.json").write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
        _publish(root, directory)
        return manifest.as_of


def current_generation(home: Path) -> tuple[Path, Manifest]:
    """The directory of the index that is read, and what it says of itself.

    Raises:
        IndexMissing: when there is none, or it was built by another version of the program or with another dictionary.
        DamagedArchive: when files are missing or cut off.
        UnusableHome: for the home of another user (opening an index opens pickles).
    """
    root = own_home(home) / "index"
    name = pointer(home)
    if not name:
        raise IndexMissing("还没有索引。请先运行 gongkai index。", "There is no index yet. Run gongkai index first.")
    current = _read(root, name)
    if current is not None and not _fits(current):
        raise IndexMissing(
            "索引是用另一版程序或词典建的。请运行 gongkai index --rebuild。",
            "The index was built by another version of the program or with another dictionary. "
            "Run gongkai index --rebuild.",
        )
    if current is None or not _is_whole(root, current):
        raise DamagedArchive(
            f"{root / name} 中的索引已损坏或不完整。请运行 gongkai index --rebuild。",
            f"The index in {root / name} is damaged or not whole. Run gongkai index --rebuild.",
        )
    return _directory(root, current.generation), current


def pointer(home: Path) -> str:
    """The name of the generation that is read now, empty where there is none: cheap enough to ask at every search."""
    try:
        return (home / "index" / "current").read_bytes().decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""


def _read(root: Path, name: str) -> Manifest | None:
    """What the index of that name says of itself, None where nothing can be read."""
    if not _NAME.fullmatch(name):
        return None
    try:
        said = json.loads((root / name / "index.json").read_text("utf-8"))
        return Manifest(**said)
    except TypeError:  # written by a program with other names in it
        return Manifest(_number(name), 0, 0, 0, 0, "", "", "", "", "", {})
    except (OSError, ValueError):
        return None


def _is_whole(root: Path, manifest: Manifest) -> bool:
    """Whether every file of an index is there, as long as it was written."""
    return manifest.files == _sizes(_directory(root, manifest.generation))


def _sizes(directory: Path, within: str = "") -> dict[str, int]:
    """The files of an index, but for what it says of itself, with their sizes in bytes.

    An index of half a million sections has ten thousand of them: asked of the system directly.
    """
    sizes = dict[str, int]()
    with os.scandir(directory) as entries:
        for entry in entries:
            name = within + entry.name
            if entry.is_dir():
                sizes |= _sizes(Path(entry.path), f"{name}/")
            elif name != "index.json":
                sizes[name] = entry.stat().st_size
    return sizes


def _fits(manifest: Manifest) -> bool:
    built_with = (manifest.schema, manifest.shape, manifest.dictionary)
    return built_with == (SCHEMA, shape_hash(), dictionary_hash())


@functools.cache
def shape_hash() -> str:
    """Returns the hash of the field table and of every other source that shapes a shard."""
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


def _directory(root: Path, generation: int) -> Path:
    return root / f"gen-{generation:06}"


def _number(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else 0


def _remove_all_but(root: Path, kept: Path | None) -> None:
    """Removes what killed builds left and generations older than the one being replaced."""
    for directory in root.glob("gen-*"):
        if directory != kept:
            shutil.rmtree(directory)


def _publish(root: Path, directory: Path) -> None:
    """Points to a finished index. Whoever reads sees the old one or the new one, whenever this is killed."""
    waiting = root / "current.new"
    with waiting.open("w", encoding="utf-8") as file:
        file.write(directory.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(root / "current")


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Holds the lock of the builder, which the system releases when its process ends.

    Raises:
        Busy: while another process builds; the sentence gives its process id.
    """
    holder = root / "build.pid"
    try:
        with FileLock(root / "build.lock", timeout=0):
            holder.write_text(str(os.getpid()), "ascii")
            try:
                yield
            finally:
                holder.unlink()
    except Timeout:
        pid = holder.read_text("ascii") if holder.exists() else "?"
        raise Busy(
            f"另一个进程（{pid}）正在建索引。请等它结束后再试。",
            f"Another process ({pid}) is building the index. Wait until it has finished, then try again.",
        ) from None
