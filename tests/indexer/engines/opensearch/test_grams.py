"""The terms of texts and phrases: a phrase stands in a text if and only if its terms stand there in a row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.opensearch.build.grams import (
    BEGINS,
    ENDS,
    HOLE,
    gram_row,
    is_exact,
    overlaps_itself,
    phrase_grams,
    restored,
    storable,
    word_term,
)
from indexer.engines.opensearch.search.sampling import sample_key
from indexer.engines.whoosh.search.ranking import _splitmix

CHARACTERS = st.text(st.sampled_from("公开ab 𠮷\u3000\u2423\ufffd\x02\ud842"), max_size=12)


def found(row: list[str], terms: list[str]) -> int:
    """How often terms stand in a row, each with or without the marks of words."""
    starts = range(len(row) - len(terms) + 1)

    def fits(term: str, asked: str) -> bool:
        plain = term.strip(BEGINS + ENDS)
        return asked in (HOLE, term, plain, term.removeprefix(BEGINS), term.removesuffix(ENDS))

    return sum(all(map(fits, row[start:], terms)) for start in starts)


@given(text=CHARACTERS, phrase=CHARACTERS)
def test_terms_find_what_a_string_search_finds(text: str, phrase: str) -> None:
    if len(phrase) < 2:
        return
    row = gram_row(text, [text]).split(" ") if text else []
    terms, grams = phrase_grams(phrase)
    wanted = terms.split(" ")
    starts = sum(text.startswith(phrase, start) for start in range(len(text)))
    assert len(row) == len(text) and len(wanted) == len(phrase) - 1
    assert grams == sum(term != HOLE for term in wanted)
    if is_exact(phrase):
        assert found(row, wanted) == starts
    else:
        assert found(row, wanted) >= starts, "a candidate, to be verified"


WORDS = [
    (["人民政府", "公开"], "人民政府", 1, "a word"),
    (["人民政府", "公开"], "人民", 0, "inside a word"),
    (["改进情况"], "情况", 0, "at the end of a word"),
    (["情况属实"], "情况", 0, "at the beginning of a word"),
    (["人民", "政府", "公开"], "人民政府", 1, "two words"),
    (["民政", "人民政府"], "民政", 1, "once by itself, once inside another word"),
]


@pytest.mark.parametrize(("pieces", "word", "times", "reason"), WORDS, ids=[row[-1] for row in WORDS])
def test_whole_words(pieces: list[str], word: str, times: int, reason: str) -> None:
    terms, _ = phrase_grams(word, whole=True)
    assert found(gram_row("".join(pieces), pieces).split(" "), terms.split(" ")) == times


def test_a_phrase_that_may_overlap_itself() -> None:
    assert [*filter(overlaps_itself, ["公开", "哈哈", "公开公", "公开信公", "公"])] == ["哈哈", "公开公", "公开信公"]


@given(text=st.text(st.sampled_from("公a\ufffe\ud800\udfff𠮷0d8")))
def test_every_text_is_stored_as_unicode_and_restored(text: str) -> None:
    assert restored(storable(text).encode().decode()) == text


def test_long_and_odd_words_have_terms_of_their_own() -> None:
    words = ["公开", "a" * 65, "a" * 66, "a\x01b", "a\x02b", "a b"]
    terms = [word_term(word) for word in words]
    assert len({*terms}) == len(words)
    assert all(len(term.encode()) < 250 and " " not in term and "\x01" not in term for term in terms)


@given(identity=st.integers(0, 2**64 - 1), seed=st.integers(0, 2**63))
def test_the_same_seed_draws_the_same_sections_as_in_the_embedded_engine(identity: int, seed: int) -> None:
    signed = identity - 2**64 if identity >= 2**63 else identity
    assert sample_key(signed, seed) == int(_splitmix(np.array([identity], np.uint64), seed)[0])
