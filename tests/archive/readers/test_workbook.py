"""Tests XLSX and XLS workbooks: cells, merged cells, hidden sheets and hostile files."""

from collections.abc import Callable

import pytest

from archive.errors import GongkaiError
from archive.readers.compound import is_cut
from archive.readers.registry import read_page
from tests.archive.readers.documents import TITLE, docx_file, page, rows, source, texts, zip_file
from tests.archive.readers.workbooks import Merged, Rows, compound_file, report_rows, xls_file, xlsx_file

TABLE = [["项目", "数量"], ["行政许可", 118.0]]
REPORT = report_rows()


def xlsx(rows: Rows, merged: Merged) -> bytes:
    return xlsx_file({"Sheet1": rows}, merged)


BOTH = [(xlsx, "XLSX"), (xls_file, "XLS")]

CELLS: list[tuple[Rows, Merged, list[str], list[list[list[str]]], str]] = [
    (TABLE, [], ["▦"], [[["项目", "数量"], ["行政许可", "118"]]], "a whole number has no decimals"),
    (
        [["收费", 2.65], ["罚款", 0.1 + 0.2]],
        [],
        ["▦"],
        [[["收费", "2.65"], ["罚款", "0.3"]]],
        "digits as a sheet shows them",
    ),
    ([["收费", 123456789012.0]], [], ["▦"], [[["收费", "123456789012"]]], "no exponent"),
    (
        [["甲", "乙", 1.0], ["", "丙", 2.0]],
        [(0, 0, 1, 0)],
        ["▦"],
        [[["甲", "乙", "1"], ["丙", "2"]]],
        "merged over rows",
    ),
    (
        [["甲", "", "乙"], [1.0, 2.0, 3.0]],
        [(0, 0, 0, 1)],
        ["▦"],
        [[["甲", "乙"], ["1", "2", "3"]]],
        "merged over columns",
    ),
    ([["甲", "", 1.0]], [], ["▦"], [[["甲", "", "1"]]], "a blank cell is a cell"),
    ([["三、本年\n度办理", 1.0]], [], ["▦"], [[["三、本年度办理", "1"]]], "a label over two lines"),
    ([["数量", "1\n2"]], [], ["▦"], [[["数量", "1\n2"]]], "two numbers in one cell stay two"),
    (
        [[TITLE], [], *TABLE, [], *TABLE],
        [],
        [TITLE, "▦", "▦"],
        [[["项目", "数量"], ["行政许可", "118"]]] * 2,
        "blank rows",
    ),
    ([[TITLE, "", ""], ["甲", 1.0, 2.0]], [], [TITLE, "▦"], [[["甲", "1", "2"]]], "a title in the first cell only"),
    (
        [["一、本年新收政府信息公开申请数量", "", ""], ["甲", 1.0, 2.0]],
        [],
        ["▦"],
        [[["一、本年新收政府信息公开申请数量", "", ""], ["甲", "1", "2"]]],
        "a row of the form without values is no heading",
    ),
    ([[], ["", "甲", 1.0]], [], ["▦"], [[["", "甲", "1"]]], "a table that begins in the second column"),
]


@pytest.mark.parametrize(("make", "kind"), BOTH, ids=[case[1] for case in BOTH])
@pytest.mark.parametrize(("cells", "merged", "parts", "tables", "reason"), CELLS, ids=[case[4] for case in CELLS])
def test_sheets_become_tables(
    make: Callable[[Rows, Merged], bytes],
    kind: str,
    cells: Rows,
    merged: Merged,
    parts: list[str],
    tables: list[list[list[str]]],
    reason: str,
) -> None:
    read = page(make(cells, merged))
    assert texts(read) == parts
    assert rows(read) == tables


def test_a_merged_cell_has_its_spans() -> None:
    (block,) = page(xlsx([["甲", "", 1.0], ["", "", 2.0]], [(0, 0, 1, 1)])).blocks
    assert block.table
    first = block.table.rows[0][0]
    assert (first.text, first.rowspan, first.colspan) == ("甲", 2, 2)


def test_hidden_sheets_are_left_out_and_a_name_that_is_a_title_is_text() -> None:
    data = xlsx_file({"草稿": [["草", 9.0]], TITLE[:31]: TABLE, "Sheet2": [["乙", 2.0]]}, hidden=["草稿"])
    assert texts(page(data)) == [TITLE[:31], "▦", "▦"]


LOCKED = "page is locked by a password. Get a copy without one."
DAMAGED = "page is damaged or was not captured whole and cannot be read. Capture it again."
REFUSED = [
    (xls_file(*REPORT, locked=True), LOCKED, "XLS with a password"),
    (compound_file({"EncryptedPackage": b"\0"}), LOCKED, "XLSX or DOCX with a password"),
    (xls_file(*REPORT)[:5000], DAMAGED, "the beginning of an XLS"),
    (xlsx(*REPORT)[:3000], DAMAGED, "the beginning of an XLSX"),
    (zip_file({"xl/workbook.xml": "<a/>"}), DAMAGED, "no workbook in it"),
]


@pytest.mark.parametrize(("data", "message", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_locked_and_damaged_workbooks_are_reported(data: bytes, message: str, reason: str) -> None:
    with pytest.raises(GongkaiError) as raised:
        read_page(data, source())
    assert raised.value.en == message


def test_a_compound_file_is_whole_with_its_last_sector() -> None:
    data = xls_file(*REPORT)
    assert [is_cut(data), is_cut(data[:-512]), is_cut(data[:600]), is_cut(docx_file())] == [False, True, True, True]
