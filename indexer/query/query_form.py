"""Writes a query from the fields of a form: the tree that they mean, and its text in the names of either language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.errors import Language
from archive.text.clean import clean_part
from indexer.query.ast import (
    And,
    Condition,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Unit,
    Where,
    YearRange,
)
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError

# '"政务 公开"', '“政务 公开”', '「政务公开」', '微博'
_WORD = re.compile(r'"([^"]+)"|“([^“”]+)”|「([^「」]+)」|([^\s、，,；;"“”「」]+)')
# '海淀区教育局', '西城区': names are separated by line feeds, commas and semicolons, and may contain spaces
_NAME = re.compile(r"[^\n、，,；;]+")


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The fields of the advanced form.

    `every`, `either` and `none` hold words as typed, each a word or a phrase in quotation marks. Values of one field
    (`sections`, `agencies` …) are alternatives; the fields apply together.
    """

    exact: str = ""
    every: str = ""
    either: str = ""
    none: str = ""
    near: tuple[str, str] = ("", "")
    distance: int = 30
    sections: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    agencies: str = ""
    places: str = ""
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    condition: Condition | None = None
    where: Where = "text"
    unit: Unit = "section"

    def tree(self) -> Query:
        """Returns the tree that the fields mean, `MatchAll` if all of them are empty."""
        parts = tuple(self._parts())
        if not parts:
            return MatchAll()
        tree = And(parts) if len(parts) > 1 else parts[0]
        return tree if (self.where, self.unit) == ("text", "section") else Scope(tree, self.where, self.unit)

    def written(self, language: Language) -> str:
        """Returns a query that parses to the tree, with the names of fields and values in a language."""
        return _written(self.tree(), language)

    def _parts(self) -> Iterator[Query]:
        yield from _phrases(self.exact)
        yield from words(self.every)
        if either := tuple(words(self.either)):
            yield _any(either)
        near = [phrase for text in self.near for phrase in _phrases(text)]
        if len(near) > 1:
            yield Near((near[0],), self.distance, (near[1],))
        else:
            yield from near
        yield from map(Not, words(self.none))
        if self.first is not None or self.last is not None:
            yield YearRange(self.first, self.last)
        for field, values in (
            ("section", self.sections),
            ("agency", names(self.agencies)),
            ("place", names(self.places)),
            ("level", self.levels),
            ("kind", self.kinds),
        ):
            if values:
                yield _any([In(field, value) for value in values])
        if self.condition:
            yield self.condition


def words(text: str) -> Iterator[Term | Phrase]:
    """Yields each word of an input; a phrase for what is in quotation marks, and where a word would be an operator."""
    yield from dict.fromkeys(node for match in _WORD.finditer(text) if (node := _word(match)).text)


def names(text: str) -> tuple[str, ...]:
    """Returns the names in an input."""
    return tuple(dict.fromkeys(filter(None, (clean_part(name).strip() for name in _NAME.findall(text)))))


def _word(match: re.Match[str]) -> Term | Phrase:
    word = clean_part(next(filter(None, match.groups()))).strip()
    # Only letters and digits: next to others, marks such as : > . / could become a field, a condition or an operator.
    if not match[4] or not re.fullmatch(r"\w+", word):
        return Phrase(word)
    try:
        return Term(word) if parse(word) == Term(word) else Phrase(word)
    except QueryError:  # 'OR', '微博OR微信'
        return Phrase(word)


def _phrases(text: str) -> Iterator[Phrase]:
    # A quoted text is one paragraph.
    if cleaned := clean_part(" ".join(text.split())).strip():
        yield Phrase(cleaned)


def _any(parts: Sequence[Query]) -> Query:
    return Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _written(tree: Query, language: Language) -> str:
    match tree:
        case And(parts):
            texts = ((part, _written(part, language)) for part in parts)
            return " ".join(f"({text})" if isinstance(part, Or) else text for part, text in texts)
        case Or(parts):
            return " OR ".join(_written(part, language) for part in parts)
        case Scope(part, where, unit):
            inner = _written(part, language)
            options = str(Scope(MatchAll(), where, unit))
            return f"({inner}) {options}" if isinstance(part, Or) else f"{inner} {options}"
        case YearRange() | In() if language == "zh":
            field = FIELDS[tree.name]
            value = str(tree).partition(":")[2]
            if isinstance(tree, In) and field.codes:
                value = str(In(tree.name, field.value_label(tree.value, language))).partition(":")[2]
            return f"{field.alias}:{value}"
        case _:
            return str(tree)
