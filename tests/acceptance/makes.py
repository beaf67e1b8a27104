"""Whole reports whose tables are set as makers of pages set them, in HTML, DOCX and PDF, the same cells in each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import docx
from docx.document import Document
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

from archive.model import Cell
from tests.acceptance.grids import Grids, Rows

TITLE = "云溪县林业局{year}年政府信息公开工作年度报告"
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OVERVIEW = "我局按照条例要求公开林木采伐、森林防火、湿地保护等信息,及时更新栏目。"
PROBLEMS = "公开的形式不够丰富,下一步将多用图表说明政策。"
OTHER = "没有其他需要报告的事项。"


def _number(cell: Cell) -> bool:
    return cell.text.isdigit()


def _spans(cell: Cell) -> str:
    spans = (("colspan", cell.colspan), ("rowspan", cell.rowspan))
    return "".join(f" {name}='{size}'" for name, size in spans if size > 1)


def _table(rows: Rows, write: Callable[[Cell], str], tag: Callable[[Cell], str] = lambda _: "td") -> str:
    lines = ("".join(f"<{tag(c)}{_spans(c)}>{write(c)}</{tag(c)}>" for c in row) for row in rows)
    return "<table border=1>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _plain(cell: Cell) -> str:
    return escape(cell.text)


def merged(rows: Rows) -> str:
    """Merged heads and labels, one cell each."""
    return _table(rows, _plain)


def vertical(rows: Rows) -> str:
    """Short labels set one character a line, as narrow columns have them."""

    def write(cell: Cell) -> str:
        short = 2 <= len(cell.text) <= 10 and not _number(cell) and "." not in cell.text
        return "<br>".join(map(escape, cell.text)) if short else escape(cell.text)

    return _table(rows, write)


def word(rows: Rows) -> str:
    """As a word processor exports it: a paragraph in the cell, each run of digits in fonts and spans of its own."""

    def write(cell: Cell) -> str:
        runs = "".join(f"<span lang=EN-US><font>{c}</font></span>" if c.isdigit() else escape(c) for c in cell.text)
        return f"\n  <p class=MsoNormal align=center><span style='font-family:仿宋'>{runs}<o:p></o:p></span></p>\n  "

    return _table(rows, write)


def headed(rows: Rows) -> str:
    """Labels in `th`, and sections of a table that the page never closes."""
    table = _table(rows, _plain, lambda cell: "td" if _number(cell) else "th")
    return table.replace("<tr>", "<thead><tr>", 1).replace("</tr>", "</tr></thead><tbody>", 1).replace("</td>", "")


def in_boxes(rows: Rows) -> str:
    """Every value in a box inside boxes."""
    return _table(rows, lambda cell: f"<div><div><p>&nbsp;{escape(cell.text)}&nbsp;</p></div><p></p></div>")


def unmerged(rows: Rows) -> str:
    """No cell is merged: what a merged one covers are blank cells."""
    return _table(_covered(rows), _plain)


def spaced_out(rows: Rows) -> str:
    """Empty columns left and right and empty rows between, all without any width."""
    edge = Cell("")
    height = max(len(rows), 1)
    wider = [[edge, *row, edge] for row in rows]
    lines = [line for row in wider for line in (row, [Cell("", colspan=height)])]
    return _table(lines, lambda cell: _plain(cell) or "&nbsp;")


def broken_in_two(rows: Rows) -> str:
    """A table that the page's maker cut in two, its head printed again; that of a first item heads no other."""
    head = next(index for index, row in enumerate(rows) if any(map(_number, row)))
    middle = (len(rows) + head) // 2
    again = [] if rows[0][0].text.startswith("第二十条") else _cut(rows[:head])
    return merged(_cut(rows[:middle])) + "<p>&nbsp;</p>" + merged([*again, *rows[middle:]])


def item_by_item(rows: Rows) -> str:
    """A table for each item of Art. 20; other tables whole."""
    starts = [index for index, row in enumerate(rows) if row[0].text.startswith("第二十条")] or [0]
    parts = (rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True))
    return "<br>".join(map(merged, parts))


def item_outside(rows: Rows) -> str:
    """The items' names in paragraphs above their tables."""
    made = item_by_item(rows)
    if rows[0][0].text.startswith("第二十条"):
        for row in rows:
            if row[0].text.startswith("第二十条"):
                made = made.replace(
                    f"<table border=1><tr><td colspan='4'>{row[0].text}</td></tr>", f"<p>{row[0].text}</p><table>"
                )
    return made


def nested(rows: Rows) -> str:
    """The table in a cell of a table that only holds it."""
    return f"<table><tr><td width=10>&nbsp;</td><td>{merged(rows)}</td></tr></table>"


