"""Highlights a query in a text, from the text alone and not from an engine.

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
"""Windows compared in one paragraph; 的 occurs hundreds of times in a long one."""
_STOPS = "。;!?,、"  # in the normal form, in which ； is ;


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


def snippets(text: str, spans: Sequence[Span], form: str | None = None, heading: str = "") -> tuple[Snippet, ...]:
    """Returns the extracts of a text with the most different marks, each within one paragraph, in order.

    Args:
        text: the text.
        spans: the marks, sorted; without any, the beginning of the text below its heading is returned.
        form: the normal form of the text, if known.
        heading: the heading with which the text begins.
    """
    if not spans:
        return (_opening(text, heading),)
    form = normal_form(text) if form is None else form
    windows = [_best_window(form, *paragraph) for paragraph in _paragraphs(form, spans)]
    best = sorted(range(len(windows)), key=lambda number: windows[number][0], reverse=True)[:_SNIPPETS]
    return tuple(_snippet(text, form, *windows[number][1:]) for number in sorted(best))


_Rank = tuple[int, int, int]
"""Different strings marked, marks, and the length of the paragraph."""


def _paragraphs(form: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, list[Span]]]:
    """Yields the start, the end and the spans of each paragraph with any."""
    inside, start, end = list[Span](), 0, -1
    for span in spans:
        if span[0] > end:
            if inside:
                yield start, end, inside
            start, end = form.rfind("\n", 0, span[0]) + 1, form.find("\n", span[0])
            inside, end = [], end if end >= 0 else len(form)
        inside.append(span)
    yield start, end, inside


def _best_window(form: str, first: int, last: int, spans: list[Span]) -> tuple[_Rank, Span, Span, list[Span]]:
    """Returns the window of a paragraph with the most different strings, beginning a little before the first one."""
    starts, strings = [start for start, _ in spans], [form[start:end] for start, end in spans]
    several = len(set(strings)) > 1
    best, window = (0, 0), spans[0]
    low = high = 0
    for start, end in spans[:_WINDOWS]:
        begin = max(first, min(start - _WIDTH // 4, last - _WIDTH))
        low, high = bisect_left(starts, begin, low), bisect_left(starts, begin + _WIDTH, high)
        rank = len(set(strings[low:high])) if several else 1, high - low
        if rank > best:
            best, window = rank, (begin, end)
    return (*best, last - first), (first, last), window, spans


def _snippet(text: str, form: str, paragraph: Span, window: Span, spans: list[Span]) -> Snippet:
    """Returns the window, from one punctuation mark to another if they are near; no mark in it is lost."""
    (first, last), (begin, least) = paragraph, window
    if begin > first:
        lead = next(start for start, end in spans if start >= begin and end <= max(least, begin + _WIDTH))
        begin += _after_last_stop(form[begin:lead])
    end = max(min(last, begin + _WIDTH), least)
    inside = [(start, stop) for start, stop in spans if begin <= start and stop <= end]
    if end < last:
        shortest = max(begin + _WIDTH // 2, *(stop for _, stop in inside))
        if stop := _after_last_stop(form[shortest:end]):
            end = shortest + stop
    return Snippet(text[begin:end], tuple((start - begin, stop - begin) for start, stop in merged(inside)))


def _after_last_stop(form: str) -> int:
    """Returns the offset behind the last punctuation mark, 0 without one."""
    return max(form.rfind(stop) for stop in _STOPS) + 1


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
