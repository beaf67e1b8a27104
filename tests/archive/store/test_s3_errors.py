"""Every failure of an object store is a sentence that says what failed, where, and what to do, without keys."""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive.errors import DamagedOriginal, GongkaiError, MissingSupport, Unavailable, UnusableHome
from archive.store.blobs.blob_store import BlobStore
from archive.store.blobs.location import originals_of
from tests.cluster.object_store import KEY, SECRET, settings

PAGE = b"page"
SHA256 = hashlib.sha256(PAGE).hexdigest()

Call = Callable[[BlobStore], object]
KEEP: Call = lambda store: store.keep(SHA256, PAGE)  # noqa: E731
READ: Call = lambda store: store.read(SHA256)  # noqa: E731
KEPT_AT: Call = lambda store: store.kept_at(SHA256)  # noqa: E731
LIST: Call = lambda store: [*store.listed()]  # noqa: E731
CALLS = [KEEP, READ, KEPT_AT, LIST]


class Answers:
    """A server that gives the answers `(status, body)` in order, the last of them again and again."""

    def __init__(
        self, *answers: tuple[int, bytes], length: int | None = None, delay: float = 0, kept: str | None = None
    ) -> None:
        self.given = 0
        answers_ = answers
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                time.sleep(delay)
                status, body = answers_[min(outer.given, len(answers_) - 1)]
                outer.given += 1
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.send_header("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT")
                self.send_header("ETag", '"a"')
                if kept is not None:
                    self.send_header("x-amz-meta-gongkai-kept", kept)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
                if length is not None:
                    self.close_connection = True

            do_PUT = do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def serving(answers: Answers) -> Iterator[Answers]:
    thread = threading.Thread(target=answers.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield answers
    finally:
        answers.server.shutdown()
        answers.server.server_close()


def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: Mapping[str, str]) -> BlobStore:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return originals_of(tmp_path)


def code(name: str) -> bytes:
    return f"<Error><Code>{name}</Code><AWSAccessKeyId>{KEY}</AWSAccessKeyId></Error>".encode()


ANSWERS = [
    (404, code("NoSuchBucket"), UnusableHome, "has no bucket originals. Create it", "no bucket"),
    (403, code("AccessDenied"), UnusableHome, "denies access to s3://originals/a (403 AccessDenied)", "no right"),
    (403, code("SignatureDoesNotMatch"), UnusableHome, "Check AWS_ACCESS_KEY_ID and AWS_SECRET", "a wrong secret"),
    (401, b"", UnusableHome, "denies access to s3://originals/a (401)", "a gateway that asks for a password"),
    (403, code("RequestTimeTooSkewed"), UnusableHome, "Correct the clocks", "a clock that is wrong"),
    (400, code("AuthorizationHeaderMalformed"), UnusableHome, "Set AWS_REGION", "another region"),
    (301, code("PermanentRedirect"), UnusableHome, "Set AWS_REGION", "another region"),
    (507, b"", UnusableHome, "Free some space", "a full disk"),
    (503, code("SlowDown"), Unavailable, "cannot answer now (503", "too many requests"),
    (409, code("OperationAborted"), Unavailable, "cannot answer now (409 OperationAborted)", "another request on it"),
    (429, b"", Unavailable, "cannot answer now (429)", "too many requests"),
    (500, code("InternalError"), Unavailable, "look at its log", "a failure of the store"),
    (404, b"<html>nginx</html>", UnusableHome, "does not answer as an object store does (404)", "another server"),
    (405, b"", UnusableHome, "Check AWS_ENDPOINT_URL", "another server"),
]


