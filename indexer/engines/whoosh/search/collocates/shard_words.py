"""The words of one shard: where they stand, which they are, and in which sentence."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.answers.boundaries import SENTENCE_MARKS
from indexer.engines.whoosh.columns.mmap_columns import Shard
from indexer.engines.whoosh.columns.tokens import NUMBERS, TEXTS, token_ends
from indexer.engines.whoosh.columns.utf16 import BREAK
from indexer.text.tokenizer import is_word

Offsets = NDArray[np.int32]
OFFSET = np.int32
"""The type of offsets in a shard, and of numbers of words."""
_NO_WORD = -1
_FIRST = np.zeros(1, OFFSET)
# For each code unit, whether it ends a sentence: looking it up is ten times as fast as comparing with each mark.
_IS_BREAK = np.zeros(1 << 16, np.bool_)
_IS_BREAK[[BREAK, *map(ord, SENTENCE_MARKS)]] = True


@dataclass(frozen=True, slots=True)
class WordNumbers:
    """The different words of an index, sorted, so that the order of numbers is the order of words.

    `of_tokens` has, for each shard, the number of each token text, -1 for punctuation and white space.
    """

    words: Sequence[str]
    of_tokens: Sequence[Offsets]

    def number(self, word: str) -> int | None:
        """Returns the number of a word in the normal form."""
        place = bisect_left(self.words, word)
        return place if place < len(self.words) and self.words[place] == word else None


def read_word_numbers(shards: Sequence[Shard]) -> WordNumbers:
    """Reads the words of all shards."""
    texts: list[list[str]] = [json.loads((shard.directory / TEXTS).read_text("ascii")) for shard in shards]
    words = sorted({text for each in texts for text in each if is_word(text)})
    numbers = {word: number for number, word in enumerate(words)}
    return WordNumbers(words, [np.array([numbers.get(text, _NO_WORD) for text in each], OFFSET) for each in texts])


@dataclass(frozen=True, slots=True)
class ShardWords:
    """The words of a shard in order, punctuation left out. The numbers are of 32 bits, so that more shards are cached.

    Attributes:
        starts, ends: their bounds, in units of the shard.
        numbers: their numbers among the words of the index.
        breaks: the offsets of the marks that end a sentence, and of line feeds.
        sentences: the number of breaks before each word; equal for the words of one sentence.
    """

    starts: Offsets
    ends: Offsets
    numbers: Offsets
    breaks: Offsets
    sentences: Offsets

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in (self.starts, self.ends, self.numbers, self.breaks, self.sentences))


def read_words(shard: Shard, of_tokens: Offsets) -> ShardWords:
    """Reads the words of a shard."""
    stored = np.fromfile(shard.directory / "stored.u2", "<u2")
    ends = token_ends(shard.directory, len(stored)).astype(OFFSET)
    numbers = of_tokens[np.fromfile(shard.directory / NUMBERS, "<u4")]
    are_words = np.flatnonzero(numbers != _NO_WORD)
    starts = np.concatenate((_FIRST, ends[:-1]))[are_words]
    breaks = np.flatnonzero(_IS_BREAK[stored]).astype(OFFSET)
    # as `searchsorted(breaks, starts)`, of which there are ten times as many; the first unit of a word is no break
    bounds = np.concatenate(([0], np.searchsorted(starts, breaks), [len(starts)]))
    before = np.repeat(np.arange(len(breaks) + 1, dtype=OFFSET), np.diff(bounds))
    return ShardWords(starts, ends[are_words], numbers[are_words], breaks, before)
