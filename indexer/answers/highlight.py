"""Highlights a query in a text, from the text alone and not from an engine.

Offsets count code points, ends are exclusive. A text and its normal form have the same offsets.
"""

from __future__ import annotations

import itertools
import re
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
_LEAD = _WIDTH // 4
"""Characters of a snippet before its first mark."""
_SNIPPETS = 2
_WINDOWS = 20
"""Windows compared in one paragraph; 的 occurs hundreds of times in a long one."""
_LAST_STOP = re.compile(r"(?s:.*)[。;!?,、]")  # in the normal form, in which ； is ;


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
    spans = (each for leaf in positive_texts(tree) for each in leaf_spans(leaf, form, words))
    return tuple(sorted({span for each in spans for span in each}))


def leaf_spans(leaf: Text, form: str, words: Tokenizer) -> tuple[Iterable[Span], Iterable[Span]]:
    """Returns the occurrences of a leaf in a text in the normal form, and what is marked and does not count."""
    match leaf:
        case Term(text):
            return _term(normal_form(text), form, words), ()
        case Near(left, distance, right):
            one, other = ([span for each in side for span in _exact(each, form, words)] for side in (left, right))
            return _near(one, other, distance, form), _near(other, one, distance, form)
        case _:
            return _exact(leaf, form, words), ()


def _exact(leaf: Exact, form: str, words: Tokenizer) -> Iterable[Span]:
    match leaf:
        case Phrase(text):
            return _occurrences(normal_form(text), form)
        case Word(text):
            return _occurrences(normal_form(text), form, {0, *itertools.accumulate(map(len, words.cut(form)))})
        case Gapped(texts, _):
            forms = tuple(map(normal_form, texts))
            offsets = [np.array(_offsets(wanted, form), np.int64) for wanted in forms if wanted]
            starts, stops = proximity.gapped(offsets, forms, leaf.widths, _breaks(form))
            kept = proximity.without_overlap(starts, stops)
            return zip(starts[kept].tolist(), stops[kept].tolist(), strict=True)


def _term(wanted: str, form: str, words: Tokenizer) -> Iterator[Span]:
    if wanted in form:
        yield from _occurrences(wanted, form)
        return
    parts = words.words(wanted)
    if all(part in form for part in parts) and words.words_and_parts(form).issuperset(parts):
        for part in parts:
            yield from _occurrences(part, form)


def _near(ones: list[Span], others: list[Span], distance: int, form: str) -> Iterator[Span]:
    """Yields the spans of `ones` that have one of `others` near."""
    left, right = (np.array(spans, np.int64).reshape(-1, 2).T for spans in (ones, others))
    return itertools.compress(ones, proximity.near((left[0], left[1]), (right[0], right[1]), distance, _breaks(form)))


def _breaks(form: str) -> NDArray[np.int64]:
    return np.array([-1, *_offsets("\n", form), len(form)], np.int64)


def _offsets(wanted: str, form: str) -> list[int]:
    """Returns the offsets of a string, overlapping ones included."""
    offsets, start = list[int](), form.find(wanted)
    while start >= 0:
        offsets.append(start)
        start = form.find(wanted, start + 1)
    return offsets


def _occurrences(wanted: str, form: str, boundaries: set[int] | None = None) -> Iterator[Span]:
    """Yields the occurrences from left to right without overlap, of those with both ends at a boundary."""
    start = form.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if boundaries is None or {start, end} <= boundaries:
            yield start, end
            start = form.find(wanted, end)
        else:
            start = form.find(wanted, start + 1)


_Window = tuple[tuple[int, int, int], int, int, int, int, Sequence[Span]]
"""A rank (different strings marked, marks, length of the paragraph), the bounds of the paragraph, where the window
begins, where it ends at the earliest, and the spans of the paragraph."""


