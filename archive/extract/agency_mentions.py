"""Who made a report: its name as printed, by how plainly it is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.cues.divisions import states_place
from archive.cues.titles import Title, titles_named
from archive.extract.split_reports import ReportDraft
from archive.model import Basis, Block, Source
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum
from archive.text.pinyin_annotations import at

_NAME = r"(?P<name>[一-鿿][一-鿿0-9()、]{1,39}?)"
# What may stand in brackets behind a name: 泉州市教育局(以下简称我局)
_KNOWN_AS = r"(?:\([^()]{0,20}\))?"

# From the plainest statement to the vaguest, each with a line that it reads.
_STATEMENTS: tuple[re.Pattern[str], ...] = (
    # '由北京市某区某中心(以下简称中心)编制的2018年度政府信息公开年度报告'
    re.compile(rf"由{_NAME}{_KNOWN_AS}(?:负责)?(?:编制|编写|汇总|组织|综合|结合|根据)"),
    # '依据2010年度某区教育局政府信息公开情况编制本报告'
    re.compile(
        rf"(?:依据|根据|结合|梳理)20[0-9]{{2}}年度?{_NAME}(?:政府|政务)?信息公开(?:工作)?(?:有关|相关)?(?:情况|实际)"
    ),
    # '某市水务局编制了2016年度政府信息公开年度报告', '某街道特编制2023年政府信息公开年度报告'
    re.compile(rf"(?:^|[,。;]){_NAME}{_KNOWN_AS}(?:现|特)?编制了?(?:本报告|20[0-9]{{2}}年)"),
    # '现公布某市人民政府2017年政府信息公开工作年度报告', '现将某市地震局2018年政府信息公开年度报告公布如下',
    # '现公布2019年某街道办事处信息公开工作年度报告'
    re.compile(rf"(?:公布|发布|编制(?!并)|现将|现公开){_NAME}20[0-9]{{2}}年度?(?:政府|政务)?信息公开"),
    # '现公开某开发区信息公开2018年度报告'
    re.compile(rf"(?:公布|发布|现将|现公开){_NAME}(?:政府|政务)?信息公开(?:工作)?20[0-9]{{2}}年"),
    re.compile(
        rf"(?:公布|发布|编制)20[0-9]{{2}}(?:-20[0-9]{{2}}学)?年度?{_NAME}(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:报告|年报)"
    ),
    # '2022年,某区某中心(以下简称中心)在…指导下'
    re.compile(rf"(?:^|[,。;:在]){_NAME}\((?:以下|下)简?称"),
)
# '如对本报告有疑问,请与某市人民政府办公室联系', '或直接与某市人民政府办公室联系', '某市气象局联系电话:0000-1234567'
_CONTACTS = (
    re.compile(rf"(?:(?:请|直接|可)与|请联系:?|[请可]向){_NAME}{_KNOWN_AS}(?:联系|咨询|反映|[,(:,])"),
    re.compile(rf"(?:^|[。;,(]){_NAME}联系电话"),
)
# '某市水利局办公室', '某镇党政综合办公室', '某州政府信息公开工作办公室': whom to ask is a part of the agency; a
# government's office is one of its own
_OFFICE = re.compile(
    "(?<!政府)(党政|综合|行政|政务公开|((?<!人民)政府)?信息公开)*(工作)?(领导小组)?(办公室|服务中心)$"
    "|((?<!人民)政府)?信息公开(工作)?(领导小组)?(办公室|中心|机构)$"
    "|(办公[厅室])?(政务公开|(政府)?信息公开|电子政务|综合|文电|督查)+[处科股]$"
)
# '2022年,某市卫生健康委员会认真贯彻…': what the report tells, the agency did
_SUBJECT = re.compile(
    rf"(?:^|[,。;:])(?:20[0-9]{{2}}年(?:度|以来|来)?,?)?{_NAME}{_KNOWN_AS}(?:办公室)?"
    "(?:认真|深入|严格|坚持|积极|高度重视|始终|全面|紧紧|紧密|持续|进一步|继续|不断|切实|结合|按照|依照|根据|以习近平|以《"
    "|在[^,。;]{2,20}(?:领导|指导)下|(?:政府|政务)?(?:信息公开|政务公开)工作)"
)
# '2014年,某乡未收取任何费用', '2011年度,某市共收到申请26件': the same anywhere in the report
_COUNTED = re.compile(rf"20[0-9]{{2}}年度?,?{_NAME}(?:共|未|没有|累计|主动公开|收到|受理|通过)")
# '完善了《某区财政局政府信息公开指南》': an agency's own guide bears its name
_OWN_RULES = re.compile(rf"《{_NAME}(?:政府|政务)?信息公开(?:工作)?(?:指南|目录|制度|实施|保密)")
# '可在某市地震局官网下载': so departments call their own site; a government's serves everybody under it
_OWN_SITE = re.compile(
    "(?P<name>[^在、和及与,。;:通过的]{2,20}[局委厅署办院会])(?:官网|官方网站|门户网站|网站|微信公众号|新浪微博|政务微博)"
)
# '发布单位 | 某科技城', '发布机构:某街道办'
_LABELS = ("发布机构", "发布单位", "公开单位", "发文机关", "编制单位", "信息来源", "来源")
_LABELLED = re.compile(rf"(?:{'|'.join(_LABELS)}) ?: ?(?P<name>[一-鿿][一-鿿0-9()]{{1,39}})")
_DATE_LINE = re.compile(r"[0-9〇零○一二三四五六七八九十]{4}年.{1,3}月.{1,3}日")
# A name stands among so many paragraphs at the head of a report, and so many lines at its foot.
_HEAD, _FOOT = 8, 4


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """The agency's name as a report prints it, None where it prints none."""

    text: str | None
    basis: Basis


