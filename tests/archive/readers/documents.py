"""A small report of an invented township in every readable format."""

from __future__ import annotations

import base64
import gzip
import io
import quopri
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import docx
from docx.table import Table
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from archive.model import Page, Source
from archive.readers.registry import read_page

TITLE = "青河县白桦镇人民政府2021年政府信息公开工作年度报告"
PREAMBLE = "本报告由青河县白桦镇人民政府根据《中华人民共和国政府信息公开条例》编制。"
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OVERVIEW = "2021年,我镇坚持以公开为常态,及时公开财政预算、乡村振兴、义务教育等群众关心的信息,全年主动公开政府信息86条。"
PROBLEMS = "一些信息公开得不够及时,下一步将加强培训,明确专人负责,做到应公开尽公开。"
OTHER = "2021年未收取信息处理费。"

PROACTIVE = (
    ("第二十条第(一)项",),
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "0", "0", "0"),
    ("行政规范性文件", "3", "1", "12"),
    ("第二十条第(五)项",),
    ("信息内容", "本年处理决定数量"),
    ("行政许可", "118"),
    ("第二十条第(六)项",),
    ("信息内容", "本年处理决定数量"),
    ("行政处罚", "7"),
    ("行政强制", "0"),
    ("第二十条第(八)项",),
    ("信息内容", "本年收费金额(单位:万元)"),
    ("行政事业性收费", "2.65"),
)
REQUEST_LABELS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "(一)予以公开",
    "(二)部分公开(区分处理的,只计这一情形,不计其他情形)",
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息",
    "2.没有现成信息需要另行制作",
    "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
    "(七)总计",
    "四、结转下年度继续办理",
)
_NONE = (0, 0, 0, 0, 0, 0, 0)
REQUESTS = (
    (11, 2, 0, 0, 0, 1, 14),
    (1, 0, 0, 0, 0, 0, 1),
    (7, 1, 0, 0, 0, 1, 9),
    (2, 0, 0, 0, 0, 0, 2),
    *(_NONE,) * 8,
    (2, 1, 0, 0, 0, 0, 3),
    *(_NONE,) * 10,
    (11, 2, 0, 0, 0, 1, 14),
    (1, 0, 0, 0, 0, 0, 1),
)
# The groups before the first of their rows, in their own cells.
GROUPS = {
    "(一)予以公开": "三、本年度办理结果",
    "1.属于国家秘密": "(三)不予公开",
    "1.本机关不掌握相关政府信息": "(四)无法提供",
    "1.信访举报投诉类申请": "(五)不予处理",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "(六)其他处理",
}
REQUEST_HEAD = (
    ("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", "申请人情况"),
    ("自然人", "法人或其他组织", "总计"),
    ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"),
)
REVIEW_HEAD = (
    ("行政复议", "行政诉讼"),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "未经复议直接起诉", "复议后起诉"),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 2,
)
REVIEW = (1, 0, 2, 0, 3, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)


def request_rows() -> list[tuple[str, ...]]:
    """The rows of the table of requests, each merged cell once."""
    rows: list[tuple[str, ...]] = list(REQUEST_HEAD)
    for label, values in zip(REQUEST_LABELS, REQUESTS, strict=True):
        groups = (GROUPS[label],) if label in GROUPS else ()
        rows.append((*groups, label, *map(str, values)))
    return rows


def tables() -> tuple[Sequence[Sequence[str]], ...]:
    """The three statutory tables."""
    return PROACTIVE, request_rows(), (*REVIEW_HEAD, tuple(map(str, REVIEW)))


def parts() -> Iterable[str | Sequence[Sequence[str]]]:
    """The report as paragraphs and tables, in reading order."""
    proactive, requests, review = tables()
    yield from (TITLE, PREAMBLE, HEADINGS[0], OVERVIEW, HEADINGS[1], proactive, HEADINGS[2], requests)
    yield from (HEADINGS[3], review, HEADINGS[4], PROBLEMS, HEADINGS[5], OTHER)


def figures() -> dict[str, str]:
    """Some figures of the report, by name."""
    return {
        "proactive.normative_documents.issued": "3",
        "proactive.licences.decisions": "118",
        "proactive.charges.amount": "2.65",
        "requests.new.total": "14",
        "requests.carried_in.natural_person": "1",
        "requests.granted.enterprise": "1",
        "requests.unavailable.not_held.total": "3",
        "requests.handled_total.natural_person": "11",
        "requests.carried_out.total": "1",
        "review.reconsideration.total": "3",
        "review.litigation_direct.pending": "1",
    }


