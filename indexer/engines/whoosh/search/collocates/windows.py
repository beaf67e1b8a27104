"""The words near spans: so many words to the left or right, in the sentence of the span."""

from __future__ import annotations

import numpy as np

from indexer.answers.collocates import Window
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.search.collocates.shard_words import OFFSET, Offsets, ShardWords


def near_words(words: ShardWords, starts: Ints, ends: Ints, window: Window) -> Bools:
    """Returns which words of a shard are in the window of a span, each word once, however many spans it is near.

    A word that a span contains or cuts is not beside it. Sentences are those of the first and of the last character of
    the span: a span that ends with a full stop has nothing on its right.
    """
    near = np.zeros(len(words.starts), np.bool_)
    first_units, last_units = starts.astype(OFFSET), ends.astype(OFFSET)  # else a search copies all words
    if window.side != "right":
        first = np.searchsorted(words.ends, first_units, side="right") - 1
        _mark(near, words.sentences, first, np.searchsorted(words.breaks, first_units), window.size, -1)
    if window.side != "left":
        first = np.searchsorted(words.starts, last_units)
        _mark(near, words.sentences, first, np.searchsorted(words.breaks, last_units - 1), window.size, 1)
    return near


def _mark(near: Bools, sentences: Offsets, places: Ints, wanted: Ints, size: int, step: int) -> None:
    """Marks the next words from each place on, as long as they are in the wanted sentence."""
    for _ in range(size):
        exist = (places >= 0) & (places < len(sentences))
        places, wanted = places[exist], wanted[exist]
        inside = sentences[places] == wanted
        places, wanted = places[inside], wanted[inside]
        near[places] = True
        places = places + step
