"""Writes a query from the fields of a form, in the names of either language, and reads a query back into the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

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
    scope_of,
)
from indexer.query.conditions import figure_names
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError

DISTANCE = 30
"""Characters between two texts near each other, if the form states none."""

# '"政务 公开"', '“政务 公开”', '「政务公开」', '微博'
_WORD = re.compile(r'"([^"]+)"|“([^“”]+)”|「([^「」]+)」|([^\s、，,；;"“”「」]+)')
# '海淀区教育局', '西城区': names are separated by line feeds, commas and semicolons, and may contain spaces
_NAME = re.compile(r"[^\n、，,；;]+")


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The fields of the advanced form.

    `every`, `either` and `none` hold words as typed, each a word or a phrase in quotation marks. Values of one field
    (`sections`, `agencies` …) are alternatives; the fields apply together. `rest` is a query for what no other field
    expresses.
    """

    exact: str = ""
    every: str = ""
    either: str = ""
    none: str = ""
    near: tuple[str, str] = ("", "")
    distance: int = DISTANCE
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
    rest: str = ""

    def tree(self) -> Query:
        """Returns the tree that the fields mean, `MatchAll` if all of them are empty.

        Raises:
            QueryError: if `rest` cannot be read.
        """
        rest = scope_of(parse(self.rest))
        parts = (*self._parts(), *conjuncts(rest.part))
        if not parts:
            return MatchAll()
        where = self.where if self.where != "text" else rest.where
        unit = self.unit if self.unit != "section" else rest.unit
        return scoped(parts, where, unit)

    def written(self, language: Language) -> str:
        """Returns a query that parses to the tree, with the names of fields and values in a language."""
        return written(self.tree(), language)

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
        for name, values in (
            ("section", self.sections),
            ("agency", names(self.agencies)),
            ("place", names(self.places)),
            ("level", self.levels),
            ("kind", self.kinds),
        ):
            if values:
                yield _any([In(name, value) for value in values])
        if self.condition:
            yield self.condition


def conjuncts(tree: Query) -> tuple[Query, ...]:
    """Returns the parts that apply together; none for `MatchAll`."""
    return tree.parts if isinstance(tree, And) else () if tree == MatchAll() else (tree,)


def scoped(parts: Sequence[Query], where: Where, unit: Unit) -> Query:
    """Returns the tree of parts that apply together, with the options of a query."""
    tree = And(tuple(parts)) if len(parts) != 1 else parts[0]
    return tree if (where, unit) == ("text", "section") else Scope(tree, where, unit)


def narrowed(tree: Query, filters: Mapping[str, Sequence[YearRange | In]]) -> Query:
    """Returns the tree of a query and of the filters beside it, the alternatives of each field."""
    scope = scope_of(tree)
    parts = (*conjuncts(scope.part), *(_any(values) for values in filters.values()))
    return scoped(parts, scope.where, scope.unit) if parts else tree


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


def written(tree: Query, language: Language) -> str:
    """Returns a tree as a query, in Chinese with the Chinese names of fields and values."""
    match tree:
        case And(parts):
            texts = ((part, written(part, language)) for part in parts)
            return " ".join(f"({text})" if isinstance(part, Or) else text for part, text in texts)
        case Or(parts):
            return " OR ".join(written(part, language) for part in parts)
        case Scope(part, where, unit):
            inner = written(part, language)
            options = str(Scope(MatchAll(), where, unit))
            return f"({inner}) {options}" if isinstance(part, Or) else f"{inner} {options}"
        case Not(part) if not isinstance(part, And | Or):
            return f"NOT {written(part, language)}"
        case YearRange() | In() if language == "zh":
            field = FIELDS[tree.name]
            value = str(tree).partition(":")[2]
            if isinstance(tree, In) and field.codes:
                value = str(In(tree.name, field.value_label(tree.value, language))).partition(":")[2]
            return f"{field.alias}:{value}"
        case _:
            return str(tree)


