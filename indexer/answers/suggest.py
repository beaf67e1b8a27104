"""Suggestions for an input, and the types of what helps to explore an archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from archive.agencies.name_tolerance import Tolerance
from archive.export.json_types import Count
from archive.text.joined_lines import JoinedLines
from archive.text.normalize import normal_form
from archive.text.pinyin import in_letters, pinyin_spellings, spelling

Kind = Literal["report", "agency", "section", "phrase", "keyword"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of an input. `query` matches `count` sections.

    A `phrase` matches wherever it occurs, a `keyword` only in sections where it is more frequent than elsewhere. A
    `report` and an `agency` have a page at `url`; `tolerance` is the difference between the input and an agency's name.
    """

    kind: Kind
    text: str
    query: str
    count: Count
    url: str | None = None
    tolerance: Tolerance | None = None


@dataclass(frozen=True, slots=True)
class DistinctiveKeyword:
    """A keyword that is more frequent in a result than in the rest of the archive.

    `count` sections of the result have it; `expected` would at the frequency of the archive. The score is the
    log-likelihood ratio of Dunning (1993): above 10.83, chance alone produces it once in a thousand times.
    """

    keyword: str
    count: Count
    expected: float
    score: float


class Suggester:
    """Finds names by their characters and by pinyin."""

    def __init__(self, candidates: Iterable[Suggestion]) -> None:
        self._candidates = [*candidates]
        forms = [normal_form(each.text) for each in self._candidates]
        self._characters, self._letters = JoinedLines(forms), JoinedLines([pinyin_spellings(form) for form in forms])

    def suggest(self, typed: str, most: int) -> tuple[Suggestion, ...]:
        """Returns the best suggestions: names that begin with the input first, then by frequency."""
        wanted = normal_form(typed.strip())
        if not wanted:
            return ()
        places = self._characters.places(re.compile(re.escape(wanted)))
        if in_letters(wanted):
            places |= self._letters.places(spelling(wanted))
        order = sorted(places, key=lambda number: (places[number] > 0, -self._candidates[number].count, number))
        return tuple(self._candidates[number] for number in order[:most])
