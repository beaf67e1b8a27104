"""Text with its hits marked as with a highlighter, everything in it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from indexer import Span


def marked(text: str, spans: Iterable[Span], first_id: int | None = None) -> Markup:
    """The text as HTML with `<mark>` around each span; spans are code points, end exclusive, and may overlap.

    With `first_id`, marks are numbered from it on (`hit-1`), so that a link can lead to each.
    """
    pieces: list[Markup] = []
    end = 0
    for number, (start, stop) in enumerate(joined(spans), first_id or 0):
        name = Markup(' id="hit-{}"').format(number) if first_id is not None else Markup("")
        pieces += [escape(text[end:start]), Markup("<mark{}>{}</mark>").format(name, text[start:stop])]
        end = stop
    return Markup("").join([*pieces, escape(text[end:])])


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that overlap made one: a highlighter does not mark twice."""
    current: Span | None = None
    for start, stop in sorted(spans):
        if current is None:
            current = (start, stop)
        elif start < current[1]:
            current = (current[0], max(current[1], stop))
        else:
            yield current
            current = (start, stop)
    if current is not None:
        yield current
