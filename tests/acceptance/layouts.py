"""Documents of the acceptance tests: pages in our own words, in the layouts in which captures and sites come.

A page of `layouts.toml` is a list of lines; a line `@requests markdown` stands for the statutory table of that name,
written in that style (tests/archive/pages.py, and those below), with cells that satisfy the form's arithmetic.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from archive.vocabulary import statutory_layout, table_rules
from tests.archive import pages
from tests.archive.pages import FORM, TRIAL, Rows
from tests.archive.readers.documents import Paper, pdf_row

KINDS = ("requests", "review", "proactive")
_TRIAL_YEARS = (2019, 2020)
_PROACTIVE = {
    TRIAL: (
        ("rules", "规章", 3),
        ("normative_documents", "规范性文件", 3),
        ("licences", "行政许可", 3),
        ("other_services", "其他对外管理服务事项", 3),
        ("penalties", "行政处罚", 3),
        ("coercive_measures", "行政强制", 3),
        ("charges", "行政事业性收费", 2),
        ("procurement", "政府集中采购", 2),
    ),
    FORM: (
        ("rules", "规章", 3),
        ("normative_documents", "行政规范性文件", 3),
        ("licences", "行政许可", 1),
        ("penalties", "行政处罚", 1),
        ("coercive_measures", "行政强制", 1),
        ("charges", "行政事业性收费", 1),
    ),
}


@dataclass(slots=True)
class Document:
    """A page under construction: paragraphs and tables, and what the cells of the tables are."""

    parts: list[str | Rows] = field(default_factory=list)
    styles: dict[int, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)


def document(page: str, year: int | None, name: str) -> Document:
    """The page with its tables; their cells follow from the document's name."""
    made = Document()
    form = TRIAL if year in _TRIAL_YEARS else FORM
    dice = random.Random(zlib.crc32(name.encode()))  # noqa: S311 (the cells of a test)
    for line in page.strip("\n").split("\n"):
        if not line.startswith("@"):
            made.parts.append(line)
            continue
        kind, _, style = line[1:].partition(" ")
        made.styles[len(made.parts)] = style or "bars_within"
        rows, figures = _TABLES[kind](form, dice)
        made.parts.append(rows)
        made.figures |= {f"{kind}.{name}": value for name, value in figures.items()}
    return made