def labels_over_columns(rows: Rows) -> str:
    """Merged labels printed once, in the first of the blank cells that they cover in each row."""
    return _table(
        [[cell for cell in row if cell.text or index < 2] for index, row in enumerate(_covered(rows))], _plain
    )


def counted(rows: Rows) -> str:
    """A column before the labels that counts the rows; a table of one line of values needs none."""
    if all(map(_number, rows[-1])):
        return merged(rows)
    first = next(index for index, row in enumerate(rows) if any(map(_number, row)))
    return merged([[Cell("序号" if n < first else str(n - first + 1)), *row] for n, row in enumerate(rows)])


def remarked(rows: Rows) -> str:
    """A column for remarks behind the values, one of them filled in."""
    return merged([[*row, Cell("" if index % 5 else "含跨年度办理的")] for index, row in enumerate(rows)])


def in_pieces(rows: Rows) -> str:
    """Every value with its counting word."""
    return _table(rows, lambda cell: f"{cell.text}件" if _number(cell) else escape(cell.text))


def divisions(rows: Rows) -> str:
    """No table at all: each cell is a box, and style sheets set them side by side."""
    boxes = ("".join(f"<div class=td>{escape(cell.text)}</div>" for cell in row) for row in rows)
    return "<div class=table>" + "".join(f"<div class=tr>{row}</div>" for row in boxes) + "</div>"


def _covered(rows: Rows) -> Rows:
    """Every grid place as a cell of its own, blank where a merged cell covers it."""
    found: Rows = []
    covered: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        line: list[Cell] = []
        waiting = iter(row)
        while True:
            if (top, len(line)) in covered:
                line.append(Cell(""))
                continue
            cell = next(waiting, None)
            if cell is None:
                break
            left = len(line)
            covered |= {(top + d, left + r) for d in range(cell.rowspan) for r in range(cell.colspan)} - {(top, left)}
            line.append(Cell(cell.text))
        while (top, len(line)) in covered:
            line.append(Cell(""))
        found.append(line)
    return found


def _cut(rows: Sequence[Sequence[Cell]]) -> Rows:
    """Rows with no cell that reaches below the last of them."""
    return [
        [Cell(cell.text, None, min(cell.rowspan, len(rows) - top), cell.colspan) for cell in row]
        for top, row in enumerate(rows)
    ]


HTML: Mapping[str, Callable[[Rows], str]] = {
    make.__name__: make
    for make in (
        merged,
        vertical,
        word,
        headed,
        in_boxes,
        unmerged,
        spaced_out,
        broken_in_two,
        item_by_item,
        item_outside,
        nested,
        labels_over_columns,
        counted,
        remarked,
        in_pieces,
        divisions,
    )
}


def html(made: Grids, year: int, make: str) -> bytes:
    """The report as HTML, its tables of that make."""
    proactive, requests, review = (HTML[make](table) for table in made.tables())
    return _page(year, [HEADINGS[1], proactive, HEADINGS[2], requests, HEADINGS[3], review])


def html_in_one_table(made: Grids, year: int) -> bytes:
    """The report as HTML with one table that holds all three, the headings as rows of it."""
    rows = [[Cell(heading, colspan=15)] for heading in HEADINGS[1:4]]
    tables = [row for heading, table in zip(rows, made.tables(), strict=True) for row in (heading, *table)]
    return _page(year, [merged(tables)])


def html_requests_and_review(made: Grids, year: int) -> bytes:
    """The report as HTML with the last two tables in one, and no heading between."""
    proactive, requests, review = made.tables()
    return _page(year, [HEADINGS[1], merged(proactive), HEADINGS[2], merged([*requests, *review])])


def _page(year: int, parts: Sequence[str]) -> bytes:
    title = TITLE.format(year=year)
    body = [title, HEADINGS[0], OVERVIEW, *parts, HEADINGS[4], PROBLEMS, HEADINGS[5], OTHER]
    text = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in body)
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{text}</body></html>".encode()


def docx_merged(made: Grids, year: int) -> bytes:
    """The report as DOCX, cells merged across and down."""
    return _docx(made, year, merge=True)


def docx_unmerged(made: Grids, year: int) -> bytes:
    """The report as DOCX, no cell merged."""
    return _docx(made, year, merge=False)


def docx_broken_labels(made: Grids, year: int) -> bytes:
    """The report as DOCX, every label in two paragraphs."""
    return _docx(made, year, merge=True, broken=True)


