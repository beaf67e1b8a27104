"""Suggestions for an input, and the types of what helps to explore an archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, get_args

from archive.agencies.name_tolerance import Tolerance
from archive.export.json_types import Count
from archive.text.joined_lines import JoinedLines
from archive.text.normalize import normal_form
from archive.text.pinyin import in_letters, pinyin_spellings, spelling
from indexer.query.ast import In, Phrase
from indexer.query.fields import FieldValue
from indexer.text.tokenizer import field_terms

Kind = Literal["report", "agency", "section", "phrase", "keyword"]
_CANDIDATES = 4
"""Suggestions counted for each one returned: a term of the field may not occur in the archive."""
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


def candidates(
    counts: Callable[[str], Iterable[tuple[FieldValue, int]]], label: Callable[[str, FieldValue], str]
) -> Iterator[Suggestion]:
    """Yields the suggestions except agencies: sections, and keywords and terms of the field as phrases.

    The count of a phrase is that of the keyword: it ranks phrases, and is not the number of their matches.

    Args:
        counts: returns each value of a field with the number of its sections.
        label: returns the label of a value of a field.
    """
    for value, count in counts("section"):
        yield Suggestion("section", label("section", value), str(In("section", str(value))), count)
    known = set()
    for value, count in counts("keyword"):
        known.add(str(value))
        yield _phrase(str(value), count)
    yield from map(_phrase, sorted(field_terms() - known))


def suggestions(
    suggester: Suggester,
    typed: str,
    named: Iterable[Suggestion],
    most: int,
    kind: Kind | None,
    sections: Callable[[str], int],
) -> tuple[Suggestion, ...]:
    """Returns the agencies and reports that are `named`, then others, each with the sections that its query matches."""
    others = suggester.suggest(typed, _CANDIDATES * most)
    phrases = [each.text for each in others if each.kind == "phrase"]
    keywords = [Suggestion("keyword", text, str(In("keyword", text)), 0) for text in phrases]
    wanted = (each for each in (*named, *others, *keywords) if kind in (None, each.kind))
    counted = (replace(each, count=sections(each.query)) for each in wanted)
    return tuple(islice((each for each in counted if each.count), most))


def _phrase(text: str, count: int = 0) -> Suggestion:
    return Suggestion("phrase", text, str(Phrase(text)), count)
