"""The forms in which people write the name of an agency: from a place on, shortened, under another usual name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from archive.cues.divisions import leading_parts
from archive.limits import bounded_cache
from archive.rulebook import rulebook
from archive.text.match import fold_alnum
from archive.text.normalize import normal_form
from archive.text.numerals import han_number
from archive.text.pinyin import pinyin_spellings

# Years of a span; reports begin in 2008.
_MOST_YEARS = 30
# The brackets of a title, 《 … 》.
_NO_BRACKETS = str.maketrans("《》〈〉", "    ")


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """An input without the years and the words that do not belong to a name (`rules/agency_search.toml`)."""

    words: str
    years: tuple[int, ...]


def read_question(text: str) -> NameQuestion:
    """Splits `西湖区教育局2018年报告` into the name and the years."""
    year, span = (rulebook("agency_search.toml")[key]["pattern"] for key in ("year", "span"))
    form = span.sub(_written_out, normal_form(text).translate(_NO_BRACKETS))
    years = tuple(dict.fromkeys(_year(match[1]) for match in year.finditer(form)))
    words = filter(None, map(_without_left_out, year.sub(" ", form).split()))
    return NameQuestion(" ".join(words), years)


def _written_out(span: re.Match[str]) -> str:
    """Each year of `2018-2020`, if it is a span that an archive can have."""
    first, last = int(span[1]), int(span[2])
    return " ".join(map(str, range(first, last + 1))) + " " if first <= last < first + _MOST_YEARS else span[0]


def _year(written: str) -> int:
    """The year of `2018`, `18` or `二〇一八`."""
    digits = int("".join(str(han_number(each)) for each in written))
    return digits if digits >= 100 else 2000 + digits


def _without_left_out(word: str) -> str:
    left_out = _left_out()
    while ending := next((each for each in left_out if word == each or (len(each) > 1 and word.endswith(each))), None):
        if ending.isascii() and ending.isalpha() and word != ending:
            return word
        word = word.removesuffix(ending).removesuffix("的")
    return word


@functools.cache
def _left_out() -> tuple[str, ...]:
    return tuple(sorted(map(normal_form, rulebook("agency_search.toml")["left_out"]), key=len, reverse=True))


@bounded_cache(1 << 15)
def name_starts(name: str) -> tuple[int, ...]:
    """Returns the offsets in a folded name at which a place, or the words behind all places, begins."""
    return (0, *accumulate(len(part.text) for part in leading_parts(name)))


@bounded_cache(1 << 16)
def spelled_name(name: str) -> str:
    """The pinyin of a folded name; behind ` - ` that without the kinds of its places: 铜山公安局, 铜山区公安局."""
    starts = (*name_starts(name), len(name))
    parts = [name[start:end] for start, end in pairwise(starts) if end > start]
    spelled = [pinyin_spellings(part).split() for part in parts]
    places = len(starts) - 2
    short = [each[:-1] if number < places and len(each) > 2 else each for number, each in enumerate(spelled)]
    whole = " ".join(chain.from_iterable(spelled))
    return whole if short == spelled else f"{whole} - {' '.join(chain.from_iterable(short))}"


def is_shortened(short: str, name: str) -> bool:
    """Returns whether a name begins with the first character of a shortened name and has the others in this order."""
    return name[:1] == short[:1] and shortened_pattern(short).match(name) is not None


@bounded_cache(1 << 8)
def shortened_pattern(short: str) -> re.Pattern[str]:
    """A pattern that matches the characters of a shortened name in this order on one line."""
    return re.compile(short[:1] + "".join(f"[^\n{character}]*{character}" for character in short[1:]))


def other_names(word: str) -> Iterator[str]:
    """Yields a folded name with another usual name (教委, 教育局) for the longest one in it, or of a branch."""
    aliases = _aliases()
    name = max((each for each in aliases if each in word), key=len, default=None)
    if name is not None:
        yield from (word.replace(name, other) for other in aliases[name] if other not in word)
    for rule in rulebook("agency_search.toml")["branch"]:
        if match := rule["pattern"].match(word):
            written = (match.expand(each) for each in rule["written"])
            yield from (other for other in written if other != word)


@functools.cache
def _aliases() -> dict[str, dict[str, None]]:
    """The other names of each name."""
    aliases: dict[str, dict[str, None]] = {}
    for rule in rulebook("agency_search.toml")["alias"]:
        names, former = (tuple(map(fold_alnum, rule.get(key, ()))) for key in ("names", "former"))
        for name in (*names, *former):
            others = (*names, *former) if name in names else names
            aliases.setdefault(name, {}).update(dict.fromkeys(other for other in others if other != name))
    return aliases
