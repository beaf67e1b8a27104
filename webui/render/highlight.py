"""Marks spans of a text in escaped HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from indexer.answers.highlight import Span, merged

# Joined by addition, since a page has hundreds of tags and `Markup.format` parses its pattern each time.
_HTML = {
    "mark": (Markup("<mark"), Markup("</mark>")),
    "ins": (Markup("<ins"), Markup("</ins>")),
    "del": (Markup("<del"), Markup("</del>")),
    "span": (Markup("<span"), Markup("</span>")),
}
_END = Markup(">")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag around a span of a text, with an optional id and link. `inserted` is text that is not in the original."""

    span: Span
    name: Literal["mark", "ins", "del", "span"]
    id: str | None = None
    leads: str | None = None
    inserted: str = ""

    def around(self, html: Markup, *, begins: bool) -> Markup:
        """The HTML of a piece of the span in the tag; the piece that `begins` the span has the id."""
        inside = escape(self.inserted) + html if self.inserted else html
        if self.leads:
            inside = Markup('<a href="#{}">{}</a>').format(self.leads, inside)
        opening, closing = _HTML[self.name]
        if self.id and begins:
            opening += Markup(' id="{}"').format(self.id)
        return opening + _END + inside + closing


Layer = Sequence[Tag]
"""Tags in the order of their spans, which do not overlap."""


def layered(text: str, layers: Sequence[Layer], start: int = 0, stop: int | None = None) -> Markup:
    """The text as HTML with several layers of tags, the first one outermost.

    A tag of an inner layer is cut where it crosses the end of an outer one, since tags must nest.
    """
    stop = len(text) if stop is None else stop
    if not layers:
        return escape(text[start:stop])
    outer, inner = layers[0], layers[1:]
    pieces: list[Markup] = []
    for tag in outer:
        first, last = tag.span
        begin, end = max(first, start), min(last, stop)
        if begin < end or start <= first == last <= stop:
            within = layered(text, inner, begin, end)
            pieces += [layered(text, inner, start, begin), tag.around(within, begins=begin == first)]
            start = end
    return Markup("").join([*pieces, layered(text, inner, start, stop)])


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """The text as HTML with `<mark>` around each span; spans are code points, end exclusive, and may overlap."""
    return layered(text, [[Tag(span, "mark") for span in merged(spans)]])


def numbered(spans: Iterable[Span], first: int, last: int) -> Layer:
    """A layer of marks with ids from `hit-FIRST`; each links to the next, `last` to the first."""
    return [
        Tag(span, "mark", f"hit-{number}", f"hit-{number + 1 if number < last else 1}")
        for number, span in enumerate(merged(spans), first)
    ]