# Requests that a busy or failing store refuses are repeated, which takes time.
@pytest.mark.parametrize(
    ("call", "status", "body", "kind", "words", "reason"),
    [(call, *row) for row in ANSWERS for call in (CALLS if row[0] < 429 else [KEEP])],
)
def test_each_answer_has_a_sentence(
    call: Call, status: int, body: bytes, kind: type[GongkaiError], words: str, reason: str,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    with serving(Answers((status, body))) as server:
        store = opened(monkeypatch, tmp_path, settings(server.endpoint, "a"))
        with pytest.raises(kind) as caught:
            call(store)
    en, zh = caught.value.en, caught.value.zh
    assert words in en, (reason, en)
    assert (server.endpoint in en) == (server.endpoint in zh), reason
    printed = "".join(traceback.format_exception(caught.value)) + en + zh
    assert KEY not in printed and SECRET not in printed, "no key in any message"


def test_an_answer_that_is_no_list_has_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = r"does not answer as an object store does\. Check AWS_ENDPOINT_URL"
    with serving(Answers((200, b"<html>"))) as server, pytest.raises(UnusableHome, match=words):
        LIST(opened(monkeypatch, tmp_path, settings(server.endpoint)))


@pytest.mark.parametrize(
    ("kept", "year", "reason"),
    [
        ("2016-03-01T08:00:00+00:00", 2016, "as written by the archive"),
        ("2016-03-01T08:00:00", 1970, "a time without a zone, which cannot be compared"),
        ("long ago", 1970, "no time"),
        (None, 1970, "a copy without metadata has the time of the object"),
    ],
)
def test_when_a_page_was_kept(
    kept: str | None, year: int, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(Answers((200, PAGE), kept=kept)) as server:
        found = opened(monkeypatch, tmp_path, settings(server.endpoint)).kept_at(SHA256)
    assert (found.year, found.tzinfo is not None) == (year, True), reason


def test_a_large_page_is_replaced_with_one_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A multipart upload that is cut leaves parts that nobody sees and that cost money."""
    page = bytes(12_000_000)
    answers = Answers((412, code("PreconditionFailed")), (200, b"damaged"), (200, b"damaged"), (200, b""))
    with serving(answers) as server:
        store = opened(monkeypatch, tmp_path, settings(server.endpoint))
        assert store.keep(hashlib.sha256(page).hexdigest(), page) == "damaged"
        assert server.given == 4


def test_a_put_that_fails_once_is_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(Answers((500, b""), (503, code("SlowDown")), (200, b""))) as server:
        assert opened(monkeypatch, tmp_path, settings(server.endpoint)).keep(SHA256, PAGE) == "missing"
        assert server.given == 3


def test_a_put_that_wrote_and_answered_500_is_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(Answers((500, b""), (412, code("PreconditionFailed")), (200, PAGE))) as server:
        assert opened(monkeypatch, tmp_path, settings(server.endpoint)).keep(SHA256, PAGE) == "whole"


def test_a_store_that_refuses_to_create_what_is_not_there_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = Answers((409, code("ConditionalRequestConflict")), (404, code("NoSuchKey")), (200, b""))
    with serving(answers) as server:
        assert opened(monkeypatch, tmp_path, settings(server.endpoint)).keep(SHA256, PAGE) == "missing"
        assert server.given == 3


@pytest.mark.parametrize(
    ("body", "length", "kind", "reason"),
    [
        (PAGE[:2], len(PAGE), Unavailable, "the connection is cut"),
        (PAGE[:2], None, DamagedOriginal, "the store lost the end"),
        (b"<html>", None, DamagedOriginal, "a page of a proxy"),
    ],
)
def test_a_truncated_page_is_never_returned(
    body: bytes, length: int | None, kind: type[GongkaiError], reason: str,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    with serving(Answers((200, body), length=length)) as server:
        store = opened(monkeypatch, tmp_path, settings(server.endpoint))
        for ask in (store.read, store.check):
            with pytest.raises(kind):
                ask(SHA256)


@pytest.mark.parametrize("call", CALLS)
def test_a_slow_store_is_given_up(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = {"GONGKAI_BLOBS_TIMEOUT": "0.2"}
    with serving(Answers((200, PAGE), delay=2)) as server:
        store = opened(monkeypatch, tmp_path, {**settings(server.endpoint), **slow})
        with pytest.raises(Unavailable, match=r"did not answer within 0\.2 seconds"):
            call(store)


@pytest.mark.parametrize("call", CALLS)
def test_a_store_that_is_away(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        store = opened(monkeypatch, tmp_path, settings(f"http://127.0.0.1:{unused.getsockname()[1]}", "certificates"))
        with pytest.raises(Unavailable, match=r"connection to the object store http://127\.0\.0\.1:.* failed"):
            call(store)


def test_a_store_without_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without keys, the library asks the machine for its own, at an address that only Amazon has."""
    variables = {**settings("http://127.0.0.1:1", "certificates"), "AWS_METADATA_ENDPOINT": "http://127.0.0.1:1"}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
        del variables[name]
    with pytest.raises(UnusableHome, match=r"There is no key for s3://originals/certificates\. Set AWS_ACCESS_KEY_ID"):
        READ(opened(monkeypatch, tmp_path, variables))


SETTINGS: list[tuple[dict[str, str], str, str]] = [
    ({"GONGKAI_BLOBS": "https://a/b"}, "GONGKAI_BLOBS is not an address like s3://", "another scheme"),
    ({"GONGKAI_BLOBS": "/srv/originals"}, "GONGKAI_BLOBS is not", "a folder"),
    ({"GONGKAI_BLOBS": "s3://"}, "GONGKAI_BLOBS is not", "no bucket"),
    ({"GONGKAI_BLOBS": "s3://bucket/../other"}, "GONGKAI_BLOBS is not", "a way out of the bucket"),
    ({"GONGKAI_BLOBS": f"s3://{KEY}:{SECRET}@bucket/a"}, "GONGKAI_BLOBS is not", "keys in the address"),
    ({"GONGKAI_BLOBS": "s3://bucket?region=a"}, "GONGKAI_BLOBS is not", "options in the address"),
    ({"AWS_ENDPOINT_URL": "nonsense"}, "AWS_ENDPOINT_URL is not an address like https", "no scheme"),
    ({"AWS_ENDPOINT_URL": "ftp://a"}, "AWS_ENDPOINT_URL is not", "another scheme"),
    ({"AWS_ENDPOINT_URL": "http://a:port"}, "AWS_ENDPOINT_URL is not", "no port"),
    ({"AWS_ENDPOINT_URL": f"https://{KEY}:{SECRET}@a"}, "AWS_ENDPOINT_URL is not", "keys in the endpoint"),
    ({"AWS_ENDPOINT_URL_S3": "nonsense"}, "AWS_ENDPOINT_URL_S3 is not", "the name that comes first"),
    ({"AWS_ENDPOINT_URL": "http://192.0.2.1:9000"}, "unencrypted http address", "http beyond this machine"),
]


@pytest.mark.parametrize(("variables", "words", "reason"), SETTINGS)
def test_each_wrong_setting_has_a_sentence(
    variables: dict[str, str], words: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(UnusableHome) as caught:
        opened(monkeypatch, tmp_path, {**settings("http://127.0.0.1:1"), **variables})
    assert words in caught.value.en, reason
    assert KEY not in caught.value.en + caught.value.zh and SECRET not in caught.value.en + caught.value.zh, reason


@pytest.mark.parametrize(
    ("address", "where", "reason"),
    [
        ("s3://bucket", f"s3://bucket/36/{SHA256}", "a whole bucket"),
        ("s3://bucket/", f"s3://bucket/36/{SHA256}", "a slash at the end"),
        ("s3://a.b-c1/x/y_2/", f"s3://a.b-c1/x/y_2/36/{SHA256}", "a prefix"),
    ],
)
def test_addresses(address: str, where: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = opened(monkeypatch, tmp_path, {**settings("http://127.0.0.1:1"), "GONGKAI_BLOBS": address})
    assert store.where(SHA256) == where, reason


def test_without_the_library_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "archive.store.blobs.s3_blobs", None)
    with pytest.raises(MissingSupport, match=r"pip install 'gongkai\[cluster\]'"):
        opened(monkeypatch, tmp_path, settings("http://127.0.0.1:1", "without-library"))
