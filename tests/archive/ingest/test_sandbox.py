"""Pages read within limits: each ends with what it says or with a sentence, and the next one is read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from archive.errors import GongkaiError
from archive.extract.pipeline import parse_source
from archive.ingest.process import end_all
from archive.ingest.sandbox import parse_in_sandbox
from archive.limits import Limits
from tests.archive.readers.documents import html_page, source
from tests.archive.readers.workbooks import compound_file

pytestmark = pytest.mark.slow

PAGE = html_page().encode()
SLOW = b"<html>" + b"<p>a</p>" * 400_000
LARGE = b"1" * (200 << 20)


def sentences(data: bytes, limits: Limits) -> tuple[str, str]:
    with pytest.raises(GongkaiError) as raised:
        parse_in_sandbox(data, source(), limits)
    return raised.value.zh, raised.value.en


BEYOND = [
    (
        SLOW,
        Limits(seconds=0.5, elements=1_000_000),
        "page 读了 0.5 秒还没有读完，已停止。可设 GONGKAI_READ_SECONDS 放宽。",
        "page was not read after 0.5 seconds and was stopped. Set GONGKAI_READ_SECONDS to allow more.",
        "time",
    ),
    (
        LARGE,
        Limits(seconds=60, memory=300 << 20),
        "读 page 需要的内存超过 300 MB，已停止。可设 GONGKAI_READ_MEMORY（MB）放宽。",
        "Reading page takes more than 300 MB of memory and was stopped. Set GONGKAI_READ_MEMORY (in MB) to allow more.",
        "memory",
    ),
    (
        PAGE,
        Limits(elements=9),
        "page 的 HTML 元素超过 9 个，没有读。可设 GONGKAI_READ_ELEMENTS 放宽。",
        "page has more than 9 HTML elements and was not read. Set GONGKAI_READ_ELEMENTS to allow more.",
        "elements, before a tree is built",
    ),
    (
        PAGE,
        Limits(paragraphs=3),
        "page 的段落和表格超过 3 个，没有读。可设 GONGKAI_READ_PARAGRAPHS 放宽。",
        "page has more than 3 paragraphs and tables and was not read. Set GONGKAI_READ_PARAGRAPHS to allow more.",
        "paragraphs",
    ),
    (
        PAGE,
        Limits(cells=20),
        "page 的表格单元格超过 20 个，没有读。可设 GONGKAI_READ_CELLS 放宽。",
        "page has more than 20 table cells and was not read. Set GONGKAI_READ_CELLS to allow more.",
        "cells",
    ),
]


@pytest.mark.parametrize(("data", "limits", "zh", "en", "reason"), BEYOND, ids=[case[4] for case in BEYOND])
def test_a_page_beyond_a_limit_is_stopped(data: bytes, limits: Limits, zh: str, en: str, reason: str) -> None:
    assert sentences(data, limits) == (zh, en)
    end_all()


@pytest.mark.usefixtures("many_files")
def test_a_page_is_read_where_more_than_a_thousand_files_are_open() -> None:
    end_all()  # a process from before would be asked over a file among the first
    assert parse_in_sandbox(PAGE, source(), Limits(seconds=60)) == parse_source(PAGE, source())
    end_all()


def test_after_a_page_that_was_stopped_the_next_one_is_read() -> None:
    limits = Limits(seconds=60, memory=300 << 20)
    sentences(LARGE, limits)
    assert parse_in_sandbox(PAGE, source(), limits) == parse_source(PAGE, source())
    end_all()


def test_what_a_page_says_does_not_depend_on_the_process_that_reads_it() -> None:
    assert parse_in_sandbox(PAGE, source()) == parse_source(PAGE, source())
    assert parse_in_sandbox(PAGE, source()) == parse_source(PAGE, source()), "asked again"


def test_what_a_reader_refuses_comes_through() -> None:
    assert sentences(b"PK\x03\x04 no zip", Limits()) == (
        "page 已损坏，或只抓到一部分，读不出来。请重新抓取。",
        "page is damaged or was not captured whole and cannot be read. Capture it again.",
    )


def test_a_fault_of_the_program_ends_in_a_sentence_that_can_be_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import archive.readers.text\ndef fail(data): raise KeyError('gone')\narchive.readers.text.decode = fail\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    end_all()
    assert sentences("一、概述".encode(), Limits()) == (
        "读 page 时程序出错（KeyError: 'gone'），没有读成。这是程序的错误，请把页面和这句话报告给我们。",
        "The program failed while reading page (KeyError: 'gone'). This is a fault of the program; "
        "please report it with the page and this sentence.",
    )
    end_all()


def test_whatever_a_page_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f'#!/bin/sh\necho "$HOME" > {tmp_path}/home\nsleep 600 & echo $! > {tmp_path}/child; wait\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert shutil.which("soffice") == str(program)
    end_all()
    assert "GONGKAI_READ_SECONDS" in sentences(compound_file({"WordDocument": b"a"}), Limits(seconds=3))[1]
    child = Path("/proc", (tmp_path / "child").read_text().strip(), "stat")
    assert not child.exists() or child.read_text().split()[2] == "Z"
    assert not Path((tmp_path / "home").read_text().strip()).exists()


SETTINGS = [
    ({}, Limits(), "none"),
    ({"GONGKAI_READ_SECONDS": "30"}, Limits(seconds=30), "seconds"),
    ({"GONGKAI_READ_MEMORY": "2048"}, Limits(memory=2 << 30), "megabytes"),
    ({"GONGKAI_READ_CELLS": "9", "GONGKAI_READ_REPORTS": "2.5"}, Limits(cells=9, reports=2), "numbers of parts"),
    ({"GONGKAI_READ_SIZE": "0.5"}, Limits(size=1 << 19), "half a megabyte"),
    ({"GONGKAI_READ_SECONDS": "forever", "GONGKAI_READ_MEMORY": "-1"}, Limits(), "slips never lift a limit"),
    ({"GONGKAI_READ_SECONDS": "1e308"}, Limits(seconds=86_400), "the longest time-out that every system takes"),
    ({"GONGKAI_READ_MEMORY": "1e308"}, Limits(memory=10**9 << 20), "the largest size is below 64 bits"),
    ({"GONGKAI_READ_SECONDS": "inf", "GONGKAI_READ_MEMORY": "nan"}, Limits(), "nor do numbers that are none"),
]


@pytest.mark.parametrize(("environment", "limits", "reason"), SETTINGS, ids=[case[2] for case in SETTINGS])
def test_settings(environment: dict[str, str], limits: Limits, reason: str) -> None:
    assert Limits.from_environment(environment) == limits


def test_the_documented_defaults_are_the_real_ones() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "reading.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `(GONGKAI_READ_\w+)` \| (\d+) \|", page, re.MULTILINE))
    assert Limits.from_environment(documented) == Limits()
    assert set(documented) == set(Limits().to_environment())
