"""Tests that readers refuse hostile and damaged files with an error."""

import io
import zipfile

import pytest

from archive.errors import GongkaiError
from archive.limits import Limits
from archive.readers.containers import ZipContainer
from archive.readers.registry import read_page
from tests.archive.readers.documents import docx_file, source, zip_file

pytestmark = pytest.mark.slow


def lying_zip(data: bytes) -> bytes:
    """A zip with a size of one byte in its directory."""
    made = zip_file({"word/document.xml": data})
    with zipfile.ZipFile(io.BytesIO(made)) as listed:
        size = listed.getinfo("word/document.xml").file_size
    return made.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little"))


BOMBS = [
    (zip_file({f"word/{n}.xml": b"0" * (1 << 20) for n in range(3)}), Limits(size=2 << 20), "declared sizes"),
    (zip_file({f"word/{n}.xml": b"0" for n in range(9)}), Limits(members=8), "many files"),
]


@pytest.mark.parametrize(("data", "limits", "reason"), BOMBS, ids=[case[2] for case in BOMBS])
def test_a_zip_bomb_is_not_opened(data: bytes, limits: Limits, reason: str) -> None:
    with pytest.raises(GongkaiError) as raised:
        ZipContainer(data, source(), limits)
    most = limits.size >> 20
    assert raised.value.zh == f"page 解压后超过 {most} MB 或文件过多，可能是压缩炸弹，没有读。请核对来源。"
    assert raised.value.en == (
        f"page unpacks to more than {most} MB or too many files and may be a zip bomb; it was not read. "
        "Check where it came from."
    )


def test_a_zip_with_wrong_sizes_is_damaged() -> None:
    archive = ZipContainer(lying_zip(b"0" * 70_000), source())
    with pytest.raises(GongkaiError, match="page is damaged"):
        archive.read("word/document.xml")


def test_a_file_read_twice_counts_twice() -> None:
    archive = ZipContainer(zip_file({"a": b"0" * 600}), source(), Limits(size=1000))
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
    (docx_file()[:-30], "a truncated zip"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=[case[1] for case in HOSTILE])
def test_hostile_files_are_reported_as_damaged(data: bytes, reason: str) -> None:
    with pytest.raises(GongkaiError, match="page is damaged"):
        read_page(data, source())
