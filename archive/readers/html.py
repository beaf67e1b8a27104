"""HTML pages: BeautifulSoup over lxml, walked once into pieces, and the report found among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # `bs4.builder` gives it under no type
from bs4.element import NavigableString, Tag
from lxml import etree

from archive.cues.titles import read_title
from archive.model import Block, Notice, Page, Source, SourceSpan
from archive.notices import notice
from archive.readers.encoding import decode
from archive.readers.html_main_content import ContentPiece, ContentPieces, main_content
from archive.readers.line_joining import PrintLine, join, margin, width_of
from archive.readers.table_builder import RawTable, places
from archive.rulebook import rulebook
from archive.text.clean import clean

# '<meta charset="gb2312">', '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\r\n]")
# 'display:none', 'visibility : hidden'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Where a page that was saved from its middle may begin inside a table is looked for in so many characters.
_MIDDLE = 20_000
# A page saved from its middle may begin inside a table: '64</td><td>0</td></tr><tr>…'
_INSIDE_TABLE = re.compile(r"(?:(?!<table\b).)*?<(?P<tag>/?t[dhr])\b", re.IGNORECASE | re.DOTALL)
_BEFORE = {"/td": "<table><tr><td>", "/th": "<table><tr><th>", "/tr": "<table><tr>", "tr": "<table>"}

_RULES = rulebook("html.toml")
_SILENT, _ASIDE, _BLOCK = (frozenset(_RULES[name]) for name in ("silent", "aside", "block"))


def read_html(data: bytes, source: Source) -> Page:
    """The report that an HTML page holds, without what the site prints around it."""
    named = _DECLARED.search(data[:2048])
    text, notices = decode(data, named[1].decode("ascii", "replace") if named else None)
    soup = _parse(text)
    metadata = _metadata(soup)
    pieces = ContentPieces()
    _Walk(pieces).through(soup)
    found = main_content(pieces, metadata.get("title", ""))
    return Page(source, tuple(_blocks(found)), (*notices, *_images(soup, found)), metadata)


def _blocks(pieces: Sequence[ContentPiece]) -> Iterator[Block]:
    """Paragraphs and tables; where every <br> ends a line at the margin (决策公开和执<br>行公开), lines joined."""
    edge = margin([piece.text for piece in pieces if not piece.table])
    lines: list[PrintLine] = []
    for piece in pieces:
        if not piece.goes_on or edge is None:
            yield from join(lines)
            lines = []
        if piece.table:
            yield Block("", table=piece.table)
        else:
            lines.append(PrintLine(piece.text, SourceSpan(), edge is not None and width_of(piece.text) >= edge))
    yield from join(lines)


def _images(soup: BeautifulSoup, found: Sequence[ContentPiece]) -> Iterator[Notice]:
    """A notice where a report's title stands above images and nothing is said."""
    title = next((piece.text for piece in found if not piece.linked and read_title(piece.text)), None)
    if title and soup.find("img") and not any(piece.table or piece.is_sentence for piece in found):
        yield notice("image_only", heading=title)


class _UnlimitedLxmlBuilder(LXMLTreeBuilder):
    """lxml for BeautifulSoup, given UTF-8 whatever the page declares, and without an end to depth and size."""

    def prepare_markup(
        self, markup: str | bytes, *_: object, **__: object
    ) -> Iterator[tuple[str | bytes, str, None, bool]]:
        yield markup, "utf-8", None, False

    def parser_for(self, encoding: str | None) -> etree.HTMLParser:
        return etree.HTMLParser(
            target=self, encoding=encoding, recover=True, huge_tree=True, remove_comments=True, remove_pis=True
        )


def _parse(text: str) -> BeautifulSoup:
    """The page as a tree, whatever it forgot to close."""
    if inside := _INSIDE_TABLE.match(text[:_MIDDLE]):
        text = _BEFORE.get(inside["tag"].lower(), "<table><tr>") + text
    page = text.replace("\x00", "").encode("utf-8", "replace")  # a NUL would end the page for the parser
    return BeautifulSoup(page, builder=_UnlimitedLxmlBuilder(multi_valued_attributes=None, string_containers={}))


