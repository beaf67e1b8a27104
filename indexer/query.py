"""The query language: text to a tree, once."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from archive import clean, normal_form
from indexer import mistakes
from indexer.engine import Request
from indexer.fields import FIELDS, RESERVED, UNDATED, WORD, Field, field_named
from indexer.tree import And, Everything, In, Not, Or, Phrase, Query, Term, Word, Years, walk


def parse(text: str) -> Query:
    """The tree of a query; the empty query is `Everything`.

    Raises:
        QueryError: for a query that cannot be read, with the position and what to type instead.
    """
    if len(text) > mistakes.LONGEST:
        raise mistakes.too_long(len(text))
    # Positions are those of the text as typed, so cleaning goes character by character and remembers where each stood.
    typed = [(place, " " if char.isspace() else clean(char)) for place, char in enumerate(text)]
    places = [place for place, char in typed if char]
    try:
        tree = _tree("".join(char for _, char in typed))
    except mistakes.QueryError as error:
        raise error.at(places[error.position] if error.position < len(places) else len(text)) from None
    if any(depth > mistakes.DEEPEST for _, depth in walk(tree)):
        raise mistakes.too_deep()
    return tree


class _Builder(Transformer[Token, Query]):
    """What each rule of the grammar means."""

    def query(self, items: list[Query]) -> Query:
        return items[0] if items else Everything()

    def either(self, items: list[Query]) -> Query:
        parts = (part.parts if isinstance(part, Or) else (part,) for part in items)
        return Or(tuple(each for part in parts for each in part))

    def both(self, items: list[Query]) -> Query:
        parts = (part.parts if isinstance(part, And) else (part,) for part in items)
        return And(tuple(each for part in parts for each in part))

    def negation(self, items: list[Query]) -> Query:
        return Not(items[0])

    def phrase(self, items: list[Token]) -> Query:
        return Phrase(_unquoted(items[0]))

    def term(self, items: list[Token]) -> Query:
        token = items[0]
        _refuse_what_is_no_word(token)
        return Term(str(token))

    def field(self, items: list[Token]) -> Query:
        prefix, token = items
        name = prefix[:-1]
        value = _unquoted(token) if token.type == "QUOTED" else _bare(token)
        if name.lower() == WORD:
            return Word(value)
        if name.lower() in RESERVED:
            raise mistakes.not_yet(_start(prefix), f"{name}:")
        field = field_named(name)
        if field is None:
            raise mistakes.unknown_field(_start(prefix), name)
        return in_field(field, value, _start(token))


def in_field(field: Field, value: str, position: int = 0) -> Years | In:
    """What a field with this value asks for.

    Raises:
        QueryError: when the field has no such value.
    """
    if field.name == "year":
        return In("year", UNDATED) if normal_form(value) == UNDATED else years(value, position)
    if field.codes is None:
        return In(field.name, value)
    code = field.code_of(value)
    if code is None:
        raise mistakes.unknown_code(position, field, value)
    return In(field.name, code)


def restrictions(request: Request) -> dict[str, tuple[Years | In, ...]]:
    """The filters of a request as nodes of a tree, for each field its alternatives.

    Raises:
        FilterError: for a field or value that there is not.
    """
    asked: dict[str, tuple[Years | In, ...]] = {}
    for name, values in request.filters.items():
        field = FIELDS.get(name)
        if field is None:
            raise mistakes.unknown_filter(name)
        try:
            asked[name] = tuple(in_field(field, value) for value in values)
        except mistakes.QueryError as error:
            raise error.in_filter(name) from None
    if request.years is not None and request.years != (None, None):
        asked["year"] = (*asked.get("year", ()), Years(*request.years))
    return {name: asked[name] for name in FIELDS if asked.get(name)}


# '2014..2018', '2014..', '..2016'
_RANGE = re.compile(r"(?P<first>\d{4})?\.\.(?P<last>\d{4})?")


def years(value: str, position: int = 0) -> Years:
    """The years that `2016`, `2014..2018`, `2014..` or `..2016` says.

    Raises:
        QueryError: when it says none.
    """
    form = normal_form(value)
    if re.fullmatch(r"[0-9]{4}", form):
        return Years(int(form), int(form))
    match = _RANGE.fullmatch(form)
    if match is None or form == "..":
        raise mistakes.bad_year(position, value)
    first, last = (int(end) if end else None for end in match.groups())
    if first is not None and last is not None and first > last:
        raise mistakes.reversed_years(position, first, last)
    return Years(first, last)


# 'requests.new.total>10': a condition on a figure begins with the table's code
_FIGURE = re.compile(r"(requests|review|proactive|prose|statistics|indicators)\.[a-z_.]+.*")
_NEAR = re.compile(r"NEAR(/\d+)?")
# '微博OR微信'
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])(OR|AND|NOT|NEAR)(?=[\u4e00-\u9fff])")


def _refuse_what_is_no_word(token: Token) -> None:
    if _NEAR.fullmatch(token) or _FIGURE.fullmatch(token):
        raise mistakes.not_yet(_start(token), str(token))
    if token in ("-", "－", "OR", "AND"):
        raise mistakes.dangling_operator(_start(token), str(token))
    if glued := _GLUED.search(token):
        raise mistakes.glued_operator(_start(token) + glued.start(), glued[0])
    _bare(token)


def _bare(token: Token) -> str:
    """A word as it stands, which may hold no gap."""
    if gap := re.search(r"[*?]", token):
        raise mistakes.gap_not_yet(_start(token) + gap.start(), gap[0])
    return str(token)


# A backslash before a quotation mark, a gap or a backslash takes it as it is; before anything else it is one itself.
_ESCAPED = re.compile(r"\\([\"”」』’＂*?\\])|([*?])")


def _unquoted(token: Token) -> str:
    def literal(match: re.Match[str]) -> str:
        if match[2]:
            raise mistakes.gap_not_yet(_start(token) + 1 + match.start(), match[2])
        return match[1]

    text = clean(_ESCAPED.sub(literal, token[1:-1]))
    if not text:
        raise mistakes.empty_phrase(_start(token))
    return text


def _start(token: Token) -> int:
    return token.start_pos or 0


_PARSER = Lark(
    files("indexer").joinpath("query.lark").read_text("utf-8"),
    start="query",
    parser="lalr",
    transformer=_Builder(),
)


def _tree(text: str) -> Query:
    for position, char in enumerate(text):
        if "\ud800" <= char <= "\udfff":
            raise mistakes.broken_character(position)
    try:
        tree: Query = _PARSER.parse(text)  # type: ignore[assignment]  # the transformer makes it one
    except UnexpectedInput as error:
        _explain(error)
    return tree


def _explain(error: UnexpectedInput) -> NoReturn:
    """What the parser stumbled over, as a sentence for the person who typed it."""
    if isinstance(error, UnexpectedCharacters):  # the grammar takes every character but a quotation mark alone
        raise mistakes.unbalanced_quotation(error.pos_in_stream or 0, error.char) from None
    if not isinstance(error, UnexpectedToken):
        raise error
    stack = error.interactive_parser.parser_state.value_stack
    open_brackets = [value for value in stack if isinstance(value, Token) and value.type == "_OPEN"]
    last = stack[-1] if stack and isinstance(stack[-1], Token) else None
    token = error.token
    if last is not None and last.type == "FIELD":
        raise mistakes.missing_value(_start(last), last[:-1]) from None
    if last is not None and last.type != "_OPEN":
        raise mistakes.dangling_operator(_start(last), str(last)) from None
    if token.type in ("_OR", "_AND"):
        raise mistakes.dangling_operator(_start(token), str(token)) from None
    if token.type == "_CLOSE" and last is not None:
        raise mistakes.empty_brackets(_start(last)) from None
    if token.type == "_CLOSE":
        raise mistakes.unopened_bracket(_start(token)) from None
    raise mistakes.unclosed_bracket(_start(open_brackets[-1])) from None
