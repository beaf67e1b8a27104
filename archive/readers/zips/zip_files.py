"""ZIP and WACZ files: every page in one, as if it lay on its own."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO, cast

from archive.limits import LIMITS, Limits
from archive.model import Source
from archive.readers.containers import (
    DAMAGED,
    Allowance,
    Cut,
    container_reader,
    cut_further,
    damaged,
    is_warc,
    locked,
    no_picture,
    zip_bomb,
)
from archive.readers.registry import SAMPLE, can_be_page, is_page, is_picture

_LOG = logging.getLogger(__name__)
_STEP = 1 << 20
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_LONGEST_NAME = 300
# Files of systems, and of Word while a document is open: '__MACOSX/._a.html', '.DS_Store', '~$report.doc'.
_NOT_FILES = ("__MACOSX", ".", "~$")
# Text that is part of a page or describes pages.
_NO_PAGES = (".css", ".js", ".mjs", ".json", ".jsonl", ".xml", ".svg", ".cdx", ".cdxj", ".idx", ".csv", ".toml", ".map")
LINKING = (".html", ".htm", ".shtml", ".mht", ".mhtml")
"""Endings of the names of pages that link to others."""
# The folder of a WACZ with its captures; the others are lists of them.
_WACZ, _CAPTURES = "datapackage.json", "archive/"


def captures(
    file: BinaryIO,
    source: Source,
    limits: Limits = LIMITS,
    allowance: Allowance | None = None,
    wants: Callable[[Source], bool] = no_picture,
) -> Iterator[Cut]:
    """The pages of a zip in the order of its directory, HTML first, WARC files and zips in it included.

    The path of each is that of the zip and its name in it. A file that cannot be read comes as the sentence that says
    so, one that is no page as None, a picture only where a page before it `wants` it.
    """
    if allowance is None:
        allowance = Allowance(file.seek(0, 2), limits)
    try:
        listed = zipfile.ZipFile(file)
    except DAMAGED:
        yield damaged(source)
        return
    with listed:
        infos = listed.infolist()
        unpacked = sum(info.file_size for info in infos)
        if unpacked > allowance.left:
            yield zip_bomb(source, allowance.left)
            return
        allowance.left -= unpacked
        allowance.depth += 1
        names = {info: _name(info) for info in infos if not info.is_dir()}
        if _WACZ in names.values() and any(name.startswith(_CAPTURES) for name in names.values()):
            names = {info: name for info, name in names.items() if name.startswith(_CAPTURES)}
        for info, name in sorted(names.items(), key=lambda named: not named[1].lower().endswith(LINKING)):
            if not any(part.startswith(_NOT_FILES) for part in name.split("/")) and not name.lower().endswith(
                _NO_PAGES
            ):
                made = replace(source, path=f"{source.path}/{name}")
                yield from _member(listed, info, made, limits, allowance, wants)
        allowance.depth -= 1


def _member(
    listed: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    source: Source,
    limits: Limits,
    allowance: Allowance,
    wants: Callable[[Source], bool],
) -> Iterator[Cut]:
    if info.flag_bits & _ENCRYPTED:
        yield locked(source)
        return
    try:
        with cast(BinaryIO, listed.open(info)) as file:
            if is_warc(file) and (reader := container_reader(file)):
                yield from reader(file, source, limits, wants=wants)
                return
            data = file.read(SAMPLE)
            is_wanted = is_picture(data) and wants(source)
            if is_wanted or can_be_page(data):
                if info.file_size > limits.size:
                    yield limits.too_large(source.path)
                    return
                while chunk := file.read(_STEP):
                    data += chunk
    except DAMAGED:
        yield damaged(source)
        return
    if not data.strip() or not (is_wanted or is_page(data)):
        _LOG.info("%s: left out, no page", source.path)
        yield None
        return
    capture = data, replace(source, sha256=hashlib.sha256(data).hexdigest())
    yield from cut_further(capture, limits, allowance, wants)


def _name(info: zipfile.ZipInfo) -> str:
    """The name; one without the mark of UTF-8 is in it nevertheless, or in the encoding of a Chinese Windows."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return "".join(character if character.isprintable() else "?" for character in name)[-_LONGEST_NAME:]
