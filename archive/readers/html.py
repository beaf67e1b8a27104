"""Reads HTML pages: divides the tree into pieces and selects those of the report."""

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
from archive.readers.table_builder import RawTable, read_span
from archive.rulebook import rulebook
from archive.text.clean import clean

# '<meta charset="gb2312">', '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\r\n]")
# 'display:none', 'visibility : hidden'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# '64</td><td>0</td></tr><tr>…': a page saved from its middle that begins inside a table, and the characters to search
_MIDDLE = 20_000
_INSIDE_TABLE = re.compile(r"(?:(?!<table\b).)*?<(?P<tag>/?t[dhr])\b", re.IGNORECASE | re.DOTALL)
_BEFORE = {"/td": "<table><tr><td>", "/th": "<table><tr><th>", "/tr": "<table><tr>", "tr": "<table>"}

_RULES = rulebook("html.toml")
_SILENT, _ASIDE, _BLOCK = (frozenset(_RULES[name]) for name in ("silent", "aside", "block"))


def read_html(data: bytes, source: Source) -> Page:
    """The report on an HTML page, without menus, footers and other content of the site."""
    text, notices = html_text(data)
    soup = _parse(text)
    metadata = _metadata(soup)
    pieces = ContentPieces()
    _Walk(pieces).add_all(soup)
    content = main_content(pieces, metadata.get("title", ""))
    return Page(source, tuple(_blocks(content)), (*notices, *_image_notices(soup, content)), metadata)


def html_text(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    """The markup in the encoding that the page is read in, and notices on lost characters.

    A page saved from its middle gets the tags that its first cells lack. A NUL, which would end the page, is left out.
    """
    declared = _DECLARED.search(data[:2048])
    text, notices = decode(data, declared[1].decode("ascii", "replace") if declared else None)
    if inside := _INSIDE_TABLE.match(text[:_MIDDLE]):
        text = _BEFORE.get(inside["tag"].lower(), "<table><tr>") + text
    return text.replace("\x00", ""), notices


def _blocks(pieces: Sequence[ContentPiece]) -> Iterator[Block]:
    """The paragraphs and tables; lines of one width that end in <br> are joined (决策公开和执<br>行公开)."""
    edge = margin([piece.text for piece in pieces if not piece.table])
    lines: list[PrintLine] = []
    for piece in pieces:
        if not piece.after_br or edge is None:
            yield from join(lines)
            lines = []
        if piece.table:
            yield Block("", table=piece.table)
        else:
            lines.append(PrintLine(piece.text, SourceSpan(), edge is not None and width_of(piece.text) >= edge))
    yield from join(lines)


def _image_notices(soup: BeautifulSoup, content: Sequence[ContentPiece]) -> Iterator[Notice]:
    """A notice on a report that has a title and images but no text."""
    title = next((piece.text for piece in content if not piece.link_share and read_title(piece.text)), None)
    if title and soup.find("img") and not any(piece.table or piece.is_sentence for piece in content):
        yield notice("image_only", heading=title)


class _UnlimitedLxmlBuilder(LXMLTreeBuilder):
    """lxml for BeautifulSoup: reads UTF-8 whatever the page declares, without limits on depth and size."""

    def prepare_markup(
        self, markup: str | bytes, *_: object, **__: object
    ) -> Iterator[tuple[str | bytes, str, None, bool]]:
        yield markup, "utf-8", None, False

    def parser_for(self, encoding: str | None) -> etree.HTMLParser:
        return etree.HTMLParser(
            target=self, encoding=encoding, recover=True, huge_tree=True, remove_comments=True, remove_pis=True
        )


def _parse(text: str) -> BeautifulSoup:
    page = text.encode("utf-8", "replace")
    return BeautifulSoup(page, builder=_UnlimitedLxmlBuilder(multi_valued_attributes=None, string_containers={}))


def _metadata(soup: BeautifulSoup) -> Mapping[str, str]:
    """`title`, `publisher` and `published_on`, if they are in the head of the page."""
    metadata: dict[str, str] = {}
    for meta in soup("meta"):
        name = _RULES["meta"].get(_attribute(meta, "name").strip().lower())
        if name and (text := _cleaned(_attribute(meta, "content"))):
            metadata.setdefault(name, text)
    if soup.title and (title := _cleaned(soup.title.get_text())):
        metadata.setdefault("title", title)
    return metadata


class _Walk:
    """Divides a tree into pieces in one pass in document order, without recursion, as pages can be nested deeply."""

    def __init__(self, pieces: ContentPieces) -> None:
        self._pieces = pieces
        self._text: list[str] = []
        self._characters = self._linked = 0
        self._silent = self._links = self._kept_lines = 0
        self._after_br = False
        self._grid: RawTable | None = None
        self._layout: set[int] = set()

    def add_all(self, soup: BeautifulSoup) -> None:
        self._layout = _layout_tables(soup)
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
            self._after_br = name == "br"
            self._pieces.open(is_aside=name in _ASIDE or _is_hidden(element), is_title=name in ("h1", "h2"))
        self._links += _is_link(element)
        self._kept_lines += name == "pre"
        if name == "table" and id(element) not in self._layout:
            self._grid = RawTable()
        elif self._grid and name == "tr":
            self._grid.start_row()
        elif self._grid and name in ("td", "th"):
            self._grid.start_cell(read_span(_attribute(element, "rowspan")), read_span(_attribute(element, "colspan")))

    def _end(self, element: Tag) -> None:
        name = element.name
        if self._silent:
            self._silent -= name in _SILENT
            return
        if name in _BLOCK:
            self._flush()
            self._after_br = name == "br"
        self._links -= _is_link(element)
        self._kept_lines -= name == "pre"
        if self._grid and name in ("td", "th"):
            self._grid.end_cell()
        elif self._grid and name == "table":
            self._pieces.all += self._grid.pieces()
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
        """Ends the paragraph between two block elements; its inline parts are joined without spaces."""
        text = _cleaned("".join(self._text)) if self._characters else ""
        link_share = self._linked / max(self._characters, 1)
        self._text.clear()
        self._characters = self._linked = 0
        if not text:
            return
        if self._grid and self._grid.in_cell:
            self._grid.add(text, link_share)
        else:
            self._pieces.all.append(ContentPiece(text, link_share, after_br=self._after_br))


def _layout_tables(soup: BeautifulSoup) -> set[int]:
    """The tables around others, which lay out the page, by `id`, as elements with equal content are equal."""
    layout: set[int] = set()
    around: list[tuple[Tag, Tag | None]] = []  # the open elements, each with the nearest table around its content
    for element in (node for node in soup.descendants if isinstance(node, Tag)):
        while around and around[-1][0] is not element.parent:
            around.pop()
        table = around[-1][1] if around else None
        if element.name == "table":
            layout.add(id(table))
            table = element
        around.append((element, table))
    return layout


def _cleaned(text: str) -> str:
    """The text without line breaks and layout spaces; a shortcut for numbers, as tables can have many."""
    return text if text.isascii() and text.isalnum() else clean(_SPACES.sub(" ", text))


def _is_link(element: Tag) -> bool:
    """Whether an element is a link: <a name="_Toc1"> is an anchor that word processors put around a heading."""
    return element.name == "a" and not ("name" in element.attrs or "id" in element.attrs)


def _is_hidden(element: Tag) -> bool:
    return "hidden" in element.attrs or _HIDDEN.search(_attribute(element, "style")) is not None


def _attribute(element: Tag, name: str) -> str:
    value = element.attrs.get(name, "")
    return value if isinstance(value, str) else " ".join(value)
