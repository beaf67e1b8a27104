"""An English query leads to the Chinese words of reports."""

from __future__ import annotations

import pytest

from indexer.answers.hints.chinese_terms import chinese_terms, is_latin
from indexer.query.parser import parse

QUERIES = [
    ("refused", "不予公开", "a part of a table"),
    ("Refusals", "不予公开", "another ending, upper case"),
    ("state secrets", "国家秘密", "two words"),
    ('"state secret"', "国家秘密", "a phrase"),
    ("weibo 2018", "微博", "a number beside it"),
    ("weibo OR microblog", "微博", "alternatives"),
    ("lawsuits year:2018", "行政诉讼", "a field beside it"),
    ("third party rights", "保护第三方合法权益", "a row, without its number"),
    ("plans", "下年打算", "a section"),
    ("gibberish", None, "no such word"),
    ("refused 微博", None, "Chinese beside it"),
    ("2018", None, "no letters"),
    ("year:2018", None, "no text"),
    ("the of", None, "no words to look up"),
    ("NOT refused", None, "what is left out is not looked for"),
]


@pytest.mark.parametrize(("query", "first", "reason"), QUERIES, ids=[row[2] for row in QUERIES])
def test_the_first_term(query: str, first: str | None, reason: str) -> None:
    terms = chinese_terms(parse(query))
    assert (terms[0].zh if terms else None) == first


def test_terms_have_all_words_if_any_has() -> None:
    found = chinese_terms(parse("state secret"))
    assert found and all("secret" in term.en.lower() and "state" in term.en.lower() for term in found)


@pytest.mark.parametrize(
    ("query", "latin"), [("refused", 1), ("refused 公开", 0), ("2018", 0), ("", 0), ("a NEAR/3 b", 1)]
)
def test_which_queries_are_in_latin_letters(query: str, latin: int) -> None:
    assert is_latin(parse(query)) == bool(latin)
