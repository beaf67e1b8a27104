"""The originals in a bucket of an object store that speaks S3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Literal

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from archive.errors import DamagedOriginal
from archive.store.blobs.blob_store import State, Stored, damaged_original, stored_name
from archive.store.blobs.s3_errors import StorePlace, error_code, error_status, store_error

_KEPT = "gongkai-kept"
"""The metadata that says when a page was first kept: a copy of a bucket has other times of modification."""
_CONNECT = timedelta(seconds=5)
_RETRIES = 4
_RETRY_FOR = timedelta(seconds=10)
"""A reader of the site waits for it; `gongkai add` is repeated."""
_LISTED_AT_ONCE = 1000
"""The most that S3 lists in one answer."""


class S3Blobs:
    """The objects under a prefix. Its methods are those of `BlobStore`; they raise GongkaiError."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None, seconds: float) -> None:
        self._place = StorePlace(bucket, prefix, endpoint, seconds)
        timeout = timedelta(seconds=seconds)
        with self._translated():
            # keys and region come from the AWS_* variables, which obstore reads
            self._store = S3Store(
                bucket,
                prefix=prefix or None,
                client_options={
                    "allow_http": (endpoint or "").startswith("http://"),
                    "timeout": timeout,
                    "connect_timeout": min(_CONNECT, timeout),
                },
                retry_config={
                    "max_retries": _RETRIES,
                    "retry_timeout": _RETRY_FOR,
                    "backoff": {
                        "init_backoff": timedelta(milliseconds=100),
                        "max_backoff": timedelta(seconds=2),
                        "base": 2,
                    },
                },
            )

    def keep(self, sha256: str, data: bytes) -> State:
        if self._create(sha256, data):
            return "missing"
        before = self.state(sha256)
        if before != "whole":
            kept = datetime.now(UTC) if before == "missing" else self.kept_at(sha256)
            with self._translated():
                self._put(sha256, data, "overwrite", kept)
        return before

    def read(self, sha256: str) -> bytes:
        with self._translated():
            data = bytes(self._get(sha256).bytes())
        if hashlib.sha256(data).hexdigest() != sha256:
            raise damaged_original(sha256, "damaged")
        return data

    def check(self, sha256: str) -> None:
        if (state := self.state(sha256)) != "whole":
            raise damaged_original(sha256, state)

    def state(self, sha256: str) -> State:
        digest = hashlib.sha256()
        try:
            with self._translated():
                for piece in self._get(sha256).stream():
                    digest.update(piece)
        except DamagedOriginal:
            return "missing"
        return "whole" if digest.hexdigest() == sha256 else "damaged"

    def kept_at(self, sha256: str) -> datetime:
        with self._translated():
            try:
                found = obstore.get(self._store, stored_name(sha256), options={"head": True})
            except (BaseError, FileNotFoundError) as error:
                if not error_status(error).startswith("4"):
                    raise
                found = self._get(sha256)  # unlike the answer to HEAD, this one says why it is refused
            with suppress(KeyError, ValueError):
                kept = datetime.fromisoformat(str(found.attributes[_KEPT]))
                if kept.tzinfo is not None:
                    return kept
            return found.meta["last_modified"]  # of an object that another program put there

    def where(self, sha256: str) -> str:
        return self._place.url(stored_name(sha256))

    def listed(self) -> Iterator[Stored]:
        with self._translated():
            pages = obstore.list(self._store, chunk_size=_LISTED_AT_ONCE)
            for page in pages:
                for found in page:
                    path, name = found["path"], found["path"].rpartition("/")[2]
                    sha256 = name if path == stored_name(name) else None
                    yield Stored(self._place.url(path), sha256)

    def _get(self, sha256: str) -> obstore.GetResult:
        try:
            return obstore.get(self._store, stored_name(sha256))
        except FileNotFoundError as error:
            if error_code(error) != "NoSuchKey":  # a bucket that is missing, or no object store
                raise
            raise damaged_original(sha256, "missing") from None

    def _create(self, sha256: str, data: bytes) -> bool:
        """Writes an object unless there is one of that name; whether it was written."""
        with self._translated():
            try:
                self._put(sha256, data, "create", datetime.now(UTC))
            except AlreadyExistsError:
                return False
        return True

    def _put(self, sha256: str, data: bytes, mode: Literal["create", "overwrite"], kept: datetime) -> None:
        """Writes an object with one request, which leaves nothing if it fails."""
        attributes = {"Content-Type": "application/octet-stream", _KEPT: kept.isoformat(timespec="seconds")}
        obstore.put(self._store, stored_name(sha256), data, mode=mode, attributes=attributes, use_multipart=False)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raises the errors of the library as sentences, without its own text, which can quote keys."""
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise store_error(error, self._place) from None
