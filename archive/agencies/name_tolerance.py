"""Finds names that differ a little from an input: words in another order, a homophone, one wrong character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from rapidfuzz.distance import Levenshtein

from archive.agencies.name_forms import is_shortened, name_starts
from archive.text.pinyin import pinyin_spellings

Tolerance = Literal["alias", "order", "homophone", "character"]
TOLERANCES: tuple[Tolerance, ...] = get_args(Tolerance)
"""The tolerated differences, the smallest first: another usual name, another order, another character of the same
sound, one wrong, missing or added character."""

# The fewest characters of an input in which a difference is tolerated. Shorter ones resemble too many names.
_FEWEST = 4


def close_names(
    parts: Sequence[str], names: Sequence[str], characters: Sequence[frozenset[str]]
) -> Iterator[tuple[int, Tolerance, int]]:
    """Yields the number of each name that resembles an input, with the smallest difference and the edit distance.

    Args:
        parts: the words of the input as they were separated by blanks, folded.
        names: the names, folded.
        characters: the characters of each name.
    """
    word = "".join(parts)
    if len(word) < _FEWEST:
        return
    wanted, heard = frozenset(word), pinyin_spellings(word).split()
    for number, found in enumerate(characters):
        missing = len(wanted - found)
        if missing > 2:
            continue
        name = names[number]
        if not missing and _is_reordered(parts, name):
            yield number, "order", 0
        elif missing <= 1 and _has_one_wrong_character(word, name):
            kind: Tolerance = "homophone" if _sounds_alike(heard, name) else "character"
            yield number, kind, _distance(word, name)
        elif _sounds_alike(heard, name):
            yield number, "homophone", _distance(word, name)


def _is_reordered(parts: Sequence[str], name: str) -> bool:
    if len(parts) > 1:
        return all(len(part) > 1 and part in name for part in parts)
    (word,) = parts
    turned = (word[at:] + word[:at] for at in range(2, len(word) - 1))
    return any(is_shortened(each, name[start:]) for each in turned for start in name_starts(name))


def _has_one_wrong_character(word: str, name: str) -> bool:
    forms = [name[start:] for start in name_starts(name)]
    if any(Levenshtein.distance(word, form, score_cutoff=1) <= 1 for form in forms):
        return True
    shorter = [word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)]
    return any(is_shortened(each, form) for form in forms for each in shorter)


def _sounds_alike(heard: Sequence[str], name: str) -> bool:
    """Whether a name has the syllables in this order, from the beginning of a place or of the words behind it on."""
    syllables = pinyin_spellings(name).split()
    return any(_in_order(heard, syllables[start:]) for start in name_starts(name))


def _in_order(heard: Sequence[str], syllables: Sequence[str]) -> bool:
    rest = iter(syllables)
    return syllables[:1] == heard[:1] and all(each in rest for each in heard)


def _distance(word: str, name: str) -> int:
    return min(Levenshtein.distance(word, name[start:]) for start in name_starts(name))
