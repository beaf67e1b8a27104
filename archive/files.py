"""Files as they lie on disk: a page, or a WARC of many, with what `source.toml` beside them says of their origin."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from archive.errors import GongkaiError
from archive.model import Agency, Reading, Source
from archive.readers import captures, is_warc
from archive.reading import parse_source
from archive.settling import settle

Parsed = tuple[bytes, Reading] | GongkaiError
"""A page as captured and what it says, or the sentence that says why it cannot be read."""

# What stands beside a page in a folder of the corpus and is none.
_NO_PAGES = frozenset({"source.toml", "expected.toml"})


def pages_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every page named, folders searched through; hidden files and what describes a page are none."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden and file.name not in _NO_PAGES:
                yield file


def parse_file(path: Path) -> tuple[Parsed, ...]:
    """What one file says, page by page, before its agencies are settled (see `parse_source`)."""
    try:
        data = _bytes(path)
        source = _source(path, data)
        if not is_warc(data):
            return ((data, parse_source(data, source)),)
        return tuple(_parse_captures(data, source))
    except GongkaiError as error:
        return (error,)


def read_path(path: Path, known: Iterable[Agency] = ()) -> Reading:
    """What one page says; `source.toml` beside it says where it came from.

    Args:
        path: the page; a WARC, which holds many, is read by `parse_file`.
        known: agencies that the archive has already; a name of one of them leads to it.

    Raises:
        GongkaiError: for a file that cannot be opened or is in no format that is read.
    """
    data = _bytes(path)
    return settle(parse_source(data, _source(path, data)), known)


def _parse_captures(data: bytes, source: Source) -> Iterator[Parsed]:
    for capture in captures(data, source):
        if isinstance(capture, GongkaiError):
            yield capture
            continue
        try:
            yield capture[0], parse_source(*capture)
        except GongkaiError as error:
            yield error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise GongkaiError(
            f"打不开 {path}({reason})。请检查路径和权限。",
            f"Cannot open {path} ({reason}). Check the path and the permissions.",
        ) from error


def _source(path: Path, data: bytes) -> Source:
    """Where the page came from, by the `source.toml` in its folder, if that names the page."""
    given = _given(path.with_name("source.toml"))
    if given.get("page", path.name) != path.name:
        given = {}
    captured = given.get("captured_on")
    return Source(
        path=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        url=given.get("url"),
        site=given.get("site"),
        captured_on=captured if isinstance(captured, date) else None,
        agency=given.get("agency"),
    )


def _given(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GongkaiError(
            f"{path} 不是正确的 TOML:{error}。请改正后重试。",
            f"{path} is not valid TOML: {error}. Correct it and try again.",
        ) from error
