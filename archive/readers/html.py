"""HTML pages: parsed by lxml, walked once into pieces, and the report found among them.

lxml is used directly: a table of 100,000 rows takes BeautifulSoup 14 seconds and lxml one. The tree is built through
lxml's `TreeBuilder`, because libxml2's own builder stops at 2,048 open elements and drops what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from archive.clean import clean
from archive.model import Block, Page, Source
from archive.readers._content import Piece, Pieces, main_content
from archive.readers._grid import Grid
from archive.readers.decode import decode

# '<meta charset="gb2312">', '<meta http-equiv=Content-Type content="text/html; charset=gb2312">', '<?xml encoding="…"?>'
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\r\n]")
# 'display:none', 'visibility : hidden'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_NO_TEXT = frozenset(
    [
        "script",
        "style",
        "head",
        "template",
        "iframe",
        "frameset",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "canvas",
        "audio",
        "video",
        "map",
        "nav",
        "xml",
        "datalist",
        "dialog",
    ]
)
# What sites put around a report, and some of them around the whole page: left out unless it holds most of the text.
_ASIDE = frozenset(["form", "header", "footer", "aside", "noscript", "menu"])
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "noscript",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# What pages say of themselves in <meta>, by the names that the guideline for government sites sets
# (政府网站发展指引, 国办发〔2017〕47号); the name of the site that shows a page is no publisher.
_META = {"articletitle": "title", "contentsource": "publisher", "pubdate": "published_on"}


def read_html(data: bytes, source: Source, declared: str | None = None) -> Page:
    """The report that an HTML page holds, without what the site prints around it.

    Args:
        data: the page as captured.
        source: where it came from.
        declared: the encoding that the server named, if any.
    """
    named = _DECLARED.search(data[:2048])
    text, notices = decode(data, declared or (named[1].decode("ascii", "replace") if named else None))
    root = _parse(text)
    if root is None:
        return Page(source, (), notices)
    pieces = Pieces()
    _Walk(pieces).through(root)
    blocks = tuple(Block("", table=piece.table) if piece.table else Block(piece.text) for piece in main_content(pieces))
    return Page(source, blocks, notices, dict(_metadata(root)))


def _parse(text: str) -> etree._Element | None:
    # No encoding but UTF-8 reaches the parser, whatever the page declares; a NUL would end the page for it.
    parser = etree.HTMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=True,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        target=etree.TreeBuilder(),
    )
    raw = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(raw, parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):  # nothing in it that could be an element
        return None
    return root if isinstance(root, etree._Element) else None


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    """`title`, `publisher` and `published_on`, as far as the page names them in its head."""
    given: dict[str, str] = {}
    for element in root.iter("meta"):
        name = _META.get((element.get("name") or "").strip().lower())
        if name and (text := clean(_SPACES.sub(" ", element.get("content") or ""))):
            given.setdefault(name, text)
    title = next(root.iter("title"), None)
    if title is not None and (text := clean(_SPACES.sub(" ", "".join(title.itertext())))):
        given.setdefault("title", text)
    yield from given.items()


class _Walk:
    """One pass over the elements, without recursion: however deep a page is nested, it ends."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._text: list[str] = []
        self._characters = self._linked = 0
        self._links = self._kept_lines = 0
        self._grid: Grid | None = None

    def through(self, root: etree._Element) -> None:
        """Fills the pieces with what the element says, in reading order."""
        layout = _layout_tables(root)
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = _tag(element)
            if event == "start":
                if tag in _NO_TEXT:
                    walker.skip_subtree()
                    continue
                self._start(element, tag, is_layout=element in layout)
                self._take(element.text)
                continue
            if tag not in _NO_TEXT:
                self._end(element, tag, is_layout=element in layout)
            if element is not root:
                self._take(element.tail)
        self._flush()

    def _start(self, element: etree._Element, tag: str, *, is_layout: bool) -> None:
        if tag in _BLOCKS:
            self._flush()
            self._pieces.open(is_aside=tag in _ASIDE or _is_hidden(element), is_title=tag in ("h1", "h2"))
        if tag == "a" and not (element.get("name") or element.get("id")):
            self._links += 1
        if tag == "pre":
            self._kept_lines += 1
        if tag == "table" and not is_layout:
            self._grid = Grid()
        elif self._grid and tag == "tr":
            self._grid.start_row()
        elif self._grid and tag in ("td", "th"):
            self._grid.start_cell(element.get("rowspan"), element.get("colspan"))

    def _end(self, element: etree._Element, tag: str, *, is_layout: bool) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag == "a" and not (element.get("name") or element.get("id")):
            self._links -= 1
        if tag == "pre":
            self._kept_lines -= 1
        if self._grid and tag in ("td", "th"):
            self._grid.end_cell()
        elif self._grid and tag == "table" and not is_layout:
            grid, self._grid = self._grid, None
            for piece in grid.pieces():
                self._pieces.add(piece)
        if tag in _BLOCKS:
            self._pieces.close()

    def _take(self, text: str | None) -> None:
        if not text:
            return
        first, *rest = _LINES.split(text) if self._kept_lines else (text,)
        self._add(first)
        for line in rest:
            self._flush()
            self._add(line)

    def _add(self, text: str) -> None:
        self._text.append(text)
        size = len(text.strip())
        self._characters += size
        self._linked += size if self._links else 0

    def _flush(self) -> None:
        """Ends the paragraph: what stood between two block elements, its inline parts joined without spaces."""
        text = clean(_SPACES.sub(" ", "".join(self._text))) if self._characters else ""
        linked = self._linked / max(self._characters, 1)
        self._text.clear()
        self._characters = self._linked = 0
        if not text:
            return
        if self._grid and self._grid.in_cell:
            self._grid.add(text, linked)
        else:
            self._pieces.add(Piece(text, linked))


def _tag(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else "script"


def _is_hidden(element: etree._Element) -> bool:
    attributes: Mapping[str, str] = element.attrib
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None


def _layout_tables(root: etree._Element) -> set[etree._Element]:
    """The tables that hold other tables: they lay out a page, and their cells are no figures."""
    found: set[etree._Element] = set()
    stack: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag="table"):
        if event == "end":
            stack.pop()
            continue
        if stack:
            found.add(stack[-1])
        stack.append(element)
    return found
