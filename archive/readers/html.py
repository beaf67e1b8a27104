"""Reads HTML pages: divides the page into pieces and selects those of the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from archive.cues.titles import read_title
from archive.limits import LIMITS
from archive.model import Block, Notice, Page, Source, SourceSpan, count_cells
from archive.notices import notice
from archive.readers.attachments import linked_files
from archive.readers.encoding import decode
from archive.readers.html_main_content import ContentPiece, ContentPieces, main_content
from archive.readers.html_parser import Element, End, Event, elements, parse_html, text_of
from archive.readers.line_joining import PrintLine, join, margin, width_of
from archive.readers.scans import PagePictures
from archive.readers.table_builder import RawTable, read_span
from archive.rulebook import rulebook
from archive.text.clean import clean, footnote

# '<meta charset="gb2312">', '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\r\n]")
# 'display:none', 'visibility : hidden'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# '64</td><td>0</td></tr><tr>…': a page saved from its middle that begins inside a table, and the characters to search
_MIDDLE = 20_000
_INSIDE_TABLE = re.compile(r"(?:(?!<table\b).)*?<(?P<tag>/?t[dhr])\b", re.IGNORECASE | re.DOTALL)
_MOST_IMAGES = 200
_BEFORE = {"/td": "<table><tr><td>", "/th": "<table><tr><th>", "/tr": "<table><tr>", "tr": "<table>"}

# Elements whose text can be raised.
_INLINE = frozenset({"sup", "span", "font"})
_RULES = rulebook("html.toml")
_SILENT, _ASIDE, _BLOCK, _CLOSED = (frozenset(_RULES[name]) for name in ("silent", "aside", "block", "closed"))


def read_html(
    data: bytes,
    source: Source,
    encoding: str | None = None,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> Page:
    """The report on an HTML page, without menus, footers and other content of the site.

    `encoding` is the one that is declared outside the page, `pictures` those that are kept with it, by address.
    """
    text, notices = html_text(data, encoding)
    LIMITS.check(source.path, elements=text.count("<") - text.count("</"))
    events = parse_html(text)
    metadata = _metadata(events)
    pieces = ContentPieces()
    reader = PagePictures(source, pictures)
    walk = _Walk(pieces, reader, _unclosed(text, events))
    walk.add_all(events)
    LIMITS.check(source.path, paragraphs=len(pieces.all), cells=count_cells(piece.table for piece in pieces.all))
    content = main_content(pieces, metadata.get("title", ""))
    all_notices = (*notices, *reader.notices, *_image_notices(events, content))
    return Page(
        source,
        tuple(_blocks(content)),
        all_notices,
        metadata,
        linked_files(text),
        tuple(dict.fromkeys(address for address, _ in walk.images))[:_MOST_IMAGES],
        tuple(dict.fromkeys(_images_in(content, pieces, walk.images)))[: LIMITS.pictures],
    )


def html_text(data: bytes, encoding: str | None = None) -> tuple[str, tuple[Notice, ...]]:
    """The markup in the encoding that the page is read in, and notices on lost characters.

    A page saved from its middle gets the tags that its first cells lack. A NUL, which would end the page, is left out.
    """
    declared = _DECLARED.search(data[:2048])
    text, notices = decode(data, declared[1].decode("ascii", "replace") if declared else encoding)
    if inside := _INSIDE_TABLE.match(text[:_MIDDLE]):
        text = _BEFORE.get(inside["tag"].lower(), "<table><tr>") + text
    return text.replace("\x00", ""), notices


def _blocks(pieces: Sequence[ContentPiece]) -> Iterator[Block]:
    """The paragraphs and tables; lines of one width that end in <br> are joined (决策公开和执<br>行公开)."""
    edge = margin([piece.text for piece in pieces if not piece.table])
    lines: list[PrintLine] = []
    for piece in pieces:
        if not piece.after_br or edge is None or piece.confidence is not None:
            yield from join(lines)
            lines = []
        if piece.table:
            yield Block("", table=piece.table)
        elif piece.confidence is not None:
            yield Block(piece.text, confidence=piece.confidence)
        else:
            lines.append(PrintLine(piece.text, SourceSpan(), edge is not None and width_of(piece.text) >= edge))
    yield from join(lines)


def _images_in(
    content: Sequence[ContentPiece], pieces: ContentPieces, images: Sequence[tuple[str, int]]
) -> Iterator[str]:
    """The addresses of the images behind the first piece of the report and before what follows its last one."""
    kept = set(map(id, content))
    places = [index for index, piece in enumerate(pieces.all) if id(piece) in kept]
    if places:
        yield from (address for address, index in images if places[0] < index <= places[-1] + 1)


def _image_notices(events: Sequence[Event], content: Sequence[ContentPiece]) -> Iterator[Notice]:
    """A notice on a report that has a title and images but no text."""
    title = next((piece.text for piece in content if not piece.link_share and read_title(piece.text)), None)
    if title and any(elements(events, "img")) and not any(piece.table or piece.is_sentence for piece in content):
        yield notice("image_only", heading=title)


def _metadata(events: Sequence[Event]) -> Mapping[str, str]:
    """`title`, `publisher` and `published_on`, if they are in the head of the page."""
    metadata: dict[str, str] = {}
    for meta in elements(events, "meta"):
        name = _RULES["meta"].get(meta.attribute("name").strip().lower())
        if name and (text := _cleaned(meta.attribute("content"))):
            metadata.setdefault(name, text)
    title = next(elements(events, "title"), None)
    if title and (text := _cleaned(text_of(events, title))):
        metadata.setdefault("title", text)
    return metadata


def _unclosed(markup: str, events: Sequence[Event]) -> frozenset[str]:
    """The elements of `closed` that end less often than they begin: the parser closes them at the end of the page."""
    starts = Counter(event.name for event in events if isinstance(event, Element) and event.name in _CLOSED)
    lower = markup.lower() if starts else ""
    return frozenset(name for name, count in starts.items() if lower.count(f"</{name}") < count)


class _Walk:
    """Divides a page into pieces in one pass; an element without its end tag (`unclosed`) has no role."""

    def __init__(self, pieces: ContentPieces, pictures: PagePictures, unclosed: frozenset[str]) -> None:
        self._pieces = pieces
        self._pictures = pictures
        self._silent_names, self._asides = _SILENT - unclosed, _ASIDE - unclosed
        # the address of each image outside the page, and the index of the piece that it is in or before
        self.images: list[tuple[str, int]] = []
        self._text: list[str] = []
        self._characters = self._linked = 0
        self._silent = self._links = self._kept_lines = self._raised = 0
        self._after_br = False
        self._grid: RawTable | None = None
        # hidden parts of a paragraph, and what it was before each
        self._hidden: list[tuple[Element, int, int, int]] = []

    def add_all(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Element):
                self._start(event)
            elif isinstance(event, End):
                self._end(event.element)
            elif not self._silent:
                self._take(event)
        self._flush()

    def _start(self, element: Element) -> None:
        name = element.name
        self._silent += name in self._silent_names
        if self._silent:
            return
        if name in _BLOCK:
            self._flush()
            self._after_br = name == "br"
            self._pieces.open(
                is_aside=name in self._asides, is_title=name in ("h1", "h2"), is_hidden=_is_hidden(element)
            )
        elif _is_hidden(element):
            self._hidden.append((element, len(self._text), self._characters, self._linked))
        if name == "a":
            self._links += element.is_link
        elif name in _INLINE:
            self._raised += element.is_raised
        self._kept_lines += name == "pre"
        if name == "table" and not element.has_table:
            self._grid = RawTable()
        elif name == "img":
            self._show(element.attribute("src"))
        elif self._grid and name == "tr":
            self._grid.start_row()
        elif self._grid and name in ("td", "th"):
            self._grid.start_cell(read_span(element.attribute("rowspan")), read_span(element.attribute("colspan")))

    def _show(self, address: str) -> None:
        if address and not address.startswith(("data:", "cid:")):
            self.images.append((address, len(self._pieces.all)))
        if blocks := self._pictures.at(address):
            self._flush()
            self._pieces.all += [
                ContentPiece(block.text, table=block.table, confidence=block.confidence) for block in blocks
            ]

    def _end(self, element: Element) -> None:
        name = element.name
        if self._silent:
            self._silent -= name in self._silent_names
            return
        if name in _BLOCK:
            self._flush()
            self._after_br = name == "br"
        elif self._hidden and self._hidden[-1][0] is element:
            _, size, self._characters, self._linked = self._hidden.pop()
            del self._text[size:]
        if name == "a":
            self._links -= element.is_link
        elif name in _INLINE:
            self._raised -= element.is_raised
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
        if self._raised and self._text:
            text = footnote(self._text[-1], text)
        self._text.append(text)
        size = len(text.strip())
        self._characters += size
        self._linked += size if self._links else 0

    def _flush(self) -> None:
        """Ends the paragraph between two block elements; its inline parts are joined without spaces."""
        if self._hidden:
            self._hidden.clear()  # an element with whole paragraphs is no part of one
        if not self._text:
            return
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


def _cleaned(text: str) -> str:
    """The text without line breaks and layout spaces; a shortcut for numbers, as tables can have many."""
    return text if text.isascii() and text.isalnum() else clean(_SPACES.sub(" ", text))


def _is_hidden(element: Element) -> bool:
    attributes = element.attributes
    return bool(attributes) and ("hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None)
