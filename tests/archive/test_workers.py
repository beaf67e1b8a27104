"""Many files at once: the same results in the same order, whatever the number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Catalogue, GongkaiError, report_json
from archive.files import Parsed, pages_in, parse_file
from archive.settling import settle
from archive.workers import parse_files
from tests.archive.readers.documents import docx_file, html_page, ofd_report, warc_file

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


def test_the_result_does_not_depend_on_the_number_of_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.workers._FEW", 2)
    files = list(pages_in([folder]))
    one, two = (
        [(path, [_said(page) for page in parsed]) for path, parsed in parse_files(files, jobs)] for jobs in (1, 2)
    )
    assert one == two
    assert [path.name for path, _ in one] == sorted(path.name for path in files)


def test_what_fails_is_named_and_the_rest_is_read(folder: Path) -> None:
    parsed = [page for _, pages in parse_files(list(pages_in([folder])), 1) for page in pages]
    failed = [page.zh for page in parsed if isinstance(page, GongkaiError)]
    reports = [report for page in parsed if not isinstance(page, GongkaiError) for report in page[1].reports]
    assert len(failed) == 2
    assert "broken.bin" in failed[0]
    assert "https://a.example/2" in failed[1]
    assert len(reports) == 8 + 1 + 2


def test_each_page_of_a_warc_has_its_own_address_and_original(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = [page for page in parse_file(folder / "crawl.warc") if not isinstance(page, GongkaiError)]
    assert [reading.source.url for _, reading in pages] == ["https://a.example/1", "https://b.example/3"]
    with Catalogue.open(tmp_path_factory.mktemp("home")) as catalogue:
        for data, reading in pages:
            catalogue.add(settle(reading, catalogue.agencies()), data)
            assert catalogue.original(reading.source.sha256) == data


def _said(page: Parsed) -> object:
    if isinstance(page, GongkaiError):
        return page.zh, page.en
    return [report_json(report) for report in settle(page[1]).reports]
