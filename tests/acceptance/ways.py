"""The ways in which a document of the acceptance tests comes: text, HTML of several makes, PDF, odd encodings."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from tests.acceptance.layouts import Document
from tests.archive import pages
from tests.archive.pages import Rows
from tests.archive.readers.documents import Paper, pdf_row

_FRAMES = tomllib.loads(Path(__file__).with_name("frames.toml").read_text("utf-8"))


def _tabs(rows: Rows) -> list[str]:
    return ["\t".join(row) for row in rows]


def _apart(rows: Rows) -> list[str]:
    return [line for cell in pages.bare_lines(rows) if cell for line in (cell, "")]


_STYLES: Mapping[str, Callable[[Rows], list[str]]] = {**pages.STYLES, "tabs": _tabs, "apart": _apart}


def _lines(made: Document) -> list[str]:
    found: list[str] = []
    for index, part in enumerate(made.parts):
        found += [part] if isinstance(part, str) else _STYLES[made.styles[index]](part)
    return found


def _text(made: Document, encoding: str = "utf-8") -> bytes:
    return "\n".join(_lines(made)).encode(encoding)


def _indented(made: Document) -> bytes:
    """Blank lines between paragraphs, each set in by two ideographic spaces, as copied from a browser."""
    return "\r\n\r\n".join(f"\u3000\u3000{line}" for line in _lines(made)).encode("utf-8-sig")


def _glued(made: Document, between: str = " ") -> bytes:
    """All on one line, a space where a tag stood, or nothing."""
    parts = (part if isinstance(part, str) else between.join(pages.spaced(part)) for part in made.parts)
    return between.join(parts).encode()


def _few(made: Document) -> bytes:
    """The title, what stands around it, and all of the text on one line."""
    parts = [part if isinstance(part, str) else " ".join(pages.spaced(part)) for part in made.parts]
    head = [f"{parts[0]}-某某政府网", "首页 > 信息公开 > 年度报告", parts[0], "发布时间:2024-01-20"]
    return "\n".join([*head, " ".join(parts[1:])]).encode()


def _reader(made: Document) -> bytes:
    """The output of a readability tool for a page: a head of its own, bold headings, images and links in Markdown."""
    body: list[str] = []
    for part in made.parts:
        if not isinstance(part, str):
            body += ["", *pages.markdown(part), ""]
        elif part[:2] in ("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、") and len(part) < 40:
            body += ["", f"**{part}**", ""]
        else:
            body += ["", part]
    head = [f"Title: {_title(made)}", "", "URL Source: http://www.example.gov.cn/art/1.html", "", "Markdown Content:"]
    tail = [
        "",
        "![Image 3](http://www.example.gov.cn/ewm.png)",
        "[打印](javascript:print()) [关闭](/close)",
    ]
    return "\n".join([*head, *body, *tail]).encode()


def _html(made: Document, make: str, charset: str = "utf-8") -> bytes:
    """A page of one make (frames.toml)."""
    write = _in_fonts if make == "word" else escape
    paragraph = _FRAMES["paragraph"][make]
    body = "".join(
        paragraph.replace("«text»", write(part)) if isinstance(part, str) else _cells(part) for part in made.parts
    )
    title = escape(_title(made))
    frame = _FRAMES[make].replace("«title»", title).replace("«body»", body)
    head = f"<head><meta charset='{charset}'><title>{title}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>{frame}</body></html>".encode(charset)


def _in_fonts(text: str) -> str:
    """As a word processor sets it: each digit in a font of its own."""
    return "".join(
        f"<font face='Times New Roman'>{c}</font>" if c.isascii() and c.isalnum() else escape(c) for c in text
    )


def _cells(rows: Rows) -> str:
    cells = ("".join(f"<td><p align='center'>{escape(cell) or '&nbsp;'}</p></td>" for cell in row) for row in rows)
    return "<table border='1'><tbody>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</tbody></table>"


def _title(made: Document) -> str:
    return next((part for part in made.parts if isinstance(part, str)), "")


def _pdf(made: Document) -> bytes:
    """28 characters a line, with page numbers, tables as ruled boxes over the ends of pages."""
    paper, top, page = Paper(), 80.0, 1
    for index, part in enumerate(made.parts):
        for row in _printed(part, is_title=index == 0):
            if top > 740:
                paper.line(f"- {page} -", 280, 800, 10)
                paper.end_page()
                top, page = 80.0, page + 1
            if isinstance(row, str):
                paper.line(row.lstrip("\u3000"), 74.0 + 16 * (len(row) - len(row.lstrip("\u3000"))), top)
                top += 24
            else:
                top = pdf_row(paper, row, top, _widths(row, part))
        top += 0 if isinstance(part, str) else 10
    paper.line(f"- {page} -", 280, 800, 10)
    paper.end_page()
    return paper.bytes()


def _printed(part: str | Rows, *, is_title: bool) -> Iterator[str | Sequence[str]]:
    """The lines of a paragraph, its first one set in; the rows of a table."""
    if not isinstance(part, str):
        yield from part
        return
    is_heading = len(part) < 28 and part[1:2] == "、"
    text = part if is_title or is_heading else f"\u3000\u3000{part}"
    yield from (text[start : start + 28] for start in range(0, len(text), 28))


def _widths(row: Sequence[str], rows: str | Rows) -> list[float]:
    if max(len(each) for each in rows) == 15:  # the one line of the review table, and its heads
        return [30.0] * 15
    return [40.0, 120.0, *[41.0] * 7] if len(row) == 9 else [160.0, *[41.0] * 7]


WAYS: Mapping[str, Callable[[Document], bytes]] = {
    "text": _text,
    "gb18030": functools.partial(_text, encoding="gb18030"),
    "utf16": functools.partial(_text, encoding="utf-16"),
    "indented": _indented,
    "glued": _glued,
    "run_together": functools.partial(_glued, between=""),
    "few": _few,
    "reader": _reader,
    "site": functools.partial(_html, make="site"),
    "breaks": functools.partial(_html, make="breaks", charset="gbk"),
    "word": functools.partial(_html, make="word"),
    "in_table": functools.partial(_html, make="in_table"),
    "pdf": _pdf,
}
