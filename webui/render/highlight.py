"""Marks spans of a text in escaped HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from indexer.answers.highlight import Span, merged


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag around a span of a text, with an optional id and link. `inserted` is text that is not in the original."""

    span: Span
    name: Literal["mark", "ins", "del", "span"]
    id: str | None = None
    leads: str | None = None
    inserted: str = ""

    def around(self, html: str, *, begins: bool) -> str:
        """The HTML of a piece of the span in the tag; the piece that `begins` the span has the id."""
        inside = f"{escape(self.inserted)}{html}" if self.inserted else html
        if self.leads:
            inside = f'<a href="#{escape(self.leads)}">{inside}</a>'
        anchor = f' id="{escape(self.id)}"' if self.id and begins else ""
        return f"<{self.name}{anchor}>{inside}</{self.name}>"


Layer = Sequence[Tag]
"""Tags in the order of their spans, which do not overlap."""


def layered(text: str, layers: Sequence[Layer]) -> Markup:
    """The text as HTML with several layers of tags, the first one outermost.

    A tag of an inner layer is cut where it crosses the end of an outer one, since tags must nest.
    """
    return Markup(_layered(text, layers, 0, len(text)))  # noqa: S704 (escaped)


def _layered(text: str, layers: Sequence[Layer], start: int, stop: int) -> str:
    # strings, since a report can have thousands of marks and `Markup` escapes the parts of each once more
    if not layers:
        return str(escape(text[start:stop]))
    outer, inner = layers[0], layers[1:]
    pieces: list[str] = []
    for tag in outer:
        first, last = tag.span
        begin, end = max(first, start), min(last, stop)
        if begin < end or start <= first == last <= stop:
            within = _layered(text, inner, begin, end)
            pieces += [_layered(text, inner, start, begin), tag.around(within, begins=begin == first)]
            start = end
    return "".join([*pieces, _layered(text, inner, start, stop)])


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """The text as HTML with `<mark>` around each span; spans are code points, end exclusive, and may overlap."""
    return layered(text, [[Tag(span, "mark") for span in merged(spans)]])


def numbered(spans: Iterable[Span], first: int, last: int) -> Layer:
    """A layer of marks with ids from `hit-FIRST`; each links to the next, `last` to the first."""
    return [
        Tag(span, "mark", f"hit-{number}", f"hit-{number + 1 if number < last else 1}")
        for number, span in enumerate(merged(spans), first)
    ]
