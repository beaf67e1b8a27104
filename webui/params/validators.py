"""Validates URL parameters: each function returns the value or raises a `ParameterError` that names the parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from indexer.query.query_errors import LONGEST, query_error
from webui.http.errors import ParameterError

MOST_WORDS = 1000  # of a query, AND and OR counted: five hundred terms, each of which is looked up
# '微博', 'OR', '"保密'
_WORD = re.compile(r"[^\s()（）]+")

Known = TypeVar("Known", bound=str)


def read_one(arguments: MultiDict[str, str], name: str, known: Sequence[Known]) -> Known:
    """One of a few values, the first of them by default.

    The last value counts: the button that submits a form follows the fields of the form in the URL.
    """
    return check_known(name, _last(arguments, name) or known[0], known)


def read_optional(arguments: MultiDict[str, str], name: str, known: Sequence[Known]) -> Known | None:
    """One of a few values, or None."""
    return check_known(name, value, known) if (value := _last(arguments, name)) else None


def read_single(arguments: MultiDict[str, str], *names: str) -> str | None:
    """The only value of a parameter that may have several names, without blanks around it, or None.

    Raises:
        ParameterError: for a second value, which would be ignored.
    """
    values = [value.strip() for name in names for value in arguments.getlist(name) if value.strip()]
    if len(values) > 1:
        raise repeated(names[0], len(values))
    return values[0] if values else None


def repeated(name: str, values: int) -> ParameterError:
    """The error of a parameter that takes one value and has several, of which all but one would be ignored."""
    return ParameterError(
        f"参数 {shortened(name)} 只能给一个值，这里给了{values}个。请去掉一些。",
        f"The parameter {shortened(name)} takes one value and has {values}. Leave some out.",
    )


def read_values(
    arguments: MultiDict[str, str], name: str, most: int, longest: int | None = None, known: Sequence[str] | None = None
) -> tuple[str, ...]:
    """The values of a repeated parameter without empty and repeated ones.

    Args:
        arguments: the parameters.
        name: the parameter.
        most: maximum number of values.
        longest: maximum length of a value in characters.
        known: the values that exist.
    """
    values = tuple(dict.fromkeys(value for value in arguments.getlist(name) if value))
    if len(values) > most:
        raise ParameterError(
            f"参数 {name} 给了{len(values)}个值，最多{most}个。请去掉一些。",
            f"The parameter {name} has {len(values)} values; {most} is the most. Leave some out.",
        )
    for value in values:
        if longest is not None and len(value) > longest:
            raise ParameterError(
                f"参数 {name} 的值太长：{len(value)}个字符，最多{longest}个。",
                f"A value of the parameter {name} is too long: {len(value)} characters, {longest} at most.",
            )
        if known is not None:
            check_known(name, value, known)
    return values


def read_number(arguments: MultiDict[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    number = read_optional_number(arguments, name, most)
    return default if number is None else number


def read_optional_number(arguments: MultiDict[str, str], name: str, most: int) -> int | None:
    """A whole number from 1 to `most`, or None."""
    if not (text := arguments.get(name)):
        return None
    # isdecimal() accepts ３, and int() takes long for thousands of digits.
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= most):
        raise ParameterError(
            f"参数 {name} 应是1到{most}的整数，不是“{shortened(text)}”。",
            f"The parameter {name} is a whole number from 1 to {most}, not “{shortened(text)}”.",
        )
    return int(text)


def read_year_range(arguments: MultiDict[str, str]) -> tuple[int | None, int | None]:
    """The years `from` and `to`, either of them None.

    Raises:
        ParameterError: for a number that is no year, and for a range that ends before it begins.
    """
    first, last = (read_optional_number(arguments, name, 9999) for name in ("from", "to"))
    if first is not None and last is not None and first > last:
        raise ParameterError(
            f"起始年份 {first} 晚于终止年份 {last}。请写 from={last}&to={first}。",
            f"The first year, {first}, is after the last one, {last}. Write from={last}&to={first}.",
        )
    return first, last


def check_known(name: str, value: str, known: Sequence[Known]) -> Known:
    """The value as one of `known`."""
    for each in known:
        if each == value:
            return each
    raise ParameterError(
        f"参数 {name} 没有“{shortened(value)}”这个值。可用的有：{' '.join(known)}。",
        f"The parameter {name} has no value “{shortened(value)}”. There are: {' '.join(known)}.",
    )


def missing_query(*, or_filter: bool = False) -> ParameterError:
    """The error of a file or an address of the API that is asked for nothing; a page shows examples instead."""
    zh, en = ("；也可以只给出筛选条件，例如 year=2018", ", or a filter, such as year=2018") if or_filter else ("", "")
    return ParameterError(
        f"没有检索词。请用参数 q 给出检索式，例如 q=公开{zh}。",
        f"There is no query. Give one with the parameter q, such as q=公开{en}.",
    )


def check_query(query: str) -> str:
    """The query, if it is not too long and has no more than `MOST_WORDS` words.

    A query of blanks alone is not parsed, so that the parser does not see its length.
    """
    if len(query) > LONGEST:
        raise query_error("too_long", LONGEST, length=len(query), most=LONGEST)
    if (words := sum(1 for _ in _WORD.finditer(query))) > MOST_WORDS:
        raise ParameterError(
            f"检索式有{words:,}个词，网站上最多{MOST_WORDS:,}个。请分几次检索，或者在自己的机器上用 gongkai search。",
            f"The query has {words:,} words; {MOST_WORDS:,} is the most on the site. "
            "Ask in several steps, or use gongkai search on a machine of your own.",
        )
    return query


def shortened(text: str) -> str:
    """The first 40 characters of a value, for messages."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def _last(arguments: MultiDict[str, str], name: str) -> str:
    return (arguments.getlist(name) or [""])[-1]
