"""Finds agencies among all names at once: whole, in part, shortened, in pinyin, or with a tolerated difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from archive.agencies.name_forms import is_shortened, name_starts, other_names, shortened_pattern
from archive.agencies.name_tolerance import TOLERANCES, Tolerance, close_names
from archive.limits import bounded_cache
from archive.model import Agency
from archive.rulebook import rulebook
from archive.text.joined_lines import JoinedLines
from archive.text.match import fold_alnum
from archive.text.pinyin import in_letters, pinyin_spellings, spelling

# Characters of an input that can be a name; the longest names have about 40.
_LONGEST = 100
# The worst rank of a name that is found by its characters, and the rank of a mixture of pinyin and initials, which is
# found only if no other name matches.
_BY_CHARACTERS, _MIXED_PINYIN = 3, 6
# The fewest letters and the fewest characters that name an agency in a query: fewer occur in most names.
_FEWEST_LETTERS, _FEWEST_CHARACTERS = 3, 2

# A search while typing compares the names of all agencies with each input.
_folded = bounded_cache(1 << 16)(fold_alnum)


@dataclass(frozen=True, slots=True)
class AgencyMatch:
    """An agency that an input matches: 0 is the best `rank`. `tolerance` is the difference to its names, if any."""

    agency: Agency
    rank: int
    tolerance: Tolerance | None = None


class AgencySearch:
    """The names of agencies, prepared for many look-ups. Threads may share it."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.agencies = {agency.id: agency for agency in agencies}
        pairs = [(_folded(name.text), agency.id) for agency in self.agencies.values() for name in agency.names]
        self._names = [name for name, _ in pairs]
        self._owners = [agency for _, agency in pairs]
        self._lines = JoinedLines(self._names)

    def find(self, wanted: str) -> tuple[AgencyMatch, ...]:
        """Returns the agencies that an input matches, best first.

        Ranks: id, whole name, part of a name, shortened name, pinyin, initials, a mixture of both (only alone).
        """
        word = fold_alnum(wanted)
        ranks = {wanted: 0} if wanted in self.agencies else dict[str, int]()
        if word and len(word) <= _LONGEST:
            for rank, numbers in self._passes(word):
                for number in numbers:
                    ranks.setdefault(self._owners[number], rank)
            if not ranks and in_letters(word):
                ranks = dict.fromkeys((self._owners[n] for n in self._spelled.places(spelling(word))), _MIXED_PINYIN)
        order = sorted((rank, agency) for agency, rank in ranks.items())
        return tuple(AgencyMatch(self.agencies[agency], rank) for rank, agency in order)

    def find_similar(self, wanted: str) -> tuple[AgencyMatch, ...]:
        """Returns the agencies that an input matches with a tolerated difference only, the smallest one first.

        If an agency matches exactly, only other usual names are tolerated.
        """
        word = fold_alnum(wanted)
        if not word or len(word) > _LONGEST or in_letters(word):
            return ()
        exact = {match.agency.id for match in self.find(wanted)}
        best: dict[str, tuple[int, int]] = {}
        for variant in other_names(word):
            for match in self.find(variant):
                if match.rank <= _BY_CHARACTERS:
                    _keep_best(best, match.agency.id, (TOLERANCES.index("alias"), match.rank))
        if not exact:
            parts = [part for part in map(fold_alnum, wanted.split()) if part]
            for number, tolerance, distance in close_names(parts, self._names, self._character_sets):
                _keep_best(best, self._owners[number], (TOLERANCES.index(tolerance), distance))
        order = sorted((difference, agency) for agency, difference in best.items() if agency not in exact)
        return tuple(
            AgencyMatch(self.agencies[agency], distance, TOLERANCES[tolerance])
            for (tolerance, distance), agency in order
        )

    def find_all(self, wanted: str) -> tuple[AgencyMatch, ...]:
        """Returns the agencies that an input matches, and behind them those with a tolerated difference."""
        return (*self.find(wanted), *self.find_similar(wanted))

    def named(self, wanted: str) -> tuple[AgencyMatch, ...]:
        """Returns the agencies that the words of a query name, equally good ones; empty for ordinary words.

        A part of a name counts only from the beginning of a place or of the words behind it on, or at the end.
        """
        word = fold_alnum(wanted)
        fewest = _FEWEST_LETTERS if in_letters(word) else _FEWEST_CHARACTERS
        if len(word) < fewest or word in rulebook("agencies.toml")["endings"]:
            return ()
        matches = self.find(wanted) or self.find_similar(wanted)
        return tuple(
            match
            for match in matches
            if (match.tolerance, match.rank) == (matches[0].tolerance, matches[0].rank) and _is_named(word, match)
        )

    def _passes(self, word: str) -> Iterator[tuple[int, Iterable[int]]]:
        """Yields each rank with the numbers of the names that match."""
        yield 1, self._lines.places(re.compile(rf"^{word}$", re.MULTILINE))
        yield 2, self._lines.places(re.compile(word))
        if in_letters(word):
            yield 4, self._letters.places(re.compile(word))
            yield 5, self._initials.places(re.compile(word))
        elif len(word) > 1:
            yield _BY_CHARACTERS, self._lines.places(shortened_pattern(word))

    @cached_property
    def _spelled(self) -> JoinedLines:
        return JoinedLines([pinyin_spellings(name) for name in self._names])

    @cached_property
    def _letters(self) -> JoinedLines:
        return JoinedLines([pinyin_spellings(name).replace(" ", "") for name in self._names])

    @cached_property
    def _initials(self) -> JoinedLines:
        return JoinedLines(["".join(part[0] for part in pinyin_spellings(name).split()) for name in self._names])

    @cached_property
    def _character_sets(self) -> Sequence[frozenset[str]]:
        return [frozenset(name) for name in self._names]


def is_whole_name(wanted: str, agency: Agency) -> bool:
    """Returns whether an input is the id of an agency, or a name of it with or without the wider places before it."""
    word = fold_alnum(wanted)
    names = [_folded(name.text) for name in agency.names]
    starts = ((name, start) for name in names for start in name_starts(name)[:-1] or (0,))
    return wanted == agency.id or any(name[start:] == word for name, start in starts)


def _keep_best(best: dict[str, tuple[int, int]], agency: str, difference: tuple[int, int]) -> None:
    best[agency] = min(best.get(agency, difference), difference)


def _is_named(word: str, match: AgencyMatch) -> bool:
    """Whether an input matches the part of a name by which people name an agency."""
    if match.tolerance or match.rank <= 1:
        return True
    return any(_names_part(word, _folded(name.text)) for name in match.agency.names)


def _names_part(word: str, name: str) -> bool:
    if in_letters(word):
        return spelling(word).search(pinyin_spellings(name)) is not None
    forms = [name[start:] for start in name_starts(name)]
    return name.endswith(word) or any(form.startswith(word) or is_shortened(word, form) for form in forms)
