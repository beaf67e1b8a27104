"""Which agency goes by a name: one that the rules or the archive know, or a new one.

Names that are one agency stand in `rules/agencies.toml`; names that differ only by the province or city before them
are one agency as well. Everything else is an agency of its own: two agencies taken for one would be worse.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pypinyin import lazy_pinyin

from archive.model import Agency, Name
from archive.rulebook import rulebook
from archive.wording import bare, pattern, plain

# '泉州市丰泽区…局' and '丰泽区…局': what may be left out before a name
_WIDER_PLACE = re.compile(r".{2,8}?(?:省|自治区|自治州|州|盟|地区|市)")


def resolve(name: str, known: Iterable[Agency], salt: str) -> Agency:
    """The agency of that name: one that the rules know, one of the known ones, or a new one.

    Args:
        name: as printed.
        known: agencies that have been seen before.
        salt: tells two agencies of the same vague name (`市水利局`) apart: the site, or the page, that it stands on.
    """
    known = (*_ruled(), *known)
    slug = slug_of(name)
    if _vague(name):
        slug = f"{slug}-{_digest(salt)}"
        fitting = [agency for agency in known if agency.id == slug]
    else:
        exact = [agency for agency in known if bare(name) in (bare(each.text) for each in agency.names)]
        alike = {agency.id: agency for agency in known if _goes_by(name, agency)}
        fitting = exact[:1] or (list(alike.values()) if len(alike) == 1 else [])
    if fitting:
        return fitting[0]
    if any(agency.id == slug for agency in known):
        slug = f"{slug}-{_digest(name)}"  # 山西省教育厅 and 陕西省教育厅 are spelled alike
    return Agency(slug, name, (Name(name),), _place(name), _first_match("levels", name), kind_of(name))


def states_place(name: str) -> bool:
    """Whether a name says which place it belongs to, or needs none to be known: 某区教育局, 某镇, 某某大学, 教育部."""
    short = plain(name)
    if re.match(f"{_PLACE}|国家|中国|中华", f"{short}。"):  # a place may be the whole name
        return True
    township = re.fullmatch(".{1,8}(镇|乡|街道|苏木)(人民政府|政府|办事处)?(党政)?(综合)?(办公室)?", short)
    vague = pattern(rulebook("agencies.toml")["vague"]).match(short)
    school = kind_of(short) in rulebook("agencies.toml")["own_outline"]
    return vague is None and bool(township or school or short.endswith(("部", "署")))


def kind_of(name: str) -> str | None:
    """The kind of agency that a name tells: government, department, school …"""
    return _first_match("kinds", name)


def slug_of(name: str) -> str:
    """The pinyin of a name, its places and the rest joined by hyphens: 泉州市教育局 is quanzhoushi-jiaoyuju."""
    parts = re.findall(rf"{_PLACE}|.+", plain(re.sub(r"[^\w]", "", name)))
    spelled = ("".join(lazy_pinyin(part)) for part in parts)
    return "-".join(part for part in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in spelled) if part) or "agency"


# '延边朝鲜族自治州', '泉州市', '黔东南州', '歙县'; not '社区', '市场', nor the 州 of 杭州市
_PLACE = (
    r"(?:[^省市区县旗盟]{2,12}?自治[区州县旗]|[^省市区县旗盟]{2,7}?(?:特别行政区|[省县旗盟]|市(?!场)"
    r"|州(?!市(?!场)|区|县)|(?<![社景灌库校小])区)|[^省市区县旗盟全本我各该]县)(?=.)"
)


def _vague(name: str) -> bool:
    """Whether a name does not say which place it belongs to, or says it with a name that several places have."""
    short, rules = plain(name), rulebook("agencies.toml")
    if short.startswith(tuple(rules["vague_districts"])) or pattern(rules["vague_township"]).fullmatch(short):
        return True
    return not re.match(_PLACE, short) and pattern(rules["vague"]).match(short) is not None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _goes_by(name: str, agency: Agency) -> bool:
    """Whether an agency has that name: 朝阳区教育局 may be 北京市朝阳区教育局, and is then not 长春市朝阳区教育局."""
    names = [each.text for each in agency.names]
    same = [bare(each) for each in names if _same(name, each)]
    rivals = [each for each in names if same and bare(each).endswith(min(same, key=len))]
    return bool(same) and all(_same(name, each) for each in rivals)


def _same(one: str, other: str) -> bool:
    """Whether two names are one: equal, or equal but for a province or city before the longer one."""
    short, long = sorted((bare(one), bare(other)), key=len)
    if short == long:
        return True
    before = long.removesuffix(short)
    return before != long and re.match(_PLACE, short) is not None and _WIDER_PLACE.fullmatch(before) is not None


def _place(name: str) -> str | None:
    """The place that a name states, 北京市海淀区 of 北京市海淀区教育局."""
    match = re.match(rf"(?:{_PLACE})+", plain(name))
    return name[: match.end()] if match else None


def _first_match(kind: str, name: str) -> str | None:
    rows: Sequence[dict[str, Any]] = rulebook("agencies.toml")[kind]
    return next((row["code"] for row in rows if pattern(row["pattern"]).search(plain(name))), None)


@functools.cache
def _ruled() -> tuple[Agency, ...]:
    agencies = []
    for row in rulebook("agencies.toml")["agency"]:
        names = tuple(Name(each["text"], each.get("first_year"), each.get("last_year")) for each in row["names"])
        name = names[-1].text
        agencies.append(
            Agency(row["id"], name, names, row["place"], _first_match("levels", name), _first_match("kinds", name))
        )
    return tuple(agencies)
