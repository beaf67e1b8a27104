"""Generations: each build writes a new directory, and a pointer file names the current one.

    HOME/index/gen-000001/     one complete index
    HOME/index/current         the name of the current generation, replaced atomically
    HOME/index/build.lock      locked while building; build.pid holds the process id of the builder

A killed build leaves a directory that nothing points to; the next build removes it.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import jieba
from filelock import FileLock, Timeout

from archive.errors import Busy, IndexMissing
from archive.model import Agency, Report
from archive.store.durable import fsync_directory
from archive.store.home import make_home
from archive.store.listing import ListedReport
from indexer.answers.data_version import DataVersion
from indexer.engines.whoosh.build.build import Built, ReplacedIndex, build
from indexer.engines.whoosh.build.manifest import (
    CHECKED_AT_OPEN,
    SCHEMA,
    Manifest,
    damaged_files,
    read_manifest,
    seal,
    shape_hash,
    write_manifest,
)
from indexer.engines.whoosh.columns.damage import damaged_index
from indexer.text.tokenizer import dictionary_hash

_NAME = re.compile("gen-([0-9]{6,})")


def build_index(
    home: Path,
    reports: Iterable[Report | ListedReport],
    agencies: Iterable[Agency],
    revision: int,
    *,
    rebuild: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> DataVersion:
    """Updates the index of a home to a revision of the catalogue; returns at once if it is up to date.

    Shards that are damaged are built again.

    Args:
        home: the home; the index is in its folder `index`.
        reports: every report that is shown, each agency and year once, ordered by agency and year. Not iterated if the
            index is up to date; a listed report is read only if it is not in the index yet.
        agencies: the agencies with all their names.
        revision: the revision of the catalogue.
        rebuild: builds every shard again.
        progress: receives the number of reports that are in finished shards.

    Raises:
        Busy: another process is building.
        UnusableHome: the folder cannot be created.
    """
    root = make_home(home) / "index"
    root.mkdir(exist_ok=True)
    with build_lock(root):
        name = pointer(home)
        current = _read(root, name)
        usable = current is not None and current.fits and not rebuild
        if current and usable and current.revision == revision and not _damage(root / name, current):
            return current.as_of
        kept = root / name if current else None
        number = 1 + (current.generation if current else max(map(_number, root.glob("gen-*")), default=0))
        _remove_all_but(root, kept)
        directory = root / f"gen-{number:06}"
        directory.mkdir()
        replaced = None
        if current and usable:
            replaced = ReplacedIndex(root / name, frozenset(damaged_files(root / name, current)))
        built = build(directory, reports, agencies, replaced, progress)
        manifest = _manifest(number, revision, built, directory)
        write_manifest(directory, manifest)
        fsync_directory(directory)
        _publish(root, directory)
        return manifest.as_of


def _manifest(number: int, revision: int, built: Built, directory: Path) -> Manifest:
    """Describes a finished generation, with the checksum of each of its files."""
    return Manifest(
        generation=number,
        schema=SCHEMA,
        revision=revision,
        reports=built.reports,
        sections=built.sections,
        content=built.content,
        shape=shape_hash(),
        dictionary=dictionary_hash(),
        jieba=jieba.__version__,
        keyword_frequencies=built.keyword_frequencies,
        version=importlib.metadata.version("gongkai"),
        files=seal(directory),
    )


def current_generation(home: Path) -> tuple[Path, Manifest]:
    """Returns the directory and the manifest of the current index.

    Raises:
        IndexMissing: there is no index, or another version of the program, or another dictionary, built it.
        DamagedArchive: a file is missing, or was changed since it was written (large files: `verify_index`).
    """
    root = home / "index"
    name = pointer(home)
    if not name:
        raise IndexMissing("还没有索引。请先运行 gongkai index。", "There is no index yet. Run gongkai index first.")
    current = _read(root, name)
    if current is not None and not current.fits:
        raise IndexMissing(
            "索引是用另一版程序或词典建的。请运行 gongkai index --rebuild。",
            "The index was built by another version of the program or with another dictionary. "
            "Run gongkai index --rebuild.",
        )
    if current is None:
        raise damaged_index(root / name)
    if damage := _damage(root / name, current):
        raise damaged_index(root / name / damage)
    return root / name, current


def verify_index(home: Path) -> Iterator[str]:
    """Yields the path of each damaged file of the current index, after comparing every checksum.

    Raises:
        IndexMissing: see `current_generation`.
    """
    root, name = home / "index", pointer(home)
    current = _read(root, name)
    if current and current.fits:
        yield from (str(root / name / path) for path in damaged_files(root / name, current))
    elif current or not name:
        current_generation(home)  # raises
    else:
        yield str(root / name)


def pointer(home: Path) -> str:
    """Returns the name of the current generation, empty if there is none; cheap enough for every search."""
    try:
        return (home / "index" / "current").read_bytes().decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""


def _read(root: Path, name: str) -> Manifest | None:
    manifest = read_manifest(root / name) if _NAME.fullmatch(name) else None
    return manifest if manifest and f"gen-{manifest.generation:06}" == name else None


def _damage(directory: Path, manifest: Manifest) -> str | None:
    """Returns a damaged file, as far as an index is checked when it is opened."""
    try:
        return next(damaged_files(directory, manifest, budget=CHECKED_AT_OPEN), None)
    except OSError as error:
        return error.filename or ""


def _number(directory: Path) -> int:
    found = _NAME.fullmatch(directory.name)
    return int(found[1]) if found else 0


def _remove_all_but(root: Path, kept: Path | None) -> None:
    """Removes the directories of killed builds and of generations before the one being replaced."""
    for directory in root.glob("gen-*"):
        if directory.is_symlink():
            directory.unlink()
        elif directory != kept:
            shutil.rmtree(directory)


def _publish(root: Path, directory: Path) -> None:
    """Points to a finished index; whenever this is killed, a reader sees the old index or the new one."""
    waiting = root / "current.new"
    waiting.unlink(missing_ok=True)  # never written through a link
    with waiting.open("x", encoding="utf-8") as file:
        file.write(directory.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(root / "current")
    fsync_directory(root)


@contextmanager
def build_lock(root: Path) -> Iterator[None]:
    """Holds the lock of the builder, which the system releases when its process ends.

    Raises:
        Busy: another process is building; the sentence states its process id.
    """
    holder = root / "build.pid"
    try:
        with FileLock(root / "build.lock", timeout=0):
            holder.unlink(missing_ok=True)  # never written through a link
            holder.write_text(str(os.getpid()), "ascii")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout:
        pid = "?"
        with suppress(OSError):
            pid = holder.read_text("ascii")
        raise Busy(
            f"另一个进程（{pid}）正在建索引。请等它结束后再试。",
            f"Another process ({pid}) is building the index. Wait until it has finished, then try again.",
        ) from None
