"""What the name of an agency tells: its place, level and kind, its pinyin, and which other names are the same."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pypinyin import lazy_pinyin

from archive.model import Agency, Name
from archive.rulebook import CodedRule, rulebook
from archive.text.match import fold, fold_alnum

# '泉州市丰泽区…局' and '丰泽区…局': what may be left out before a name
_WIDER_PLACE = re.compile(r".{2,8}?(?:省|自治区|自治州|州|盟|地区|市)")
_WIDEST = 12


def states_place(name: str) -> bool:
    """Whether a name says which place it belongs to, or needs none to be known: 某区教育局, 某镇, 某某大学, 教育部."""
    short = fold(name)
    if re.match(f"{_PLACE}|国家|中国|中华", f"{short}。"):  # a place may be the whole name
        return True
    township = re.fullmatch(".{1,8}(镇|乡|街道|苏木)(人民政府|政府|办事处)?(党政)?(综合)?(办公室)?", short)
    vague = rulebook("agencies.toml")["vague"]["pattern"].match(short)
    school = kind_of(short) in rulebook("agencies.toml")["own_outline"]
    return vague is None and bool(township or school or short.endswith(("部", "署")))


def level_of(name: str) -> str | None:
    """The level of government that a name tells: national, province, city, county, township."""
    return _first_match("levels", name)


def kind_of(name: str) -> str | None:
    """The kind of agency that a name tells: government, department, school …"""
    return _first_match("kinds", name)


def slug_of(name: str) -> str:
    """The pinyin of a name, its places and the rest joined by hyphens: 泉州市教育局 is quanzhoushi-jiaoyuju."""
    parts = re.findall(rf"{_PLACE}|.+", fold(re.sub(r"[^\w]", "", name)))
    spelled = ("".join(lazy_pinyin(part)) for part in parts)
    return "-".join(part for part in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in spelled) if part) or "agency"


# '延边朝鲜族自治州', '泉州市', '黔东南州', '歙县'; not '社区', '市场', nor the 州 of 杭州市
_PLACE = (
    r"(?:[^省市区县旗盟]{2,12}?自治[区州县旗]|[^省市区县旗盟]{2,7}?(?:特别行政区|[省县旗盟]|市(?!场)"
    r"|州(?!市(?!场)|区|县)|(?<![社景灌库校小])区)|[^省市区县旗盟全本我各该]县)(?=.)"
)


def is_vague(name: str) -> bool:
    """Whether a name does not say which place it belongs to, or says it with a name that several places have."""
    short, rules = fold(name), rulebook("agencies.toml")
    if short.startswith(tuple(rules["vague_districts"])) or rules["vague_township"]["pattern"].fullmatch(short):
        return True
    return not re.match(_PLACE, short) and rules["vague"]["pattern"].match(short) is not None


def shorter_names(name: str) -> Iterator[str]:
    """What else an agency is called: its bare name without the province or city before its place."""
    whole = fold_alnum(name)
    for end in range(3, min(len(whole), _WIDEST)):
        if _WIDER_PLACE.fullmatch(whole, 0, end) and re.match(_PLACE, whole[end:]):
            yield whole[end:]


def same_name(one: str, other: str) -> bool:
    """Whether two names are one: equal, or equal but for a province or city before the longer one."""
    short, long = sorted((fold_alnum(one), fold_alnum(other)), key=len)
    return short == long or short in shorter_names(long)


def place_of(name: str) -> str | None:
    """The place that a name states, 北京市海淀区 of 北京市海淀区教育局."""
    match = re.match(rf"(?:{_PLACE})+", fold(name))
    return name[: match.end()] if match else None


def _first_match(kind: str, name: str) -> str | None:
    rules: Sequence[CodedRule] = rulebook("agencies.toml")[kind]
    return next((rule["code"] for rule in rules if rule["pattern"].search(fold(name))), None)


@functools.cache
def ruled_agencies() -> tuple[Agency, ...]:
    """The agencies that the rules know under several names (`rules/agencies.toml`)."""
    agencies = []
    for row in rulebook("agencies.toml")["agency"]:
        names = tuple(Name(each["text"], each.get("first_year"), each.get("last_year")) for each in row["names"])
        name = names[-1].text
        agencies.append(Agency(row["id"], name, names, row["place"], level_of(name), kind_of(name)))
    return tuple(agencies)
