"""Where the words of a query stand in a text: found in the text itself, never taken from an engine.

Offsets count code points, ends are exclusive. A text and its normal form have the same offsets.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.text.normalize import normal_form
from indexer.answers import proximity
from indexer.answers.engine import Snippet
from indexer.query.ast import Exact, Gapped, Near, Phrase, Term, Text, Where, Word, positive_texts, scope_of
from indexer.query.parser import parse
from indexer.text.tokenizer import Tokenizer

Span = tuple[int, int]

_WIDTH = 110
"""Characters of a snippet."""
_SNIPPETS = 2
_WINDOWS = 20
"""Windows looked at in one paragraph; 的 stands in a long one some hundred times."""
_STOPS = "。;!?,、"  # in the normal form, where ； is ;


def marks(text: str, query: str, where: Where = "text") -> tuple[Span, ...]:
    """Returns the distinct spans that a query marks in a text of a section, in order.

    A phrase marks its occurrences, counted from the left without overlap; `word:` those whose ends are ends of words;
    a plain string its occurrences as a whole, or, in a section without the whole, those of its words; NEAR the left
    operands that have a right one near, which are occurrences, and these right ones, which are not.

    Args:
        text: running text, or the text of a table cell.
        query: the query; one that does not search there (`in:tables`) marks nothing.
        where: whether the text is running text (`text`), a table cell (`tables`) or both (`all`).

    Raises:
        QueryError: for a query that cannot be read.
    """
    tree = parse(query)
    if where not in ("all", scope_of(tree).where) and scope_of(tree).where != "all":
        return ()
    form, words = normal_form(text), Tokenizer()
    return tuple(sorted({span for leaf in positive_texts(tree) for span in _spans(leaf, form, words)}))


def _spans(leaf: Text, form: str, words: Tokenizer) -> Iterable[Span]:
    match leaf:
        case Term(text):
            return _term(normal_form(text), form, words)
        case Near(left, distance, right):
            one, other = ([span for each in side for span in _exact(each, form, words)] for side in (left, right))
            return [*_near(one, other, distance, form), *_near(other, one, distance, form)]
        case _:
            return _exact(leaf, form, words)


def _exact(leaf: Exact, form: str, words: Tokenizer) -> Iterable[Span]:
    match leaf:
        case Phrase(text):
            return _occurrences(normal_form(text), form)
        case Word(text):
            ends = {0, *itertools.accumulate(map(len, words.cut(form)))}
            return _occurrences(normal_form(text), form, ends)
        case Gapped(texts, _):
            forms = tuple(map(normal_form, texts))
            places = [np.array(_places(wanted, form), np.int64) for wanted in forms if wanted]
            starts, stops = proximity.gapped(places, forms, leaf.widths, _breaks(form))
            kept = proximity.without_overlap(starts, stops)
            return zip(starts[kept].tolist(), stops[kept].tolist(), strict=True)


def _term(wanted: str, form: str, words: Tokenizer) -> Iterator[Span]:
    if wanted in form:
        yield from _occurrences(wanted, form)
        return
    parts = words.words(wanted)
    if all(part in form for part in parts) and words.held(form).issuperset(parts):
        for part in parts:
            yield from _occurrences(part, form)


def _near(ones: list[Span], others: list[Span], distance: int, form: str) -> Iterator[Span]:
    """Those of the first spans that have one of the others near."""
    left, right = (
        (np.array([start for start, _ in spans], np.int64), np.array([end for _, end in spans], np.int64))
        for spans in (ones, others)
    )
    return itertools.compress(ones, proximity.near(left, right, distance, _breaks(form)))


def _breaks(form: str) -> NDArray[np.int64]:
    return np.array([-1, *_places("\n", form), len(form)], np.int64)


def _places(wanted: str, form: str) -> list[int]:
    """Every place, overlapping ones too."""
    places, start = [], form.find(wanted)
    while start >= 0:
        places.append(start)
        start = form.find(wanted, start + 1)
    return places


def _occurrences(wanted: str, form: str, ends: set[int] | None = None) -> Iterator[Span]:
    start = form.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if ends is None or {start, end} <= ends:
            yield start, end
            start = form.find(wanted, end)
        else:
            start = form.find(wanted, start + 1)


def snippets(text: str, found: Sequence[Span], form: str | None = None, heading: str = "") -> tuple[Snippet, ...]:
    """The pieces of a text that show best what was found, each within one paragraph, in the order of the text.

    Without anything found, the beginning of the text below its heading. Who has the normal form of the text gives it,
    and who knows the heading that it begins with, that.
    """
    if not found:
        return (_opening(text, heading),)
    form = normal_form(text) if form is None else form
    windows = [_best_window(form, start, end, inside) for start, end, inside in _paragraphs(form, found)]
    best = sorted(range(len(windows)), key=lambda place: windows[place][0], reverse=True)[:_SNIPPETS]
    return tuple(_shown(text, form, *windows[place][1:]) for place in sorted(best))


_Worth = tuple[int, int, int]
"""Different strings marked, marks, and the length of the paragraph."""


def _paragraphs(form: str, found: Sequence[Span]) -> Iterator[tuple[int, int, list[Span]]]:
    """The paragraphs in which something was found, with that."""
    spans, start, end = list[Span](), 0, -1
    for span in found:
        if span[0] > end:
            if spans:
                yield start, end, spans
            start, end = form.rfind("\n", 0, span[0]) + 1, form.find("\n", span[0])
            spans, end = [], end if end >= 0 else len(form)
        spans.append(span)
    yield start, end, spans


def _best_window(form: str, first: int, last: int, inside: list[Span]) -> tuple[_Worth, Span, Span, list[Span]]:
    """The window of a paragraph with the most different words in it, led by a little of what stands before them."""

    starts, strings = [start for start, _ in inside], [form[start:end] for start, end in inside]
    several = len(set(strings)) > 1
    best, window = (0, 0), inside[0]
    low = high = 0
    for start, end in inside[:_WINDOWS]:
        begin = max(first, min(start - _WIDTH // 4, last - _WIDTH))
        low, high = bisect_left(starts, begin, low), bisect_left(starts, begin + _WIDTH, high)
        worth = len(set(strings[low:high])) if several else 1, high - low
        if worth > best:
            best, window = worth, (begin, end)
    return (*best, last - first), (first, last), window, inside


def _shown(text: str, form: str, paragraph: Span, window: Span, inside: list[Span]) -> Snippet:
    """The window as a snippet, from one stop to another where they are near; no hit is lost by that."""
    (first, last), (begin, least) = paragraph, window
    if begin > first:
        lead = next(start for start, end in inside if start >= begin and end <= max(least, begin + _WIDTH))
        begin += _last_stop(form[begin:lead])
    end = max(min(last, begin + _WIDTH), least)
    shown = [(at, upto) for at, upto in inside if begin <= at and upto <= end]
    if end < last:
        shortest = max(begin + _WIDTH // 2, *(upto for _, upto in shown))
        if stop := _last_stop(form[shortest:end]):
            end = shortest + stop
    return Snippet(text[begin:end], tuple((at - begin, upto - begin) for at, upto in _merged(shown)))


def _last_stop(form: str) -> int:
    """Where the text behind its last stop begins, 0 without one."""
    return max(form.rfind(stop) for stop in _STOPS) + 1


def _merged(spans: list[Span]) -> list[Span]:
    """Spans that overlap as one, so that a highlighter can walk from left to right."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _opening(text: str, heading: str) -> Snippet:
    first = next(filter(None, text.removeprefix(heading).split("\n")), heading)
    return Snippet(first[:_WIDTH], ())
