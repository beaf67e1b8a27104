"""What helps to explore: suggestions as one types, sections like one another, keywords that set a result apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

from archive.export.json_types import Count
from archive.text.normalize import normal_form
from archive.text.pinyin import in_letters, pinyin_spellings, spelling

Kind = Literal["agency", "section", "phrase", "keyword"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that what was typed may mean. `query` finds it, `count` sections.

    A `phrase` is found wherever it stands; a `keyword` in the sections that say it more often than the archive does.
    """

    kind: Kind
    text: str
    query: str
    count: Count


@dataclass(frozen=True, slots=True)
class DistinctiveKeyword:
    """A keyword that sections of a result have more often than the rest, by chance as likely as `score` is small.

    `count` sections of the result have it, `expected` would if it were as frequent there as everywhere. The score is
    the log-likelihood ratio of Dunning (1993): above 10.83 it comes by chance once in a thousand times.
    """

    keyword: str
    count: Count
    expected: float
    score: float


class Suggester:
    """Finds names by their characters and by how they are spelled (`archive.spelling`), what begins so first."""

    def __init__(self, candidates: Iterable[Suggestion]) -> None:
        self._candidates = [*candidates]
        forms = [normal_form(each.text) for each in self._candidates]
        self._characters, self._letters = _Lines(forms), _Lines([pinyin_spellings(form) for form in forms])

    def suggest(self, typed: str, most: int) -> tuple[Suggestion, ...]:
        """The best ones: what begins so before what has it inside, then the more frequent."""
        wanted = normal_form(typed.strip())
        if not wanted:
            return ()
        found = self._characters.found(re.compile(re.escape(wanted)))
        if in_letters(wanted):
            found.update((number, rank) for number, rank in self._letters.found(spelling(wanted)).items())
        order = sorted(found, key=lambda number: (found[number], -self._candidates[number].count, number))
        return tuple(self._candidates[number] for number in order[:most])


class _Lines:
    """Many texts, searched as one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join([*texts, ""])
        self._starts = [*accumulate((len(text) + 1 for text in texts), initial=0)]

    def found(self, wanted: re.Pattern[str]) -> dict[int, int]:
        """The numbers of the texts that have it; 0 for those that begin so, else 1."""
        ranks: dict[int, int] = {}
        for match in wanted.finditer(self._joined):
            number = bisect_right(self._starts, match.start()) - 1
            ranks.setdefault(number, int(match.start() != self._starts[number]))
        return ranks
