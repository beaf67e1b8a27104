"""Counts the words in the windows of occurrences and in all texts, and scores the difference."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.answers.collocates import (
    CollocateFilter,
    CollocateOptions,
    Collocates,
    Window,
)
from indexer.answers.data_version import DataVersion
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.collocates.counted_words import MOST_OCCURRENCES, CountedWords, too_many_occurrences
from indexer.engines.whoosh.search.collocates.shard_words import (
    OFFSET,
    Offsets,
    ShardWords,
    WordNumbers,
    read_word_numbers,
    read_words,
)
from indexer.engines.whoosh.search.collocates.windows import near_words
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.matching.spans import NO_SPANS, Spans
from indexer.query.ast import Where
from indexer.sized_cache import SizedCache

_WORDS_BYTES = 192 << 20
_COUNTS_BYTES = 128 << 20
_BATCH = 4 << 20
"""Words that are counted at once: a table of a large archive has millions of entries, more than a shard has words."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of sections, whose words are compared with those near occurrences; `key` names them in a cache."""

    sections: Bools
    where: Where
    key: Hashable


class _WordCounts:
    """Counts words by their number and the year of their text."""

    def __init__(self, empty: Ints, codes: Ints, sections: int) -> None:
        self._shape, self._counts = empty.shape, empty.ravel()
        self._codes, self._sections = codes, sections
        self._waiting: list[Ints] = []

    def add(self, numbers: Offsets, texts: Ints) -> None:
        """Adds words, given as their numbers and the texts that contain them."""
        self._waiting.append(numbers.astype(np.int64) * self._shape[1] + self._codes[texts % self._sections])
        if sum(map(len, self._waiting)) > _BATCH:
            self._sum_up()

    def table(self) -> Ints:
        if self._waiting:
            self._sum_up()
        return self._counts.reshape(self._shape)

    def _sum_up(self) -> None:
        self._counts = self._counts + np.bincount(np.concatenate(self._waiting), minlength=len(self._counts))
        self._waiting.clear()


class Collocation:
    """Counts the words of one index near occurrences.

    Counts are tables with a row for each word of the index and a column for each code of a year.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._words = SizedCache[ShardWords](_WORDS_BYTES, lambda words: words.nbytes)
        self._all_counts = SizedCache[Ints](_COUNTS_BYTES, lambda counts: counts.nbytes)

    def answer(
        self, stamp: tuple[str, str, DataVersion], result: ResultSet, texts: Texts, options: CollocateOptions
    ) -> Collocates:
        """Returns the words near the occurrences of a result, which are in the texts.

        Raises:
            InvalidRequest: for too many occurrences.
        """
        occurrences = result.count if result.has_text else 0
        if occurrences > MOST_OCCURRENCES:
            raise too_many_occurrences(occurrences)
        windows = (options.window, Window(1, "left"), Window(1, "right"))
        key = (texts.where, texts.key)
        all_ = self._all_counts.find(key) if occurrences else self._no_counts
        near, counted_texts = self._count(
            result.occurrences if occurrences else NO_SPANS, windows, texts, of_texts=all_ is None
        )
        if all_ is None:
            all_ = counted_texts
            self._all_counts.keep(key, all_)
        counted = CountedWords(self._numbers.words, self._years, near[0], all_, *near[1:])
        return counted.answer(stamp, options, occurrences, has_text=result.has_text)

    def lines(self, spans: Spans, by: CollocateFilter) -> Spans:
        """Returns the spans of one word in the windows of spans."""
        wanted = self._numbers.number(by.word)
        if wanted is None:
            return NO_SPANS
        starts, lengths = [NO_SPANS.starts], [NO_SPANS.starts]
        for _, shift, words, near in self._near(spans, by.window):
            places = np.flatnonzero(near & (words.numbers == wanted))
            starts.append(words.starts[places].astype(np.int64) + shift)
            lengths.append(words.ends[places] - words.starts[places])
        return Spans(np.concatenate(starts), np.concatenate(lengths))

    def _count(
        self, spans: Spans, windows: Sequence[Window], texts: Texts, *, of_texts: bool
    ) -> tuple[list[Ints], Ints]:
        """Returns the counts of the words in each kind of window of spans, and of the words of texts.

        Each shard is read once: the words of a large archive do not fit the cache.
        """
        parts = defaultdict[int, list[tuple[int, slice]]](list)
        for number, shift, part in self._columns.normal.parts(spans.starts):
            parts[number].append((shift, part))
        near, all_ = [self._empty() for _ in windows], self._empty()
        for number in range(len(self._columns.shards)) if of_texts else sorted(parts):
            words = self._shard(number)
            of_words = self._texts(number, words)
            if of_texts:
                wanted = self._wanted(texts, of_words)
                all_.add(words.numbers[wanted], of_words[wanted])
            for shift, part in parts[number]:
                here = spans.select(part)
                for window, counts in zip(windows, near, strict=True):
                    chosen = near_words(words, here.starts - shift, here.ends - shift, window)
                    counts.add(words.numbers[chosen], of_words[chosen])
        return [counts.table() for counts in near], all_.table()

    def _wanted(self, texts: Texts, of_words: Ints) -> Bools:
        wanted: Bools = texts.sections[of_words % self._columns.size]
        if texts.where != "all":
            wanted &= (of_words < self._columns.size) == (texts.where == "text")
        return wanted

    def _empty(self) -> _WordCounts:
        return _WordCounts(self._no_counts, self._columns.facets["year"].codes, self._columns.size)

    @functools.cached_property
    def _numbers(self) -> WordNumbers:
        return read_word_numbers(self._columns.shards)

    def _shard(self, number: int) -> ShardWords:
        return self._words.get(
            number, lambda: read_words(self._columns.shards[number], self._numbers.of_tokens[number])
        )

    def _near(self, spans: Spans, window: Window) -> Iterator[tuple[int, int, ShardWords, Bools]]:
        """Yields, for each part of a shard, its number, the shift of its offsets, its words and which are near."""
        for number, shift, part in self._columns.normal.parts(spans.starts):
            words, here = self._shard(number), spans.select(part)
            yield number, shift, words, near_words(words, here.starts - shift, here.ends - shift, window)

    def _texts(self, number: int, words: ShardWords) -> Ints:
        """Returns the text number of each word of a shard."""
        shard, size, bounds = self._columns.shards[number], self._columns.size, self._columns.bounds
        first, last = shard.section, shard.section + shard.sections
        starts = np.append(bounds[first:last] - shard.text, bounds[size + first : size + last] - shard.cells)
        starts[shard.sections :] += shard.text_units
        counts = np.diff(np.append(np.searchsorted(words.starts, starts.astype(OFFSET)), len(words.starts)))
        return np.repeat(np.append(np.arange(first, last), np.arange(size + first, size + last)), counts)

    @functools.cached_property
    def _years(self) -> list[int | None]:
        """The year of each code."""
        values = self._columns.facets["year"].values if "year" in self._columns.facets else ()
        return [year if isinstance(year, int) else None for year in values]

    @functools.cached_property
    def _no_counts(self) -> Ints:
        return np.zeros((len(self._numbers.words), len(self._years)), np.int64)
