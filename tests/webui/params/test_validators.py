"""A parameter that is missing has its default, and one that cannot be used is named with what can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from indexer.query.query_errors import LONGEST, QueryError
from webui.http.errors import ParameterError
from webui.params.validators import (
    MOST_WORDS,
    check_query,
    read_number,
    read_one,
    read_optional,
    read_optional_number,
    read_values,
)

Arguments = MultiDict[str, str]
SORTS = ("relevance", "year")


def given(*values: str) -> Arguments:
    return MultiDict([("x", value) for value in values])


READ: dict[str, tuple[Callable[[Arguments], object], tuple[str, ...], object]] = {
    "the first value is the default": (lambda a: read_one(a, "x", SORTS), (), "relevance"),
    "an empty value is no value": (lambda a: read_one(a, "x", SORTS), ("",), "relevance"),
    "the button follows the fields": (lambda a: read_one(a, "x", SORTS), ("relevance", "year"), "year"),
    "a filter has no default": (lambda a: read_optional(a, "x", SORTS), (), None),
    "a filter has a value": (lambda a: read_optional(a, "x", SORTS), ("year",), "year"),
    "a number has its default": (lambda a: read_number(a, "x", 7, 9), (), 7),
    "the largest number": (lambda a: read_number(a, "x", 7, 9), ("9",), 9),
    "leading zeros are read": (lambda a: read_number(a, "x", 7, 9), ("009",), 9),
    "no number": (lambda a: read_optional_number(a, "x", 9), ("",), None),
    "repeated values count once": (lambda a: read_values(a, "x", 2), ("a", "", "a", "b"), ("a", "b")),
    "a value of the greatest length": (lambda a: read_values(a, "x", 2, longest=3), ("abc",), ("abc",)),
    "words of a query": (lambda a: check_query(a["x"]), ("a " * MOST_WORDS,), "a " * MOST_WORDS),
}


@pytest.mark.parametrize(("read", "values", "expected"), READ.values(), ids=READ)
def test_values_are_read(read: Callable[[Arguments], object], values: tuple[str, ...], expected: object) -> None:
    assert read(given(*values)) == expected


REFUSED: dict[str, tuple[Callable[[Arguments], object], tuple[str, ...], str]] = {
    "zero": (lambda a: read_number(a, "x", 7, 9), ("0",), "参数 x 应是1到9的整数，不是“0”。"),
    "one too many": (lambda a: read_number(a, "x", 7, 9), ("10",), "参数 x 应是1到9的整数，不是“10”。"),
    "a full-width digit": (lambda a: read_number(a, "x", 7, 9), ("３",), "参数 x 应是1到9的整数，不是“３”。"),
    "thousands of digits": (
        lambda a: read_optional_number(a, "x", 9),
        ("1" * 5000,),
        f"参数 x 应是1到9的整数，不是“{'1' * 40}…”。",
    ),
    "an unknown value": (
        lambda a: read_one(a, "x", SORTS),
        ("title",),
        "参数 x 没有“title”这个值。可用的有：relevance year。",
    ),
    "an unknown filter": (
        lambda a: read_optional(a, "x", SORTS),
        ("title",),
        "参数 x 没有“title”这个值。可用的有：relevance year。",
    ),
    "an unknown value among several": (
        lambda a: read_values(a, "x", 2, known=SORTS),
        ("year", "title"),
        "参数 x 没有“title”这个值。可用的有：relevance year。",
    ),
    "too many values": (
        lambda a: read_values(a, "x", 1),
        ("a", "b"),
        "参数 x 给了2个值，最多1个。请去掉一些。",
    ),
    "a value that is too long": (
        lambda a: read_values(a, "x", 1, longest=3),
        ("abcd",),
        "参数 x 的值太长：4个字符，最多3个。",
    ),
    "a query of too many words": (
        lambda a: check_query(a["x"]),
        ("a " * (MOST_WORDS + 1),),
        "检索式有1,001个词，网站上最多1,000个。请分几次检索，或者在自己的机器上用 gongkai search。",
    ),
}


@pytest.mark.parametrize(("read", "values", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals_name_the_parameter(
    read: Callable[[Arguments], object], values: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        read(given(*values))
    assert refused.value.message("zh") == message


@pytest.mark.parametrize("character", [" ", "\x1f", "政"])
def test_a_query_that_is_too_long_is_refused_before_it_is_parsed(character: str) -> None:
    """Also one of blanks, which is not parsed."""
    assert check_query(character * LONGEST)
    with pytest.raises(QueryError, match="10,001"):
        check_query(character * (LONGEST + 1))
