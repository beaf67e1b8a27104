"""Makes XLSX and XLS workbooks: cells, merged ranges and the containers around them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from tests.archive.readers.documents import GROUPS, REQUEST_HEAD, parts, zip_file

Rows = Sequence[Sequence[str | float]]
Merged = Sequence[tuple[int, int, int, int]]
"""First row, first column, last row, last column."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# The rows of the table of requests that are in no group.
_UNGROUPED = (
    "(七)总计",
    "四、结转下年度继续办理",
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
)
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def report_rows() -> tuple[Rows, Merged]:
    """The report on one sheet as offices lay it out: numbers as numbers, groups and heads as merged cells."""
    rows: list[list[str | float]] = []
    merged: list[tuple[int, int, int, int]] = []
    for part in parts():
        if isinstance(part, str):
            merged.append((len(rows), 0, len(rows), 8))
            rows.append([part])
            continue
        start = len(rows)
        is_requests = tuple(part[0]) == REQUEST_HEAD[0]
        for row in part:
            cells: list[str | float] = [float(cell) if cell.replace(".", "").isdigit() else cell for cell in row]
            if is_requests and row[0] in _UNGROUPED:
                merged.append((len(rows), 0, len(rows), 1))
                cells = [cells[0], "", *cells[1:]]
            elif is_requests and len(row) == 8:
                cells = ["", *cells]
            rows.append(cells)
        if is_requests:
            _place_head(rows, start, merged)
            _merge_groups(rows, start, merged)
    return rows, merged


def _place_head(rows: list[list[str | float]], start: int, merged: list[tuple[int, int, int, int]]) -> None:
    """The head of the table of requests: its first cell over three rows, the others over their columns."""
    rows[start] = [rows[start][0], "", rows[start][1]]
    rows[start + 1] = ["", "", rows[start + 1][0], rows[start + 1][1], "", "", "", "", rows[start + 1][2]]
    rows[start + 2] = ["", "", "", *rows[start + 2]]
    merged += [(start, 0, start + 2, 1), (start, 2, start, 8), (start + 1, 2, start + 2, 2)]
    merged += [(start + 1, 3, start + 1, 7), (start + 1, 8, start + 2, 8)]


def _merge_groups(rows: list[list[str | float]], start: int, merged: list[tuple[int, int, int, int]]) -> None:
    for number in range(start, len(rows)):
        if rows[number][0] in GROUPS.values():
            last = number
            while last + 1 < len(rows) and rows[last + 1][0] == "":
                last += 1
            merged.append((number, 0, last, 0))


def xlsx_file(sheets: Mapping[str, Rows], merged: Merged = (), hidden: Iterable[str] = ()) -> bytes:
    """A workbook; the merged ranges are those of each sheet."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"'
            + (' state="hidden"' if name in hidden else "")
            + "/>"
            for number, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        + "".join(
            f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        + "</Relationships>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(map(_xlsx_row, range(len(rows)), rows))}</sheetData>'
            + "<mergeCells>"
            + "".join(f'<mergeCell ref="{name_of(a, b)}:{name_of(c, d)}"/>' for a, b, c, d in merged)
            + "</mergeCells></worksheet>"
        )
    return zip_file(files)


def _xlsx_row(number: int, row: Sequence[str | float]) -> str:
    cells = (
        f'<c r="{name_of(number, column)}"><v>{cell!r}</v></c>'
        if isinstance(cell, float)
        else f'<c r="{name_of(number, column)}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for column, cell in enumerate(row)
        if cell != ""
    )
    return f'<row r="{number + 1}">{"".join(cells)}</row>'


def name_of(row: int, column: int) -> str:
    """'B3' for row 2 and column 1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def xls_file(rows: Rows, merged: Merged = (), *, locked: bool = False) -> bytes:
    """A workbook of one sheet in the format of Excel 97 (BIFF8), with a record of encryption where it is locked."""
    lock = _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    begin, end = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0), _record(0x000A)
    name = "表一".encode("utf-16-le")
    sheet_record = 4 + 8 + len(name)
    offset = 4 + len(begin) + len(lock) + sheet_record + len(end)
    stream = _record(0x0809, begin) + lock
    stream += _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 2, 1) + name) + end
    stream += _record(0x0809, begin.replace(b"\x05\x00", b"\x10\x00", 1))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            at = struct.pack("<HHH", number, column, 0)
            if isinstance(cell, float):
                stream += _record(0x0203, at + struct.pack("<d", cell))
            elif cell:
                stream += _record(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    ranges = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged)
    stream += _record(0x00E5, struct.pack("<H", len(merged)) + ranges) + end
    return compound_file({"Workbook": stream})


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB) of streams, each of at least 4,096 bytes, with its table of sectors in one sector."""
    padded = [data.ljust(max(4096, -len(data) % _SECTOR + len(data)), b"\0") for data in streams.values()]
    table, entries, first = [_FAT, _END], [("Root Entry", 5, _END, 0)], 2
    for name, data in zip(streams, padded, strict=True):
        count = len(data) // _SECTOR
        table += [*range(first + 1, first + count), _END]
        entries.append((name, 2, first, len(data)))
        first += count
    assert len(table) <= _SECTOR // 4
    assert len(entries) <= _SECTOR // 128
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)[: 9 * 4]
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = b"".join(_entry(*entry, child=1 if number == 0 else _FREE) for number, entry in enumerate(entries))
    fat = struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    return head + fat + directory.ljust(_SECTOR, b"\0") + b"".join(padded)


def _entry(name: str, kind: int, first: int, size: int, child: int) -> bytes:
    encoded = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<III", _FREE, _FREE, child)
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
