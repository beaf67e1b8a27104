"""Hostile and broken files: each ends at a limit with a sentence, and takes nothing along."""

import io
import time
import zipfile

import pytest

from archive.errors import GongkaiError
from archive.model import Source
from archive.readers import read_page
from archive.readers._archive import Archive
from archive.readers._limited import Request, end_all, read_limited
from archive.readers._packing import pack, unpack
from archive.readers.limits import Limits
from tests.archive.readers.documents import docx_file, html_page, page, source, zip_file

SLOW = b"<html>" + b"<p>a</p>" * 400_000
MEMORY = b"<html>" + b"<p>a<p>" * 900_000


def request(data: bytes, media_type: str = "text/html") -> Request:
    return Request(data, Source("page", "0" * 64, media_type))


def sentences(data: bytes, limits: Limits) -> tuple[str, str]:
    with pytest.raises(GongkaiError) as raised:
        read_limited(request(data), limits)
    return raised.value.zh, raised.value.en


def test_a_page_that_takes_too_long_is_stopped_and_the_next_one_is_read() -> None:
    limits = Limits(seconds=0.5)
    began = time.monotonic()
    assert sentences(SLOW, limits) == (
        "page 读了 0.5 秒还没有读完,已停止。可设 GONGKAI_READ_SECONDS 放宽。",
        "page was not read after 0.5 seconds and was stopped. Set GONGKAI_READ_SECONDS to allow more.",
    )
    assert time.monotonic() - began < 10
    assert len(read_limited(request(html_page().encode()), Limits(seconds=5)).blocks) > 10
    end_all()


def test_a_page_that_takes_too_much_memory_is_stopped_and_the_next_one_is_read() -> None:
    limits = Limits(memory=300 << 20)
    assert sentences(MEMORY, limits) == (
        "读 page 需要的内存超过 300 MB,已停止。可设 GONGKAI_READ_MEMORY(MB)放宽。",
        "Reading page takes more than 300 MB of memory and was stopped. Set GONGKAI_READ_MEMORY (in MB) to allow more.",
    )
    assert len(read_limited(request(html_page().encode()), limits).blocks) > 10
    end_all()


def test_what_a_reader_refuses_comes_through() -> None:
    with pytest.raises(GongkaiError, match="page is damaged"):
        read_limited(request(b"PK\x03\x04 no zip", "application/ofd"))


def test_a_process_serves_one_page_after_another() -> None:
    first = read_limited(request(html_page().encode()))
    assert read_limited(request(html_page().encode())) == first


def test_a_page_is_the_same_after_it_was_packed() -> None:
    read = page(html_page())
    assert unpack(pack(read)) == read


SETTINGS = [
    ({}, Limits(), "none"),
    ({"GONGKAI_READ_SECONDS": "30"}, Limits(seconds=30), "seconds"),
    ({"GONGKAI_READ_MEMORY": "2048"}, Limits(memory=2 << 30), "megabytes"),
    ({"GONGKAI_READ_SECONDS": "forever", "GONGKAI_READ_MEMORY": "-1"}, Limits(), "slips never lift a limit"),
    ({"GONGKAI_READ_SECONDS": "inf", "GONGKAI_READ_MEMORY": "nan"}, Limits(), "nor do numbers that are none"),
]


@pytest.mark.parametrize(("environment", "limits", "reason"), SETTINGS, ids=[case[2] for case in SETTINGS])
def test_settings(environment: dict[str, str], limits: Limits, reason: str) -> None:
    assert Limits.from_environment(environment) == limits


def lying_zip(data: bytes) -> bytes:
    """A zip whose directory says that its file is one byte long."""
    made = zip_file({"word/document.xml": data})
    with zipfile.ZipFile(io.BytesIO(made)) as listed:
        size = listed.getinfo("word/document.xml").file_size
    return made.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little"))


BOMBS = [
    (zip_file({f"word/{n}.xml": b"0" * (1 << 20) for n in range(3)}), Limits(unpacked=2 << 20), "declared sizes"),
    (zip_file({f"word/{n}.xml": b"0" for n in range(9)}), Limits(members=8), "many files"),
]


@pytest.mark.parametrize(("data", "limits", "reason"), BOMBS, ids=[case[2] for case in BOMBS])
def test_a_zip_bomb_is_not_opened(data: bytes, limits: Limits, reason: str) -> None:
    with pytest.raises(GongkaiError) as raised:
        Archive(data, source(), limits)
    most = limits.unpacked >> 20
    assert raised.value.zh == f"page 解压后超过 {most} MB 或文件过多,可能是压缩炸弹,没有读。请核对来源。"
    assert raised.value.en == (
        f"page unpacks to more than {most} MB or too many files and may be a zip bomb; it was not read. "
        "Check where it came from."
    )


def test_a_zip_that_lies_about_its_sizes_is_damaged() -> None:
    archive = Archive(lying_zip(b"0" * 70_000), source())
    with pytest.raises(GongkaiError, match="page is damaged"):
        archive.read("word/document.xml")


def test_a_file_read_twice_counts_twice() -> None:
    archive = Archive(zip_file({"a": b"0" * 600}), source(), Limits(unpacked=1000))
    archive.read("a")
    with pytest.raises(GongkaiError, match="zip bomb"):
        archive.read("a")


HOSTILE = [
    (
        zip_file(
            {
                "OFD.xml": '<!DOCTYPE a [<!ENTITY a "'
                + "x" * 1000
                + '">'
                + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 30}">' for n in range(8))
                + "]><OFD><DocBody><DocRoot>&i;</DocRoot></DocBody></OFD>"
            }
        ),
        "entities of entities",
    ),
    (zip_file({"OFD.xml": "<OFD><DocBody><DocRoot>../../etc/hostname</DocRoot></DocBody></OFD>"}), "a path outwards"),
    (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>",
        "a PDF that loops",
    ),
    (docx_file()[:-30], "a zip without its end"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=[case[1] for case in HOSTILE])
def test_hostile_files_are_damaged_files(data: bytes, reason: str) -> None:
    with pytest.raises(GongkaiError, match="page is damaged"):
        read_page(data, source())


GLUED = [
    ("一、总体情况 " + " " * 300_000 + "二、主动公开政府信息情况 今年", "spaces"),
    ("一、概述" * 50_000, "headings"),
    ("二、主动公开政府信息情况第二十条第(一)项信息内容规章" + "1" * 100_000 + "。三、申请情况 今年", "digits"),
    ("二、主动公开政府信息情况 " + "第二十条第(一)项规章1。" * 3_000 + "三、收到和处理申请情况 今年", "tables"),
]


@pytest.mark.parametrize(("text", "reason"), GLUED, ids=[case[1] for case in GLUED])
def test_no_line_of_text_takes_long(text: str, reason: str) -> None:
    began = time.process_time()
    page(text)
    assert time.process_time() - began < 5
