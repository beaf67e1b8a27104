"""Counts the words near occurrences in the stored texts of sections.

All texts that pass the filters are read and cut into words: as the number of sections grows, so does the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from archive.errors import InvalidRequest
from archive.text.normalize import normal_form
from indexer.answers.boundaries import SENTENCE_MARKS
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates, Window
from indexer.answers.data_version import DataVersion
from indexer.answers.highlight import Span
from indexer.engines.opensearch.search.matches import Matches
from indexer.engines.opensearch.search.scored_clauses import Clause
from indexer.engines.opensearch.search.stored_sections import StoredSection, texts_of
from indexer.engines.whoosh.search.collocates.counted_words import (
    MOST_OCCURRENCES,
    CountedWords,
    too_many_occurrences,
)
from indexer.engines.whoosh.search.collocates.shard_words import OFFSET, ShardWords
from indexer.engines.whoosh.search.collocates.windows import near_words
from indexer.text.tokenizer import Tokenizer, is_word

MOST_SECTIONS = 50_000
"""Sections whose words are counted for one answer: about five milliseconds each."""

Counts = dict[int | None, Counter[str]]
"""The counts of words by year."""


def collocates(
    stamp: tuple[str, str, DataVersion], matches: Matches, texts: Clause, options: CollocateOptions
) -> Collocates:
    """Returns the words near the occurrences of a query, compared with all words of the sections of a clause.

    Raises:
        InvalidRequest: for too many occurrences or sections.
    """
    occurrences = sum(matches.occurrences().values()) if matches.has_text else 0
    if occurrences > MOST_OCCURRENCES:
        raise too_many_occurrences(occurrences)
    near, left, right, all_ = Counts(), Counts(), Counts(), Counts()
    if occurrences:
        size = matches.sections.count(texts)
        if size > MOST_SECTIONS:
            raise _too_many_sections(size)
        windows = ((near, options.window), (left, Window(1, "left")), (right, Window(1, "right")))
        for section, spans in matches.found():
            words = _Words.of(section, matches)
            for counts, window in windows:
                _add(counts, section.year, (words.text(span) for span in words.near(spans, window)))
        for section in matches.sections.scan(texts, texts_of(matches.scope.where)):
            words = _Words.of(section, matches)
            _add(all_, section.year, map(words.text, words.spans))
    years = [*all_]
    listed = sorted({word for counts in all_.values() for word in counts})
    tables = (_table(counts, listed, years) for counts in (near, all_, left, right))
    return CountedWords(listed, years, *tables).answer(stamp, options, occurrences, has_text=matches.has_text)


def words_found(matches: Matches, by: CollocateFilter) -> Iterator[tuple[StoredSection, list[Span]]]:
    """Yields the matching sections with the occurrences of one word in the windows of a query."""
    for section, spans in matches.found():
        words = _Words.of(section, matches)
        yield section, [span for span in words.near(spans, by.window) if words.text(span) == by.word]


class _Words:
    """The words of a text in order, punctuation left out."""

    def __init__(self, text: str, words: Tokenizer) -> None:
        self.form = normal_form(text)
        self.spans = [*_spans(words.cut(self.form))]
        starts, ends = np.array(self.spans, OFFSET).reshape(-1, 2).T
        breaks = np.array([at for at, mark in enumerate(text) if mark in _BREAKS], OFFSET)
        numbers = np.arange(len(starts), dtype=OFFSET)
        self._words = ShardWords(starts, ends, numbers, breaks, np.searchsorted(breaks, starts).astype(OFFSET))

    @classmethod
    def of(cls, section: StoredSection, matches: Matches) -> _Words:
        return cls(section.text(matches.scope.where), section.words)

    def text(self, span: Span) -> str:
        return self.form[span[0] : span[1]]

    def near(self, spans: Iterable[Span], window: Window) -> list[Span]:
        """Returns the words in the windows of spans, each once."""
        starts, ends = np.array([*spans], np.int64).reshape(-1, 2).T
        return [self.spans[number] for number in np.flatnonzero(near_words(self._words, starts, ends, window))]


_NONE = Counter[str]()
_BREAKS = frozenset("\n" + SENTENCE_MARKS)


def _spans(pieces: Iterable[str]) -> Iterator[Span]:
    start = 0
    for piece in pieces:
        if is_word(piece):
            yield start, start + len(piece)
        start += len(piece)


def _add(counts: Counts, year: int | None, words: Iterable[str]) -> None:
    counts.setdefault(year, Counter()).update(words)


def _table(counts: Mapping[int | None, Counter[str]], words: list[str], years: list[int | None]) -> NDArray[np.int64]:
    rows = [[counts.get(year, _NONE)[word] for year in years] for word in words]
    return np.array(rows, np.int64).reshape(len(words), len(years))


def _too_many_sections(sections: int) -> InvalidRequest:
    return InvalidRequest(
        f"在搜索集群上，搭配词最多统计 {MOST_SECTIONS:,} 个章节，现有 {sections:,} 个。请加上年份、机关或章节的条件。",
        f"In a search cluster, collocates are counted in {MOST_SECTIONS:,} sections at most; there are {sections:,}. "
        "Add years, agencies or sections.",
    )
