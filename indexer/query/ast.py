"""The tree of a query: what every engine visits.

Texts in the tree are cleaned text (see `archive.clean`); they are matched in the normal form. Printing a tree gives a
query that parses to the same tree.
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
"""What is searched: running text, table cells, or both."""
Unit = Literal["section", "report"]
"""What AND and NOT look at."""
Operator = Literal["=", ">", "<", ">=", "<="]

GAPS = {"*": (0, 20), "?": (1, 1)}
"""How many characters a gap in a phrase may stand for, at least and at most."""


@dataclass(frozen=True, slots=True)
class MatchAll:
    """The empty query: every section."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Term:
    """A plain string: sections that hold it whole, or every one of its words."""

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
    """A phrase with gaps: a text, the marks of a gap (`*`, `??`), the next text, and so on, within one paragraph.

    There is one gap fewer than texts; the first and the last text are empty where the phrase begins or ends with `?`.
    """

    texts: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def widths(self) -> tuple[tuple[int, int], ...]:
        """For each gap the fewest and the most characters that it stands for."""
        return tuple((sum(GAPS[mark][0] for mark in gap), sum(GAPS[mark][1] for mark in gap)) for gap in self.gaps)

    def __str__(self) -> str:
        return (
            '"' + "".join(_escaped(text) + gap for text, gap in zip_longest(self.texts, self.gaps, fillvalue="")) + '"'
        )


@dataclass(frozen=True, slots=True)
class Word:
    """These characters where both of their ends are ends of words."""

    text: str

    def __str__(self) -> str:
        return f"{WORD}:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Near:
    """A left operand with a right one at most `distance` characters away, on either side, in one paragraph.

    Operands are phrases, whole words, or alternatives of them, and do not overlap; the left ones are what is counted.
    """

    left: tuple[Exact, ...]
    distance: int
    right: tuple[Exact, ...]

    def __str__(self) -> str:
        left, right = (f"({Or(side)})" if len(side) > 1 else str(side[0]) for side in (self.left, self.right))
        return f"{left} NEAR/{self.distance} {right}"


@dataclass(frozen=True, slots=True)
class YearRange:
    """Reports on these years, both included; None at an end is open."""

    first: int | None
    last: int | None

    @property
    def name(self) -> str:
        """The field that is asked."""
        return "year"

    def holds(self, year: int | str | None) -> bool:
        """Whether a year is one of them; a report without a year is in no range."""
        return isinstance(year, int) and (self.first or year) <= year <= (self.last or year)

    def __str__(self) -> str:
        if self.first == self.last:
            return f"year:{self.first}"
        return f"year:{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class In:
    """Sections with this value in a field; of a section or form the value is its code."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{_value(self.value)}"


@dataclass(frozen=True, slots=True)
class Condition:
    """All sections of reports that state a figure of this name (`requests.new.total`) which compares so."""

    figure: str
    operator: Operator
    number: Decimal

    def __str__(self) -> str:
        return f"{self.figure}{self.operator}{self.number:f}"


@dataclass(frozen=True, slots=True)
class And:
    """All of these, in one section."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Query, ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """The rest."""

    part: Query

    def __str__(self) -> str:
        return f"NOT ({self.part})" if isinstance(self.part, And | Or) else f"NOT {self.part}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A whole query that looks elsewhere than in running text, or at reports instead of sections; never inside one."""

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
    """The tree as a whole query, with where it looks and at what."""
    return tree if isinstance(tree, Scope) else Scope(tree)


def positive_texts(tree: Query) -> Iterator[Text]:
    """Every word, phrase and plain string that is not under a NOT, each once, in the order written."""
    seen: dict[Text, None] = {}
    _collect(tree, seen)
    yield from seen


def _collect(tree: Query, seen: dict[Text, None]) -> None:
    match tree:
        case Term() | Phrase() | Gapped() | Word() | Near():
            seen[tree] = None
        case And(parts) | Or(parts):
            for part in parts:
                _collect(part, seen)
        case Scope(part):
            _collect(part, seen)
        case Not() | YearRange() | In() | Condition() | MatchAll():
            pass


def walk(tree: Query) -> Iterator[tuple[Query, int]]:
    """Every node with its depth, without recursion: a hostile query is deeper than Python's stack."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, And | Or):
            waiting.extend((part, depth + 1) for part in node.parts)
        elif isinstance(node, Not | Scope):
            waiting.append((node.part, depth + 1))


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return re.sub(r'["*?\\]', r"\\\g<0>", text)


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w-]+", text) else _quoted(text)
