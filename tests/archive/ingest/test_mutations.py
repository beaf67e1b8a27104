"""Broken and hostile files of every format: each ends with reports or a sentence, and the files after it are read.

`GONGKAI_MUTATIONS=2000` reads that number instead of a few.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from archive.agencies.resolve import resolve_agencies
from archive.errors import GongkaiError
from archive.export.json import report_json
from archive.ingest.pool import Parsed, parse_files
from archive.notices import codes
from archive.store.catalogue import Catalogue
from tests.archive.ingest.mutations import mutations, originals
from tests.archive.readers.documents import TITLE, html_page, warc_file, zip_file
from tests.archive.readers.workbooks import xlsx_file

COUNT = int(os.environ.get("GONGKAI_MUTATIONS", "40"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(max(1800, COUNT))]
"""Seconds: who breaks more files waits longer."""


def test_every_broken_file_ends_and_what_it_says_can_be_kept_and_shown(tmp_path: Path) -> None:
    paths = []
    for name, data in mutations(COUNT):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    read = []
    with Catalogue.open(tmp_path / "home") as catalogue:
        for path, parsed in parse_files(paths, 2):
            read.append(path)
            if isinstance(parsed, GongkaiError):
                assert "fault of the program" not in parsed.en, path.name
                continue
            reading = resolve_agencies(parsed[1], catalogue.register())
            assert reading.reports or {notice.code for notice in reading.notices} <= set(codes())
            for report in reading.reports:
                report_json(report, "zh")
            catalogue.add(reading, parsed[0])
    assert [path for path, _ in groupby(read)] == paths


@pytest.mark.parametrize("suffix", originals())
def test_what_is_broken_here_is_good_to_begin_with(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"page.{suffix}"
    path.write_bytes(originals()[suffix])
    for _, parsed in parse_files([path], 1):
        assert not isinstance(parsed, GongkaiError)
        assert len(parsed[1].reports) == 1


def table_of(rows: int) -> bytes:
    row = "<tr><td>行政许可</td><td>1</td><td>2</td></tr>"
    return f"<p>{TITLE}</p><p>一、概述</p><table>{row * rows}</table>".encode()


def bomb(path: Path, name: str) -> None:
    """A zip of some hundred kilobytes that unpacks to as many megabytes as no page has."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as file:
        for _ in range(300):
            file.write(bytes(1 << 20))


def far_cell(name: str) -> bytes:
    """A workbook with a second cell at the other end of the sheet."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(xlsx_file({"Sheet1": [["行政许可", 1.0]]}))) as workbook:
        for each in workbook.namelist():
            files[each] = workbook.read(each).replace(
                b"</sheetData>", f'<row><c r="{name}"><v>1</v></c></row></sheetData>'.encode()
            )
    return zip_file(files)


def entities(path: Path) -> None:
    """Entities of entities: written out, a billion characters."""
    names = "abcdefghi"
    declared = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    path.write_bytes(
        zip_file(
            {
                "OFD.xml": f'<!DOCTYPE a [<!ENTITY a "{"0" * 10}">{declared}]>'
                "<OFD><DocBody><DocRoot>&i;</DocRoot></DocBody></OFD>"
            }
        )
    )


LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
    b"trailer<</Root 1 0 R>>"
)
RECORD = ("https://qinghe.example/", "text/html", html_page().encode())
LIMITED, DAMAGED = "GONGKAI_READ_", "is damaged"

# What each ends with: the report, or part of the sentence in place of it.
HOSTILE: list[tuple[str, Callable[[Path], object], tuple[str, ...], str]] = [
    ("html", lambda path: path.write_bytes(b"<div>" * 10_000 + RECORD[2]), ("",), "tags nested 10,000 deep"),
    ("html", lambda path: path.write_bytes(table_of(100_000)), ("", LIMITED), "a table of 100,000 rows"),
    (
        "html",
        lambda path: path.write_bytes(RECORD[2].replace(b"<td>", b"<td colspan=1000000000 rowspan=1000000000>")),
        ("",),
        "spans of a thousand million",
    ),
    ("txt", lambda path: path.write_bytes("公开\n".encode() * 29_000_000), (LIMITED,), "a text of 200 MB"),
    ("txt", lambda path: path.write_bytes(bytes(201 << 20)), (LIMITED,), "a file of 201 MB"),
    ("docx", lambda path: bomb(path, "word/document.xml"), ("may be a zip bomb",), "a zip bomb as DOCX"),
    ("ofd", lambda path: bomb(path, "OFD.xml"), ("may be a zip bomb",), "a zip bomb as OFD"),
    ("zip", lambda path: bomb(path, "a.html"), ("may be a zip bomb",), "a zip bomb as ZIP"),
    ("xlsx", lambda path: bomb(path, "xl/workbook.xml"), ("may be a zip bomb",), "a zip bomb as XLSX"),
    ("xlsx", lambda path: path.write_bytes(far_cell("XFD1048576")), (LIMITED,), "a sheet of 17 billion cells"),
    ("xlsx", lambda path: path.write_bytes(far_cell("B1048576")), (LIMITED,), "a sheet of a million rows"),
    ("ofd", entities, (DAMAGED,), "entities of entities"),
    ("pdf", lambda path: path.write_bytes(LOOP), (DAMAGED,), "a PDF that loops"),
    ("warc", lambda path: path.write_bytes(warc_file([RECORD])[:-99]), (DAMAGED,), "a WARC with a broken record"),
]


@pytest.mark.parametrize(("suffix", "write", "ends", "reason"), HOSTILE, ids=[case[3] for case in HOSTILE])
def test_hostile_files_end_and_the_next_one_is_read(
    suffix: str, write: Callable[[Path], object], ends: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    hostile, good = tmp_path / f"hostile.{suffix}", tmp_path / "good.html"
    write(hostile)
    good.write_bytes(RECORD[2])
    (_, first), (_, second) = parse_files([hostile, good], 1)
    assert any(end in _said(first) for end in ends)
    assert not isinstance(second, GongkaiError)
    assert len(second[1].reports) == 1


def _said(parsed: Parsed) -> str:
    """The sentence in place of a page, nothing where its report was read."""
    if isinstance(parsed, GongkaiError):
        return parsed.en
    assert len(parsed[1].reports) == 1
    return ""