def _metadata(soup: BeautifulSoup) -> Mapping[str, str]:
    """`title`, `publisher` and `published_on`, as far as the page names them in its head."""
    given: dict[str, str] = {}
    for meta in soup("meta"):
        name = _RULES["meta"].get(_attribute(meta, "name").strip().lower())
        if name and (text := _cleaned(_attribute(meta, "content"))):
            given.setdefault(name, text)
    if soup.title and (title := _cleaned(soup.title.get_text())):
        given.setdefault("title", title)
    return given


class _Walk:
    """One pass over the tree in document order, without recursion: however deep a page is nested, it ends."""

    def __init__(self, pieces: ContentPieces) -> None:
        self._pieces = pieces
        self._text: list[str] = []
        self._characters = self._linked = 0
        self._silent = self._links = self._kept_lines = 0
        self._goes_on = False
        self._grid: RawTable | None = None
        self._layout: set[int] = set()

    def through(self, soup: BeautifulSoup) -> None:
        """Fills the pieces with what the page says, in reading order."""
        # a table that holds others lays out the page; by `id`, as two elements are equal where they look the same
        self._layout = {id(table.find_parent("table")) for table in soup("table")}
        open_elements: list[Tag] = []
        for node in soup.descendants:
            while open_elements and open_elements[-1] is not node.parent:
                self._end(open_elements.pop())
            if isinstance(node, Tag):
                open_elements.append(node)
                self._start(node)
            elif type(node) is NavigableString and not self._silent:  # a doctype is a string of another type
                self._take(node)
        while open_elements:
            self._end(open_elements.pop())
        self._flush()

    def _start(self, element: Tag) -> None:
        name = element.name
        self._silent += name in _SILENT
        if self._silent:
            return
        if name in _BLOCK:
            self._flush()
            self._goes_on = name == "br"
            self._pieces.open(is_aside=name in _ASIDE or _is_hidden(element), is_title=name in ("h1", "h2"))
        self._links += _is_link(element)
        self._kept_lines += name == "pre"
        if name == "table" and id(element) not in self._layout:
            self._grid = RawTable()
        elif self._grid and name == "tr":
            self._grid.start_row()
        elif self._grid and name in ("td", "th"):
            self._grid.start_cell(places(_attribute(element, "rowspan")), places(_attribute(element, "colspan")))

    def _end(self, element: Tag) -> None:
        name = element.name
        if self._silent:
            self._silent -= name in _SILENT
            return
        if name in _BLOCK:
            self._flush()
            self._goes_on = name == "br"
        self._links -= _is_link(element)
        self._kept_lines -= name == "pre"
        if self._grid and name in ("td", "th"):
            self._grid.end_cell()
        elif self._grid and name == "table":
            for piece in self._grid.pieces():
                self._pieces.add(piece)
            self._grid = None
        if name in _BLOCK:
            self._pieces.close()

    def _take(self, text: str) -> None:
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
        text = _cleaned("".join(self._text)) if self._characters else ""
        linked = self._linked / max(self._characters, 1)
        self._text.clear()
        self._characters = self._linked = 0
        if not text:
            return
        if self._grid and self._grid.in_cell:
            self._grid.add(text, linked)
        else:
            self._pieces.add(ContentPiece(text, linked, goes_on=self._goes_on))


def _cleaned(text: str) -> str:
    """The text without the page's own line breaks and padding; numbers need none of it, and large tables are many."""
    return text if text.isascii() and text.isalnum() else clean(_SPACES.sub(" ", text))


def _is_link(element: Tag) -> bool:
    """Whether it leads elsewhere: <a name="_Toc1"> is a mark that word processors set around a heading."""
    return element.name == "a" and not ("name" in element.attrs or "id" in element.attrs)


def _is_hidden(element: Tag) -> bool:
    return "hidden" in element.attrs or _HIDDEN.search(_attribute(element, "style")) is not None


def _attribute(element: Tag, name: str) -> str:
    value = element.attrs.get(name, "")
    return value if isinstance(value, str) else " ".join(value)
