"""Who made a report: its name as printed, by how plainly it is said, and the agency that goes by this name.

Names that are one agency stand in `rules/agencies.toml`; names that differ only by the province or city before them
are one agency as well. Everything else is an agency of its own: two agencies taken for one would be worse.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pypinyin import lazy_pinyin

from archive.model import Agency, Basis, Block, Name, Source
from archive.normal import normal_form
from archive.reports import Draft
from archive.rulebook import rulebook
from archive.wording import bare, pattern

_NAME = r"(?P<name>[一-鿿][一-鿿0-9()、]{1,39}?)"
# What may stand in brackets behind a name: 泉州市教育局(以下简称我局)
_KNOWN_AS = r"(?:\([^()]{0,20}\))?"

# From the plainest statement to the vaguest, each with a line that it reads.
_STATEMENTS: tuple[re.Pattern[str], ...] = (
    # '由北京市某区某中心(以下简称中心)编制的2018年度政府信息公开年度报告'
    re.compile(rf"由{_NAME}{_KNOWN_AS}(?:负责)?(?:编制|编写|汇总|组织)"),
    # '某市水务局编制了2016年度政府信息公开年度报告'
    re.compile(rf"(?:^|[,。;]){_NAME}{_KNOWN_AS}(?:现)?编制了?(?:本报告|20[0-9]{{2}}年)"),
    # '现公布某市人民政府2017年政府信息公开工作年度报告', '现公布2019年某街道办事处信息公开工作年度报告'
    re.compile(rf"(?:公布|发布){_NAME}20[0-9]{{2}}年度?(?:政府|政务)?信息公开"),
    re.compile(
        rf"(?:公布|发布|编制)20[0-9]{{2}}(?:-20[0-9]{{2}}学)?年度?{_NAME}(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:报告|年报)"
    ),
    # '2022年,某区某中心(以下简称中心)在…指导下'
    re.compile(rf"(?:^|[,。;:在]){_NAME}\((?:以下|下)简?称"),
)
# '如对本报告有疑问,请与某市人民政府办公室联系'
_CONTACT = re.compile(rf"(?:请与|请联系:?|请向){_NAME}{_KNOWN_AS}(?:联系|咨询|反映|[,(:,])")
# '某市水利局办公室', '某镇党政综合办公室': whom to ask is a part of the agency; a government's office is one of its own
_OFFICE = re.compile("(?<!政府)(党政|综合|行政|政务公开|(政府)?信息公开)*(办公室|服务中心)$")
# '发布单位 | 某科技城', '发布机构:某街道办'
_LABELS = ("发布机构", "发布单位", "公开单位", "发文机关", "编制单位", "信息来源", "来源")
_LABELLED = re.compile(rf"(?:{'|'.join(_LABELS)}) ?: ?(?P<name>[一-鿿][一-鿿0-9()]{{1,39}})")
_DATE_LINE = re.compile(r"[0-9〇零○一二三四五六七八九十]{4}年.{1,3}月.{1,3}日")
# A name stands among so many paragraphs at the head of a report, and so many lines at its foot.
_HEAD, _FOOT = 8, 4
# '泉州市丰泽区…局' and '丰泽区…局': what may be left out before a name
_WIDER_PLACE = re.compile(r".{2,8}?(?:省|自治区|自治州|州|盟|地区|市)")


@dataclass(frozen=True, slots=True)
class Naming:
    """The agency's name as a report prints it, None where it prints none."""

    text: str | None
    basis: Basis


def name_agency(draft: Draft, source: Source, metadata: Sequence[str] = ()) -> Naming:
    """The name of the agency that made a report: printed in it, given with the source, or unknown.

    Args:
        draft: the report.
        source: with the name that a curator gave, if any; it serves where the report prints none.
        metadata: publishers that the page names outside its text.
    """
    printed = _title_name(draft) or _stated(draft.blocks) or _signed(draft.blocks) or _contact(draft.blocks)
    printed = printed or _labelled(draft.blocks) or next((name for name in metadata if is_name(name)), None)
    if printed:
        return Naming(printed, "printed")
    return Naming(source.agency, "given" if source.agency else "unknown")


