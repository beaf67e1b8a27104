"""The tree of a query: what every engine visits.

Texts in the tree are cleaned text (see `archive.clean`); they are matched in the normal form. Printing a tree gives a
query that parses to the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.fields import WORD


@dataclass(frozen=True, slots=True)
class Everything:
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
class Word:
    """These characters where both of their ends are ends of words."""

    text: str

    def __str__(self) -> str:
        return f"{WORD}:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Years:
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


Text = Term | Phrase | Word
Query = Everything | Term | Phrase | Word | Years | In | And | Or | Not


def positive_texts(tree: Query) -> Iterator[Text]:
    """Every word, phrase and plain string that is not under a NOT, each once, in the order written."""
    seen: dict[Text, None] = {}
    _collect(tree, seen)
    yield from seen


def _collect(tree: Query, seen: dict[Text, None]) -> None:
    match tree:
        case Term() | Phrase() | Word():
            seen[tree] = None
        case And(parts) | Or(parts):
            for part in parts:
                _collect(part, seen)
        case Not() | Years() | In() | Everything():
            pass


def walk(tree: Query) -> Iterator[tuple[Query, int]]:
    """Every node with its depth, without recursion: a hostile query is deeper than Python's stack."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, And | Or):
            waiting.extend((part, depth + 1) for part in node.parts)
        elif isinstance(node, Not):
            waiting.append((node.part, depth + 1))


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["*?\\]', r"\\\g<0>", text) + '"'


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w-]+", text) else _quoted(text)
