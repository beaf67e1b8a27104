"""Recognises administrative divisions in names: the place that a name states, and its level of government."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.rulebook import CodedRule, rulebook
from archive.text.match import fold, fold_alnum

# '延边朝鲜族自治州', '泉州市', '黔东南州', '歙县'; not '社区', '市场', nor the 州 of 杭州市
PLACE = (
    r"(?:[^省市区县旗盟]{2,12}?自治[区州县旗]|[^省市区县旗盟]{2,7}?(?:特别行政区|[省县旗盟]|市(?!场)"
    r"|州(?!市(?!场)|区|县)|(?<![社景灌库校小])区)|[^省市区县旗盟全本我各该]县)(?=.)"
)
# '泉州市丰泽区…局' and '丰泽区…局': what a shorter name leaves out
_WIDER_PLACE = re.compile(r".{2,8}?(?:省|自治区|自治州|州|盟|地区|市)")
_WIDEST = 12


def place_of(name: str) -> str | None:
    """The place that a name states: 北京市海淀区 of 北京市海淀区教育局."""
    match = re.match(rf"(?:{PLACE})+", fold(name))
    return name[: match.end()] if match else None


def level_of(name: str) -> str | None:
    """The code of the level of government that a name tells, such as `county`."""
    return first_code("levels", name)


def states_place(name: str) -> bool:
    """Whether a name says which place it belongs to, or needs none to be known: 某区教育局, 某镇, 某某大学, 教育部."""
    short, rules = fold(name), rulebook("agencies.toml")
    if re.match(f"{PLACE}|国家|中国|中华", f"{short}。"):  # a place may be the whole name
        return True
    township = re.fullmatch(".{1,8}(镇|乡|街道|苏木)(人民政府|政府|办事处)?(党政)?(综合)?(办公室)?", short)
    school = first_code("kinds", short) in rules["own_outline"]
    return not rules["vague"]["pattern"].match(short) and bool(township or school or short.endswith(("部", "署")))


def is_vague(name: str) -> bool:
    """Whether a name does not say which place it belongs to, or says it with a name that several places have."""
    short, rules = fold(name), rulebook("agencies.toml")
    if short.startswith(rules["vague_districts"]) or rules["vague_township"]["pattern"].fullmatch(short):
        return True
    return not re.match(PLACE, short) and rules["vague"]["pattern"].match(short) is not None


def shorter_names(name: str) -> Iterator[str]:
    """The name without the province or city before its place, without punctuation."""
    whole = fold_alnum(name)
    for end in range(3, min(len(whole), _WIDEST)):
        if _WIDER_PLACE.fullmatch(whole, 0, end) and re.match(PLACE, whole[end:]):
            yield whole[end:]


def first_code(key: str, name: str) -> str | None:
    """The code of the first rule under a key of `rules/agencies.toml` that matches a name."""
    rules: Sequence[CodedRule] = rulebook("agencies.toml")[key]
    short = fold(name)
    return next((rule["code"] for rule in rules if rule["pattern"].search(short)), None)
