"""Divides a page into the reports printed on it.

A new report begins at an opening line (a title, 引言, the sentence 本报告是根据…编制) if the text after it starts over:
the next heading is number one again, or a statutory table follows that the previous report already has. Neither sign
is enough alone: 一、总体情况 can have a preamble, titles can be printed twice, and links to other years can follow
a report.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.cues.titles import MOST_LINES, Title, find_title
from archive.extract.heading_variants import SectionHeading
from archive.extract.sections import find_headings
from archive.model import Block, SourceSpan
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.vocabulary import STATUTORY

# Sections that a report has before another can begin without a title.
_WHOLE = 4
# Blocks of a page without headings that can be its title.
_TITLE_WITHIN = 12


@dataclass(frozen=True)
class ReportDraft:
    """The title of a report and its blocks without the title."""

    title: Title | None
    blocks: tuple[Block, ...]

    @property
    def place(self) -> SourceSpan:
        first, *others = [block.place for block in self.blocks] or [SourceSpan()]
        return functools.reduce(SourceSpan.to, others, first)

    @functools.cached_property
    def headings(self) -> tuple[SectionHeading, ...]:
        return find_headings(self.blocks)

    @functools.cached_property
    def texts(self) -> list[str]:
        return [block.text for block in self.blocks if block.text]

    @property
    def tables_only(self) -> bool:
        """Whether the report consists of statutory tables only."""
        return all(block.table for block in self.blocks)


def split_reports(blocks: Sequence[Block]) -> tuple[ReportDraft, ...]:
    """The reports of a page in page order; a page without reports gives one draft with all its blocks."""
    found = find_headings(blocks)
    headings = {heading.index: heading for heading in found}
    following = _following(headings, len(blocks))
    starts = [0]
    state = _State()
    for index, block in enumerate(blocks):
        if state.ends_before(index, blocks, headings, following[index]):
            starts.append(index)
            state = _State()
        state.add(block, headings.get(index))
    if len(starts) == 1:
        return (_draft(blocks, found),)
    parts = (blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True))
    return tuple(_draft(part, find_headings(part)) for part in parts)


@dataclass(slots=True)
class _State:
    """The sections, tables and highest heading number of the current report so far."""

    codes: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    highest: int = 0
    has_text: bool = False

    def add(self, block: Block, heading: SectionHeading | None) -> None:
        if heading and "preface" not in heading.codes:
            self.codes.update(heading.codes)
            self.highest = max(self.highest, heading.number or 0)
        if not block.table:
            self.has_text = True
        elif block.table.kind in STATUTORY:
            self.tables.add(block.table.kind)

    def ends_before(
        self, index: int, blocks: Sequence[Block], headings: dict[int, SectionHeading], first: SectionHeading | None
    ) -> bool:
        """Whether the block at `index` begins the next report; `first` is the next numbered heading from there on."""
        block, heading = blocks[index], headings.get(index)
        if not self.codes and not self.tables:
            return False
        if block.table:  # twice in one report, if the numbers of its headings go on behind it
            return block.table.kind in self.tables and not (first and self.highest and first.number == self.highest + 1)
        if first is None or first.number != 1:
            return False
        # 概述 without a number above the preamble, then 一、总体情况
        is_begun = self.highest == 0 and len(self.codes) == 1 and not self.tables
        if is_begun and find_title(blocks[index : index + MOST_LINES]) is None:
            return False
        is_tables_only = bool(self.tables) and not self.has_text
        if is_tables_only or _opens(blocks[index : index + MOST_LINES], heading):
            return True
        # the titles are lost: the same first heading again, after a whole report
        return first is heading is not None and bool(self.codes & set(heading.codes)) and self.highest >= _WHOLE


def _following(headings: dict[int, SectionHeading], size: int) -> list[SectionHeading | None]:
    """For each block the next numbered heading, itself included."""
    following: list[SectionHeading | None] = [None] * (size + 1)
    for index in reversed(range(size)):
        heading = headings.get(index)
        following[index] = heading if heading and heading.number is not None else following[index + 1]
    return following


def _opens(blocks: Sequence[Block], heading: SectionHeading | None) -> bool:
    if heading:
        return "preface" in heading.codes
    return find_title(blocks) is not None or opens_report(blocks[0].text)


def opens_report(text: str, *, is_certain: bool = False) -> bool:
    """Whether a paragraph opens a report (`rules/headings.toml`); with `is_certain`, only if it occurs nowhere else."""
    return _preamble(is_certain).match(fold(text)) is not None


@functools.cache
def _preamble(is_certain: bool) -> re.Pattern[str]:  # noqa: FBT001
    rules = (rule for rule in rulebook("headings.toml")["preamble"] if not (is_certain and rule.get("weak")))
    return re.compile(rf"\A(?:{'|'.join(rule['pattern'].pattern for rule in rules)})")


def _draft(blocks: Sequence[Block], headings: Sequence[SectionHeading]) -> ReportDraft:
    """The draft of one report: its title, and its blocks without the title and a second printing of it."""
    before = headings[0].index if headings else min(len(blocks), _TITLE_WITHIN)
    ends = (min(index + MOST_LINES, before) for index in range(before))
    titles = [(index, title) for index, end in enumerate(ends) if (title := find_title(blocks[index:end]))]
    if not titles:
        return ReportDraft(None, tuple(blocks))
    # the first with agency and year, if any: menus above it have 政府信息公开年报
    index, title = next(((index, title) for index, title in titles if title.agency and title.year), titles[0])
    end = index + title.blocks
    while end < before and (again := find_title(blocks[end : end + 1])) and again.year in (None, title.year):
        end += again.blocks
    return ReportDraft(title, (*blocks[:index], *blocks[end:]))