def _docx(made: Grids, year: int, *, merge: bool, broken: bool = False) -> bytes:
    document = docx.Document()
    for text in (TITLE.format(year=year), HEADINGS[0], OVERVIEW):
        document.add_paragraph(text)
    for heading, rows in zip(HEADINGS[1:4], made.tables(), strict=True):
        document.add_paragraph(heading)
        _docx_table(document, rows, merge=merge, broken=broken)
    for text in (HEADINGS[4], PROBLEMS, HEADINGS[5], OTHER):
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _docx_table(document: Document, rows: Rows, *, merge: bool, broken: bool) -> None:
    covered = _covered(rows)
    table = document.add_table(len(covered), len(covered[0]))
    for top, (row, line) in enumerate(zip(rows, covered, strict=True)):
        waiting = iter(row)
        for left, place in enumerate(line):
            if not place.text:
                continue
            cell = next(waiting)
            target = table.cell(top, left)
            if merge and cell.rowspan * cell.colspan > 1:
                target = target.merge(table.cell(top + cell.rowspan - 1, left + cell.colspan - 1))
            half = len(cell.text) // 2 if broken and not _number(cell) else 0
            target.text = cell.text[:half] + ("\n" if half else "") + cell.text[half:]


Look = tuple[object, ...]
_LINES: Sequence[Look] = (
    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black),
    ("LINEABOVE", (0, 0), (-1, 0), 0.5, colors.black),
    ("LINEBELOW", (0, -1), (-1, -1), 0.5, colors.black),
)


def pdf_merged(made: Grids, year: int) -> bytes:
    """The report as PDF, cells merged across and down, labels broken where their columns are narrow."""
    return _pdf(made, year)


def pdf_over_pages(made: Grids, year: int) -> bytes:
    """The report as PDF on short sheets: each table goes over several, its head printed again on each."""
    return _pdf(made, year, height=480, repeat=True)


def pdf_without_lines(made: Grids, year: int) -> bytes:
    """The report as PDF without a ruled line: nothing but print tells where a cell is."""
    return _pdf(made, year, lines=())


def pdf_open_sides(made: Grids, year: int) -> bytes:
    """The report as PDF, its tables without a line on the left and on the right."""
    return _pdf(made, year, lines=_LINES[1:])


def _pdf(
    made: Grids, year: int, *, height: float = A4[1], repeat: bool = False, lines: Sequence[Look] = _LINES[:1]
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    prose = ParagraphStyle("prose", fontName="STSong-Light", fontSize=12, leading=18, wordWrap="CJK")
    small = ParagraphStyle("small", fontName="STSong-Light", fontSize=7, leading=9, wordWrap="CJK")
    story: list[Flowable] = [Paragraph(text, prose) for text in (TITLE.format(year=year), HEADINGS[0], OVERVIEW)]
    for heading, rows in zip(HEADINGS[1:4], made.tables(), strict=True):
        story += [Paragraph(heading, prose), _pdf_table(rows, small, repeat=repeat, lines=lines)]
    story += [Paragraph(text, prose) for text in (HEADINGS[4], PROBLEMS, HEADINGS[5], OTHER)]
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=(A4[0], height), topMargin=50, bottomMargin=50).build(story)
    return file.getvalue()


def _pdf_table(rows: Rows, style: ParagraphStyle, *, repeat: bool, lines: Sequence[Look]) -> Table:
    covered = _covered(rows)
    width = len(covered[0])
    labels = 3 if width == 10 else 1 if width == 4 else 0
    widths = [*[60.0] * labels, *[(440.0 - 60 * labels) / (width - labels)] * (width - labels)]
    look = [*lines]
    heads = next(top for top, row in enumerate(rows) if any(map(_number, row)))
    for top, left, cell in _placed(rows):
        # a cell that is merged downwards cannot go over the end of a sheet
        height = 1 if repeat and top >= heads else cell.rowspan
        if height * cell.colspan > 1:
            look.append(("SPAN", (left, top), (left + cell.colspan - 1, top + height - 1)))
    content = [[Paragraph(escape(cell.text), style) for cell in row] for row in covered]
    return Table(content, widths, style=TableStyle(look), repeatRows=heads if repeat and width > 4 else 0)


def _placed(rows: Rows) -> Iterator[tuple[int, int, Cell]]:
    for top, (row, line) in enumerate(zip(rows, _covered(rows), strict=True)):
        yield from zip([top] * len(row), (left for left, place in enumerate(line) if place.text), row, strict=True)


FILES: Mapping[str, Callable[[Grids, int], bytes]] = {
    make.__name__: make
    for make in (
        html_in_one_table,
        html_requests_and_review,
        docx_merged,
        docx_unmerged,
        docx_broken_labels,
        pdf_merged,
        pdf_over_pages,
        pdf_without_lines,
        pdf_open_sides,
    )
}
