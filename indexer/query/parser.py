"""Parses a query into a tree."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import NoReturn, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from archive.text.clean import clean_part
from archive.text.normalize import normal_form
from indexer.query.ast import GAPS, And, Exact, Gapped, MatchAll, Near, Not, Or, Phrase, Query, Scope, Term, Word, walk
from indexer.query.conditions import is_figure, read_condition
from indexer.query.fields import OPTIONS, WORD, field_named
from indexer.query.query_errors import (
    DEEPEST,
    LONGEST,
    QueryError,
    dangling_operator,
    gap_outside_quotation,
    query_error,
    unbalanced_quotation,
    unknown_field,
)
from indexer.query.values import in_field


@functools.lru_cache(maxsize=64)  # a request parses its query several times; the longest make trees of some MB
def parse(text: str) -> Query:
    """Returns the tree of a query; the empty query is `MatchAll`.

    Raises:
        QueryError: with the position, and what to type instead.
    """
    if len(text) > LONGEST:
        raise query_error("too_long", LONGEST, length=len(text), most=LONGEST)
    # An error states the position in the text as typed, so each character is cleaned on its own.
    typed = [(place, " " if char.isspace() else clean_part(char)) for place, char in enumerate(text)]
    places = [place for place, char in typed if char]
    cleaned = "".join(char for _, char in typed)
    if len(cleaned) < len(text) and not cleaned.strip():
        raise query_error("nothing_visible", next(place for place, char in typed if not char))
    try:
        tree = _tree(cleaned)
    except QueryError as error:
        raise error.at(places[error.position] if error.position < len(places) else len(text), text) from None
    if any(depth > DEEPEST for _, depth in walk(tree)):
        raise query_error("too_deep", 0, most=DEEPEST)
    return tree


@dataclass(frozen=True, slots=True)
class _Option(Scope):
    """An option of the whole query (`in:`, `unit:`) with its position, until it reaches the top of the tree."""

    position: int = 0

    @property
    def written(self) -> str:
        return str(Scope(MatchAll(), self.where, self.unit))


class _TreeFromGrammar(Transformer[Token, Query]):
    """Builds a node for each rule of the grammar, and moves options up to the whole query."""

    def query(self, items: list[Query]) -> Query:
        tree = items[0] if items else MatchAll()
        return Scope(tree.part, tree.where, tree.unit) if isinstance(tree, _Option) else tree

    def either(self, items: list[Query]) -> Query:
        parts = (part.parts if isinstance(part, Or) else (part,) for part in _without_options(items))
        return Or(tuple(each for part in parts for each in part))

    def both(self, items: list[Query]) -> Query:
        options = [item for item in items if isinstance(item, _Option)]
        bare = [item.part if isinstance(item, _Option) else item for item in items]
        parts = (part.parts if isinstance(part, And) else (part,) for part in bare if part != MatchAll())
        each = tuple(each for part in parts for each in part)
        tree = And(each) if len(each) > 1 else each[0] if each else MatchAll()
        return _with_options(tree, options) if options else tree

    def negation(self, items: list[Query]) -> Query:
        return Not(_without_options(items)[0])

    def near(self, items: list[Query | Token]) -> Query:
        left, operator, right = items
        assert isinstance(operator, Token)  # noqa: S101 (so says the grammar)
        return Near(_operands(left, operator), int(operator[5:]), _operands(right, operator))

    def phrase(self, items: list[Token]) -> Query:
        return _phrase(items[0])

    def condition(self, items: list[Token]) -> Query:
        return read_condition(str(items[0]), _start(items[0]))

    def term(self, items: list[Token]) -> Query:
        token = items[0]
        _check_term(token)
        return Term(str(token))

    def field(self, items: list[Token]) -> Query:
        prefix, token = items
        name, value = normal_form(prefix[:-1]), _value(token)
        if name == WORD:
            return Word(value)
        if name in OPTIONS:
            return _option(name, value, prefix)
        field = field_named(name)
        if field is None:
            raise unknown_field(_start(prefix), str(prefix[:-1]))
        return in_field(field, value, _start(token))


def _option(name: str, value: str, prefix: Token) -> _Option:
    match name, value.lower():
        case "in", ("tables" | "all") as where:
            return _Option(MatchAll(), where=where, position=_start(prefix))
        case "unit", "report":
            return _Option(MatchAll(), unit="report", position=_start(prefix))
    known = [f"{name}:{each}" for each in OPTIONS[name]]
    raise query_error("unknown_option", _start(prefix), option=f"{name}:{value}", known=known)


def _with_options(tree: Query, options: list[_Option]) -> _Option:
    where = [option for option in options if option.where != "text"]
    unit = [option for option in options if option.unit != "section"]
    for name, given in (("in", where), ("unit", unit)):
        if len(given) > 1:
            raise query_error("option_twice", given[1].position, name=name)
    first = min(option.position for option in options)
    return _Option(tree, where[0].where if where else "text", unit[0].unit if unit else "section", first)


def _without_options(items: list[Query]) -> list[Query]:
    for item in items:
        if isinstance(item, _Option):
            raise query_error("option_inside", item.position, option=item.written)
    return items


def _operands(side: Query | Token, operator: Token) -> tuple[Exact, ...]:
    """The operands of NEAR, where a plain string is an exact phrase."""
    parts = side.parts if isinstance(side, Or) else (side,)
    operands = tuple(Phrase(part.text) if isinstance(part, Term) else part for part in parts)
    if not all(isinstance(part, Exact) for part in operands):
        raise query_error("near_operand", _start(operator), operator=operator)
    return cast(tuple[Exact, ...], operands)


_NEAR = re.compile(r"(?:NEAR|ＮＥＡＲ)([/／]\S*)?")
# 'requests.new.total' without a comparison
_FIGURE = re.compile(r"[a-z_]+(\.\w+)+")
# '微博OR微信', '微博NEAR/30微信', '微博OR' before a blank
_GLUED = re.compile(
    r"(?<=[\u4e00-\u9fff])(OR|AND|NOT|ＯＲ|ＡＮＤ|ＮＯＴ|(?:NEAR|ＮＥＡＲ)(?:[/／]\d+)?)(?=[\u4e00-\u9fff]|$)"
)
# an escaped character; a gap
_ESCAPED = re.compile(r"\\([\"”」』’＂*?\\])|([*?])")


def _check_term(token: Token) -> None:
    if _NEAR.fullmatch(token):
        raise query_error("near_without_distance", _start(token), operator=token)
    if _FIGURE.fullmatch(token) and is_figure(str(token)):
        raise query_error("no_comparison", _start(token), name=token)
    if token in ("-", "－", "OR", "AND", "ＯＲ", "ＡＮＤ"):
        raise dangling_operator(_start(token), str(token))
    if glued := _GLUED.search(token):
        raise query_error("glued_operator", _start(token) + glued.start(), operator=glued[0])
    if gap := re.search(r"[*?]", token):
        raise gap_outside_quotation(_start(token) + gap.start(), gap[0], str(token))


def _phrase(token: Token) -> Phrase | Gapped:
    """Parses a quotation, in which a backslash escapes a quotation mark, a gap or a backslash."""
    texts, gaps = _split_at_gaps(token)
    if not gaps:
        return Phrase(texts[0])
    last = _start(token) + len(token) - 2
    for text, gap, position in ((texts[0], gaps[0], _start(token) + 1), (texts[-1], gaps[-1], last)):
        if not text and (gap.strip("?") or not any(texts)):
            raise query_error("gap_at_edge", position, mark=gap.replace("?", "")[:1] or "?", most=GAPS["*"][1])
    return Gapped(tuple(texts), tuple(gaps))


def _value(token: Token) -> str:
    if token.type != "QUOTED":
        if gap := re.search(r"[*?]", token):
            raise query_error("gap_in_value", _start(token) + gap.start(), mark=gap[0])
        return str(token)
    texts, gaps = _split_at_gaps(token)
    if gaps:
        mark = next(match for match in _ESCAPED.finditer(token[1:-1]) if match[2])
        raise query_error("gap_in_value", _start(token) + 1 + mark.start(), mark=mark[2])
    return texts[0]


def _split_at_gaps(token: Token) -> tuple[list[str], list[str]]:
    """Returns the texts of a quotation and the gaps between them; adjacent gaps are one."""
    texts, gaps, end = [""], list[str](), 0
    inside = str(token[1:-1])
    for match in _ESCAPED.finditer(inside):
        texts[-1] += inside[end : match.start()] + (match[1] or "")
        end = match.end()
        if not match[2]:
            continue
        if gaps and not clean_part(texts[-1]):
            gaps[-1] += match[2]
            texts[-1] = ""
        else:
            gaps.append(match[2])
            texts.append("")
    texts[-1] += inside[end:]
    texts = [clean_part(text) for text in texts]
    if not gaps and not texts[0]:
        raise query_error("empty_phrase", _start(token))
    return texts, gaps


def _start(token: Token) -> int:
    return token.start_pos or 0


_PARSER = Lark(
    files("indexer").joinpath("query", "grammar.lark").read_text("utf-8"),
    start="query",
    parser="lalr",
    transformer=_TreeFromGrammar(),
)


def _tree(text: str) -> Query:
    for position, char in enumerate(text):
        if "\ud800" <= char <= "\udfff":
            raise query_error("broken_character", position)
    try:
        tree: Query = _PARSER.parse(text)  # type: ignore[assignment]  # the transformer makes it one
    except UnexpectedInput as error:
        _explain(error)
    return tree


def _explain(error: UnexpectedInput) -> NoReturn:
    """Raises the error that explains a syntax error to the user."""
    if isinstance(error, UnexpectedCharacters):  # a single quotation mark is the only character not in the grammar
        raise unbalanced_quotation(error.pos_in_stream or 0, error.char) from None
    if not isinstance(error, UnexpectedToken):
        raise error
    stack = error.interactive_parser.parser_state.value_stack
    open_brackets = [value for value in stack if isinstance(value, Token) and value.type == "_OPEN"]
    last = stack[-1] if stack and isinstance(stack[-1], Token) else None
    token = error.token
    if last is not None and last.type == "FIELD":
        raise query_error("missing_value", _start(last), name=last[:-1]) from None
    if token.type == "NEAR" and stack and last is None:
        raise query_error("near_chain", _start(token), operator=token) from None
    if last is not None and last.type != "_OPEN":
        raise dangling_operator(_start(last), str(last)) from None
    if token.type in ("_OR", "_AND", "NEAR"):
        raise dangling_operator(_start(token), str(token)) from None
    if token.type == "_CLOSE" and last is not None:
        raise query_error("empty_brackets", _start(last)) from None
    if token.type == "_CLOSE":
        raise query_error("unopened_bracket", _start(token)) from None
    raise query_error("unclosed_bracket", _start(open_brackets[-1])) from None
