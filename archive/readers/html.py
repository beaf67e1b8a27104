"""HTML pages: parsed by lxml, walked once into pieces, and the report found among them.

lxml's parser is used for its events alone: a table of 100,000 rows takes BeautifulSoup 14 seconds and this one, and
libxml2's own tree stops at 2,048 open elements and drops what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from lxml import etree

from archive.clean import clean
from archive.model import Block, Page, Source
from archive.readers._content import Piece, Pieces, main_content
from archive.readers._grid import Grid, places
from archive.readers.decode import decode
from archive.rulebook import rulebook

# '<meta charset="gb2312">', '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r"\r\n|[\r\n]")
# 'display:none', 'visibility : hidden'
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A page saved from its middle may begin inside a table: '64</td><td>0</td></tr><tr>…'
_INSIDE_TABLE = re.compile(r"(?:(?!<table\b).)*?<(?P<tag>/?t[dhr])\b", re.IGNORECASE | re.DOTALL)
_BEFORE = {"/td": "<table><tr><td>", "/th": "<table><tr><th>", "/tr": "<table><tr>", "tr": "<table>"}

_RULES = rulebook("html.toml")
_SILENT, _ASIDE, _BLOCK = (frozenset(_RULES[name]) for name in ("silent", "aside", "block"))


Event = tuple[Literal["start", "end", "text"], str, Mapping[str, str]]
"""What the parser meets: a tag that opens, with its attributes, or closes; or text."""
_NONE: Mapping[str, str] = {}


def read_html(data: bytes, source: Source) -> Page:
    """The report that an HTML page holds, without what the site prints around it."""
    named = _DECLARED.search(data[:2048])
    text, notices = decode(data, named[1].decode("ascii", "replace") if named else None)
    events = _parse(text)
    metadata = dict(_metadata(events))
    pieces = Pieces()
    _Walk(pieces).through(events)
    found = main_content(pieces, metadata.get("title", ""))
    blocks = tuple(Block("", table=piece.table) if piece.table else Block(piece.text) for piece in found)
    return Page(source, blocks, notices, metadata)


class _Recorder:
    """The parser's target: its events, one after another."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.events.append(("start", tag.lower(), dict(attributes) if attributes else _NONE))

    def end(self, tag: str) -> None:
        self.events.append(("end", tag.lower(), _NONE))

    def data(self, text: str) -> None:
        self.events.append(("text", text, _NONE))

    def close(self) -> None:
        """Nothing is left to do."""


def _parse(text: str) -> Sequence[Event]:
    """The events of a page, each tag that opens closed again, whatever the page forgot."""
    recorder = _Recorder()
    # No encoding but UTF-8 reaches the parser, whatever the page declares; a NUL would end the page for it.
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True, target=recorder
    )
    if inside := _INSIDE_TABLE.match(text[:_MIDDLE]):
        text = _BEFORE.get(inside["tag"].lower(), "<table><tr>") + text
    parser.feed(text.replace("\x00", "").encode("utf-8", "replace"))
    parser.close()
    return recorder.events


_MIDDLE = 20_000


def _metadata(events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    """`title`, `publisher` and `published_on`, as far as the page names them in its head."""
    given: dict[str, str] = {}
    title = ""
    for index, (kind, value, attributes) in enumerate(events):
        if kind != "start" or value not in ("meta", "title"):
            continue
        if value == "title":
            title = title or (_cleaned(events[index + 1][1]) if events[index + 1][0] == "text" else "")
            continue
        name = _RULES["meta"].get(attributes.get("name", "").strip().lower())
        if name and (text := _cleaned(attributes.get("content", ""))):
            given.setdefault(name, text)
    if title:
        given.setdefault("title", title)
    yield from given.items()


class _Walk:
    """One pass over the events, without recursion: however deep a page is nested, it ends."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._text: list[str] = []
        self._characters = self._linked = 0
        self._links = self._kept_lines = 0
        self._grid: Grid | None = None
        self._open_links: list[bool] = []

    def through(self, events: Sequence[Event]) -> None:
        """Fills the pieces with what the page says, in reading order."""
        layout = _layout_tables(events)
        silent = 0
        for index, (kind, value, attributes) in enumerate(events):
            if kind == "text":
                if not silent:
                    self._take(value)
            elif value in _SILENT:
                silent += 1 if kind == "start" else -1
            elif silent:
                continue
            elif kind == "start":
                self._start(value, attributes, is_layout=index in layout)
            else:
                self._end(value, is_layout=index in layout)
        self._flush()

    def _start(self, tag: str, attributes: Mapping[str, str], *, is_layout: bool) -> None:
        if tag in _BLOCK:
            self._flush()
            self._pieces.open(is_aside=tag in _ASIDE or _is_hidden(attributes), is_title=tag in ("h1", "h2"))
        if tag == "a":
            # <a name="_Toc1"> is a mark that word processors set around a heading
            self._open_links.append(not ("name" in attributes or "id" in attributes))
            self._links += self._open_links[-1]
        elif tag == "pre":
            self._kept_lines += 1
        elif tag == "table" and not is_layout:
            self._grid = Grid()
        elif self._grid and tag == "tr":
            self._grid.start_row()
        elif self._grid and tag in ("td", "th"):
            self._grid.start_cell(places(attributes.get("rowspan")), places(attributes.get("colspan")))

    def _end(self, tag: str, *, is_layout: bool) -> None:
        if tag in _BLOCK:
            self._flush()
        if tag == "a" and self._open_links:
            self._links -= self._open_links.pop()
        elif tag == "pre":
            self._kept_lines -= 1
        elif self._grid and tag in ("td", "th"):
            self._grid.end_cell()
        elif self._grid and tag == "table" and not is_layout:
            grid, self._grid = self._grid, None
            for piece in grid.pieces():
                self._pieces.add(piece)
        if tag in _BLOCK:
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
            self._pieces.add(Piece(text, linked))


def _cleaned(text: str) -> str:
    """The text without the page's own line breaks and padding; numbers need none of it, and large tables are many."""
    return text if text.isascii() and text.isalnum() else clean(_SPACES.sub(" ", text))


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None


def _layout_tables(events: Sequence[Event]) -> set[int]:
    """Where tables begin and end that hold other tables: they lay out a page, and their cells are no figures."""
    found: set[int] = set()
    stack: list[tuple[int, bool]] = []
    for index, (kind, value, _) in enumerate(events):
        if value != "table" or kind == "text":
            continue
        if kind == "start":
            if stack:
                stack[-1] = stack[-1][0], True
            stack.append((index, False))
            continue
        start, holds_tables = stack.pop()
        if holds_tables:
            found |= {start, index}
    return found
