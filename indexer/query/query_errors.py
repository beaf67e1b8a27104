"""Errors in a query: the position, and what to type instead. The sentences are in `query_errors.toml`."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Collection
from importlib.resources import files

from archive.errors import InvalidRequest
from archive.text.normalize import normal_form
from indexer.query.fields import FIELDS, Field, field_names

LONGEST = 10_000
"""Characters that a query may have."""
DEEPEST = 100
"""Levels of brackets and NOTs that a query may have."""

_PARTNERS = {'"': '"', "“": "”", "「": "」", "『": "』", "‘": "’", "＂": "＂"}


class QueryError(InvalidRequest):
    """A query that cannot be read. `position` counts code points from 0."""

    def __init__(self, position: int, zh: str, en: str) -> None:
        super().__init__(f"检索式第 {position + 1} 个字：{zh}", f"Query, character {position + 1}: {en}")
        self.position = position
        self._sentences = zh, en
        self.replacement: tuple[str, str] | None = None

    def at(self, position: int, query: str) -> QueryError:
        """Returns the same error at its position in the query as typed, which a replacement corrects."""
        error = QueryError(position, *self._sentences)
        if self.replacement and query.startswith(self.replacement[0], position):
            written, proposed = self.replacement
            error.did_you_mean = query[:position] + proposed + query[position + len(written) :]
        return error

    def replacing(self, written: str, proposed: str) -> QueryError:
        """Returns the error with the text at its position and another one that it may mean."""
        self.replacement = written, proposed
        return self

    def in_filter(self, name: str) -> FilterError:
        """Returns the same error in a filter given beside the query."""
        return FilterError(name, *self._sentences)


class FilterError(QueryError):
    """A filter beside the query (an option, a part of an address) that cannot be read."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(0, zh, en)
        self.zh, self.en = f"筛选条件 {name}：{zh}", f"Filter {name}: {en}"


def query_error(code: str, position: int, **facts: object) -> QueryError:
    """Returns the error of a code. A fact is a value, a list, or a pair of one for Chinese and one for English.

    Raises:
        KeyError: for an unknown code or a missing fact; test_query_errors checks every call.
    """
    templates = _templates()[code]
    zh, en = (
        templates[language].format_map({name: _spelled(fact, number) for name, fact in facts.items()})
        for number, language in enumerate(("zh", "en"))
    )
    return QueryError(position, zh, en)


def _spelled(fact: object, language: int) -> object:
    value = fact[language] if isinstance(fact, tuple) else fact
    return ("、", ", ")[language].join(value) if isinstance(value, list) else value


@functools.cache
def _templates() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("indexer").joinpath("query", "query_errors.toml").read_text("utf-8"))


def unbalanced_quotation(position: int, mark: str) -> QueryError:
    if partner := _PARTNERS.get(mark):
        return query_error("unclosed_quotation", position, mark=mark, partner=partner)
    opening = next(opening for opening, closing in _PARTNERS.items() if closing == mark)
    return query_error("unopened_quotation", position, mark=mark, partner=opening)


def dangling_operator(position: int, operator: str) -> QueryError:
    """An operator (OR, AND, NOT, NEAR, -) without its operands."""
    word = normal_form(operator)
    if operator in ("-", "－"):
        return query_error("dangling_minus", position, operator=operator)
    if word.startswith(("or", "and", "near")):
        return query_error("missing_operands", position, operator=operator, word=word)
    return query_error("missing_operand", position, operator=operator, word=word)


def gap_outside_quotation(position: int, mark: str, text: str) -> QueryError:
    """A gap (* or ?) in a plain string, with the phrase to write instead."""
    # '*收到*申请**': a phrase neither begins nor ends with a gap of any width; in '50\*' a backslash makes it none
    inside = re.sub(r"^\*+|(?<!\\)\*+$", "", text)
    suggestion = f'"{inside}"' if inside.strip("*?") else '"收到*申请"'
    return query_error("gap_outside_quotation", position, mark=mark, suggestion=suggestion)


def unknown_field(position: int, name: str) -> QueryError:
    if name.lower() in ("http", "https"):
        return query_error("web_address", position)
    if near := difflib.get_close_matches(name.lower(), field_names(), n=1, cutoff=0.5):
        return query_error("misspelt_field", position, name=name, near=near[0]).replacing(name, near[0])
    return query_error("unknown_field", position, name=name, known=[*field_names()])


def unknown_filter(name: str) -> FilterError:
    return query_error("unknown_filter", 0, known=[*FIELDS]).in_filter(name)


def unknown_code(position: int, field: Field, value: str) -> QueryError:
    """A value that is neither a code of the field nor a label of one."""
    title = field.zh, field.en.lower()
    if near := field.nearest(value):
        error = query_error("misspelt_code", position, field=title, value=value, near=_labelled(near, field))
        return error.replacing(value, near[0])
    codes = field.codes() if field.codes else ()
    return query_error("unknown_code", position, field=title, value=value, known=_labelled(codes, field))


def _labelled(codes: Collection[str], field: Field) -> tuple[list[str], list[str]]:
    zh = [f"{code}（{field.value_label(code, 'zh')}）" for code in codes]
    return zh, [f"{code} ({field.value_label(code, 'en')})" for code in codes]


def unknown_figure(position: int, name: str, known: Collection[str]) -> QueryError:
    if near := difflib.get_close_matches(name, known, n=3, cutoff=0.6):
        return query_error("misspelt_figure", position, name=name, near=near)
    return query_error("unknown_figure", position, name=name)
