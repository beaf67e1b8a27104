"""Names as people type them in Latin letters: in pinyin, by initials, or from one into the other (zhengwugk)."""

from __future__ import annotations

import functools
import re

from pypinyin import lazy_pinyin


@functools.lru_cache(maxsize=200_000)
def pinyin_spellings(name: str) -> str:
    """The pinyin of a name without tones, a blank between syllables: `hai dian qu`."""
    return " ".join(lazy_pinyin(name))


def in_letters(typed: str) -> bool:
    """Whether something can be the spelling of a name at all."""
    return typed.isascii() and typed.isalpha()


@functools.lru_cache(maxsize=1000)
def spelling(typed: str) -> re.Pattern[str]:
    """What finds the names that are spelled so, in `pinyin_spellings` names or lines of them, from any syllable on.

    Each letter goes on in its syllable or begins the next one.
    """
    # 'zwgk', 'zhengwugk' and 'zhengwu' all find 'zheng wu gong kai'
    return re.compile(r"(?<![^ \n])" + "(?:[a-z]* )?".join(typed.lower()))