def _requests(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    codes = [code for code, _, _ in pages.request_labels(form)]
    columns = []
    for _ in range(6):
        column = dict.fromkeys(codes, 0)
        for code in dice.sample(codes[2:-2], 4):
            column[code] = dice.choice((0, 1, 2, 7, 13))
        column["handled_total"] = sum(column.values())
        column["carried_out"] = dice.choice((0, 0, 3))
        held = column["handled_total"] + column["carried_out"]
        column["carried_in"] = min(held, dice.choice((0, 1)))
        column["new"] = held - column["carried_in"]
        columns.append(column)
    columns.append({code: sum(column[code] for column in columns) for code in codes})
    names = [column["code"] for column in table_rules("requests")["column"]]
    cells = [[str(column[code]) for column in columns] for code in codes]
    figures = {
        f"{code}.{name}": cell
        for code, row in zip(codes, cells, strict=True)
        for name, cell in zip(names, row, strict=True)
    }
    return pages.requests(cells, form), figures


def _review(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    layout = statutory_layout(form, "review")
    assert layout
    values: list[str] = []
    for _ in layout.rows:
        results = [dice.choice((0, 0, 1, 4)) for _ in range(4)]
        values += map(str, [*results, sum(results)])
    names = [f"{row}.{column}" for row in layout.rows for column in layout.columns]
    return pages.review(values), dict(zip(names, values, strict=True))


def _proactive(form: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    given: dict[str, list[str]] = {}
    figures: dict[str, str] = {}
    columns = {row["code"]: row["columns"] for row in table_rules("proactive")["row"] if form in row["columns"]}
    for code, label, size in _PROACTIVE[form]:
        given[label] = [str(dice.choice((0, 1, 5, 26, 318))) for _ in range(size)]
        figures |= {f"{code}.{c}": v for c, v in zip(columns[code][form], given[label], strict=True)}
    return pages.proactive(form, given), figures


def _statistics(_: str, dice: random.Random) -> tuple[Rows, dict[str, str]]:
    rows: Rows = [["统计指标", "单位", "统计数"]]
    figures: dict[str, str] = {}
    book = table_rules("statistics")
    groups = iter(book["group"])
    # a group is numbered and begins where the first part of a row's code changes; a missing one would go unnoticed here
    firsts = {"disclosed", "response.topics", "requests", "reconsideration", "litigation", "complaints", "fees", "offices", "meetings"}  # fmt: skip
    for row in book["row"]:
        if row["code"] in firsts:
            rows.append([next(groups)["zh"], "", ""])
        value = str(dice.choice((0, 2, 15, 140)))
        rows.append([row["zh"], row["unit"], value])
        figures[f"{row['code']}.count"] = value
    return rows, figures


_TABLES: Mapping[str, Callable[[str, random.Random], tuple[Rows, dict[str, str]]]] = {
    "requests": _requests,
    "review": _review,
    "proactive": _proactive,
    "statistics": _statistics,
}


def _tabs(rows: Rows) -> list[str]:
    return ["\t".join(row) for row in rows]


def _apart(rows: Rows) -> list[str]:
    return [line for cell in pages.bare_lines(rows) if cell for line in (cell, "")]


_STYLES = {**pages.STYLES, "tabs": _tabs, "apart": _apart}


# The ways in which a document comes.


def lines(made: Document) -> list[str]:
    """The document as lines of text."""
    return [line for index, part in enumerate(made.parts) for line in _lines(part, made.styles.get(index, ""))]


def _lines(part: str | Rows, style: str) -> list[str]:
    return [part] if isinstance(part, str) else _STYLES[style](part)


def _text(made: Document) -> bytes:
    return "\n".join(lines(made)).encode()


def _indented(made: Document) -> bytes:
    """Blank lines between paragraphs, each set in by two ideographic spaces, as copied from a browser."""
    return "\r\n\r\n".join(f"\u3000\u3000{line}" for line in lines(made)).encode("utf-8-sig")


def _glued(made: Document) -> bytes:
    """All on one line, a space where a tag stood."""
    return " ".join(" ".join(pages.spaced(part)) if not isinstance(part, str) else part for part in made.parts).encode()


def _reader(made: Document) -> bytes:
    """What a readability tool makes of a page: a head of its own, bold headings, images and links in Markdown."""
    body = []
    for part in made.parts:
        if not isinstance(part, str):
            body += ["", *pages.markdown(part), ""]
        elif part[:2] in ("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、") and len(part) < 40:
            body += ["", f"**{part}**", ""]
        else:
            body += ["", part]
    title = next((part for part in made.parts if isinstance(part, str)), "")
    head = [f"Title: {title}", "", "URL Source: http://www.example.gov.cn/art/1.html", "", "Markdown Content:"]
    tail = ["", "![Image 3](http://www.example.gov.cn/ewm.png)", "[打印本页](javascript:print()) [关闭窗口](javascript:close())"]
    return "\n".join([*head, *body, *tail]).encode()


_STYLED = "<p style='text-indent:2em'><span style='font-size:16pt'>{}</span></p>"


def _cells(rows: Rows) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td><p align='center'>{escape(cell) or '&nbsp;'}</p></td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table border='1'><tbody>{body}</tbody></table>"


def _html(body: str, title: str, charset: str = "utf-8") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><meta charset='{charset}'><title>{escape(title)}</title></head><body>{body}</body></html>"
    ).encode(charset)


def _title(made: Document) -> str:
    return next((part for part in made.parts if isinstance(part, str)), "")


def _paragraphs(made: Document, wrap: str) -> str:
    return "\n".join(
        wrap.format(escape(part)) if isinstance(part, str) else _cells(part) for part in made.parts
    )


def _site(made: Document) -> bytes:
    """A portal's page: menu, breadcrumb, metadata, tools, attachments, footer around the text."""
    links = "".join(f"<li><a href='/{n}/'>{name}</a></li>" for n, name in enumerate(("首页", "政务动态", "信息公开", "办事服务", "互动交流")))
    title = _title(made)
    return _html(
        f"<div class='top'><ul class='nav'>{links}</ul></div>"
        "<div class='crumb'>您现在的位置:<a href='/'>首页</a>&nbsp;&gt;&nbsp;<a href='/zwgk'>信息公开</a>&nbsp;&gt;&nbsp;<a>信息公开年报</a></div>"
        f"<div class='article'><h1 class='title'>{escape(title)}</h1>"
        "<div class='info'><span>发布时间:2023-01-30 09:21</span><span>浏览次数:<b id='hits'></b>次</span>"
        "<span>字体:[<a>大</a> <a>中</a> <a>小</a>]</span></div>"
        f"<div id='zoom'>{_paragraphs(made, _STYLED)}</div>"
        "<div class='file'>附件:<a href='1.docx'>年报.docx</a></div>"
        "<div class='share'>分享到:<a>微信</a><a>微博</a></div><div class='tools'><a>打印本页</a> <a>关闭窗口</a></div></div>"
        "<div class='footer'><p>主办:某某办公室 承办:某某中心</p><p>网站标识码:1234567890 京ICP备00000000号 京公网安备 0000号</p></div>",
        title,
    )


def _breaks(made: Document) -> bytes:
    """One division with line breaks and padding, in GBK."""
    body = "<br/>".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{escape(p)}" if isinstance(p, str) else _cells(p) for p in made.parts)
    return _html(f"<div id='content'>{body}</div>", _title(made), "gbk")


def _word(made: Document) -> bytes:
    """Word's own HTML: digits in fonts of their own, paddings, empty <o:p>."""

    def run(text: str) -> str:
        pieces = []
        for character in text:
            digit = character.isascii() and character.isalnum()
            pieces.append(f"<font face='Times New Roman'>{character}</font>" if digit else escape(character))
        return "".join(pieces)

    paragraphs = [
        f"<p class=MsoNormal style='text-indent:32.0pt;\nline-height:28.0pt'><span lang=EN-US><span\nstyle='font-family:仿宋_GB2312'>{run(p)}</span><o:p></o:p></span></p>"
        if isinstance(p, str)
        else _cells(p)
        for p in made.parts
    ]
    return _html("<!--[if gte mso 9]><xml><w:View>Print</w:View></xml><![endif]-->" + "\n".join(paragraphs), _title(made))


def _in_table(made: Document) -> bytes:
    """The whole text in the cell of a table, under one with the page's index, as portals of 2008-2015 show it."""
    title = escape(_title(made))
    index = (
        "<table class='index'><tr><td>索引号:</td><td>000014349/2012-00012</td><td>信息分类:</td><td>年度报告</td></tr>"
        f"<tr><td>文号:</td><td>&nbsp;</td><td>生成日期:</td><td>2013-03-20</td></tr><tr><td>名称:</td><td colspan=3>{title}</td></tr></table>"
    )
    body = _paragraphs(made, "<p>{}</p>")
    return _html(f"<table width=960><tr><td>{index}</td></tr><tr><td align=center>{title}</td></tr><tr><td>{body}</td></tr></table>", _title(made))


def _pdf(made: Document) -> bytes:
    """A PDF of 28 characters a line, with page numbers, its tables as ruled boxes over the ends of pages."""
    paper, top, page = Paper(), 80.0, 1
    for index, part in enumerate(made.parts):
        rows: Iterator[tuple[str, Sequence[str]]]
        if isinstance(part, str):
            short = index == 0 or (len(part) < 28 and part[1:2] == "、")
            text = part if short else f"\u3000\u3000{part}"
            rows = (("line", [text[start : start + 28]]) for start in range(0, len(text), 28))
        else:
            rows = (("row", row) for row in part)
        for kind, row in rows:
            if top > 740:
                paper.line(f"- {page} -", 280, 800, 10)
                paper.end_page()
                top, page = 80.0, page + 1
            if kind == "line":
                piece = row[0]
                paper.line(piece.lstrip("\u3000"), 74.0 + 16 * (len(piece) - len(piece.lstrip("\u3000"))), top)
                top += 24
            else:
                top = pdf_row(paper, row, top, _widths(row, part))
        top += 10 if not isinstance(part, str) else 0
    paper.line(f"- {page} -", 280, 800, 10)
    paper.end_page()
    return paper.bytes()


def _widths(row: Sequence[str], rows: str | Rows) -> list[float]:
    longest = max(len(each) for each in rows)
    if longest == 15:
        return [30.0] * 15
    return [40.0, 120.0, *[41.0] * 7] if len(row) == 9 else [160.0, *[41.0] * 7]


WAYS: Mapping[str, Callable[[Document], bytes]] = {
    "text": _text,
    "indented": _indented,
    "glued": _glued,
    "reader": _reader,
    "site": _site,
    "breaks": _breaks,
    "word": _word,
    "in_table": _in_table,
    "pdf": _pdf,
    "gb18030": lambda made: "\r\n".join(lines(made)).encode("gb18030"),
    "utf16": lambda made: "\n".join(lines(made)).encode("utf-16"),
}
