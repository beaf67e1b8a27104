"""Finds the name of the agency that made a report (`rules/agency_mentions.toml`), the most explicit mention first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from archive.cues.agency_structure import begins_with_division, name_in
from archive.cues.divisions import is_vague, states_place
from archive.cues.titles import Title, titles_named
from archive.extract.page_names import is_department
from archive.extract.split_reports import ReportDraft
from archive.model import Basis, Block, Source
from archive.rule_schemas import CapturingRule
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum
from archive.text.pinyin_annotations import printed

_DATE_LINE = re.compile(r"[0-9〇零一二三四五六七八九十]{4}年.{1,3}月.{1,3}日")
# Paragraphs at the head of a report and lines at its foot that can name the agency.
_HEAD = 8
_FOOT = 4
# Lines at the head that can be labels of the site, one above its value.
_LABELS = 14
# Characters of the longest signature.
_LONGEST_SIGNATURE = 29


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """The agency's name as a report prints it, None if it prints none."""

    text: str | None
    basis: Basis
    refused: str | None = None
    """What a title has in the place of a name that no rule accepts, if no name was found."""


def find_agency(
    draft: ReportDraft, source: Source, publisher: str | None = None, around: Sequence[str] = ()
) -> AgencyMention:
    """The name of the agency that made a report: printed in it, given by a curator with the source, or unknown.

    The `publisher` in the metadata of the page and the names `around` the report on its page count as printed.
    """
    titled = _title_name(draft.title)
    names = () if titled and not is_vague(titled) else _names_in_text(draft, publisher, around)
    name = titled or next(filter(states_place, names), None) or next(iter(names), None)
    if name:
        return AgencyMention(_with_place(name, names) if is_vague(name) else name, "printed")
    refused = draft.title.agency if draft.title else None
    return AgencyMention(source.agency, "given" if source.agency else "unknown", refused)


def _with_place(name: str, names: Iterable[str]) -> str:
    """The name with the place that another mention has before it: 市水利局 in 某市水利局."""
    form = fold(name)
    for other in names:
        at = fold(other).find(form)
        if at > 0 and begins_with_division(fold(other)):
            return other[: at + len(name)]
    return name


def _names_in_text(draft: ReportDraft, publisher: str | None, around: Sequence[str]) -> Sequence[str]:
    """The names in the text of a report and `around` it, the most explicit mention first."""
    texts = draft.texts
    head = texts[: _head(texts)]
    candidates = (
        *_without_office(head, "maker", "disclosure_office"),
        *map(_title_name, titles_named(head)),
        _signature(draft.blocks),
        _name_above_date(head),
        next(_without_office(head, "contact", "office"), None),
        *filter(_is_certain, _mentions(head, "subject")),
        *(name_in(value, "line") for value in (*_labelled(draft.blocks), publisher or "")),
        *around,
        *filter(_is_certain, _mentions(texts, "counted")),
        *filter(_is_certain, _mentions(head, "government")),
        *_mentions(head, "own_rules"),
        *filter(_is_certain, _mentions(head, "own_site")),
    )
    return [name for name in candidates if name] or [*filter(None, [_only_line(draft.blocks)])]


def _head(texts: Sequence[str]) -> int:
    """The number of paragraphs down to the last of the first sentences; menu lines above the text do not count."""
    sentences = [index for index, text in enumerate(texts) if "。" in text]
    return max(_HEAD, sentences[:_HEAD][-1] + 1) if sentences else _HEAD


def _title_name(title: Title | None) -> str | None:
    return name_in(title.agency, "title") if title and title.agency else None


def _mentions(texts: Iterable[str], code: str) -> Iterator[str]:
    for rule in _rules(code):
        for text in texts:
            yield from filter(None, (name_in(each, "text") for each in _names(rule, text)))


