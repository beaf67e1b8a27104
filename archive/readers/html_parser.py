"""Parses HTML, also malformed, into a list of events: starts and ends of elements, and the text between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import cast

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder  # `bs4.builder` gives it under no type
from bs4.element import NavigableString, Tag
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


def parse_html(text: str) -> list[Event]:
    """The events of a page: an `Element` is its start, a string the text up to the next start or end."""
    page = text.replace("\x00", "").encode("utf-8", "replace")  # a NUL would end the page for the parser
    builder = _UnlimitedLxmlBuilder(multi_valued_attributes=None, string_containers={})
    return [*_events(BeautifulSoup(page, builder=builder))]


def _events(soup: BeautifulSoup) -> Iterator[Event]:
    """Yields the events in document order, without recursion, as pages can be nested deeply."""
    around: list[tuple[Tag, Element]] = []
    tables: list[Element] = []
    for node in soup.descendants:
        while around and around[-1][0] is not node.parent:
            yield _end(around.pop()[1], tables)
        if isinstance(node, Tag):
            element = Element(node.name, cast("Mapping[str, str]", node.attrs))
            if node.name == "table":
                if tables:
                    tables[-1].has_table = True
                tables.append(element)
            around.append((node, element))
            yield element
        elif type(node) is NavigableString:  # a doctype is a string of another type
            yield str(node)
    while around:
        yield _end(around.pop()[1], tables)


def _end(element: Element, tables: list[Element]) -> End:
    if element.name == "table":
        tables.pop()
    return End(element)


def elements(events: Iterable[Event], name: str) -> Iterator[Element]:
    return (event for event in events if isinstance(event, Element) and event.name == name)


def text_of(events: Sequence[Event], element: Element) -> str:
    """The text inside an element."""
    inside = takewhile(lambda event: not _ends(event, element), islice(events, events.index(element), None))
    return "".join(event for event in inside if isinstance(event, str))


def _ends(event: Event, element: Element) -> bool:
    return isinstance(event, End) and event.element is element
