"""The words of a shard are those that plain loops find in its text."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from indexer.answers.boundaries import SENTENCE_MARKS
from indexer.engines.whoosh.columns.mmap_columns import Shard
from indexer.engines.whoosh.columns.tokens import write_tokens
from indexer.engines.whoosh.search.collocates.shard_words import read_word_numbers, read_words
from indexer.text.tokenizer import is_word

TOKENS = ("公开", "政府", "信息", "a", " ", "，", *SENTENCE_MARKS)


@pytest.mark.parametrize("seed", range(20))
def test_words_of_random_texts(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311 (reproducible)
    tokens = drawn.choices(TOKENS, k=seed and drawn.randrange(200))
    text = "".join(tokens)
    units = np.frombuffer(text.encode("utf-16-le"), "<u2")
    for name in ("stored.u2", "normal.u2"):
        units.tofile(tmp_path / name)
    ends = np.zeros(len(units), np.bool_)
    ends[np.cumsum([len(token) for token in tokens], dtype=int) - 1] = True
    np.packbits(ends).tofile(tmp_path / "ends.bits")
    write_tokens(tmp_path)
    shard = Shard(tmp_path, 0, 1, 0, len(units), 0, 0)
    numbers = read_word_numbers([shard])
    words = read_words(shard, numbers.of_tokens[0])

    expected, end = [], 0
    for token in tokens:
        start, end = end, end + len(token)
        if is_word(token):
            expected.append((start, end, token, sum(character in SENTENCE_MARKS for character in text[:start])))
    found = zip(words.starts, words.ends, words.numbers, words.sentences, strict=True)
    assert [(start, end, numbers.words[number], before) for start, end, number, before in found] == expected
