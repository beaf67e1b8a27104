"""Derives from an agency's name its kind and its slug, and tells whether two names are one."""

from __future__ import annotations

import functools
import re

from archive.cues.divisions import first_code, leading_parts, level_of, shorter_names
from archive.model import Agency, Name
from archive.rulebook import rulebook
from archive.text.match import fold_alnum


def kind_of(name: str) -> str | None:
    """The code of the kind of agency that a name tells, such as `school`."""
    return first_code("kinds", name)


def slug_of(name: str) -> str:
    """The pinyin of a name, its places and the rest joined by hyphens: 泉州市教育局 is quanzhoushi-jiaoyuju."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (slow to load, and a process that reads pages makes no slugs)

    form = fold_alnum(name)
    places = [part.text for part in leading_parts(form)]
    parts = (*places, form[sum(map(len, places)) :])
    spelled = ("".join(lazy_pinyin(part)) for part in parts)
    return "-".join(part for part in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in spelled) if part) or "agency"


def same_name(one: str, other: str) -> bool:
    """Whether two names are equal, or equal but for a province or city before the longer one."""
    short, long = sorted((fold_alnum(one), fold_alnum(other)), key=len)
    return short == long or short in shorter_names(long)


@functools.cache
def ruled_agencies() -> tuple[Agency, ...]:
    """The agencies with several names of `rules/agencies.toml`."""
    agencies = []
    for rule in rulebook("agencies.toml")["agency"]:
        names = tuple(Name(each["text"], each.get("first_year"), each.get("last_year")) for each in rule["names"])
        name = names[-1].text
        agencies.append(Agency(rule["id"], name, names, rule["place"], level_of(name), kind_of(name)))
    return tuple(agencies)
