"""Parses HTML, also malformed, into a list of events: starts and ends of elements, and the text between them.

The parser is lxml's, without a tree: the events are those of a tree in document order, however deeply it is nested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import etree


@dataclass(slots=True, eq=False)
class Element:
    """An element. `has_table` tells whether a table is inside a table, which then lays out the page."""

    name: str
    attributes: Mapping[str, str]
    has_table: bool = False

    @property
    def is_link(self) -> bool:
        """Whether it is a link: <a name="_Toc1"> is an anchor that word processors put around a heading."""
        return self.name == "a" and not ("name" in self.attributes or "id" in self.attributes)

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass(frozen=True, slots=True)
class End:
    """The end of an element."""

    element: Element


Event = Element | End | str


def parse_html(text: str) -> list[Event]:
    """The events of a page: an `Element` is its start, a string all text up to the next start or end."""
    events = _Events()
    # UTF-8 whatever the page declares, without limits on depth and size
    parser = etree.HTMLParser(
        target=events, encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    # a NUL would end the page for the parser
    parser.feed(text.replace("\x00", "").encode("utf-8", "replace"))
    parser.close()
    return events.all


def elements(events: Iterable[Event], name: str) -> Iterator[Element]:
    return (event for event in events if isinstance(event, Element) and event.name == name)


def text_of(events: Sequence[Event], element: Element) -> str:
    """The text inside an element."""
    inside = takewhile(lambda event: not _ends(event, element), islice(events, events.index(element), None))
    return "".join(event for event in inside if isinstance(event, str))


def _ends(event: Event, element: Element) -> bool:
    return isinstance(event, End) and event.element is element


class _Events:
    """The target of a parser."""

    def __init__(self) -> None:
        self.all: list[Event] = []
        self._open: list[Element] = []
        self._tables: list[Element] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        element = Element(name, dict(attributes))
        if name == "table":
            if self._tables:
                self._tables[-1].has_table = True
            self._tables.append(element)
        self._open.append(element)
        self.all.append(element)

    def end(self, name: str) -> None:
        self._end_text()
        if any(element.name == name for element in reversed(self._open)):
            while self._close().name != name:
                pass

    def data(self, text: str) -> None:
        self._text.append(text)

    def comment(self, text: str) -> None:
        self._end_text()

    def pi(self, target: str, text: str | None = None) -> None:
        self._end_text()

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        self._end_text()

    def close(self) -> None:
        self._end_text()
        while self._open:
            self._close()

    def _close(self) -> Element:
        element = self._open.pop()
        if element.name == "table":
            self._tables.pop()
        self.all.append(End(element))
        return element

    def _end_text(self) -> None:
        if self._text:
            self.all.append("".join(self._text))
            self._text.clear()
