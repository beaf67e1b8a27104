"""Many files at once: the same results in the same order, whatever the number of processes."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from archive.agencies.resolve import resolve_agencies
from archive.errors import GongkaiError, UnreadableSource
from archive.extract.pipeline import parse_source
from archive.ingest.pool import Parsed, parse_files
from archive.ingest.sources import captures_in, pages_in
from archive.limits import Limits
from archive.readers.containers import Capture
from archive.readers.registry import readable_formats
from archive.store.catalogue import Catalogue
from tests.archive.ingest.workers import changed_workers
from tests.archive.readers.documents import docx_file, html_page, ofd_report, warc_file

pytestmark = pytest.mark.slow

TEXT = """某市{number}局{year}年政府信息公开工作年度报告
一、概述
{year}年公开信息{number}条。
二、主动公开情况
按时公开。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve files, one of them broken, one no report, one a WARC with two pages and a broken one between."""
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(TEXT.format(number=number, year=2010 + number), "utf-8")
    (tmp_path / "broken.bin").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "news.txt").write_text("今天天气很好。\n", "utf-8")
    (tmp_path / "page.docx").write_bytes(docx_file())
    records = [
        ("https://a.example/1", "text/html", html_page().encode()),
        ("https://a.example/2", "application/pdf", b"%PDF-1.4 broken"),
        ("https://b.example/3", "application/ofd", ofd_report()),
    ]
    (tmp_path / "crawl.warc").write_bytes(warc_file(records))
    (tmp_path / "source.toml").write_text('page = "0.txt"\nsite = "某市政府网"\n', "utf-8")
    (tmp_path / ".hidden").write_text("一、概述\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_result_does_not_depend_on_the_number_of_processes(folder: Path, jobs: int) -> None:
    files = list(pages_in([folder]))
    expected = [(file, _said(_parse(capture))) for file in files for capture in captures_in(file)]
    assert [(file, _said(page)) for file, page in parse_files(files, jobs)] == expected


def test_what_fails_is_named_and_the_rest_is_read(folder: Path) -> None:
    pages = [page for _, page in parse_files(pages_in([folder]), 2)]
    failed = [page.zh for page in pages if isinstance(page, GongkaiError)]
    reports = [report for page in pages if not isinstance(page, GongkaiError) for report in page[1].reports]
    assert len(failed) == 2
    assert "broken.bin" in failed[0]
    assert "https://a.example/2" in failed[1]
    assert len(reports) == 8 + 1 + 2


def test_each_page_of_a_warc_has_its_own_address_and_original(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = [page for _, page in parse_files([folder / "crawl.warc"], 1) if not isinstance(page, GongkaiError)]
    assert [reading.source.url for _, reading in pages] == ["https://a.example/1", "https://b.example/3"]
    with Catalogue.open(tmp_path_factory.mktemp("home")) as catalogue:
        for data, reading in pages:
            catalogue.add(resolve_agencies(reading, catalogue.register()), data)
            assert catalogue.original(reading.source.sha256) == data


NO_PAGE = [
    ("gone.txt", None, "没有文件 {path}。请检查路径。", "a file that is not there"),
    (
        "a.warc",
        warc_file([("https://a.example/a.css", "text/css", b"p {}")]),
        f"a.warc 里没有能读的页面。能读的格式：{readable_formats('zh')}。请检查抓取的结果。",
        "a WARC of style sheets",
    ),
    ("a.txt", b"0" * 1025, "{path} 超过 0 MB，没有读。可设 GONGKAI_READ_SIZE（MB）放宽。", "a file beyond the limit"),
]


@pytest.mark.parametrize(("name", "data", "zh", "reason"), NO_PAGE, ids=[case[3] for case in NO_PAGE])
def test_a_file_without_a_page_says_so(name: str, data: bytes | None, zh: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    (said,) = captures_in(path, Limits(size=1024))
    assert isinstance(said, GongkaiError)
    assert said.zh == zh.format(path=path)


IN_FLIGHT = 12 << 20
SMALL, LARGE = b"a" * (3 << 20), b"a" * (20 << 20)
# What a process of Python needs beside the pages: results, buffers, frames.
BESIDE = 3 << 20


def _warc_of(pages: list[bytes]) -> bytes:
    return warc_file([(f"https://a.example/{number}", "text/plain", page) for number, page in enumerate(pages)])


# A page of many megabytes is slow to parse, and what it says is not counted here.
PARSES_NOTHING = """
import archive.extract.pipeline as pipeline
from archive.errors import UnreadableSource
from archive.model import Reading
def parse(data, source):
    if data.startswith(b"bad"):
        raise UnreadableSource("", "")
    return Reading(source, (), ())
