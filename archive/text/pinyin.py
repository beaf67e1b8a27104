"""Matches names with what users type in Latin letters: pinyin, initials, or a mixture of both (zhengwugk)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from pypinyin import lazy_pinyin
from pypinyin.seg.simpleseg import seg

from archive.limits import bounded_cache
from archive.rulebook import rulebook
from archive.text.normalize import normal_form


@bounded_cache(1 << 16)
def pinyin_spellings(name: str) -> str:
    """The pinyin of a name without tones, the syllables separated by spaces: `hai dian qu`.

    Names share their words, so the reading of each word is cached. `rules/place_readings.toml` has places that the
    dictionary of words reads in another way.
    """
    readings, pattern = _place_readings()
    syllables: list[str] = []
    for number, piece in enumerate(pattern.split(name)):  # every other piece is a place
        if number % 2:
            syllables.append(readings[piece])
        elif piece:
            syllables.extend(syllable for word in seg(piece) for syllable in _word_syllables(word))
    return " ".join(syllables)


@functools.cache
def _place_readings() -> tuple[dict[str, str], re.Pattern[str]]:
    readings = {row["zh"]: row["pinyin"] for row in rulebook("place_readings.toml")["reading"]}
    return readings, re.compile(f"({'|'.join(sorted(readings, key=len, reverse=True))})")


@bounded_cache(1 << 14)
def _word_syllables(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def in_letters(typed: str) -> bool:
    """Whether an input can be the pinyin of a name."""
    return typed.isascii() and typed.isalpha()


@bounded_cache(16)
def spelling(typed: str) -> re.Pattern[str]:
    """A pattern that finds an input in `pinyin_spellings`, one name or several lines of them, from any syllable on.

    Each letter continues its syllable or begins the next one.
    """
    # 'zwgk', 'zhengwugk' and 'zhengwu' all find 'zheng wu gong kai'
    return re.compile(r"(?<![^ \n])" + "(?:[a-z]* )?".join(typed.lower()))


def any_name_fits(typed: str, names: Iterable[str]) -> bool:
    """Whether a name contains an input, or is spelled like it from any syllable on."""
    wanted = normal_form(typed.strip())
    forms = [normal_form(name) for name in names] if wanted else []
    if any(wanted in form for form in forms):
        return True
    return in_letters(wanted) and any(spelling(wanted).search(pinyin_spellings(form)) for form in forms)