def _without_office(texts: Sequence[str], code: str, key: Literal["disclosure_office", "office"]) -> Iterator[str]:
    """The agencies that make a report or answer questions, without the office inside them."""
    office = rulebook("agency_mentions.toml")[key]["pattern"]
    for rule in _rules(code):
        for name in (name for text in texts for name in _names(rule, text)):
            agency = printed(name, 0, len(office.sub("", fold(name))))
            if mention := name_in(agency, "text") or name_in(name, "text"):
                yield mention


def _names(rule: CapturingRule, text: str) -> Iterator[str]:
    for match in rule["pattern"].finditer(fold(text)):
        yield printed(text, *match.span("name"))


def _rules(code: str) -> Sequence[CapturingRule]:
    return [rule for rule in rulebook("agency_mentions.toml")["mention"] if rule["code"] == code]


def _is_certain(name: str) -> bool:
    """Whether a name in running text is that of one agency: not 区教育局, nor 党中央、国务院 above it."""
    superiors = rulebook("agencies.toml")["superiors"]
    return states_place(name) and not any(word in fold(name) for word in superiors)


def _signature(blocks: Sequence[Block]) -> str | None:
    """The name under the report: a line of its own, with or without the date behind it, or the end of the last line."""
    for block in reversed(blocks[-_FOOT:]):
        form = fold(block.text)
        line = _DATE_LINE.split(form)[0].rstrip()
        # '…强化培训。某镇人民政府2015年12月26日'
        start = line.rfind("。") + 1 if block is blocks[-1] and _DATE_LINE.search(form, len(line)) else 0
        if len(line) - start > _LONGEST_SIGNATURE or re.search(r"[。;:,]", line[start:]):
            continue
        if name := name_in(printed(block.text, start, len(line)), "line"):
            return name
    return None


def _only_line(blocks: Sequence[Block]) -> str | None:
    """The only name of a department that is a line of its own at the head: that of the site, above the title."""
    short = (block.text for block in blocks[:_LABELS] if not block.table and len(block.text) <= _LONGEST_SIGNATURE)
    lines = (name_in(text, "line") for text in short if "。" not in text)
    names = {name for name in lines if name and is_department(name)}
    return names.pop() if len(names) == 1 else None


def _name_above_date(texts: Sequence[str]) -> str | None:
    """The name under a title and above the date: 某大学 and (2020年10月30日)."""
    dated = (line for line, below in pairwise(texts) if _DATE_LINE.fullmatch(fold(below).strip("() ")))
    return next((name for line in dated if (name := name_in(line, "line"))), None)


def _labelled(blocks: Sequence[Block]) -> Iterator[str]:
    """What stands behind the labels of the site: '发布单位 | 某科技城', '发布机构:某街道办'."""
    labels = rulebook("agency_mentions.toml")["labels"]
    # cleaning removes the space of '来源 某市水利局'
    between = r"(?: ?: ?|(?<=^..) ?(?=[^ ]+$)|(?<=^....) ?(?=[^ ]+$))"
    ends = rf"(?=$|[^一-鿿0-9()]|{'|'.join(rulebook('agency_mentions.toml')['next_labels'])})"
    line = re.compile(rf"(?:{'|'.join(labels)}){between}(?P<name>[一-鿿][一-鿿0-9()]{{1,39}}?){ends}")
    for block in blocks[:_HEAD]:
        if block.table:
            rows = [[cell.text for cell in row] for row in block.table.rows]
            beside = [pair for row in rows for pair in pairwise(row)]
            # 索引号 | 公开方式 | 发布机构, and the values in the row below
            below = [pair for row, next_row in pairwise(rows) for pair in zip(row, next_row, strict=False)]
            yield from (value for label, value in (*beside, *below) if value and fold_alnum(label) in labels)
        elif match := line.search(fold(block.text)):
            yield printed(block.text, *match.span("name"))
    # a list of labels and values, each on a line
    yield from (below.text for label, below in pairwise(blocks[:_LABELS]) if fold_alnum(label.text) in labels)
