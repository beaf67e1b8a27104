"""How well a name fits what somebody is typing: by characters, pinyin or initials."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

from archive import normal_form


def rank(typed: str, name: str) -> int | None:
    """How well a name fits, 0 the best: it begins so, has it inside, begins so in pinyin, in initials; None where not."""
    form, wanted = normal_form(name), normal_form(typed.strip())
    if not wanted:
        return None
    latin = wanted.isascii() and wanted.isalpha()
    tests = (
        form.startswith(wanted),
        wanted in form,
        latin and _pinyin(form).startswith(wanted),
        latin and _initials(form).startswith(wanted),
    )
    return next((rank for rank, fitting in enumerate(tests) if fitting), None)


def fits(typed: str, names: Iterable[str]) -> bool:
    """Whether any of the names fits at all."""
    return any(rank(typed, name) is not None for name in names)


@functools.lru_cache(maxsize=200_000)
def _pinyin(name: str) -> str:
    return "".join(lazy_pinyin(name))


@functools.lru_cache(maxsize=200_000)
def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
