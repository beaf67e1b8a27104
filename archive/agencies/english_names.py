"""Translates the names of agencies by rules (`rules/english.toml`): places in pinyin, the kind in English."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from archive.cues.divisions import leading_parts
from archive.limits import bounded_cache
from archive.rulebook import rulebook
from archive.text.normalize import normal_form
from archive.text.pinyin import pinyin_spellings

# Places that are named after the peoples who live there.
_AUTONOMOUS = ("自治州", "自治县", "自治旗")
_HAN = re.compile("[\u3400-\u9fff]+")


@bounded_cache(1 << 14)
def english_name(name: str) -> str:
    """Returns the name in English, `Beijing Haidian District Education Bureau`; it is no official name.

    What the rules do not know is in pinyin.
    """
    form = "".join(one if one.isascii() else other for one, other in zip(name, normal_form(name), strict=True))
    places = [part.text for part in leading_parts(form)]
    if form == "".join(places) and places:
        return " ".join(map(_place, places))
    rest = form[sum(map(len, places)) :]
    return " ".join(filter(None, [*map(_place, places), *_body(rest)]))


def romanized(text: str) -> str:
    """Returns Han as one word of pinyin with its first letter in upper case, `Xi'an`; other characters stay."""

    def word(match: re.Match[str]) -> str:
        first, *later = pinyin_spellings(match[0]).split()
        joined = first + "".join(f"'{each}" if each[0] in "aeo" else each for each in later)
        return joined[:1].upper() + joined[1:]

    return _HAN.sub(word, text)


def _place(place: str) -> str:
    names = _english("place")
    ending = next((each for each in _english("division") if place.endswith(each) and len(place) > len(each)), "")
    stem, peoples = place.removesuffix(ending), _english("people")
    named: list[str] = []
    while ending in _AUTONOMOUS and (people := next((each for each in peoples if stem.endswith(each)), "")):
        stem, named = stem.removesuffix(people), [peoples[people], *named]
    return " ".join(filter(None, [names.get(stem) or romanized(stem), *named, _english("division").get(ending, "")]))


def _body(text: str) -> Iterator[str]:
    """Yields the English of a name without its place: fields of work, then what kind of body it is."""
    endings = _english("ending")
    ending = next((each for each in endings if text.endswith(each)), "")
    yield from _topics(text.removesuffix(ending))
    yield endings.get(ending, "")


def _topics(text: str) -> Iterator[str]:
    topics = _english("topic")
    unknown = ""
    while text:
        topic = next((each for each in topics if text.startswith(each)), "")
        if topic and unknown:
            yield _place(unknown)
            unknown = ""
        if topic:
            yield topics[topic]
        unknown, text = unknown + ("" if topic else text[0]), text[len(topic) or 1 :]
    yield _place(unknown)


@functools.cache
def _english(key: str) -> dict[str, str]:
    """The rows of a list of rules, the longer first."""
    rows = sorted(rulebook("english.toml")[key], key=lambda row: -len(row["zh"]))
    return {row["zh"]: row["en"] for row in rows}


@bounded_cache(1 << 10)
def chinese_parts(word: str, *, of_places: bool = False) -> tuple[str, ...]:
    """Returns the parts of names whose English has a word that begins with a lower-case one, `water`: 水务, 水利."""
    return tuple(
        dict.fromkeys(
            zh
            for key in (("place",) if of_places else ("place", "people", "division", "ending", "topic"))
            for zh, en in _english(key).items()
            if any(each.startswith(word) for each in _words(en))
        )
    )


def _words(english: str) -> list[str]:
    return re.findall("[a-z]+", english.lower().replace("'", ""))
