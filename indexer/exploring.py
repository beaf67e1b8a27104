"""What helps to explore: suggestions as one types, sections like one another, keywords that set a result apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Literal

from archive import normal_form
from indexer.lookup import initials, pinyin

Kind = Literal["agency", "section", "keyword", "term"]

_INSIDE = 3  # the rank of what is found inside a name, behind characters, pinyin and initials at its beginning


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that what was typed may mean. `query` finds it; `count` is its sections, None where not counted."""

    kind: Kind
    text: str
    query: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Distinctive:
    """A keyword that sections of a result have more often than the rest, by chance as likely as `score` is small.

    `count` sections of the result have it, `expected` would if it were as frequent there as everywhere. The score is
    the log-likelihood ratio of Dunning (1993): above 10.83 it comes by chance once in a thousand times.
    """

    keyword: str
    count: int
    expected: float
    score: float


class Suggester:
    """Finds names by their beginning in characters, pinyin or initials, and by any characters inside them."""

    def __init__(self, candidates: Iterable[Suggestion]) -> None:
        self._candidates = [*candidates]
        forms = [normal_form(each.text) for each in self._candidates]
        spelled = enumerate((form, pinyin(form), initials(form)) for form in forms)
        self._keys = sorted((key, rank, number) for number, keys in spelled for rank, key in enumerate(keys))
        self._joined = "\n".join(["", *forms, ""])
        self._starts = [*accumulate((len(form) + 1 for form in forms), initial=1)]

    def suggest(self, typed: str, most: int) -> tuple[Suggestion, ...]:
        """The best ones: what begins so before what has it inside, then the more frequent."""
        wanted = normal_form(typed.strip())
        if not wanted:
            return ()
        ranks: dict[int, int] = {}
        for rank, number in (*self._beginning(wanted), *self._holding(wanted)):
            ranks[number] = min(rank, ranks.get(number, rank))
        order = sorted(ranks, key=lambda number: (ranks[number], -(self._candidates[number].count or 0), number))
        return tuple(self._candidates[number] for number in order[:most])

    def _beginning(self, wanted: str) -> Iterator[tuple[int, int]]:
        first = bisect_left(self._keys, (wanted,))
        keys = takewhile(lambda key: key[0].startswith(wanted), (self._keys[n] for n in range(first, len(self._keys))))
        return ((rank, number) for _, rank, number in keys)

    def _holding(self, wanted: str) -> Iterator[tuple[int, int]]:
        at = self._joined.find(wanted)
        while at >= 0:
            yield _INSIDE, bisect_right(self._starts, at) - 1
            at = self._joined.find(wanted, self._joined.index("\n", at))
