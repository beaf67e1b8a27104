"""Collocates: the words near an occurrence, compared with all words of the texts.

Words are those of the tokenizer; punctuation is not one. The window of an occurrence has up to `size` words on a side,
of the same sentence, without the words that the occurrence contains or cuts. A word that is near several occurrences
counts once. `expected` is the count of a word in the windows if it were as frequent there as in all texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, get_args

from archive.errors import Language
from archive.export.csv import TableData
from archive.export.json_types import Count
from archive.text.clean import clean_part
from archive.text.normalize import normal_form
from indexer.answers.data_version import DataVersion

Side = Literal["both", "left", "right"]
CollocateOrder = Literal["attracted", "repelled", "count"]
"""The largest log-likelihood first, the smallest (negative) first, or the most frequent near the occurrences first."""
SIDES: tuple[Side, ...] = get_args(Side)
COLLOCATE_ORDERS: tuple[CollocateOrder, ...] = get_args(CollocateOrder)
WINDOW, MOST_WINDOW = 5, 10
"""Words on each side, by default and at most: further away, a sentence of these reports says something else."""


@dataclass(frozen=True, slots=True)
class Window:
    """The words near an occurrence: up to `size` on the `side`."""

    size: Count = WINDOW
    side: Side = "both"

    def sentence(self, language: Language) -> str:
        zh = {"both": "左右各", "left": "左边", "right": "右边"}[self.side]
        en = {"both": "on each side", "left": "on the left", "right": "on the right"}[self.side]
        if language == "zh":
            return f"同一句中{zh} {self.size} 个词以内"
        return f"within {self.size} {'word' if self.size == 1 else 'words'} {en} in the same sentence"


@dataclass(frozen=True, slots=True)
class CollocateOptions:
    """What is counted near occurrences, and the `most` words that are listed."""

    window: Window = Window()
    order: CollocateOrder = "attracted"
    most: Count = 30
    by_year: bool = False


@dataclass(frozen=True, slots=True)
class CollocateFilter:
    """A word, in the normal form, in the windows of a query: its concordance has a line for each of them."""

    word: str
    window: Window = Window()

    @classmethod
    def typed(cls, word: str, window: Window) -> CollocateFilter:
        """Returns the filter of a word in the form in which the index has it."""
        return cls(normal_form(clean_part(word)), window)

    def sentence(self, language: Language) -> str:
        """Returns the condition as an addition to the interpretation of the query."""
        if language == "zh":
            return f"；列出其{self.window.sentence(language)}的词“{self.word}”"
        return f"; the word “{self.word}” {self.window.sentence(language)} is listed"


@dataclass(frozen=True, slots=True)
class CollocateYear:
    """A word in the windows of one year, compared with the texts of that year."""

    year: int | None
    observed: Count
    expected: float
    score: float


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near the occurrences.

    Attributes:
        word: the word in the normal form.
        observed: how often it is in a window.
        expected: how often it would be if it were as frequent there as in all texts.
        frequency: how often it is in all texts.
        score: the log-likelihood ratio of Dunning (1993), negative if it is less frequent than expected.
        log_ratio: the binary logarithm of its share of the words in windows over its share of the other words.
        years: the same by year, if requested.
    """

    word: str
    observed: Count
    expected: float
    frequency: Count
    score: float
    log_ratio: float
    years: tuple[CollocateYear, ...] = ()


@dataclass(frozen=True, slots=True)
class AdjacentWord:
    """A word directly beside an occurrence, and how often."""

    word: str
    count: Count


@dataclass(frozen=True, slots=True)
class Collocates:
    """The words near the occurrences of a query.

    Attributes:
        query, reading, as_of: the query, its interpretation and the data version.
        window: which words are near.
        occurrences: the occurrences of the query.
        window_words: the words in their windows, each once.
        all_words: the words of all texts that pass the filters and the fields of the query.
        total: the number of words that the order lists: those more frequent than expected (`attracted`), those less
            frequent (`repelled`), or all words near an occurrence (`count`).
        words: the first of them in the requested order.
        left, right: the words directly on the left and on the right, the most frequent first.
        has_text: whether the query has text to find.
    """

    query: str
    reading: str
    as_of: DataVersion
    window: Window
    occurrences: Count
    window_words: Count
    all_words: Count
    total: Count
    words: tuple[Collocate, ...]
    left: tuple[AdjacentWord, ...]
    right: tuple[AdjacentWord, ...]
    has_text: bool = True


_CELLS = ("observed", "expected", "frequency", "score", "log_ratio")
_STAMP = ("occurrences", "window_words", "all_words", "window", "side", "query", "reading")
_STAMPED = ("occurrences", "window_words", "all_words", "window.size", "window.side", "query", "reading")


def collocates_table(found: Collocates, language: Language, *, by_year: bool) -> TableData:
    """The words, or a row for each word and year, with the totals and the query in the last columns."""
    stamp = (*attrgetter(*_STAMPED)(found), found.as_of.sentence(language, full=True))
    if by_year:
        columns = ("word", "year", "observed", "expected", "score")
        return (*columns, *_STAMP, "as_of"), ((*row, *stamp) for row in _by_year(found))
    rows = ((word.word, *attrgetter(*_CELLS)(word), *stamp) for word in found.words)
    return ("word", *_CELLS, *_STAMP, "as_of"), rows


def _by_year(found: Collocates) -> Iterator[tuple[object, ...]]:
    for word in found.words:
        for year in word.years:
            yield word.word, year.year, year.observed, year.expected, year.score
