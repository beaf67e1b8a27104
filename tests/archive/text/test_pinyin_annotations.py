from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Block
from archive.text.match import fold
from archive.text.pinyin_annotations import printed_offset, restore_annotations, strip_annotations

AIDED = [
    ("改進(jìn)情況", "改進情況", "the usual style"),
    ("公開（kāi）", "公開", "in full-width brackets"),
    ("政(zheng)(zheng)府(fu)(fu)信息", "政府信息", "without tones, twice"),
]
PLAIN = [
    ("《条例》(以下简称)", "Chinese in brackets"),
    ("共5(kg)", "a unit behind a number"),
    ("网站(www.example.org)", "an address"),
    ("附件(PDF)", "capitals"),
]


@pytest.mark.parametrize(("text", "rest", "reason"), AIDED, ids=[case[2] for case in AIDED])
def test_annotations(text: str, rest: str, reason: str) -> None:
    assert strip_annotations(text)[0] == rest


@pytest.mark.parametrize(("text", "reason"), PLAIN, ids=[case[1] for case in PLAIN])
def test_brackets_that_are_no_annotations(text: str, reason: str) -> None:
    assert strip_annotations(text) == (text, {})


WORDS = st.lists(st.sampled_from(["政府", "信息", "公開(kāi)", "(一)", "工(gōng)", " ", "5", "。"]), max_size=20)


@given(WORDS, st.integers(0, 40))
def test_offsets_are_converted(words: list[str], offset: int) -> None:
    text = "".join(words)
    rest = strip_annotations(text)[0]
    place = min(offset, len(rest))
    assert strip_annotations(text[: printed_offset(text, place)])[0] == rest[:place]
    assert fold(text[printed_offset(text, place) :]) == fold(rest[place:])


@given(WORDS, st.lists(st.integers(0, 40), max_size=4))
def test_annotations_are_restored_in_any_blocks(words: list[str], cuts: list[int]) -> None:
    text = "".join(words)
    rest, annotations = strip_annotations(text)
    edges = sorted({0, len(rest), *(cut for cut in cuts if cut < len(rest))})
    pieces = [Block(rest[start:end]) for start, end in itertools.pairwise(edges)]
    assert "".join(block.text for block in restore_annotations(pieces, annotations)) == text
