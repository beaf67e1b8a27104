"""Marks, and snippets: one paragraph each, the best window, marks without overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.engine import Snippet
from indexer.answers.highlight import marks, snippets

LONG = "起初什么也没有说。" * 20 + "后来开通微博,又开通微信。" + "最后还是什么也没有说。" * 20


def marked(piece: Snippet) -> list[str]:
    return [piece.text[start:end] for start, end in piece.marks]


@pytest.mark.parametrize(
    ("text", "query", "spans", "reason"),
    [
        ("公开公开", '"公开"', ((0, 2), (2, 4)), "every occurrence"),
        ("公開", '"公开"', ((0, 2),), "in the normal form"),
        ("𠮷公开", '"公开"', ((1, 3),), "code points, not units"),
        ("微博和微信", "微博 -微信", ((0, 2),), "nothing under a NOT"),
        ("微博", '"微博" OR "博"', ((0, 2), (1, 2)), "overlapping ones each"),
        ("人民政府和民政", "word:民政", ((5, 7),), "whole words"),
        ("舆情回应慢,应对差", "舆情应对", ((0, 2), (6, 8)), "words where the whole is not"),
        ("舆情应对,舆情", "舆情应对", ((0, 4),), "the whole where it is"),
        ("舆情回应慢", "舆情应对", (), "not all of the words"),
        ("微博", "year:2014", (), "no text asked"),
    ],
)
def test_marks(text: str, query: str, spans: tuple[tuple[int, int], ...], reason: str) -> None:
    assert marks(text, query) == spans


def test_a_snippet_is_the_window_with_the_most_marks() -> None:
    (piece,) = snippets(LONG, marks(LONG, "微博 微信"))
    assert marked(piece) == ["微博", "微信"]
    assert piece.text in LONG
    assert len(piece.text) <= 110
    assert piece.text.startswith(("起初", "后来", "什么"))


def test_a_short_paragraph_is_a_snippet() -> None:
    text = "一、概述\n开通微博。\n别的。"
    assert snippets(text, marks(text, "微博")) == (Snippet("开通微博。", ((2, 4),)),)


def test_the_two_best_paragraphs_keep_the_order_of_the_text() -> None:
    text = "微博。\n微博、微信都有。\n没有。\n微信,微信。"
    assert [piece.text for piece in snippets(text, marks(text, "微博 微信"))] == ["微博、微信都有。", "微信,微信。"]


def test_overlapping_marks_are_merged() -> None:
    (piece,) = snippets("政务微博号", ((0, 4), (2, 5)))
    assert piece.marks == ((0, 5),)


def test_without_marks_the_snippet_is_the_beginning_below_the_heading() -> None:
    text, heading = "一、概述\n\n正文从这里开始。\n别的。", "一、概述"
    assert snippets(text, (), heading=heading) == (Snippet("正文从这里开始。", ()),)
    assert snippets(heading, (), heading=heading) == (Snippet("一、概述", ()),)
    assert snippets("没有标题的第一段。\n第二段。", ()) == (Snippet("没有标题的第一段。", ()),)
    assert snippets("", ()) == (Snippet("", ()),)


@given(st.text(st.sampled_from("微博公开,。\n甲乙丙"), max_size=400), st.sampled_from(["微博", "公", "博公", "丙"]))
def test_marks_of_a_snippet_spell_the_phrase(text: str, phrase: str) -> None:
    found = marks(text, f'"{phrase}"')
    pieces = snippets(text, found)
    assert bool(found) == any(piece.marks for piece in pieces)
    for piece in pieces:
        assert "\n" not in piece.text
        assert piece.text in text
        assert all(span == phrase for span in marked(piece))


def test_a_mark_longer_than_a_window_is_complete() -> None:
    (piece,) = snippets("甲" * 300, ((50, 250),))
    assert marked(piece) == ["甲" * 200]
