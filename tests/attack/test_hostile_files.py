"""Hostile files: `gongkai add` ends with a report, a notice or a sentence for each, and its own memory stays flat."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest

from archive.store.catalogue import Catalogue
from tests.archive.ingest.mutations import mutations
from tests.attack import hostile
from tests.attack.integrity import problems
from tests.attack.processes import (
    ROOT,
    Ended,
    end_marked,
    environment,
    marked,
    new_mark,
    peak_kilobytes,
    wait_until_empty,
)
from tests.attack.results import Results
from tests.attack.scale import IS_LONG, size

SEED = 1
UNREAD = "content of another file"
MUTATIONS = 2_000
PAGES = size(3, 12)
SECONDS = size(5, 10)
"""A smaller limit for a page than the default bounds the short form; it does not decide whether a test passes."""
IN_FLIGHT = 400
"""Megabytes of pages that wait, the default."""
SPARE = 250
"""Megabytes beside the pages that wait: the program with its rules, and some readings as objects of Python."""


class Adding:
    """`gongkai add` in a process of its own, its peak of memory observed until it ends."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.peak = 0
        self._mark = new_mark()

    def run(self, *paths: Path) -> Ended:
        more = {"GONGKAI_READ_SECONDS": str(SECONDS), "GONGKAI_READ_IN_FLIGHT": str(IN_FLIGHT)}
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gongkai", "--home", str(self.home), "add", "--jobs", "2", *map(str, paths)],
            cwd=ROOT,
            env=environment(self._mark, self.temporary, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with _PeakOf(process) as peak:
            out, err = process.communicate()
        self.peak = max(self.peak, peak.kilobytes >> 10)
        return Ended(process.returncode, out, err)

    def close(self) -> None:
        end_marked(self._mark)

    def check(self, ended: Ended) -> None:
        """It ended with sentences, nothing is left of it, and what it kept is whole."""
        assert ended.code in (0, 1), ended.err[-2000:]
        for word in ("Traceback", "fault of the program", "crashed"):
            assert word not in ended.err, ended.err[-2000:]
        assert wait_until_empty(lambda: marked(self._mark)) == {}
        assert [*self.temporary.iterdir()] == []
        assert problems(self.home, reports_on_every_page=False) == []


class _PeakOf:
    """Reads the peak of memory of a process until it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.kilobytes = 0
        self._process = process
        self._thread = threading.Thread(target=self._observe)

    def __enter__(self) -> _PeakOf:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._process.kill()
        self._thread.join()

    def _observe(self) -> None:
        while self._process.poll() is None:
            try:
                self.kilobytes = max(self.kilobytes, peak_kilobytes(self._process.pid))
            except (OSError, StopIteration):  # it has just ended
                return
            time.sleep(0.05)


@pytest.fixture
def adding(tmp_path: Path) -> Iterator[Adding]:
    process = Adding(tmp_path)
    yield process
    process.close()


def test_hostile_files(adding: Adding, tmp_path: Path, results_of: Callable[[str], Results]) -> None:
    results = results_of("hostile")
    folder = tmp_path / "files"
    folder.mkdir()
    secret = tmp_path / "secret"
    secret.write_text(UNREAD)
    for name, data, _ in hostile.files(size(50, 190), secret.as_uri()):
        (folder / name).write_bytes(data)
    ended = adding.run(folder)
    adding.check(ended)
    for path in sorted(folder.iterdir()):
        results.count("refused with a sentence" if path.name in ended.err else "read")
    with Catalogue.open(adding.home) as catalogue:
        assert UNREAD not in repr([*catalogue.shown()]), "a page read a file of this machine"
    results.figures["peak of the program, MB"] = adding.peak
    assert adding.peak < SPARE


@pytest.mark.parametrize("kind", ["a header without end", "large pages"])
def test_hostile_containers(kind: str, adding: Adding, tmp_path: Path, results_of: Callable[[str], Results]) -> None:
    results = results_of("containers")
    path = tmp_path / "pages.warc.gz"
    is_header = kind == "a header without end"
    path.write_bytes(hostile.endless_header(size(600, 2_500)) if is_header else hostile.large_pages(PAGES, 190))
    ended = adding.run(path)
    adding.check(ended)
    assert ended.code == 1
    results.count(f"{kind}: refused with {'a sentence' if is_header else 'sentences'}")
    results.figures["peak of the program, MB"] = adding.peak
    assert adding.peak < SPARE + (0 if is_header else IN_FLIGHT)


@pytest.mark.skipif(not IS_LONG, reason="tests/archive/ingest/test_mutations.py reads a few mutations")
def test_mutations(adding: Adding, tmp_path: Path, results_of: Callable[[str], Results]) -> None:
    results = results_of("mutations")
    peaks = []
    for part in range(4):
        folder = tmp_path / f"files{part}"
        folder.mkdir()
        for name, data in mutations(MUTATIONS // 4, SEED + part):
            (folder / name).write_bytes(data)
        adding.peak = 0
        ended = adding.run(folder)
        adding.check(ended)
        for path in folder.iterdir():
            results.count("refused with a sentence" if path.name in ended.err else "read")
        peaks.append(adding.peak)
    results.figures["peaks of the program, MB"] = ", ".join(map(str, peaks))
    assert max(peaks) < SPARE