pipeline.parse_source = parse
"""

LOADS = [
    ({"a.warc": _warc_of([SMALL] * 12)}, IN_FLIGHT, "a WARC of many pages"),
    ({f"{number:02}.txt": SMALL for number in range(12)}, IN_FLIGHT, "a folder of as many"),
    ({f"{number:02}.txt": b"bad" + SMALL for number in range(12)}, IN_FLIGHT, "pages that are refused"),
    ({"a.txt": LARGE, "b.txt": SMALL}, len(LARGE) + len(SMALL), "a page that is larger than the bound is read alone"),
    ({"a.warc": _warc_of([LARGE, SMALL])}, len(LARGE) + len(SMALL), "the same in a WARC"),
]


@pytest.mark.parametrize(("files", "most", "reason"), LOADS, ids=[case[2] for case in LOADS])
def test_bytes_in_flight_are_bounded(
    files: dict[str, bytes], most: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts every byte that Python allocates in this process, whatever the processes that read are doing."""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    code = tmp_path / "code"
    code.mkdir()
    with changed_workers(code, PARSES_NOTHING, monkeypatch):
        kinds = []
        tracemalloc.start()
        for _, parsed in parse_files(sorted(tmp_path.glob("*.*")), 4, Limits(seconds=100, in_flight=IN_FLIGHT)):
            kinds.append(type(parsed))
            del parsed
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert set(kinds) == {UnreadableSource if "refused" in reason else tuple}
    assert peak < most + BESIDE


def test_containers_are_not_parsed_by_the_program(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(_warc_of([b"1"]))
    program = (
        "import gzip, sys, zlib; from pathlib import Path; from archive.ingest.sources import captures_in\n"
        "gzip.open = zlib.decompressobj = None\n"
        "print(*(type(capture).__name__ for capture in captures_in(Path(sys.argv[1]))), "
        "*{'warcio', 'bs4', 'lxml', 'pdfplumber'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.warc.gz")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == ["tuple"]


def test_who_stops_asking_ends_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting for pages that nobody will fetch."""
    for number in range(6):
        (tmp_path / f"{number}.txt").write_bytes(b"page" if number else b"quick")
    changed = "import archive.readers.text, time\n"
    changed += "archive.readers.text.decode = lambda data: data == b'quick' and ('1', ()) or time.sleep(10000)\n"
    code = tmp_path / "code"
    code.mkdir()
    with changed_workers(code, changed, monkeypatch):
        pages = parse_files(sorted(tmp_path.glob("*.txt")), 2, Limits(seconds=10_000))
        next(pages)
        pages.close()


def test_pages_are_not_read_far_ahead_of_the_one_that_is_asked_for(tmp_path: Path) -> None:
    """Memory would grow with the archive: what was read is kept by whoever asks, one page after another."""
    opened = []

    def paths() -> Iterator[Path]:
        for number in range(100):
            opened.append(number)
            yield tmp_path / f"{number}.txt"

    first, *_ = islice(parse_files(paths(), 2), 1)
    assert isinstance(first[1], GongkaiError)
    assert len(opened) < 20


def _parse(capture: Capture | GongkaiError) -> Parsed:
    if isinstance(capture, GongkaiError):
        return capture
    try:
        return capture[0], parse_source(*capture)
    except GongkaiError as error:
        return error


def _said(page: Parsed) -> object:
    if isinstance(page, GongkaiError):
        return page.zh, page.en
    return page