def snippets(
    text: str, spans: Sequence[Span], form: str | None = None, heading: str = "", *, alike: bool = False
) -> tuple[Snippet, ...]:
    """Returns the extracts of a text with the most different marks, each within one paragraph, in order.

    Args:
        text: the text.
        spans: the marks, sorted; without any, the beginning of the text below its heading is returned.
        form: the normal form of the text, if known.
        heading: the heading with which the text begins.
        alike: whether all marks are known to have the same string in the normal form.
    """
    if not spans:
        return (_opening(text, heading),)
    form = normal_form(text) if form is None else form
    paragraphs = [*_paragraphs(form, spans)]
    if len(paragraphs) <= _SNIPPETS and all(last - first <= _WIDTH for first, last, _ in paragraphs):
        return tuple([_whole(text, *paragraph) for paragraph in paragraphs])  # most hits
    windows = [_best_window(form, *paragraph, alike=alike) for paragraph in paragraphs]
    if len(windows) > _SNIPPETS:
        best = sorted(range(len(windows)), key=lambda number: windows[number][0], reverse=True)[:_SNIPPETS]
        windows = [windows[number] for number in sorted(best)]
    return tuple([_snippet(text, form, window) for window in windows])


def _paragraphs(form: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, Sequence[Span]]]:
    """Yields the start, the end and the spans of each paragraph with any."""
    first, start, end = 0, 0, -1
    for number, (begin, _) in enumerate(spans):
        if begin > end:
            if number:
                yield start, end, spans[first:number]
            first, start, end = number, form.rfind("\n", 0, begin) + 1, form.find("\n", begin)
            if end < 0:
                break  # the last paragraph
    yield start, end if end >= 0 else len(form), spans[first:]


def _best_window(form: str, first: int, last: int, spans: Sequence[Span], *, alike: bool) -> _Window:
    """Returns the window of a paragraph with the most different strings, beginning a little before the first one."""
    count, (start, end) = len(spans), spans[0]
    if count == 1:
        return (1, 1, last - first), first, last, max(first, min(start - _LEAD, last - _WIDTH)), end, spans
    strings = () if alike else [form[start:end] for start, end in spans]
    different = len(set(strings)) or 1
    if last - first <= _WIDTH:  # every window is the whole paragraph
        return (different, count, last - first), first, last, first, end, spans
    starts = [start for start, _ in spans]
    best, window = (0, 0), spans[0]
    low = high = 0
    for start, end in spans[:_WINDOWS]:
        begin = max(first, min(start - _LEAD, last - _WIDTH))
        low, high = bisect_left(starts, begin, low), bisect_left(starts, begin + _WIDTH, high)
        rank = len(set(strings[low:high])) if different > 1 else 1, high - low
        if rank > best:
            best, window = rank, (begin, end)
    return (*best, last - first), first, last, *window, spans


def _whole(text: str, first: int, last: int, spans: Sequence[Span]) -> Snippet:
    """Returns a paragraph with all its marks."""
    marked = spans if len(spans) == 1 else merged(spans)
    return Snippet(text[first:last], tuple([(start - first, stop - first) for start, stop in marked]))


def _snippet(text: str, form: str, window: _Window) -> Snippet:
    """Returns the window, from one punctuation mark to another if they are near; no mark in it is lost."""
    _, first, last, begin, least, spans = window
    if begin > first:
        most = max(least, begin + _WIDTH)
        lead = next(start for start, end in spans if start >= begin and end <= most)
        begin = _after_last_stop(form, begin, lead) or begin
    end = max(min(last, begin + _WIDTH), least)
    inside = spans if len(spans) == 1 else [span for span in spans if begin <= span[0] and span[1] <= end]
    if end < last:
        shortest = max(begin + _WIDTH // 2, *[stop for _, stop in inside])
        end = _after_last_stop(form, shortest, end) or end
    return Snippet(text[begin:end], tuple([(start - begin, stop - begin) for start, stop in merged(inside)]))


def _after_last_stop(form: str, first: int, last: int) -> int | None:
    """Returns the offset behind the last punctuation mark of a range, None without one."""
    found = _LAST_STOP.match(form, first, last)
    return found and found.end()


def merged(spans: Iterable[Span]) -> list[Span]:
    """Returns spans in order, with those that overlap merged, so that nothing is marked twice."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _opening(text: str, heading: str) -> Snippet:
    first = next(filter(None, text.removeprefix(heading).split("\n")), heading)
    return Snippet(first[:_WIDTH], ())
