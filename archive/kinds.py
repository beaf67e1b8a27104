"""Whether a page holds a report at all, or speaks about reports, or about something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.model import Block, Notice
from archive.normal import normal_form
from archive.notices import notice
from archive.numbering import numbered
from archive.reports import Draft, opens_report, proves_report
from archive.rulebook import rulebook
from archive.sections import find_headings
from archive.titles import read_title
from archive.vocabulary import STATUTORY
from archive.wording import pattern

# What a page says it is, it says within so many paragraphs; a line is a title or a heading up to so many characters.
_HEAD = 4
_LONGEST_TITLE = 60


def not_a_report(blocks: Sequence[Block]) -> Notice | None:
    """The notice `no_report` for a page that says it is something else (`rules/kinds.toml`)."""
    texts = [normal_form(block.text) for block in blocks if block.text]
    places = {
        "titles": [text for text in texts[:_HEAD] if len(text) <= _LONGEST_TITLE and not numbered(text).is_top],
        "head": texts[:_HEAD],
        "headings": [text for text in texts if len(text) <= _LONGEST_TITLE],
    }
    titled = any(read_title(text) for text in texts)
    for rule in rulebook("kinds.toml")["other"]:
        if titled and rule.get("untitled"):
            continue
        if any(pattern(rule["pattern"]).search(text) for text in places[rule["among"]]):
            return notice("no_report", why=f"{rule['zh']}。", why_en=f"{rule['en']}.")
    return None


def is_report(draft: Draft) -> bool:
    """Whether a draft shows that it is a report: a statutory table, two of its sections, or less under its title."""
    if any(block.table and block.table.kind in STATUTORY for block in draft.blocks):
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
    said = any(_SUBJECT.search(normal_form(heading.text)) for heading in headings)
    spoken = sum(_SUBJECT.search(normal_form(text)) is not None for text in texts)
    return len(named) > 1 and (said or spoken >= _OFTEN)


def _is_text(text: str) -> bool:
    """Whether a paragraph says something: it has a sentence, and is no title with the date of its link."""
    return "。" in text or len(text) > _LONGEST_TITLE


_SUBJECT = re.compile("(信息|政务|主动|依?申请)公开|公开申请")
_OFTEN = 3
