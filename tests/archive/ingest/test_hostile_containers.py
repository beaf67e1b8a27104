"""Hostile containers end at the limits of the process that cuts them, and the files after them are read."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.ingest.pool import parse_files
from archive.ingest.process import WorkerProcess
from archive.ingest.protocol import ContainerEnded, ContainerOpened, CutContainer, ReadingOn
from archive.limits import Limits
from tests.archive.readers.documents import html_page, source, warc_file

pytestmark = pytest.mark.slow

LIMITS = Limits(seconds=20, memory=300 << 20, size=2 << 20)
BLOCK = b"a" * (1 << 20)
HEAD = b"WARC/1.0\r\nWARC-Type: response\r\n"
A, B = "http://a.cn/1", "http://a.cn/2"
PAGE = ("http://a.cn/2", "text/html", html_page().encode())
LIMITED = "GONGKAI_READ_MEMORY", "GONGKAI_READ_SECONDS"


def member(parts: Iterable[bytes]) -> bytes:
    """One member of a gzip file, of any size."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as file:
        for part in parts:
            file.write(part)
    return packed.getvalue()


def video(megabytes: int) -> Iterator[bytes]:
    """A record that is no page."""
    yield HEAD.replace(b"response", b"resource")
    yield b"Content-Type: video/mp4\r\nContent-Length: %d\r\n\r\n" % (megabytes << 20)
    yield from repeat(BLOCK, megabytes)
    yield b"\r\n\r\n"


def nested(times: int) -> bytes:
    """A page in layers of gzip, as the body of a record."""
    body = BLOCK * 3
    for _ in range(times):
        body = gzip.compress(body, 1)
    return body


# The pages and sentences of the file, each as part of its sentence, nothing for a page.
HOSTILE: list[tuple[str, bytes, list[tuple[str, ...]], str]] = [
    ("a.warc.gz", member([HEAD, b"X: ", *repeat(BLOCK, 400)]), [LIMITED], "a header line without end"),
    ("a.warc", HEAD + b"X: " + BLOCK * 300, [LIMITED], "the same, not packed"),
    ("a.gz", b"\x1f\x8b\x08\x08" + bytes(6) + BLOCK, [("is a GZIP file",)], "a name without end in gzip"),
    ("a.warc.gz", gzip.compress(warc_file([PAGE])), [("is a GZIP file",)], "a WARC packed twice"),
    (
        "a.warc",
        warc_file([(A, "text/html\r\nContent-Encoding: gzip", nested(1)), PAGE]),
        [("is larger than 2 MB",), ("",)],
        "a body that unpacks beyond the limit",
    ),
    (
        "a.warc",
        warc_file([(A, "text/html\r\nContent-Encoding: gzip", nested(2)), PAGE]),
        [("is a GZIP file",), ("",)],
        "a body packed twice",
    ),
    ("a.warc.gz", member(video(300)) + warc_file([PAGE]), [("",)], "a video of 300 MB before a page"),
]


@pytest.mark.parametrize(("name", "data", "ends", "reason"), HOSTILE, ids=[case[3] for case in HOSTILE])
def test_hostile_containers_end_and_the_next_file_is_read(
    name: str, data: bytes, ends: list[tuple[str, ...]], reason: str, tmp_path: Path
) -> None:
    hostile, good = tmp_path / name, tmp_path / "good.html"
    hostile.write_bytes(data)
    good.write_bytes(PAGE[2])
    *found, last = (parsed for _, parsed in parse_files([hostile, good], 2, LIMITS))
    said = [parsed.en if isinstance(parsed, GongkaiError) else "" for parsed in found]
    assert len(said) == len(ends)
    assert all(any(end in text if end else not text for end in some) for text, some in zip(said, ends, strict=True))
    assert not isinstance(last, GongkaiError)


def test_the_clock_starts_again_with_each_step_through_a_container(tmp_path: Path) -> None:
    """What is skipped may take as long as its size demands."""
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(video(2)))
    process = WorkerProcess(LIMITS)
    answers = [process.ask(CutContainer(bytes(path), source()))]
    while not isinstance(answers[-1], ContainerEnded):
        answers.append(process.next_answer())
    process.end()
    assert ContainerOpened(is_container=True) in answers
    assert answers.count(ReadingOn()) == 3, "one for each megabyte and one at the end"
