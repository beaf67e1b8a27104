"""The syntax tree of a query, which every engine visits.

Texts in the tree are cleaned (`archive.text.clean`) and matched in the normal form. Printing a tree gives a query that
parses to the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Literal

from indexer.query.fields import WORD

Where = Literal["text", "tables", "all"]
"""The text that is searched: running text, table cells, or both."""
Unit = Literal["section", "report"]
"""The unit within which AND and NOT apply."""
Operator = Literal["=", ">", "<", ">=", "<="]

GAPS = {"*": (0, 20), "?": (1, 1)}
"""The least and the most characters that a gap in a phrase matches."""


@dataclass(frozen=True, slots=True)
class MatchAll:
    """The empty query, which matches every section."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Term:
    """A plain string: matches sections that contain it as a whole, or all of its words."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly these characters, within one paragraph."""

    text: str

    def __str__(self) -> str:
        return _quoted(self.text)


@dataclass(frozen=True, slots=True)
class Gapped:
    """A phrase with gaps, within one paragraph: alternately a text and the marks of a gap (`*`, `??`).

    The first and the last text are empty where the phrase begins or ends with `?`.
    """

    texts: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def widths(self) -> tuple[tuple[int, int], ...]:
        """The least and the most characters of each gap."""
        return tuple((sum(GAPS[mark][0] for mark in gap), sum(GAPS[mark][1] for mark in gap)) for gap in self.gaps)

    def __str__(self) -> str:
        parts = zip_longest(map(_escaped, self.texts), self.gaps, fillvalue="")
        return f'"{"".join(text + gap for text, gap in parts)}"'


@dataclass(frozen=True, slots=True)
class Word:
    """These characters where both ends are word boundaries."""

    text: str

    def __str__(self) -> str:
        return f"{WORD}:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Near:
    """A left operand with a right one at most `distance` characters before or after it, in the same paragraph.

    Operands are alternatives and do not overlap. Occurrences of the left one are counted.
    """

    left: tuple[Exact, ...]
    distance: int
    right: tuple[Exact, ...]

    def __str__(self) -> str:
        left, right = (f"({Or(side)})" if len(side) > 1 else str(side[0]) for side in (self.left, self.right))
        return f"{left} NEAR/{self.distance} {right}"


@dataclass(frozen=True, slots=True)
class YearRange:
    """Reports on these years, both ends included; None leaves an end open."""

    first: int | None
    last: int | None

    @property
    def name(self) -> str:
        return "year"

    def holds(self, year: int | str | None) -> bool:
        """A report without a year is in no range."""
        return isinstance(year, int) and (self.first or year) <= year <= (self.last or year)

    def __str__(self) -> str:
        if self.first == self.last:
            return f"year:{self.first}"
        return f"year:{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class In:
    """Sections with this value in a field; the value of a closed list is its code."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{_value(self.value)}"


@dataclass(frozen=True, slots=True)
class Condition:
    """All sections of reports with a figure of this name (`requests.new.total`) for which the comparison is true."""

    figure: str
    operator: Operator
    number: Decimal

    def __str__(self) -> str:
        return f"{self.figure}{self.operator}{self.number:f}"


@dataclass(frozen=True, slots=True)
class And:
    """All parts, in one section or report."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the part does not match."""

    part: Query

    def __str__(self) -> str:
        return f"NOT ({self.part})" if isinstance(self.part, And | Or) else f"NOT {self.part}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A whole query that searches tables, or matches reports instead of sections; only at the top of a tree."""

    part: Query
    where: Where = "text"
    unit: Unit = "section"

    def __str__(self) -> str:
        part = f"({self.part})" if isinstance(self.part, Or) else str(self.part)
        where = f"in:{self.where}" if self.where != "text" else ""
        unit = f"unit:{self.unit}" if self.unit != "section" else ""
        return " ".join(filter(None, (part, where, unit)))


Exact = Phrase | Gapped | Word
Text = Term | Exact | Near
Query = MatchAll | Term | Phrase | Gapped | Word | Near | YearRange | In | Condition | And | Or | Not | Scope


def scope_of(tree: Query) -> Scope:
    return tree if isinstance(tree, Scope) else Scope(tree)


def positive_texts(tree: Query) -> Iterator[Text]:
    """Yields each distinct text that is not under a NOT, in the order written."""
    yield from dict.fromkeys(node for node, _ in walk(tree, into_not=False) if isinstance(node, Text))


def parts_without_text(tree: Query) -> Scope:
    """Returns the parts of a query that contain no text and that every match fulfils, with its options."""
    scope = scope_of(tree)
    parts = scope.part.parts if isinstance(scope.part, And) else (scope.part,)
    kept = tuple(part for part in parts if not any(isinstance(node, Text) for node, _ in walk(part)))
    return Scope(And(kept) if kept else MatchAll(), scope.where, scope.unit)


def walk(tree: Query, *, into_not: bool = True) -> Iterator[tuple[Query, int]]:
    """Yields each node with its depth, from left to right; without recursion, since a query may exceed the stack."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, And | Or):
            waiting.extend((part, depth + 1) for part in reversed(node.parts))
        elif isinstance(node, Scope) or (into_not and isinstance(node, Not)):
            waiting.append((node.part, depth + 1))


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return re.sub(r'["*?\\]', r"\\\g<0>", text)


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w-]+", text) else _quoted(text)
