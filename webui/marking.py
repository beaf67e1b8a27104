"""Text with its hits marked as with a highlighter, everything in it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from indexer import Span


def marked(text: str, spans: Iterable[Span], first_id: int | None = None, last_id: int = 0) -> Markup:
    """The text as HTML with `<mark>` around each span; spans are code points, end exclusive, and may overlap.

    With `first_id`, marks are numbered from it on (`hit-1`), and each is a link to the next; the one numbered
    `last_id` leads back to the first.
    """
    pieces: list[Markup] = []
    end = 0
    for number, (start, stop) in enumerate(joined(spans), first_id or 0):
        pieces += [escape(text[end:start]), _mark(text[start:stop], number, last_id if first_id is not None else None)]
        end = stop
    return Markup("").join([*pieces, escape(text[end:])])


def _mark(text: str, number: int, last_id: int | None) -> Markup:
    if last_id is None:
        return Markup("<mark>{}</mark>").format(text)
    following = number + 1 if number < last_id else 1
    return Markup('<mark id="hit-{}"><a href="#hit-{}">{}</a></mark>').format(number, following, text)


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
