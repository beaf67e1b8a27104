"""WARC files (ISO 28500): every page that was captured in one, as if it lay on its own."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email.message import Message
from functools import partial
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.errors import GongkaiError, UnreadableSource
from archive.limits import LIMITS, Limits
from archive.model import Source
from archive.readers.containers import Capture
from archive.readers.registry import record_media_types

_T = TypeVar("_T")
_SKIPPED = 1 << 20
_LOG = logging.getLogger(__name__)
# What a damaged WARC, or a packed one that breaks off, makes the library raise.
_DAMAGED = (ArchiveLoadFailed, ValueError, EOFError, OSError, IndexError, AttributeError, zlib.error)


def captures(file: BinaryIO, source: Source, limits: Limits = LIMITS) -> Iterator[Capture | GongkaiError | None]:
    """The pages of a WARC in order, each with its own source (address, day, SHA-256).

    A record that cannot be read comes as the sentence that says so, and the records after it follow. A record that is
    no page comes as None for each megabyte of it.
    """
    records = ArchiveIterator(file)
    count = 0
    while True:
        try:
            record, odd = _heard(lambda: next(records, None))
            if odd:
                yield _broken(source, count)
            if record is None:
                return
            count += 1
            if not _is_page(record):
                skipped = b"?"
                while skipped:
                    skipped, odd = _heard(partial(record.raw_stream.read, _SKIPPED))
                    yield _broken(source, count) if odd else None
                continue
            payload, odd = _heard(partial(record.content_stream().read, limits.size + 1))
            is_too_large = len(payload) > limits.size
            if not is_too_large and not odd:
                _, odd = _heard(records.read_to_end)
        except _DAMAGED:
            yield _broken(source, count)
            return
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        made = _source(record, payload, address, source)
        if is_too_large:
            yield limits.too_large(made.path)
        # the file ends before the record does, or the record does not say where it ends
        elif odd or getattr(record.raw_stream, "limit", 1) > 0:
            yield _broken(source, count)
        elif payload.strip():
            yield payload, made
        else:
            _LOG.info("%s: left out, nothing in it", made.path)


def _heard(read: Callable[[], _T]) -> tuple[_T, bool]:
    """The result of a call, and whether the library logged a problem with the record meanwhile."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        return read(), bool(said.getvalue())


def _broken(source: Source, count: int) -> UnreadableSource:
    return UnreadableSource(
        f"{source.path} 的第 {count} 条记录损坏，它后面的可能没有读到。请重新抓取。",
        f"Record {count} of {source.path} is damaged; what follows it may not have been read. Capture it again.",
    )


def _is_page(record: ArcWarcRecord) -> bool:
    """Whether a record is a page that the server gave: not an error, a picture, a script or another's robots.txt."""
    if record.rec_type not in ("response", "resource"):
        return False
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    given = headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")
    message = Message()
    message["Content-Type"] = given or "application/octet-stream"
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    is_readable = message.get_content_type() in record_media_types()
    is_page = status == "200" and is_readable and not address.endswith("/robots.txt")
    if not is_page:
        _LOG.info("%s: left out, status %s, %s", address, status, given)
    return is_page


def _source(record: ArcWarcRecord, payload: bytes, address: str, source: Source) -> Source:
    day = source.captured_on
    try:
        day = date.fromisoformat((record.rec_headers.get_header("WARC-Date") or "")[:10])
    except ValueError:
        _LOG.info("%s: no date in WARC-Date", address)
    sha256 = hashlib.sha256(payload).hexdigest()
    # a mistake in one page of thousands is only found by its address
    path = f"{source.path} {address}".strip()
    site = _site(address) or source.site
    return replace(source, path=path, sha256=sha256, url=address or None, site=site, captured_on=day)


def _site(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # 'http://[': what a page linked to is not always an address
        return None