def is_name(text: str) -> bool:
    """Whether a text can be the name of an agency: it ends as names end and is none of the words that stand for one."""
    rules = rulebook("agencies.toml")
    plain = normal_form(text)
    core = re.sub(r"\([^()]*\)$", "", plain)
    return (
        len(core) > 2
        and core.endswith(tuple(rules["endings"]))
        and not plain.startswith(tuple(rules["not_first"]))
        and not any(word in plain for word in rules["not_names"])
        and not is_injected(plain)
    )


def is_injected(text: str) -> bool:
    """Whether advertising stands in a text (`rules/injected.toml`)."""
    return any(pattern(row["pattern"]).search(normal_form(text)) for row in rulebook("injected.toml")["injected"])


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


def kind_of(name: str) -> str | None:
    """The kind of agency that a name tells: government, department, school …"""
    return _first_match("kinds", name)


def slug_of(name: str) -> str:
    """The pinyin of a name, its places and the rest joined by hyphens: 泉州市教育局 is quanzhoushi-jiaoyuju."""
    parts = re.findall(rf"{_PLACE}|.+", normal_form(re.sub(r"[^\w]", "", name)))
    spelled = ("".join(lazy_pinyin(part)) for part in parts)
    return "-".join(part for part in (re.sub(r"[^a-z0-9]", "", part.lower()) for part in spelled) if part) or "agency"


# '延边朝鲜族自治州', '泉州市', '黔东南州', '歙县'; not '社区', '市场', nor the 州 of 杭州市
_PLACE = (
    r"(?:[^省市区县旗盟]{2,12}?自治[区州县旗]|[^省市区县旗盟]{2,7}?(?:特别行政区|[省县旗盟]|市(?!场)"
    r"|州(?!市(?!场)|区|县)|(?<![社景灌库校小])区)|[^省市区县旗盟全本我各该]县)(?=.)"
)


def _title_name(draft: Draft) -> str | None:
    name = draft.title.agency if draft.title else None
    return None if name is None or is_injected(name) or not _plausible(name) else name


def _plausible(name: str) -> bool:
    """Whether the head of a title can be a name; a title needs no known ending, only no word that is none."""
    plain = normal_form(name)
    rules = rulebook("agencies.toml")
    return len(plain) > 2 and not plain.startswith(tuple(rules["not_first"]))


def _stated(blocks: Sequence[Block]) -> str | None:
    texts = [block.text for block in blocks[:_HEAD] if block.text]
    for statement in _STATEMENTS:
        for text in texts:
            for match in statement.finditer(normal_form(text)):
                if is_name(name := text[match.start("name") : match.end("name")]):
                    return name
    return None


def _signed(blocks: Sequence[Block]) -> str | None:
    """The name under the report: a line of its own, with or without the date behind it."""
    for block in reversed(blocks[-_FOOT:]):
        line = _DATE_LINE.split(normal_form(block.text))[0].strip()
        if line and len(line) < 30 and not re.search(r"[。;:,]", line) and is_name(line):
            return block.text[: len(line)]
    return None


def _contact(blocks: Sequence[Block]) -> str | None:
    for block in blocks[:_HEAD]:
        match = _CONTACT.search(normal_form(block.text))
        if match and is_name(name := block.text[match.start("name") : match.end("name")]):
            whole = _OFFICE.sub("", name)
            return whole if is_name(whole) else name
    return None


def _labelled(blocks: Sequence[Block]) -> str | None:
    for block in blocks[:_HEAD]:
        if block.table:
            cells = [cell.text for cell in block.table.cells()]
            for label, value in pairwise(cells):
                if bare(label) in _LABELS and is_name(value):
                    return value
        elif (match := _LABELLED.search(normal_form(block.text))) and is_name(match["name"]):
            return block.text[match.start("name") : match.end("name")]
    return None


def _vague(name: str) -> bool:
    """Whether a name does not say which place it belongs to, or says it with a name that several places have."""
    plain, rules = normal_form(name), rulebook("agencies.toml")
    if plain.startswith(tuple(rules["vague_districts"])) or pattern(rules["vague_township"]).fullmatch(plain):
        return True
    return not re.match(_PLACE, plain) and pattern(rules["vague"]).match(plain) is not None


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
    match = re.match(rf"(?:{_PLACE})+", normal_form(name))
    return name[: match.end()] if match else None


def _first_match(kind: str, name: str) -> str | None:
    rows: Sequence[dict[str, Any]] = rulebook("agencies.toml")[kind]
    return next((row["code"] for row in rows if pattern(row["pattern"]).search(normal_form(name))), None)


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
