"""Finds the documents and pictures beside a page in a folder that are part of its report.

As in a ZIP, such a page and its parts are one capture (`archive/readers/zips/joined.py`).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.ingest.protocol import DocumentsFound
from archive.ingest.sandbox import documents_in_sandbox
from archive.limits import LIMITS, Limits
from archive.model import Source
from archive.readers.scans import SMALLEST
from archive.readers.zips.joined import LINK, SIDE_FOLDERS, shows_pictures, ways_to
from archive.readers.zips.zip_files import LINKING

_DOCUMENTS = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".rtf")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp")
# Pages whose documents are known: each is asked for when files are listed and when it is read.
_KNOWN = 1 << 16


def without_attachments(files: Sequence[Path], limits: Limits = LIMITS) -> Iterator[Path]:
    """The files without the documents that are joined to a page among them, and the pictures that one shows."""
    joined = {part for page in files for part in (*attachments_of(page, limits), *_images_of(page, limits))}
    yield from (file for file in files if file not in joined)


def is_part_of_page(file: Path) -> bool:
    """Whether a file is a style sheet, a script or an image that a browser saved with a page."""
    folder = file.parent
    stem = next((folder.name.removesuffix(ending) for ending in SIDE_FOLDERS if folder.name.endswith(ending)), None)
    if not stem or file.suffix.lower() in (*LINKING, *_DOCUMENTS):
        return False
    return any(folder.with_name(f"{stem}{suffix}").is_file() for suffix in LINKING)


def attachments_of(page: Path, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """The documents that a page links to and that have its report or its tables, in the order of the links."""
    documents = tuple(_beside(page, link.address, _DOCUMENTS, link.name) for link in _parts(page, limits).links)
    return _small_enough(page, dict.fromkeys(filter(None, documents)), limits)


def pictures_of(page: Path, limits: Limits = LIMITS) -> Mapping[str, Path]:
    """The pictures that can be the tables which a page lacks, by their addresses in it; none beside documents."""
    if attachments_of(page, limits):
        return {}
    beside = {address: _beside(page, address, _PICTURES) for address in _parts(page, limits).pictures}
    found = {file: address for address, file in beside.items() if file and _size(file) >= SMALLEST}
    return {found[file]: file for file in _small_enough(page, found, limits)}


def _images_of(page: Path, limits: Limits) -> Iterator[Path]:
    """The pictures beside a page that it shows, whether they are read or not."""
    yield from filter(None, (_beside(page, address, _PICTURES) for address in _parts(page, limits).images))


def _small_enough(page: Path, files: Iterable[Path], limits: Limits) -> tuple[Path, ...]:
    """The files, if they are not too large together with their page."""
    found = tuple(files)
    return found if _size(page) + sum(map(_size, found)) <= limits.size else ()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # whoever opens it says so
        return 0


def _parts(page: Path, limits: Limits) -> DocumentsFound:
    """What is part of a page, by its links and images."""
    if page.suffix.lower() not in LINKING or not _is_file(page):
        return DocumentsFound()
    try:
        if not _may_hold_parts(page.parent, page.parent.stat().st_mtime_ns):
            return DocumentsFound()
        status = page.stat()
        return _parts_of(page, status.st_size, status.st_mtime_ns, limits)
    except OSError:  # whoever opens the page says so
        return DocumentsFound()


@functools.lru_cache(_KNOWN)
def _may_hold_parts(folder: Path, changed: int) -> bool:
    """Whether a folder has documents, pictures or further folders; asked again when it has `changed`."""
    return any(entry.suffix.lower() in (*_DOCUMENTS, *_PICTURES) or entry.is_dir() for entry in folder.iterdir())


@functools.lru_cache(_KNOWN)
def _parts_of(page: Path, size: int, changed: int, limits: Limits) -> DocumentsFound:
    """What is part of a page; asked again when the page has `changed`."""
    data = page.read_bytes() if size <= limits.size else b""
    if not LINK.search(data) and not shows_pictures(data):
        return DocumentsFound()
    source = Source(os.fsencode(page.name).decode("utf-8", "replace"), "", "text/html")
    return documents_in_sandbox(data, source, limits)


def _beside(page: Path, address: str, endings: tuple[str, ...], name: str = "") -> Path | None:
    """The file of an address or a name in the folder of a page or below."""
    try:
        ways = list(ways_to(address, page.stem, name))
    except ValueError:  # 'http://[': no address
        return None
    for way in ways:
        is_below = not any(part.startswith(".") for part in way.split("/"))
        if is_below and way.lower().endswith(endings) and _is_file(page.parent / way):
            return page.parent / way
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
