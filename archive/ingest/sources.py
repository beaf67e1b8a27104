"""Files as they lie on disk: a page, or a WARC of many, with what `source.toml` beside them says of their origin."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import resolve_agencies
from archive.errors import GongkaiError, UnreadableSource
from archive.ingest.folders import attachments_of, is_part_of_page, pictures_of, without_attachments
from archive.ingest.sandbox import NotAContainerError, PendingPage, cut_in_sandbox, parse_in_sandbox
from archive.limits import LIMITS, Limits
from archive.model import Agency, Reading, Source
from archive.readers.containers import SIGNATURE, Capture, may_be_container
from archive.readers.registry import readable_formats
from archive.readers.zips.joined import join

# Files beside a page in a folder of the corpus that are not pages.
_NO_PAGES = frozenset({"source.toml", "expected.toml"})
# Keys of `source.toml` with one line of text.
_TEXTS = {"page", "url", "site", "agency"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def pages_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every page named, with folders searched; hidden files and descriptions of pages are left out.

    A folder without pages, or one that cannot be opened, is yielded itself, so that it is reported. The documents with
    the report of a page among the files belong to that page.
    """
    files = [file for path in paths for file in ((_pages_below(path) or [path]) if path.is_dir() else [path])]
    yield from without_attachments(files)


def _pages_below(folder: Path) -> list[Path]:
    """The pages in a folder and those inside it, and the folders that cannot be opened."""
    closed: list[Path] = []
    pages: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = (Path(place, name) for name in names if name not in _NO_PAGES and not name.startswith("."))
        pages += [file for file in files if file.is_file() and not is_part_of_page(file)]
    return sorted(closed + pages)


def pages_of(path: Path, limits: Limits = LIMITS) -> Iterator[PendingPage | GongkaiError]:
    """Every page of a file, at least one, or an error that says why there is none.

    A container is cut record by record, so that its size does not matter.
    """
    try:
        if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            yield _no_file(path)
            return
        given = _given(path.with_name("source.toml"))
        with path.open("rb") as file:
            if may_be_container(file.read(SIGNATURE)):
                source = _source(path, b"", given)
                try:
                    pages = cut_in_sandbox(path, source, limits)
                    yield next(pages, _no_page_in(source))
                    yield from pages
                    return
                except NotAContainerError:
                    pass
            size = os.fstat(file.fileno()).st_size
            if size > limits.size:
                yield limits.too_large(str(path))
            elif (documents := attachments_of(path, limits)) or (pictures := pictures_of(path, limits)):
                shown = {} if documents else pictures
                size += sum(part.stat().st_size for part in (*documents, *shown.values()))
                yield PendingPage(size, lambda: _load_joined([path, *documents], shown, given))
            else:
                yield PendingPage(size, lambda: _load(path, file, size, given))
    except IsADirectoryError:
        yield UnreadableSource(
            f"文件夹 {path} 里没有页面。请指出放着页面的文件夹。",
            f"The folder {path} holds no page. Name a folder that holds some.",
        )
    except OSError as error:
        yield _cannot_open(path, error)
    except GongkaiError as error:
        yield error


def captures_in(path: Path, limits: Limits = LIMITS) -> Generator[Capture | GongkaiError]:
    """Every page of a file with its source; see `pages_of`."""
    for page in pages_of(path, limits):
        yield page if isinstance(page, GongkaiError) else page.load()


def _load(path: Path, file: BinaryIO, size: int, given: dict[str, Any]) -> Capture | GongkaiError:
    try:
        file.seek(0)
        data = file.read(size)
    except OSError as error:
        return _cannot_open(path, error)
    return data, _source(path, data, given)


def _load_joined(files: Sequence[Path], pictures: Mapping[str, Path], given: dict[str, Any]) -> Capture | GongkaiError:
    captures = []
    for file in (*files, *pictures.values()):
        try:
            data = file.read_bytes()
        except OSError as error:
            return _cannot_open(file, error)
        captures.append((data, _source(file, data, given)))
    return join(captures[: len(files)], dict(zip(pictures, captures[len(files) :], strict=True)))


def _no_file(path: Path) -> UnreadableSource:
    """The error for a pipe or a device, which may have no end."""
    return UnreadableSource(
        f"{path} 是管道或设备，不是文件。请先存成文件。",
        f"{path} is a pipe or a device, not a file. Save its content to a file first.",
    )


def _cannot_open(path: Path, error: OSError) -> UnreadableSource:
    if isinstance(error, FileNotFoundError):
        return UnreadableSource(f"没有文件 {path}。请检查路径。", f"There is no file {path}. Check the path.")
    reason = error.strerror or str(error)
    return UnreadableSource(
        f"打不开 {path}（{reason}）。请检查路径和权限。",
        f"Cannot open {path} ({reason}). Check the path and the permissions.",
    )


def read_path(path: Path, known: Iterable[Agency] = ()) -> Reading:
    """What the first page of a file says; `source.toml` beside it says where it came from.

    Args:
        path: the page.
        known: agencies that the archive has already; a name of one of them leads to it.

    Raises:
        GongkaiError: for a file that cannot be opened, is in no format that is read, or goes beyond the limits.
    """
    with closing(captures_in(path)) as captures:
        capture = next(captures)
    if isinstance(capture, GongkaiError):
        raise capture
    return resolve_agencies(parse_in_sandbox(*capture), AgencyRegistry(known))


def _no_page_in(source: Source) -> UnreadableSource:
    return UnreadableSource(
        f"{source.path} 里没有能读的页面。能读的格式：{readable_formats('zh')}。请检查抓取的结果。",
        f"{source.path} holds no readable page. Readable formats: {readable_formats('en')}. Check what was captured.",
    )


def _source(path: Path, data: bytes, given: dict[str, Any]) -> Source:
    """Where the page came from, by the `source.toml` in its folder, if that names the page."""
    if given.get("page", path.name) != path.name:
        given = {}
    return Source(
        path=os.fsencode(path.name).decode("utf-8", "replace"),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        url=given.get("url"),
        site=given.get("site"),
        captured_on=given.get("captured_on"),
        agency=given.get("agency"),
    )


def _given(path: Path) -> dict[str, Any]:
    """What a `source.toml` states; keys that are not read are notes.

    Raises:
        UnreadableSource: for a file that is not TOML, or a value of another type.
    """
    if not path.is_file():
        return {}
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableSource(
            f"{path} 不是正确的 TOML：{error}。请改正后重试。",
            f"{path} is not valid TOML: {error}. Correct it and try again.",
        ) from error
    for key in sorted(_TEXTS & given.keys()):
        if not isinstance(given[key], str) or _CONTROL.search(given[key]):
            raise _invalid(path, f'{key} = "…"')
    if "captured_on" in given and type(given["captured_on"]) is not date:  # a datetime is a date, too
        raise _invalid(path, "captured_on = 2020-01-31")
    return given


def _invalid(path: Path, example: str) -> UnreadableSource:
    return UnreadableSource(
        f"{path} 中有一项应写作 {example}。请改正后重试。",
        f"A line of {path} should have the form {example}. Correct it and try again.",
    )
