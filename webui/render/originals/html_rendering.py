"""Renders an HTML original as markup that runs nothing and loads nothing.

Three layers, each sufficient: only elements and attributes of a list are written here, and text is escaped; nh3, the
binding of the sanitiser ammonia, cleans the result; the response forbids scripts and loads and is sandboxed.

The page is parsed as its reader parsed it, which did so within the limits of the sandbox. nh3 is not given the page
itself, because it takes quadratic time on deeply nested elements.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Literal

import nh3
from lxml import etree
from markupsafe import Markup, escape

from archive.errors import Language
from archive.model import Report, Section
from archive.readers.html import html_text
from archive.readers.table_builder import read_span
from archive.rulebook import rulebook
from webui.render.originals.folded_text import FoldedText
from webui.render.originals.report_position import begin_of

LARGEST = 2 << 20
"""Bytes of a page that is rendered; a report has some tens of kilobytes."""
MARK = "section"
"""The id of the mark."""
_DEEPEST = 60
"""Nested elements; the text of deeper ones is shown without them."""

_BLOCKS = (
    *("article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre", "section", "ul"),
)
_TABLES = ("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
_INLINE = ("b", "em", "i", "s", "strong", "sub", "sup", "u")
_WRITTEN = {name: name for name in (*_BLOCKS, *_TABLES, *_INLINE)} | {"center": "div", "form": "div"}
_EMPTY = ("br", "hr")
# Elements without text that a browser shows; the reader leaves out menus, too, which are part of the page.
_SILENT = frozenset(rulebook("html.toml")["silent"]) - {"nav"} | {"title"}
_ALIGNMENTS = ("left", "center", "right", "justify")
# 'text-align: center'
_ALIGNED = re.compile(r"text-align\s*:\s*(left|center|right|justify)\b", re.IGNORECASE)
_TAGS = {*_WRITTEN.values(), *_EMPTY, "mark", "small"}
_ATTRIBUTES = {name: {"align"} for name in _TAGS - {"mark", "small"}} | {
    "mark": {"id"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}

STYLE = (
    # without a width, before its page is laid out, the frame would scroll to where the mark will not be
    "@media(width<120px){body{display:none}}:root{color-scheme:light}"
    "body{margin:1rem;font:1rem/1.7 system-ui,sans-serif;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;max-width:100%}td,th{border:1px solid #888;padding:.2rem .4rem;vertical-align:top}"
    "mark{scroll-margin-top:25vh;background:#ffe58a;color:#201e1a}small{opacity:.8}"
)
_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
POLICY = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
"""The Content-Security-Policy of a rendering: only the stylesheet above applies."""


@dataclass(frozen=True, slots=True)
class RenderedOriginal:
    """A whole document, and whether the report or the section is marked in it."""

    document: Markup
    is_marked: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag, a text, or a note in place of an image."""

    kind: Literal["tag", "text", "note"]
    text: str


def render_html(data: bytes, report: Report, section: Section | None, language: Language) -> RenderedOriginal:
    """Renders an HTML page with the title of a report or the heading of one of its sections marked."""
    parser = etree.HTMLParser(
        target=_Writer(language), encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    pieces: list[_Piece] = etree.fromstring((html_text(data)[0] or " ").encode("utf-8", "replace"), parser)
    text = FoldedText(piece.text if piece.kind == "text" else "" for piece in pieces)
    bounds = begin_of(report, section, text)
    marks = _marks(text, *bounds) if bounds else {}
    first = min(marks, default=None)
    body = "".join(
        _marked(piece.text, marks[number], is_first=number == first) if number in marks else _written(piece)
        for number, piece in enumerate(pieces)
    )
    clean = nh3.clean(body, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)
    head = f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8">{_VIEWPORT}<title>{escape(report.title)}</title>'
    return RenderedOriginal(Markup(f"{head}<style>{STYLE}</style><body>{clean}</body></html>"), bool(marks))  # noqa: S704


class _Writer:
    """Takes the events of the parser and gives the pieces of the rendering."""

    def __init__(self, language: Language) -> None:
        self._pieces: list[_Piece] = []
        self._open: list[str | None] = []  # what is written for each open element
        self._depth = self._silent = 0
        self._image = ("［图片", "］") if language == "zh" else ("[image", "]")
        self._colon = "：" if language == "zh" else ": "

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._silent += name in _SILENT
        if not self._silent and name == "img":
            begin, end = self._image
            alt = " ".join(attributes.get("alt", "").split())
            self._pieces.append(_Piece("note", f"{begin}{self._colon}{alt}{end}" if alt else begin + end))
        if not self._silent and name in _EMPTY:
            self._pieces.append(_Piece("tag", f"<{name}>"))
        written = None if self._silent or self._depth >= _DEEPEST else _WRITTEN.get(name)
        self._open.append(written)
        if written:
            self._depth += 1
            self._pieces.append(_Piece("tag", f"<{written}{_attributes(name, written, attributes)}>"))

    def end(self, name: str) -> None:
        self._silent -= name in _SILENT
        if self._open and (written := self._open.pop()):
            self._depth -= 1
            self._pieces.append(_Piece("tag", f"</{written}>"))

    def data(self, text: str) -> None:
        if not self._silent:
            self._pieces.append(_Piece("text", text))

    def close(self) -> list[_Piece]:
        return self._pieces


def _attributes(name: str, written: str, attributes: dict[str, str]) -> str:
    """The alignment and the merged cells, of which only numbers and words of a list are written."""
    style = _ALIGNED.search(attributes.get("style", ""))
    align = "center" if name == "center" else (style[1] if style else attributes.get("align", "")).lower()
    found = [f' align="{align}"'] if align in _ALIGNMENTS else []
    if written in ("td", "th"):
        spans = ((each, read_span(attributes.get(each, ""))) for each in ("colspan", "rowspan"))
        found += [f' {each}="{span}"' for each, span in spans if span > 1]
    return "".join(found)


def _written(piece: _Piece) -> str:
    if piece.kind == "tag":
        return piece.text
    return f"<small>{escape(piece.text)}</small>" if piece.kind == "note" else str(escape(piece.text))


def _marks(text: FoldedText, first: int, last: int) -> dict[int, tuple[int, int]]:
    """The part of each piece from one folded character to another, by the number of the piece."""
    marks: dict[int, tuple[int, int]] = {}
    for offset in range(first, last + 1):
        piece, at = text.origin(offset)
        start, _ = marks.get(piece, (at, at))
        marks[piece] = (start, at + 1)
    return marks


def _marked(text: str, part: tuple[int, int], *, is_first: bool) -> str:
    start, end = part
    anchor = f' id="{MARK}"' if is_first else ""
    return f"{escape(text[:start])}<mark{anchor}>{escape(text[start:end])}</mark>{escape(text[end:])}"
