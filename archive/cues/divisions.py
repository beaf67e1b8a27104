"""The administrative divisions of China since 2008 (`rules/divisions/`), and those that names of agencies begin with.

Towns and streets are not in the table, and neither are development zones; rules recognise them by their endings.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import combinations
from typing import NamedTuple

from archive.limits import bounded_cache
from archive.rule_schemas import CodedRule
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum
from archive.text.normalize import normal_form
from archive.text.pinyin_annotations import strip_annotations

_ALWAYS = (0, 9999)
# Characters of the longest name: 双江拉祜族佤族布朗族傣族自治县.
_LONGEST = 15
# Levels whose names may stand shortened before a narrower division: 福建泉州市, 北京海淀区.
_SHORTENED = ("province", "city")


class Division(NamedTuple):
    """A province, city or county under one name; `first_year` and `last_year` are None if it was not founded or
    abolished since 2008."""

    code: str
    name: str
    short: str
    level: str
    parent: str
    first_year: int | None
    last_year: int | None

    def existed(self, first: int, last: int) -> bool:
        """Whether it existed at some time between two years."""
        return (self.first_year or _ALWAYS[0]) <= last and first <= (self.last_year or _ALWAYS[1])

    def contains(self, other: Division) -> bool:
        """Whether another division lies in it."""
        zeros = {"province": 4, "city": 2}.get(self.level)
        return zeros is not None and other.code != self.code and other.code.startswith(self.code[:-zeros])


class NamePart(NamedTuple):
    """A division at the start of a name, with all that it can mean: nothing if the table lacks it."""

    text: str
    meanings: tuple[Division, ...]


@functools.cache
def divisions() -> tuple[Division, ...]:
    """The table, by code and then by time."""
    source = files("archive").joinpath("rules", "divisions", "divisions.tsv").read_text("utf-8")
    return tuple(_division(*line.split("\t")) for line in source.splitlines()[1:])


def _division(code: str, name: str, short: str, level: str, parent: str, first: str, last: str) -> Division:
    return Division(code, name, short, level, parent, int(first) if first else None, int(last) if last else None)


def called(name: str) -> tuple[Division, ...]:
    """The divisions that are called so, in full or for short, also behind the name of a wider one: 河北石家庄."""
    return _called(normal_form(name)) if len(name) <= _LONGEST * 3 else ()


@bounded_cache(1 << 12)
def _called(form: str) -> tuple[Division, ...]:
    found = _by_name().get(form, ()) + _by_short_name().get(form, ())
    splits = ((form[:end], form[end:]) for end in range(2, len(form) - 1))
    return found or next(filter(None, (_within(_called(narrow), _called(wide) or ()) for wide, narrow in splits)), ())


def path(division: Division) -> tuple[str, ...]:
    """A division and those above it under their newest names, the widest first."""
    newest = _newest()
    above = path(newest[division.parent]) if division.parent else ()
    return (*above, newest[division.code].name)


@bounded_cache(1 << 12)
def located(place: str, year: int | None = None) -> tuple[Division, ...]:
    """The divisions that a place can mean in a report on a year; several if the name does not tell which.

    Of divisions that followed one another under one name it is the one of that year, without a year the newest.
    """
    form = normal_form(place)
    meanings = _last_listed(leading_parts(form)) or _by_short_name().get(form, ()) or _city_of_zone(form)
    if year is not None:
        meanings = tuple(each for each in meanings if each.existed(year, year + 1)) or meanings
    if is_ambiguous(meanings):
        return meanings
    before = [each for each in meanings if year is None or (each.first_year or 0) <= year] or meanings
    return tuple(sorted(before, key=lambda each: each.first_year or 0)[-1:])


def is_ambiguous(meanings: Sequence[Division]) -> bool:
    """Whether two of the divisions existed at the same time; in the year of a change both names are in use."""
    spans = [(each.first_year or _ALWAYS[0], each.last_year or _ALWAYS[1]) for each in meanings]
    return any(one[0] < other[1] and other[0] < one[1] for one, other in combinations(spans, 2))


@bounded_cache(1 << 12)
def leading_parts(form: str) -> tuple[NamePart, ...]:
    """The divisions that a text in the normal form begins with, the widest first, each within the one before it.

    What the table lacks is recognised by `unlisted_place` of `rules/agencies.toml`.
    """
    parts: list[NamePart] = []
    at = 0
    while part := _part(form, at, parts[-1].meanings if parts else None):
        parts.append(part)
        at += len(part.text)
    return tuple(parts)


def full_name_at(form: str, at: int) -> str | None:
    """The full name of a division of the table at an offset of a text in the normal form."""
    part = _listed(form, at, None)
    return part.text if part else None


def place_of(name: str) -> str | None:
    """The place that a name states, without pinyin annotations: 北京市海淀区 of 北京市海淀区教育局."""
    return strip_annotations(name)[0][: sum(len(part.text) for part in leading_parts(f"{fold(name)}。"))] or None


def level_of(name: str) -> str | None:
    """The code of the level of government that a name tells, such as `county`."""
    level = first_code("levels", name)
    if level in ("national", "township"):
        return level
    parts = leading_parts(fold(name))
    listed = {each.level for each in parts[-1].meanings} if parts else set()
    return listed.pop() if len(listed) == 1 else level


def states_place(name: str) -> bool:
    """Whether a name states its place, or identifies an agency without one: 某区教育局, 某镇, 某某大学, 教育部."""
    short, rules = fold(name), rulebook("agencies.toml")
    if short.startswith(rules["nationwide"]):
        return True
    # a place may be the whole name; a zone without a name of its own states none
    if parts := leading_parts(f"{short}。"):
        return bool(parts[0].meanings) or not rules["vague_zone"]["pattern"].match(short)
    # 海门经济技术开发区: a zone that is called after its county
    if any(called(short[:end]) and rules["zone"]["pattern"].search(short, end) for end in (2, 3, 4)):
        return True
    township = rules["township"]["pattern"].fullmatch(short)
    school = first_code("kinds", short) in rules["own_outline"]
    return not rules["vague"]["pattern"].match(short) and bool(township or school or short.endswith(("部", "署")))


def is_vague(name: str) -> bool:
    """Whether a name does not state its place, or states it with a name that several places have."""
    short, rules = fold(name), rulebook("agencies.toml")
    parts = leading_parts(short)
    if parts and parts[0].meanings:
        return is_ambiguous(_last_listed(parts))
    if any(rules[key]["pattern"].match(short) for key in ("vague_zone", "vague_township")):
        return True
    return not parts and rules["vague"]["pattern"].match(short) is not None


def shorter_names(name: str) -> Iterator[str]:
    """The name without the province or city before its place, without punctuation."""
    whole, end = fold_alnum(name), 0
    parts = leading_parts(whole)
    for part in parts[:-1]:
        wider = part.meanings[0].level != "county" if part.meanings else part.text.endswith(_WIDER)
        if not wider:
            return
        end += len(part.text)
        yield whole[end:]


# Endings of places that the table lacks and that a name can leave out.
_WIDER = ("省", "自治区", "州", "盟", "地区", "市")


def first_code(key: str, name: str) -> str | None:
    """The code of the first rule under a key of `rules/agencies.toml` that matches a name."""
    rules: Sequence[CodedRule] = rulebook("agencies.toml")[key]
    short = fold(name)
    return next((rule["code"] for rule in rules if rule["pattern"].search(short)), None)


def _part(form: str, at: int, above: tuple[Division, ...] | None) -> NamePart | None:
    """The division that begins at an offset: behind one that the table lacks, only another one that it lacks."""
    listed = None if above == () else _listed(form, at, above) or _shortened(form, at, above)
    if listed:
        return listed
    match = rulebook("agencies.toml")["unlisted_place"]["pattern"].match(form, at)
    return NamePart(match[0], ()) if match else None


def _listed(form: str, at: int, above: Sequence[Division] | None) -> NamePart | None:
    """The longest full name at an offset, but for 东区 and 城区 at the beginning, which many cities have."""
    for end in range(min(len(form), at + _LONGEST), at + 1, -1):
        text = form[at:end]
        within = _within(_by_name().get(text, ()), above)
        if within and not form.startswith("市场", end - 1) and (at or len(text) > 2 or text[-1] != "区"):
            return NamePart(text, within)
    return None


def _shortened(form: str, at: int, above: Sequence[Division] | None) -> NamePart | None:
    """A short name with the full name of a division in it behind it."""
    for end in range(min(len(form), at + _LONGEST), at + 1, -1):
        short = [each for each in _by_short_name().get(form[at:end], ()) if each.level in _SHORTENED]
        within = _within(short, above)
        containing = tuple(each for each in within if _listed(form, end, [each]))
        if containing:
            return NamePart(form[at:end], containing)
    return None


def _within(candidates: Sequence[Division], above: Sequence[Division] | None) -> tuple[Division, ...]:
    if above is None:
        return tuple(candidates)
    return tuple(each for each in candidates if any(wider.contains(each) for wider in above))


def _city_of_zone(form: str) -> tuple[Division, ...]:
    """The city of a zone that is called after it, 苏州工业园区, if nothing else has the short name of the city."""
    zone = rulebook("agencies.toml")["zone"]["pattern"]
    for end in range(2, len(form) - 1):
        cities = called(form[:end]) if zone.fullmatch(form, end) else ()
        if len(cities) == 1 and cities[0].level == "city":
            return cities
    return ()


def _last_listed(parts: Sequence[NamePart]) -> tuple[Division, ...]:
    return next((part.meanings for part in reversed(parts) if part.meanings), ())


@functools.cache
def _by_name() -> Mapping[str, tuple[Division, ...]]:
    """Divisions by full name in the normal form; 延边州 is one of 延边朝鲜族自治州."""
    named: defaultdict[str, tuple[Division, ...]] = defaultdict(tuple)
    for division in divisions():
        named[normal_form(division.name)] += (division,)
        if division.short and "自治" in division.name and not division.name.endswith("自治区"):
            named[normal_form(division.short + division.name[-1])] += (division,)
    return dict(named)


@functools.cache
def _by_short_name() -> Mapping[str, tuple[Division, ...]]:
    named: defaultdict[str, tuple[Division, ...]] = defaultdict(tuple)
    for division in divisions():
        if division.short:
            named[normal_form(division.short)] += (division,)
    return dict(named)


@functools.cache
def _newest() -> Mapping[str, Division]:
    return {division.code: division for division in divisions()}