def html_table(rows: Sequence[Sequence[str]]) -> str:
    """The rows as a table of HTML."""
    cells = ("".join(f"<td><p>{escape(cell)}</p></td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def html_body() -> str:
    """The report as HTML without other content."""
    return "\n".join(f"<p>{escape(part)}</p>" if isinstance(part, str) else html_table(part) for part in parts())


def html_page() -> str:
    """The report as a page of its own."""
    return f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body>{html_body()}</body></html>"


def mhtml_file(html: str | None = None, charset: str = "utf-8", encoding: str = "quoted-printable") -> bytes:
    """The page as a browser saves it, with an image."""
    body = (html_page() if html is None else html).encode(charset)
    coded = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    lines = [
        b"From: <Saved by Blink>\r\nSubject: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html";\r\n\tboundary="----b----"\r\n\r\n',
        b"------b----\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n",
        f"------b----\r\nContent-Type: text/html; charset={charset}\r\n".encode(),
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode(),
        coded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
        b"\r\n------b------\r\n",
    ]
    return b"".join(lines)


def docx_file() -> bytes:
    """The report as DOCX."""
    document = docx.Document()
    for part in parts():
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            _fill(document.add_table(len(part), max(map(len, part))), part)
    return _saved(document)


def _fill(table: Table, rows: Sequence[Sequence[str]]) -> None:
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
        for extra in row.cells[len(texts) :]:
            row._tr.remove(extra._tc)


def _saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class Paper:
    """A PDF under construction: lines of print at positions in points from the top."""

    def __init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=A4)
        self.new = True

    def line(self, text: str, left: float, top: float, size: float = 16, font: str = "STSong-Light") -> None:
        """A line of print."""
        self._canvas.setFont(font, size)
        self._canvas.drawString(left, A4[1] - top - size, text)

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A ruled box of a cell."""
        self._canvas.rect(left, A4[1] - bottom, right - left, bottom - top)

    def end_page(self) -> None:
        """Begins the next page."""
        self._canvas.showPage()

    def bytes(self) -> bytes:
        """The PDF."""
        self._canvas.save()
        return self._file.getvalue()


def pdf_row(paper: Paper, cells: Sequence[str], top: float, widths: Sequence[float]) -> float:
    """Draws a row, with line breaks in narrow cells; returns the position of its bottom."""
    left, size = 74.0, 8
    edges = [*widths[: len(cells) - 1], sum(widths[len(cells) - 1 :])]
    broken = [
        [cell[start : start + int(width / size) - 1] for start in range(0, len(cell), int(width / size) - 1)]
        for cell, width in zip(cells, edges, strict=True)
    ]
    bottom = top + 6 + 11 * max(map(len, broken))
    for lines, width in zip(broken, edges, strict=True):
        paper.box(left, top, left + width, bottom)
        for index, line in enumerate(lines):
            paper.line(line, left + 3, top + 3 + 11 * index, size)
        left += width
    return bottom


def pdf_file() -> bytes:
    """The report as PDF, wrapped at 28 characters, with page numbers and tables across pages."""
    paper = Paper()
    top, page = 80.0, 1

    def turn() -> None:
        nonlocal top, page
        paper.line(f"- {page} -", 280, 800, 10)
        paper.end_page()
        top, page = 80.0, page + 1

    for part in parts():
        if isinstance(part, str):
            text = part if part in (TITLE, *HEADINGS) else f"\u3000\u3000{part}"
            for start in range(0, len(text), 28):
                if top > 740:
                    turn()
                piece = text[start : start + 28]
                paper.line(piece.lstrip("\u3000"), 74.0 + 16 * (len(piece) - len(piece.lstrip("\u3000"))), top)
                top += 24
            continue
        groups = {len(row) for row in part if any(cell.isdigit() for cell in row)}
        for row in part:
            if top > 720:
                turn()
            if max(groups) > 9:  # the one line of the review table, and its heads
                widths = [30.0] * 15
            elif len(row) == 9:  # a group in a narrow column of its own before the label
                widths = [40.0, 120.0, *[41.0] * 7]
            else:
                widths = [160.0, *[41.0] * 7]
            top = pdf_row(paper, row, top, widths)
        top += 10
    turn()
    return paper.bytes()


def ofd_file(pages: Sequence[Sequence[tuple[str, float, float, float]]]) -> bytes:
    """An OFD of pages with lines: text, left, top and size in millimetres."""
    files = {
        "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml'
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>'
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for number, lines in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject ID="{index}" Boundary="{left} {top} {size * len(text)} {size}" Font="1" Size="{size}">'
            f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(text) - 1} {size}">{escape(text)}</ofd:TextCode>'
            "</ofd:TextObject>"
            for index, (text, left, top, size) in enumerate(lines)
        )
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{objects}</ofd:Layer>'
            "</ofd:Content></ofd:Page>"
        )
    return zip_file(files)


def ofd_report() -> bytes:
    """The report as OFD: prose in lines of 28 characters, tables as rows of print."""
    lines: list[tuple[str, float, float, float]] = []
    top = 20.0
    for part in parts():
        if isinstance(part, str):
            text = part if part in (TITLE, *HEADINGS) else f"\u3000\u3000{part}"
            for start in range(0, len(text), 28):
                piece = text[start : start + 28]
                lines.append((piece.strip("\u3000"), 20.0 + 5.6 * (len(piece) - len(piece.lstrip("\u3000"))), top, 5.6))
                top += 8
            continue
        for row in part:
            left = 20.0
            for cell in row:
                lines.append((cell, left, top, 3.0))
                left += 3.0 * len(cell) + 4
            top += 6
    return ofd_file([lines])


def zip_file(files: dict[str, str] | dict[str, bytes]) -> bytes:
    """A zip of some files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def warc_file(records: Iterable[tuple[str, str, bytes]], *, packed: bool = True, status: str = "200 OK") -> bytes:
    """A WARC with one response for each address, media type and body."""
    file = b""
    for address, media_type, body in records:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
            f"WARC-Target-URI: {address}\r\nWARC-Date: 2022-03-04T05:06:07Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        file += gzip.compress(record) if packed else record
    return file


def source(path: str = "page") -> Source:
    """A source of that name."""
    return Source(path, "0" * 64, "application/octet-stream")


def page(data: bytes | str) -> Page:
    """The page of some bytes, or of a text in UTF-8."""
    return read_page(data.encode() if isinstance(data, str) else data, source())


def texts(read: Page) -> list[str]:
    """The paragraphs of a page; a table is the mark ▦."""
    return ["▦" if block.table else block.text for block in read.blocks]


def rows(read: Page) -> list[list[list[str]]]:
    """The tables of a page, as rows of texts."""
    return [[[cell.text for cell in row] for row in block.table.rows] for block in read.blocks if block.table]
