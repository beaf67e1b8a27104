"""A page cut into the reports printed on it: none, one, or one agency's reports of fifteen years.

A new report begins where something opens one (a title, 引言, the sentence 本报告是根据…编制) *and* what follows starts
over: its next heading is number one again, or a statutory table comes that the report before it has already had. Either
sign alone is too weak: preambles stand inside 一、总体情况, titles come twice, and links to other years stand below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.cues.titles import Title, find_title
from archive.extract.sections import SectionHeading, find_headings
from archive.model import Block
from archive.rulebook import Preamble, rulebook
from archive.text.match import fold
from archive.vocabulary import STATUTORY


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """The blocks of one report, its title left out, and the title."""

    title: Title | None
    blocks: tuple[Block, ...]

    @property
    def tables_only(self) -> bool:
        """Whether the report consists of statutory tables and nothing else."""
        return all(block.table for block in self.blocks)


def cut(blocks: Sequence[Block]) -> tuple[ReportDraft, ...]:
    """The reports of a page in page order; a page that says nothing gives one draft with all its blocks."""
    headings = {heading.index: heading for heading in find_headings(blocks)}
    following = _following(headings, len(blocks))
    starts = [0]
    state = _State()
    for index, block in enumerate(blocks):
        if state.ends_before(index, blocks, headings, following[index]):
            starts.append(index)
            state = _State()
        state.take(block, headings.get(index))
    return tuple(_draft(blocks[start:end]) for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True))


class _State:
    """What the report being read has had so far."""

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.tables: set[str] = set()
        self.highest = 0
        self.text = False

    def take(self, block: Block, heading: SectionHeading | None) -> None:
        if heading and "preface" not in heading.codes:
            self.codes.update(heading.codes)
            self.highest = max(self.highest, heading.number or 0)
        if block.table:
            self.tables |= {block.table.kind} & set(STATUTORY) if block.table.kind else set()
        else:
            self.text = True

    def ends_before(
        self, index: int, blocks: Sequence[Block], headings: dict[int, SectionHeading], first: SectionHeading | None
    ) -> bool:
        """Whether the block at `index` begins the next report; `first` is the next heading with a number from there."""
        block, heading = blocks[index], headings.get(index)
        if not self.codes and not self.tables:
            return False
        if block.table:
            return block.table.kind in self.tables
        starts_over = first is not None and first.number == 1
        if not starts_over:
            return False
        tables_alone = bool(self.tables) and not self.text
        if tables_alone or _opens(blocks[index : index + 3], heading):
            return True
        # a first heading again, with the same meaning, after a whole report: titles lost
        return first is heading is not None and bool(self.codes & set(heading.codes)) and self.highest >= _WHOLE


# A report has at least so many sections before another can begin without any title.
_WHOLE = 4


def _following(headings: dict[int, SectionHeading], size: int) -> list[SectionHeading | None]:
    """For each block the heading with a number that comes next, itself included."""
    following: list[SectionHeading | None] = [None] * (size + 1)
    for index in reversed(range(size)):
        heading = headings.get(index)
        following[index] = heading if heading and heading.number is not None else following[index + 1]
    return following


def _opens(blocks: Sequence[Block], heading: SectionHeading | None) -> bool:
    """Whether the first of the blocks is what a report opens with."""
    if heading:
        return "preface" in heading.codes
    return find_title(blocks) is not None or opens_report(blocks[0].text)


def opens_report(text: str) -> bool:
    """Whether a paragraph is the sentence with which a report says what it is (`rules/headings.toml`)."""
    return any(rule["pattern"].match(fold(text)) for rule in _preambles())


def proves_report(text: str) -> bool:
    """Whether a paragraph is such a sentence in words that stand in nothing but a report."""
    return any(rule["pattern"].match(fold(text)) for rule in _preambles() if not rule.get("weak"))


def _draft(blocks: Sequence[Block]) -> ReportDraft:
    """The title found among the first blocks and taken out, with a second printing of it right behind."""
    headings = find_headings(blocks)
    before = headings[0].index if headings else min(len(blocks), _TITLE_WITHIN)
    found = [(index, title) for index in range(before) if (title := find_title(blocks[index:before]))]
    if not found:
        return ReportDraft(None, tuple(blocks))
    # the first that says whose report it is and on which year; menus say 政府信息公开年报 above it
    index, title = max(found, key=lambda each: (each[1].agency is not None and each[1].year is not None, -each[0]))
    end = index + title.blocks
    while end < before and (again := find_title(blocks[end : end + 1])) and again.year in (None, title.year):
        end += again.blocks
    return ReportDraft(title, (*blocks[:index], *blocks[end:]))


# A page without headings is searched for a title among so many blocks.
_TITLE_WITHIN = 12


def _preambles() -> Sequence[Preamble]:
    rules: Sequence[Preamble] = rulebook("headings.toml")["preamble"]
    return rules
