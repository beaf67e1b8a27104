"""Scores and lists words by their counts near occurrences and in all texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from archive.errors import InvalidRequest
from indexer.answers.collocates import AdjacentWord, Collocate, CollocateOptions, Collocates, CollocateYear
from indexer.answers.data_version import DataVersion
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.search.collocates.association import Numbers, association, log_ratio

MOST_OCCURRENCES = 2_000_000
"""Occurrences whose windows are counted for one answer."""
ADJACENT = 20
"""Words listed directly on the left and on the right."""


@dataclass(frozen=True, slots=True)
class _Year:
    """The counts and scores of all words in one year."""

    year: int | None
    observed: Ints
    expected: Numbers
    scores: Numbers

    def of(self, number: int) -> CollocateYear:
        expected, score = (round(float(each[number]), 2) for each in (self.expected, self.scores))
        return CollocateYear(self.year, int(self.observed[number]), expected, score)


@dataclass(frozen=True, slots=True)
class CountedWords:
    """The counts of words, sorted, in tables with a row for each word and a column for each year.

    Attributes:
        words, years: the words and the years.
        near, all_: the counts in windows and in all texts.
        left, right: the counts directly beside occurrences.
    """

    words: Sequence[str]
    years: Sequence[int | None]
    near: Ints
    all_: Ints
    left: Ints
    right: Ints

    def answer(
        self, stamp: tuple[str, str, DataVersion], options: CollocateOptions, occurrences: int, *, has_text: bool
    ) -> Collocates:
        total, words = self._listed(options)
        left, right = (self._most_frequent(counts) for counts in (self.left, self.right))
        return Collocates(
            *stamp, options.window, occurrences, int(self.near.sum()), int(self.all_.sum()), total, words, left, right,
            has_text,
        )  # fmt: skip

    def _listed(self, options: CollocateOptions) -> tuple[int, tuple[Collocate, ...]]:
        """Returns how many words an order lists, and the first of them."""
        observed, frequency = self.near.sum(axis=1), self.all_.sum(axis=1)
        expected, scores = association(observed, frequency)
        keys, listed = {
            "attracted": (-scores, (scores > 0) & (observed > 0)),
            "repelled": (scores, scores < 0),
            "count": (-observed, observed > 0),
        }[options.order]
        numbers = np.flatnonzero(listed)
        numbers = numbers[np.argsort(keys[numbers], kind="stable")][: options.most]  # equal ones in the order of words
        ratios = log_ratio(observed, frequency)
        years = self._by_year() if options.by_year else []
        return int(np.count_nonzero(listed)), tuple(
            Collocate(
                word=self.words[number],
                observed=int(observed[number]),
                expected=round(float(expected[number]), 2),
                frequency=int(frequency[number]),
                score=round(float(scores[number]), 2),
                log_ratio=round(float(ratios[number]), 2),
                years=tuple(year.of(number) for year in years),
            )
            for number in numbers.tolist()
        )

    def _by_year(self) -> list[_Year]:
        """Returns the counts of each year that has texts, unknown years last."""
        columns = sorted(
            np.flatnonzero(self.all_.any(axis=0)).tolist(),
            key=lambda column: (self.years[column] is None, self.years[column]),
        )
        return [
            _Year(self.years[column], self.near[:, column], *association(self.near[:, column], self.all_[:, column]))
            for column in columns
        ]

    def _most_frequent(self, counts: Ints) -> tuple[AdjacentWord, ...]:
        totals = counts.sum(axis=1)
        numbers = np.argsort(-totals, kind="stable")[:ADJACENT]
        return tuple(AdjacentWord(self.words[number], int(totals[number])) for number in numbers if totals[number])


def too_many_occurrences(occurrences: int) -> InvalidRequest:
    return InvalidRequest(
        f"共出现 {occurrences:,} 次，搭配词最多统计 {MOST_OCCURRENCES:,} 次。请加上年份、机关或章节的条件。",
        f"There are {occurrences:,} occurrences; collocates are counted for {MOST_OCCURRENCES:,} at most. "
        "Add years, agencies or sections.",
    )
