"""Decides whether a page has a report, is about reports, or is another document."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.extract.prose_figures import states_figure
from archive.extract.split_reports import ReportDraft, opens_report
from archive.model import Block, Notice
from archive.notices import notice
from archive.rulebook import coded_pattern, rulebook
from archive.text.match import fold
from archive.vocabulary import STATUTORY

# Paragraphs within which a page states its type, and paragraphs of its text among them.
_HEAD = 14
_FIRST_PARAGRAPHS = 3
# Characters of the longest title or heading.
_LONGEST_TITLE = 60
# Characters of the longest name of a sub-heading.
_LONGEST_NAME = 24
# Sentences are longer than headings.
_SHORTEST_SENTENCE = 12
# Sentences of a report that mention 公开, and their share.
_OFTEN = 3
_OFTEN_SHARE = 0.4
# The same for the beginning of a report: fewer sentences, but a higher share.
_TWICE = 2
_TWICE_SHARE = 0.6

_sign = functools.partial(coded_pattern, "document_types.toml", "sign")


def not_a_report(blocks: Sequence[Block]) -> Notice | None:
    """The notice `no_report` for a page of another type (`rules/document_types.toml`)."""
    texts = [fold(block.text) for block in blocks if block.text]
    above = next((index for index, text in enumerate(texts) if _is_text(text)), len(texts))
    head = texts[: above + _FIRST_PARAGRAPHS][:_HEAD]
    titles = [text for text in head if len(text) <= _LONGEST_TITLE and not numbered(text).is_top]
    # '关于政府信息公开工作年度报告' above '有关事项的通知'
    joined = ["".join(titles[index : index + 2]) for index, text in enumerate(titles) if text.startswith("关于")]
    lines = {
        "titles": [*titles, *joined],
        "head": head,
        "headings": [text for text in texts if len(text) <= _LONGEST_TITLE],
    }
    named = _has_statutory_table(blocks) or any(_is_named(text) for text in texts)
    titled = named or any(_is_report_line(text) for text in texts)
    for rule in rulebook("document_types.toml")["other"]:
        if (titled and rule.get("untitled")) or (named and rule.get("unnamed")):
            continue
        if rule.get("hands_out") and _hands_out(texts):
            continue
        if any(rule["pattern"].search(text) for text in lines[rule["among"]]):
            return notice("no_report", why=f"{rule['zh']}。", why_en=f"{rule['en']}.")
    return None


def is_report(draft: ReportDraft) -> bool:
    """Whether a draft is a report: it has a statutory table, two sections, or fewer under a title."""
    if _has_statutory_table(draft.blocks):
        return True
    texts = draft.texts
    # a list of reports has titles without text below them; news about reports has text without sections
    if any(opens_report(text, is_certain=True) for text in texts) or (
        draft.title and any(_is_text(text) for text in texts)
    ):
        return True
    headings = draft.headings
    if headings and (draft.title or any(opens_report(text) for text in texts)):
        return True
    subject = _sign("subject")
    codes = {code for heading in headings for code in heading.codes}
    # every kind of report has 概述 and 问题: a heading must mention 公开, or the text must, several times
    in_heading = any(subject.search(fold(heading.text)) for heading in headings)
    if len(codes) > 1 and (in_heading or sum(subject.search(fold(text)) is not None for text in texts) >= _OFTEN):
        return True
    begins = any(heading.number == 1 and "overview" in heading.codes for heading in headings)
    # the middle of a report: 二、主动公开政府信息的情况, and the number of the year
    continues = any((heading.number or 0) > 1 and subject.search(fold(heading.text)) for heading in headings)
    mentions = sum(subject.search(fold(text)) is not None for text in texts)
    sentences = (sentence for text in texts for sentence in re.split("[。;]", fold(text)))
    if continues and mentions >= _OFTEN and any(map(states_figure, sentences)):
        return True
    return _reads_like_a_report(texts, in_heading=in_heading, begins=begins)


def _reads_like_a_report(texts: Sequence[str], *, in_heading: bool, begins: bool) -> bool:
    """Whether text without a title and with at most one section is part of a report, by its sentences.

    Its heading can mention 公开 (`in_heading`), such as 一、信息公开总体情况, and be the first one (`begins`).
    """
    sentences = [
        sentence for text in texts for sentence in re.split("[。;]", fold(text)) if len(sentence) > _SHORTEST_SENTENCE
    ]
    mentions = sum(_sign("subject").search(sentence) is not None for sentence in sentences)
    if begins and in_heading and mentions >= _OFTEN:
        return True
    is_own = any(_sign("first_person").search(sentence) for sentence in sentences)
    is_dated = any(_sign("dated").search(sentence) for sentence in sentences)
    if (is_own or is_dated) and {"proactive", "requests"} <= _sub_heading_codes(texts):
        return True
    if begins and mentions >= max(_TWICE, _TWICE_SHARE * len(sentences)):
        return True
    if mentions < max(_OFTEN, _OFTEN_SHARE * len(sentences)):
        return False
    # the middle of a report has no section, but figures in the first person
    return begins or (is_own and any(map(states_figure, sentences)))


def _is_report_line(text: str) -> bool:
    """Whether a line occurs in reports only: a first sentence, or the heading of the first section."""
    return opens_report(text, is_certain=True) or _sign("first_section").fullmatch(text) is not None


def _is_named(text: str) -> bool:
    """Whether a line is the title of a report with its agency or year; menus have 政府信息公开年报 beside 指南."""
    title = read_title(text)
    return title is not None and bool(title.agency or title.year)


def _sub_heading_codes(texts: Iterable[str]) -> set[str]:
    """The codes of sub-headings at the beginning of paragraphs: (一)主动公开情况。2024年…, (二)依申请公开情况。…"""
    parts = [numbered(text) for text in texts]
    names = (re.split("[。:：]", part.rest)[0] for part in parts if part.level in (1, 2))
    return {code for name in names if len(name) <= _LONGEST_NAME for code in classify(name)[:1]}


def _hands_out(texts: Sequence[str]) -> bool:
    """Whether a report follows a notice: its title with agency and year, then its first sentence."""
    titles = (index for index, text in enumerate(texts) if (title := read_title(text)) and title.agency and title.year)
    first = next(titles, len(texts))
    return any(opens_report(text, is_certain=True) for text in texts[first:])


def _has_statutory_table(blocks: Sequence[Block]) -> bool:
    return any(block.table and block.table.kind in STATUTORY for block in blocks)


def _is_text(text: str) -> bool:
    """Whether a paragraph is running text: it has a sentence and is no title with the date of its link."""
    return "。" in text or len(text) > _LONGEST_TITLE