def read_form(tree: Query, language: Language) -> QueryForm:
    """Returns the fields that mean a tree. What they cannot express is in `rest`, with the names of a language.

    The parts may change their order, repeated ones are left out, and `NOT (a OR b)` becomes `NOT a NOT b`.
    """
    scope = scope_of(tree)
    fields = _Fields()
    for part in dict.fromkeys(chain.from_iterable(map(_negations, conjuncts(scope.part)))):
        if not fields.take(part):
            fields.rest.append(part)
    return QueryForm(
        exact=fields.exact,
        every=" ".join(fields.every),
        either=" ".join(fields.either),
        none=" ".join(fields.none),
        near=fields.near,
        distance=fields.distance,
        sections=fields.values.get("section", ()),
        first=fields.first,
        last=fields.last,
        agencies="、".join(fields.values.get("agency", ())),
        places="、".join(fields.values.get("place", ())),
        levels=fields.values.get("level", ()),
        kinds=fields.values.get("kind", ()),
        condition=fields.condition,
        where=scope.where,
        unit=scope.unit,
        rest=written(scoped(fields.rest, "text", "section"), language),
    )


@dataclass(slots=True)
class _Fields:
    """The fields of a form while a tree is read; each part is taken by the first field that expresses it."""

    exact: str = ""
    every: list[str] = field(default_factory=list)
    either: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    near: tuple[str, str] = "", ""
    distance: int = DISTANCE
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    condition: Condition | None = None
    rest: list[Query] = field(default_factory=list)

    def take(self, part: Query) -> bool:
        """Returns whether a field expresses the part and was empty before."""
        match part:
            case Phrase(text) if not self.exact and _is_exact(part):
                self.exact = text
            case Term() | Phrase() if spelled := _spelled(part):
                self.every.append(spelled)
            case Not(Term() | Phrase() as word) if spelled := _spelled(word):
                self.none.append(spelled)
            case Near((Phrase() as left,), distance, (Phrase() as right,)) if (
                not any(self.near) and _is_exact(left) and _is_exact(right)
            ):
                self.near, self.distance = (left.text, right.text), distance
            case YearRange(first, last) if self.first is self.last is None and _are_years(first, last):
                self.first, self.last = first, last
            case Condition(figure) if not self.condition and figure in figure_names():
                self.condition = part
            case In():
                return self._take_alternatives((part,))
            case Or(parts):
                return self._take_alternatives(parts)
            case _:
                return False
        return True

    def _take_alternatives(self, parts: tuple[Query, ...]) -> bool:
        texts = [text for part in parts if isinstance(part, Term | Phrase) and (text := _spelled(part))]
        values = tuple(part.value for part in parts if isinstance(part, In))
        named = {part.name for part in parts if isinstance(part, In)}
        if len(set(parts)) < len(parts):
            return False
        if len(texts) == len(parts) and not self.either:
            self.either = texts
        elif (
            len(values) == len(parts) and len(named) == 1 and named.isdisjoint(self.values) and _are(min(named), values)
        ):
            self.values[named.pop()] = values
        else:
            return False
        return True


def _negations(part: Query) -> Iterator[Query]:
    if isinstance(part, Not) and isinstance(part.part, Or):
        yield from map(Not, part.part.parts)
    else:
        yield part


def _spelled(word: Term | Phrase) -> str | None:
    """The word as a field of words reads it, or None if it reads none of the ways to write it so."""
    ways = ("{}",) if isinstance(word, Term) else ('"{}"', "“{}”", "「{}」")
    return next((text for way in ways if tuple(words(text := way.format(word.text))) == (word,)), None)


def _is_exact(phrase: Phrase) -> bool:
    return tuple(_phrases(phrase.text)) == (phrase,)


def _are(name: str, values: tuple[str, ...]) -> bool:
    """Whether a field of the form has these values."""
    return name in ("section", "level", "kind") or (name in ("agency", "place") and names("、".join(values)) == values)


def _are_years(*ends: int | None) -> bool:
    return all(year is None or year >= 1000 for year in ends)
