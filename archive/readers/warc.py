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
from functools import partial
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.errors import UnreadableSource
from archive.limits import LIMITS, Limits
from archive.model import Source
from archive.readers.containers import Allowance, Cut, cut_further
from archive.readers.registry import SAMPLE, can_be_page, is_page

_T = TypeVar("_T")
_SKIPPED = 1 << 20
_LOG = logging.getLogger(__name__)
# What a damaged WARC, or a packed one that breaks off, makes the library raise.
_DAMAGED = (ArchiveLoadFailed, ValueError, EOFError, OSError, IndexError, AttributeError, zlib.error)


def captures(
    file: BinaryIO, source: Source, limits: Limits = LIMITS, allowance: Allowance | None = None
) -> Iterator[Cut]:
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
            payload, odd = b"", False
            if is_answer := _is_answer(record):
                content = record.content_stream()
                payload, odd = _heard(partial(content.read, SAMPLE))
            if not is_answer or not can_be_page(payload, _type(record)):
                skipped = b"?"
                while skipped:
                    skipped, odd = _heard(partial(record.raw_stream.read, _SKIPPED))
                    yield _broken(source, count) if odd else None
                continue
            rest, is_odd = _heard(partial(content.read, limits.size + 1 - len(payload)))
            payload, odd = payload + rest, odd or is_odd
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
        elif payload.strip() and is_page(payload, _type(record)):
            yield from cut_further((payload, made), limits, allowance)
        else:
            _LOG.info("%s: left out, no page", made.path)


def _heard(read: Callable[[], _T]) -> tuple[_T, bool]:
    """The result of a call, and whether the library logged a problem with the record meanwhile."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        return read(), bool(said.getvalue())


def _broken(source: Source, count: int) -> UnreadableSource:
    return UnreadableSource(
        f"{source.path} 的第 {count} 条记录损坏，它后面的可能没有读到。请重新抓取。",
        f"Record {count} of {source.path} is damaged; what follows it may not have been read. Capture it again.",
    )


def _is_answer(record: ArcWarcRecord) -> bool:
    """Whether a record is what a server sent for an address: not an error, and not another's robots.txt."""
    if record.rec_type not in ("response", "resource"):
        return False
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    is_answer = status == "200" and not address.endswith("/robots.txt")
    if not is_answer:
        _LOG.info("%s: left out, status %s", address, status)
    return is_answer


def _type(record: ArcWarcRecord) -> str:
    """The type that the server sent, without parameters; empty if it sent none."""
    given = (record.http_headers or record.rec_headers).get_header("Content-Type") or ""
    return str(given).partition(";")[0].strip().lower()


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
