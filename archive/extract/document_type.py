"""Whether a page holds a report at all, or speaks about reports, or about something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.extract.prose_figures import figure_rules
from archive.extract.sections import find_headings
from archive.extract.split_reports import ReportDraft, opens_report, proves_report
from archive.model import Block, Notice
from archive.notices import notice
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.vocabulary import STATUTORY

# What a page says it is, it says above its text and in the first paragraphs of it, among so many at most; a line is a
# title or a heading up to so many characters.
_HEAD, _FIRST_PARAGRAPHS = 14, 3
_LONGEST_TITLE = 60


def not_a_report(blocks: Sequence[Block]) -> Notice | None:
    """The notice `no_report` for a page that says it is something else (`rules/document_types.toml`)."""
    texts = [fold(block.text) for block in blocks if block.text]
    head = texts[: _above_text(texts) + _FIRST_PARAGRAPHS][:_HEAD]
    titles = [text for text in head if len(text) <= _LONGEST_TITLE and not numbered(text).is_top]
    # '关于政府信息公开工作年度报告' above '有关事项的通知'
    torn = ["".join(titles[index : index + 2]) for index, text in enumerate(titles) if text.startswith("关于")]
    places = {
        "titles": [*titles, *torn],
        "head": head,
        "headings": [text for text in texts if len(text) <= _LONGEST_TITLE],
    }
    titled = _has_statutory_table(blocks) or any(_is_a_reports(text) for text in texts)
    for rule in rulebook("document_types.toml")["other"]:
        if (titled and rule.get("untitled")) or (rule.get("hands_out") and _hands_out(texts)):
            continue
        if any(rule["pattern"].search(text) for text in places[rule["among"]]):
            return notice("no_report", why=f"{rule['zh']}。", why_en=f"{rule['en']}.")
    return None


def _is_a_reports(text: str) -> bool:
    """Whether nothing but a report prints a line: a title, its first sentence, its first section's name."""
    if proves_report(text) or _FIRST_SECTION.fullmatch(text):
        return True
    title = read_title(text)
    return title is not None and bool(title.agency or title.year)  # menus say 政府信息公开年报, as they say 指南


def is_report(draft: ReportDraft) -> bool:
    """Whether a draft shows that it is a report: a statutory table, two of its sections, or less under its title."""
    if _has_statutory_table(draft.blocks):
        return True
    texts = [block.text for block in draft.blocks if block.text]
    headings = find_headings(draft.blocks)
    # a list of reports has titles and nothing below them; news of a report has text without sections
    if any(proves_report(text) for text in texts) or (draft.title and any(_is_text(text) for text in texts)):
        return True
    if headings and (draft.title or any(opens_report(text) for text in texts)):
        return True
    named = {code for heading in headings for code in heading.codes}
    # 概述 and 问题 stand in every kind of report: a heading must speak of 公开, or the text must, again and again
    said = any(_SUBJECT.search(fold(heading.text)) for heading in headings)
    spoken = sum(_SUBJECT.search(fold(text)) is not None for text in texts)
    if len(named) > 1 and (said or spoken >= _OFTEN):
        return True
    # the beginning of one without its title: 一、信息公开总体情况; or 一、概述, and most sentences speak of 公开
    sentences = [sentence for text in texts for sentence in re.split("[。;]", fold(text)) if len(sentence) > _SHORT]
    spoken = sum(_SUBJECT.search(sentence) is not None for sentence in sentences)
    begins = any(heading.number == 1 and "overview" in heading.codes for heading in headings)
    if begins and said and spoken >= _OFTEN:
        return True
    if any(_TOLD.search(sentence) for sentence in sentences) and {"proactive", "requests"} <= _sub_codes(texts):
        return True
    if begins and spoken >= max(_TWICE, _MOST * len(sentences)):
        return True
    if spoken < max(_OFTEN, _DENSE * len(sentences)):
        return False
    # or its middle, without any section: who speaks has done it, and counted it
    return begins or (any(_WE.search(sentence) for sentence in sentences) and any(map(_counts, sentences)))


def _counts(sentence: str) -> bool:
    """Whether a sentence states a figure of a report, by `rules/prose.toml`."""
    return any(rule["pattern"].search(sentence) for rule in figure_rules())


def _sub_codes(texts: Iterable[str]) -> set[str]:
    """The codes of what the text of a section is parted into: (一)主动公开情况。2024年…, (二)依申请公开情况。…"""
    parted = (numbered(text) for text in texts)
    names = (re.split("[。:：]", parts.rest)[0] for parts in parted if parts.level in (1, 2))
    return {code for name in names if len(name) <= _LONGEST_NAME for code in classify(name)[:1]}


def _hands_out(texts: Sequence[str]) -> bool:
    """Whether a report stands below a notice: its title with agency and year, and then the sentence that opens it."""
    titles = (index for index, text in enumerate(texts) if (title := read_title(text)) and title.agency and title.year)
    first = next(titles, len(texts))
    return any(proves_report(text) for text in texts[first:])


def _above_text(texts: Sequence[str]) -> int:
    """How many lines stand above the first paragraph that says something."""
    return next((index for index, text in enumerate(texts) if _is_text(text)), len(texts))


def _has_statutory_table(blocks: Sequence[Block]) -> bool:
    return any(block.table and block.table.kind in STATUTORY for block in blocks)


def _is_text(text: str) -> bool:
    """Whether a paragraph says something: it has a sentence, and is no title with the date of its link."""
    return "。" in text or len(text) > _LONGEST_TITLE


_SUBJECT = re.compile("(信息|政务|主动|依?申请)公开|公开(申请|的?(政府|政务)?信息)")
_FIRST_SECTION = re.compile("一 ?[、.] ?(工作|情况)?(概述|总体情况)")
# '我局2015年主动公开政府信息3条', '我们'; a newspaper says 该市, and 本校 of any school
_WE = re.compile("我[局委办厅院校馆站镇乡县市区州盟旗省部署团街们]|本(机关|单位|局|委|镇|乡|街道)")
# '2024年,街道…', '2024年度,我局…': what was done, not what shall be
_TOLD = re.compile(f"{_WE.pattern}|^20[0-9]{{2}}年度?[,,]")
# So often, in this share of the sentences that are longer than a heading; or less often, in more of them.
_OFTEN, _DENSE, _TWICE, _MOST, _SHORT = 3, 0.4, 2, 0.6, 12
# What a section is parted into has names of so many characters at most.
_LONGEST_NAME = 24
