"""Finds the documents beside a page in a folder that are part of its report.

As in a ZIP, such a page and its documents are one capture (`archive/readers/zips/joined.py`).
"""

from __future__ import annotations

import functools
import os
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive.ingest.sandbox import documents_in_sandbox
from archive.limits import LIMITS, Limits
from archive.model import Attachment, Source
from archive.readers.zips.joined import LINK
from archive.readers.zips.zip_files import LINKING

_DOCUMENTS = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".rtf")
# Folders that browsers save beside a page: 'report_files', 'report.files'.
_SIDE_FOLDERS = ("_files", ".files")
# Pages whose documents are known: each is asked for when files are listed and when it is read.
_KNOWN = 1 << 16


def without_attachments(files: Sequence[Path], limits: Limits = LIMITS) -> Iterator[Path]:
    """The files without the documents that are joined to a page among them."""
    joined = {document for page in files for document in attachments_of(page, limits)}
    yield from (file for file in files if file not in joined)


def is_part_of_page(file: Path) -> bool:
    """Whether a file is a style sheet, a script or an image that a browser saved with a page."""
    folder = file.parent
    stem = next((folder.name.removesuffix(ending) for ending in _SIDE_FOLDERS if folder.name.endswith(ending)), None)
    if not stem or file.suffix.lower() in (*LINKING, *_DOCUMENTS):
        return False
    return any(folder.with_name(f"{stem}{suffix}").is_file() for suffix in LINKING)


def attachments_of(page: Path, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """The documents that a page links to and that have its report or its tables, in the order of the links."""
    if page.suffix.lower() not in LINKING:
        return ()
    try:
        if not _may_hold_documents(page.parent, page.parent.stat().st_mtime_ns):
            return ()
        status = page.stat()
        found = (_beside(page, link) for link in _links(page, status.st_size, status.st_mtime_ns, limits))
        documents = tuple(dict.fromkeys(filter(None, found)))
        whole = status.st_size + sum(document.stat().st_size for document in documents)
    except OSError:  # whoever opens the page says so
        return ()
    return documents if whole <= limits.size else ()


@functools.lru_cache(_KNOWN)
def _may_hold_documents(folder: Path, changed: int) -> bool:
    """Whether a folder has documents or further folders; asked again when it has `changed`."""
    return any(entry.suffix.lower() in _DOCUMENTS or entry.is_dir() for entry in folder.iterdir())


@functools.lru_cache(_KNOWN)
def _links(page: Path, size: int, changed: int, limits: Limits) -> tuple[Attachment, ...]:
    """The links of a page to documents that are part of its report; asked again when the page has `changed`."""
    data = page.read_bytes() if size <= limits.size else b""
    if not LINK.search(data):
        return ()
    source = Source(os.fsencode(page.name).decode("utf-8", "replace"), "", "text/html")
    return documents_in_sandbox(data, source, limits)


def _beside(page: Path, link: Attachment) -> Path | None:
    """The file of a link: at its relative address, or by its name in the folder of the page or in its side folder."""
    try:
        address = urlsplit(link.address.strip())
    except ValueError:  # 'http://[': no address
        return None
    path = posixpath.normpath(unquote(address.path))
    names = [name for name in (posixpath.basename(path), posixpath.basename(link.name)) if name]
    sides = ("", *(f"{page.stem}{ending}/" for ending in _SIDE_FOLDERS))
    relative = [] if address.netloc else [path]
    for way in (*relative, *(f"{side}{name}" for side in sides for name in names)):
        is_below = not way.startswith("/") and not any(part.startswith(".") for part in way.split("/"))
        if is_below and way.lower().endswith(_DOCUMENTS) and _is_file(page.parent / way):
            return page.parent / way
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