def find_agency(draft: ReportDraft, source: Source, metadata: Sequence[str] = ()) -> AgencyMention:
    """The name of the agency that made a report: printed in it, given with the source, or unknown.

    Args:
        draft: the report.
        source: with the name that a curator gave, if any; it serves where the report prints none.
        metadata: publishers that the page names outside its text.
    """
    texts = [block.text for block in draft.blocks if block.text]
    head = texts[: _head(texts)]
    # from the plainest to the vaguest
    said = (
        *_named(head, _STATEMENTS),
        *filter(None, map(_title_name, titles_named(head))),
        _signed(draft.blocks),
        _dated(head),
        _contact(head),
        *filter(_is_certain, _named(head, (_SUBJECT,))),
        _labelled(draft.blocks),
        *filter(is_name, metadata),
        *filter(_is_certain, _named(texts, (_COUNTED,))),
        *_named(head, (_OWN_RULES,)),
        *filter(_is_certain, _named(head, (_OWN_SITE,))),
    )
    names = [name for name in said if name]
    printed = _title_name(draft.title) or next(filter(states_place, names), None) or next(iter(names), None)
    if printed:
        return AgencyMention(printed, "printed")
    return AgencyMention(source.agency, "given" if source.agency else "unknown")


def _head(texts: Sequence[str]) -> int:
    """How many paragraphs a report has before its text is well under way; menu lines above it do not count."""
    sentences = [index for index, text in enumerate(texts) if "。" in text]
    return max(_HEAD, sentences[:_HEAD][-1] + 1) if sentences else _HEAD


def is_name(text: str) -> bool:
    """Whether a text can be the name of an agency: it ends as names end and is none of the words that stand for one."""
    rules = rulebook("agencies.toml")
    name = fold(text)
    core = re.sub(r"\([^()]*\)$", "", name)
    return (
        len(core) > 2
        and core.endswith(tuple(rules["endings"]))
        and not name.startswith(tuple(rules["not_first"]))
        and not any(word in name for word in rules["not_names"])
        and not is_injected(name)
    )


def is_injected(text: str) -> bool:
    """Whether advertising stands in a text (`rules/injected.toml`)."""
    return any(rule["pattern"].search(fold(text)) for rule in rulebook("injected.toml")["injected"])


def _title_name(title: Title | None) -> str | None:
    name = title.agency if title else None
    return None if name is None or is_injected(name) or not _plausible(name) else name


def _plausible(name: str) -> bool:
    """Whether the head of a title can be a name; a title needs no known ending, only no word that is none."""
    rules = rulebook("agencies.toml")
    return len(fold(name)) > 2 and not fold(name).startswith(tuple(rules["not_first"]))


def _named(texts: Iterable[str], statements: Iterable[re.Pattern[str]]) -> Iterator[str]:
    """The names in the group `name` of the statements, the plainest statement first."""
    for statement in statements:
        for text in texts:
            for match in statement.finditer(fold(text)):
                if is_name(name := text[at(text, match.start("name")) : at(text, match.end("name"))]):
                    yield name


def _is_certain(name: str) -> bool:
    """Whether a name in running text is that of one agency: not 区教育局, nor 党中央、国务院 above it."""
    superiors = rulebook("agencies.toml")["superiors"]
    return states_place(name) and not any(word in fold(name) for word in superiors)


def _signed(blocks: Sequence[Block]) -> str | None:
    """The name under the report: a line of its own, with or without the date behind it."""
    for block in reversed(blocks[-_FOOT:]):
        line = _DATE_LINE.split(fold(block.text))[0].strip()
        if line and len(line) < 30 and not re.search(r"[。;:,]", line) and is_name(line):
            return block.text[: at(block.text, len(line))]
    return None


def _dated(texts: Sequence[str]) -> str | None:
    """The name that stands under a title, above the date: 某大学 and (2020年10月30日)."""
    pairs = ((line, fold(below).strip("() ")) for line, below in pairwise(texts))
    return next((line for line, below in pairs if _DATE_LINE.fullmatch(below) and is_name(line)), None)


def _contact(texts: Iterable[str]) -> str | None:
    for text in texts:
        for match in (match for contact in _CONTACTS for match in contact.finditer(fold(text))):
            name = text[at(text, match.start("name")) : at(text, match.end("name"))]
            whole = name[: at(name, len(_OFFICE.sub("", fold(name))))]
            if found := next((each for each in (whole, name) if is_name(each)), None):
                return found
    return None


def _labelled(blocks: Sequence[Block]) -> str | None:
    for block in blocks[:_HEAD]:
        if block.table:
            rows = [[cell.text for cell in row] for row in block.table.rows]
            beside = [pair for row in rows for pair in pairwise(row)]
            # 索引号 | 公开方式 | 发布机构, and the values in the row below
            below = [pair for row, next_row in pairwise(rows) for pair in zip(row, next_row, strict=False)]
            for label, value in (*beside, *below):
                if fold_alnum(label) in _LABELS and is_name(value):
                    return value
        elif (match := _LABELLED.search(fold(block.text))) and is_name(match["name"]):
            return block.text[at(block.text, match.start("name")) : at(block.text, match.end("name"))]
    return None
