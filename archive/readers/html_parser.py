"""Parses HTML, also malformed, into a list of events: starts and ends of elements, and the text between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import etree

_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)


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

    @property
    def is_raised(self) -> bool:
        """Whether its text is raised: <sup>1</sup>, <span style="vertical-align:super">1</span>."""
        return self.name == "sup" or _RAISED.search(self.attributes.get("style", "")) is not None

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass(slots=True, eq=False)
class End:
    """The end of an element."""

    element: Element


Event = Element | End | str


class _EventTarget:
    """Receives the calls of the parser of lxml, which closes what a page leaves open, and lists them as events.

    An end closes every element inside its element; one without its start is left out.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._text: list[str] = []
        self._around: list[Element] = []
        self._open = Counter[str]()
        self._tables: list[Element] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        element = Element(tag, dict(attributes) if attributes else {})
        if tag == "table":
            if self._tables:
                self._tables[-1].has_table = True
            self._tables.append(element)
        self._around.append(element)
        self._open[tag] += 1
        self.events.append(element)

    def end(self, tag: str) -> None:
        self._end_text()
        while self._open[tag]:
            element = self._around.pop()
            self._open[element.name] -= 1
            if element.name == "table":
                self._tables.pop()
            self.events.append(End(element))
            if element.name == tag:
                break

    def data(self, text: str) -> None:
        self._text.append(text)

    def doctype(self, *_: object) -> None:
        self._end_text()

    def close(self) -> list[Event]:
        self._end_text()
        self.events += map(End, reversed(self._around))
        return self.events

    def _end_text(self) -> None:
        if self._text:
            self.events.append("".join(self._text))
            self._text.clear()


def parse_html(text: str) -> list[Event]:
    """The events of a page: an `Element` is its start, a string the text up to the next start or end."""
    page = text.replace("\x00", "").encode("utf-8", "replace")  # a NUL would end the page for the parser
    target = _EventTarget()
    # UTF-8 whatever the page declares, without limits on depth and size
    parser = etree.HTMLParser(
        target=target, encoding="utf-8", recover=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    if page:  # the parser refuses an empty page
        parser.feed(page)
        parser.close()
    return target.events


def elements(events: Iterable[Event], name: str) -> Iterator[Element]:
    return (event for event in events if isinstance(event, Element) and event.name == name)


def text_of(events: Sequence[Event], element: Element) -> str:
    """The text inside an element."""
    inside = takewhile(lambda event: not _ends(event, element), islice(events, events.index(element), None))
    return "".join(event for event in inside if isinstance(event, str))


def _ends(event: Event, element: Element) -> bool:
    return isinstance(event, End) and event.element is element
