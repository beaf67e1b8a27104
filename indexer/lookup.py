"""How well a name fits what somebody is typing: by characters, pinyin or initials."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

from archive import normal_form


def rank(typed: str, name: str) -> int | None:
    """How well a name fits, 0 the best: it begins so, has it inside, is so in pinyin, in initials; else None."""
    form, wanted = normal_form(name), normal_form(typed.strip())
    if not wanted:
        return None
    latin = wanted.isascii() and wanted.isalpha()
    tests = (
        form.startswith(wanted),
        wanted in form,
        latin and pinyin(form).startswith(wanted),
        latin and initials(form).startswith(wanted),
    )
    return next((rank for rank, fitting in enumerate(tests) if fitting), None)


def fits(typed: str, names: Iterable[str]) -> bool:
    """Whether any of the names fits at all."""
    return any(rank(typed, name) is not None for name in names)


@functools.lru_cache(maxsize=200_000)
def pinyin(name: str) -> str:
    """A name in pinyin without tones: haidian."""
    return "".join(lazy_pinyin(name))


@functools.lru_cache(maxsize=200_000)
def initials(name: str) -> str:
    """The first letters of its pinyin: hdq."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
