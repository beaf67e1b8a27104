"""Finds agencies among all names at once: whole, in part, shortened, in pinyin, or with a tolerated difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from archive.agencies.english_names import chinese_parts
from archive.agencies.name_forms import is_shortened, name_starts, other_names, shortened_pattern, spelled_name
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
_BY_CHARACTERS, _MIXED_PINYIN, _BY_WORDS = 3, 6, 7
# Words of an input in letters; the longest English names have about 15.
_MOST_WORDS = 16
# The fewest letters and the fewest characters that name an agency in a query: fewer occur in most names.
_FEWEST_LETTERS, _FEWEST_CHARACTERS = 3, 2

# A search while typing compares the names of all agencies with each input.
_folded = bounded_cache(1 << 16)(fold_alnum)


class _LatinWord:
    """A word in letters, and the parts of names that it means in English."""

    def __init__(self, word: str) -> None:
        self.spelling = spelling(word)
        self.parts = chinese_parts(word) if len(word) >= _FEWEST_LETTERS else ()

    def is_in(self, name: str) -> bool:
        return any(part in name for part in self.parts) or self.spelling.search(spelled_name(name)) is not None


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

        Ranks: id, whole name, part of a name, shortened name, pinyin, initials, a mixture of both (only alone),
        words of pinyin and English in any order (only alone): `guigang water bureau`.
        """
        word = fold_alnum(wanted)
        ranks = {wanted: 0} if wanted in self.agencies else dict[str, int]()
        if word and len(word) <= _LONGEST:
            for rank, numbers in self._passes(word):
                for number in numbers:
                    ranks.setdefault(self._owners[number], rank)
            if not ranks and in_letters(word):
                ranks = dict.fromkeys((self._owners[n] for n in self._spelled.places(spelling(word))), _MIXED_PINYIN)
            if not ranks and in_letters(word):
                ranks = dict.fromkeys((self._owners[n] for n in self._with_words(_latin_words(wanted))), _BY_WORDS)
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
        best = [each for each in matches if (each.tolerance, each.rank) == (matches[0].tolerance, matches[0].rank)]
        return tuple(match for match in best if _is_named(word, match, wanted))

    def _passes(self, word: str) -> Iterator[tuple[int, Iterable[int]]]:
        """Yields each rank with the numbers of the names that match."""
        yield 1, self._lines.places(re.compile(rf"^{word}$", re.MULTILINE))
        yield 2, self._lines.places(re.compile(word))
        if in_letters(word):
            yield 4, self._letters.places(re.compile(word))
            yield 5, self._initials.places(re.compile(word))
        elif len(word) > 1:
            yield _BY_CHARACTERS, self._lines.places(shortened_pattern(word))

    def _with_words(self, words: Sequence[str]) -> Iterator[int]:
        """Yields the numbers of the names that have each word, in pinyin or in English."""
        if not words or len(words) > _MOST_WORDS:
            return
        # the word that is no English one is the place, which few names have; the others are looked for in these only
        first, *others = sorted((_LatinWord(word) for word in words), key=lambda word: len(word.parts))
        numbers = set(self._spelled.places(first.spelling))
        if first.parts:
            numbers.update(self._lines.places(re.compile("|".join(first.parts))))
        for number in numbers:
            name = self._names[number]
            if all(word.is_in(name) for word in others):
                yield number

    @cached_property
    def _spelled(self) -> JoinedLines:
        return JoinedLines([spelled_name(name) for name in self._names])

    @cached_property
    def _letters(self) -> JoinedLines:
        return JoinedLines([spelled_name(name).replace(" ", "") for name in self._names])

    @cached_property
    def _initials(self) -> JoinedLines:
        return JoinedLines(["".join(part[0] for part in spelled_name(name).split()) for name in self._names])

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


def _latin_words(wanted: str) -> tuple[str, ...]:
    left_out = rulebook("agency_search.toml")["left_out_english"]
    words = (fold_alnum(each) for each in wanted.split())
    return tuple(each for each in words if each and each not in left_out)


def _is_named(word: str, match: AgencyMatch, wanted: str) -> bool:
    """Whether an input matches the part of a name by which people name an agency."""
    if match.tolerance or match.rank <= 1:
        return True
    if match.rank == _BY_WORDS:
        words = [each for each in _latin_words(wanted) if len(each) >= _FEWEST_LETTERS]
        return any(_has_place(each, _folded(name.text)) for name in match.agency.names for each in words)
    return any(_names_part(word, _folded(name.text)) for name in match.agency.names)


def _names_part(word: str, name: str) -> bool:
    if in_letters(word):
        return spelling(word).search(spelled_name(name)) is not None
    forms = [name[start:] for start in name_starts(name)]
    return name.endswith(word) or any(form.startswith(word) or is_shortened(word, form) for form in forms)


def _has_place(word: str, name: str) -> bool:
    """Whether a place of a folded name begins with a word in pinyin, or has an English name with it: Tibet."""
    starts = name_starts(name)
    syllables = pinyin_spellings(name).split()
    return any("".join(syllables[start:]).startswith(word) for start in starts[:-1]) or any(
        part in name[: starts[-1]] for part in chinese_parts(word, of_places=True)
    )
