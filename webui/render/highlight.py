"""Text with its hits marked as with a highlighter, everything in it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from indexer.answers.highlight import Span, merged

# put together by addition: a page has hundreds of them, and `Markup.format` reads its pattern every time
_HTML = {
    "mark": (Markup("<mark"), Markup("</mark>")),
    "ins": (Markup("<ins"), Markup("</ins>")),
    "del": (Markup("<del"), Markup("</del>")),
    "span": (Markup("<span"), Markup("</span>")),
}
_END = Markup(">")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag around a span of a text: with an id, as a link to an id. An empty span can put in what the text lacks."""

    span: Span
    name: Literal["mark", "ins", "del", "span"]
    id: str | None = None
    leads: str | None = None
    inserted: str = ""

    def around(self, html: Markup, *, begins: bool) -> Markup:
        """The HTML of a piece of the span in the tag; the one where it `begins` has the id."""
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

    A tag of an inner layer that crosses an end of an outer one is cut there, since tags must nest.
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
    """A layer of marks that are numbered from `first` on (`hit-1`), each a link to the next, `last` to the first."""
    return [
        Tag(span, "mark", f"hit-{number}", f"hit-{number + 1 if number < last else 1}")
        for number, span in enumerate(merged(spans), first)
    ]
