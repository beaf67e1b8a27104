"""WARC files (ISO 28500), and ARC files before them: every page that was captured in one, as if it lay on its own."""

from __future__ import annotations

import contextlib
import gzip
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

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.errors import UnreadableSource
from archive.limits import LIMITS, Limits
from archive.model import Source
from archive.readers.containers import Allowance, Cut, cut_further, no_picture
from archive.readers.registry import SAMPLE, can_be_page, is_page, is_picture

_T = TypeVar("_T")
_SKIPPED = 1 << 20
_LOG = logging.getLogger(__name__)
# What a damaged WARC, or a packed one that breaks off, makes the library raise.
_DAMAGED = (ArchiveLoadFailed, ValueError, EOFError, OSError, IndexError, AttributeError, zlib.error)


class _Brotli:
    """A decompressor as warcio uses them: its own cannot be used with brotli 1.2, and has no limit of its output."""

    unused_data = None

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._left = LIMITS.size

    def decompress(self, data: bytes) -> bytes:
        """The next part of the body; a bomb is an error as damaged data is."""
        parts = [self._stream.process(data, output_buffer_limit=_SKIPPED)]
        while not self._stream.can_accept_more_data() and (part := self._stream.process(b"", _SKIPPED)):
            parts.append(part)
            self._left -= len(part)
            if self._left < 0:
                raise brotli.error("too large")
        return b"".join(parts)

    def flush(self) -> bytes:
        return b""


BufferedReader.DECOMPRESSORS["br"] = _Brotli


def captures(
    file: BinaryIO,
    source: Source,
    limits: Limits = LIMITS,
    allowance: Allowance | None = None,
    wants: Callable[[Source], bool] = no_picture,
) -> Iterator[Cut]:
    """The pages of a WARC in order, each with its own source (address, day, SHA-256).

    A record that cannot be read comes as the sentence that says so, and the records after it follow. A record that is
    no page comes as None for each megabyte of it; a picture is one only where a page before it `wants` it.
    """
    records = _Records(file)
    count = 0
    while True:
        try:
            record, odd = _heard(records.next)
            if odd:
                yield _broken(source, count)
            if record is None:
                return
            count += 1
            payload, odd, is_wanted = b"", False, False
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            if is_answer := _is_answer(record):
                content = record.content_stream()
                payload, odd = _heard(partial(content.read, SAMPLE))
                is_wanted = is_picture(payload) and wants(_source(record, b"", address, source))
            if not is_answer or not (is_wanted or can_be_page(payload, _type(record))):
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
        made = _source(record, payload, address, source)
        if is_too_large:
            yield limits.too_large(made.path)
        # the file ends before the record does, or the record does not say where it ends
        elif odd or getattr(record.raw_stream, "limit", 1) > 0:
            yield _broken(source, count)
        elif payload.strip() and (is_wanted or is_page(payload, _type(record))):
            yield from cut_further((payload, made), limits, allowance, wants)
        else:
            _LOG.info("%s: left out, no page", made.path)


class _Records:
    """The records of a file, also of one that is packed as a whole and not record by record."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._count = 0
        self._is_stream = False
        self._records = ArchiveIterator(file, arc2warc=True)

    def next(self) -> ArcWarcRecord | None:
        """The next record, None at the end.

        Raises:
            ArchiveLoadFailed, OSError, EOFError: where the file is damaged.
        """
        try:
            record = next(self._records, None)
        except ArchiveLoadFailed:
            if self._is_stream:
                raise
            self._is_stream = True
            self._file.seek(0)
            self._records = ArchiveIterator(gzip.GzipFile(fileobj=self._file), arc2warc=True)
            for _ in range(self._count):
                next(self._records)
            record = next(self._records, None)
        self._count += 1
        return record

    def read_to_end(self) -> None:
        self._records.read_to_end()


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
