"""Finds the headings of a report and divides it into sections with canonical codes (`rules/sections.toml`)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, unnumbered
from archive.extract.heading_variants import LONGEST, SectionHeading, heading_variants, heads_annex
from archive.model import Block, Notice, Paragraph, Section, SourceSpan, Table
from archive.notices import notice
from archive.rulebook import rulebook
from archive.tables.label_stream import is_top_row
from archive.text.match import fold, fold_alnum
from archive.vocabulary import STATUTORY, table_rules

# '概述,今年…'; not '概述。', a heading with a stray full stop
_SENTENCE = re.compile(r"[。;；!！?？](?=.)|(?m:^)[^,，\n]*+[,，].*[。;；]$")
# The number of an unknown heading is at most this much higher than the last one.
_FARTHEST_GAP = 3
# '(一)测评对象4', '一、总体情况……1'
_PAGE = re.compile(r"[^\d\W](?:[ .·…]*)(\d{1,3})$")
# Entries of the shortest list of contents.
_FEWEST_ENTRIES = 3


def find_headings(blocks: Sequence[Block]) -> tuple[SectionHeading, ...]:
    """The top-level headings among some blocks, in order, without those of a list of contents."""
    lines = [(index, block.text) for index, block in enumerate(blocks) if block.table is None]
    top = _top_level([text for _, text in lines])
    variants = {heading.index: heading for heading in heading_variants(lines, top)}
    headings: list[SectionHeading] = []
    for index, text in lines:
        last = headings[-1] if headings else None
        heading = variants.get(index) or _heading(index, text, top, last)
        if heading is None and heads_annex(blocks[index : index + 2]) and not (last and "appendix" in last.codes):
            heading = SectionHeading(index, text, None, ("appendix",))
        if heading:
            headings.append(heading)
    return tuple(_without_contents(_without_page_numbers(headings)))


def split_sections(
    blocks: Sequence[Block], known: Iterable[SectionHeading] | None = None
) -> tuple[tuple[Section, ...], tuple[Notice, ...]]:
    """The sections of one report, with notices on unknown headings and on gaps in their numbers.

    Its headings can be `known` from an earlier stage. Text before the first heading is the preface; a statutory table
    without a heading is a section of its own.
    """
    headings = {heading.index: heading for heading in (find_headings(blocks) if known is None else known)}
    drafts: list[_Draft] = []
    for index, block in enumerate(blocks):
        heading = headings.get(index)
        if heading:
            drafts.append(_Draft(heading.codes or ("unclassified",), heading.text, block.place))
            continue
        kind = block.table.kind if block.table else None
        stray = table_rules(kind)["section"] if kind else None
        # in a report without text each statutory table is the section that its form gives it
        starts = not drafts or (drafts[-1].heading is None and stray not in drafts[-1].codes)
        if stray in STATUTORY and starts:
            drafts.append(_Draft((stray,), None, block.place))
        elif not drafts:
            drafts.append(_Draft(("preface",), None, block.place))
        drafts[-1].add(block)
    notices = [
        notice("unknown_heading", draft.place, heading=draft.heading)
        for draft in drafts
        if "unclassified" in draft.codes
    ]
    return tuple(_finished(drafts)), (*notices, *_gaps(headings.values(), blocks))


@dataclass(slots=True)
class _Draft:
    codes: tuple[str, ...]
    heading: str | None
    place: SourceSpan
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def add(self, block: Block) -> None:
        if block.table:
            self.tables.append(block.table)
        else:
            self.paragraphs.append(Paragraph(block.text, block.place, _level(block.text)))
        self.place = self.place.to(block.place)


def _finished(drafts: Iterable[_Draft]) -> Iterator[Section]:
    seen: Counter[str] = Counter()
    for draft in drafts:
        code, *also = draft.codes
        seen[code] += 1
        anchor = code if seen[code] == 1 else f"{code}-{seen[code]}"
        yield Section(
            code, anchor, draft.heading, tuple(draft.paragraphs), tuple(draft.tables), tuple(also), draft.place
        )


def _gaps(headings: Iterable[SectionHeading], blocks: Sequence[Block]) -> Iterator[Notice]:
    before: int | None = None
    for heading in headings:
        if before is not None and heading.number is not None and heading.number > before + 1:
            yield notice("heading_order", blocks[heading.index].place, heading=heading.text, before=before)
        before = heading.number or (before + 1 if before is not None else None)


def _heading(index: int, text: str, top: int, last: SectionHeading | None) -> SectionHeading | None:
    if len(fold(text)) > LONGEST or _SENTENCE.search(text):
        return None
    parts = numbered(text)
    if parts.level is None:
        codes = unnumbered(text)
        return SectionHeading(index, text, None, codes) if codes else None
    if parts.level != top or not parts.rest or is_top_row(fold_alnum(parts.rest)):
        return None
    heading = SectionHeading(index, text, parts.number, classify(text))
    if heading.codes:
        return heading
    before = (last.number if last else None) or 0
    # an unknown name is a heading if its number is due, and else an item of a list inside a section
    due = parts.number is not None and before < parts.number <= before + _FARTHEST_GAP
    return heading if due and not text.endswith(("。", "；", ";")) else None


def _top_level(lines: Iterable[str]) -> int:
    """The level of numbering of the page's sections: the highest with two known names, or else 一、二、.

    An unknown first section, such as 一、加大力度 above (一)主动公开情况, shows the level too.
    """
    known: Counter[int] = Counter()
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for line in lines:
        parts = numbered(line)
        if parts.level is None or len(fold(line)) > LONGEST:
            continue
        first = parts.level == 0 and parts.number == 1 and not known
        if first and not _SENTENCE.search(line) and not is_top_row(fold_alnum(parts.rest)):
            return 0
        if named := classify(line):
            known[parts.level] += 1
            codes[parts.level].add(named[0])
    if known[0]:
        return 0
    own = {code for rule in rulebook("headings.toml")["own_section"] for code in rule["codes"]}
    return next((level for level in sorted(known) if known[level] > 1 and own & codes[level]), 0)


def _without_page_numbers(headings: Sequence[SectionHeading]) -> Sequence[SectionHeading]:
    """The headings without those that end in page numbers, 一、总体情况……1: they are a list of contents."""
    pages = {heading.index: int(match[1]) for heading in headings if (match := _PAGE.search(heading.text))}
    if len(pages) < _FEWEST_ENTRIES or list(pages.values()) != sorted(pages.values()):
        return headings
    return [heading for heading in headings if heading.index not in pages]


def _without_contents(headings: Sequence[SectionHeading]) -> Iterator[SectionHeading]:
    """The headings without those of a list of contents: lines without text between them, then the first again.

    Sections whose tables are images have no text either, but their first heading does not follow again.
    """
    names = [fold_alnum(heading.text) for heading in headings]
    again: dict[str, int] = {}
    ends: dict[int, int] = {}
    for position, name in reversed(list(enumerate(names))):
        ends[position] = again.get(name, 0)
        again[name] = position
    position = 0
    while position < len(headings):
        end = ends[position]
        if end - position > 1 and headings[end - 1].index - headings[position].index == end - 1 - position:
            position = end
        else:
            yield headings[position]
            position += 1


def _level(text: str) -> int:
    """The level of a sub-heading inside its section, 0 for running text, which may begin with a number too."""
    parts = numbered(text)
    if parts.level is None or len(fold(text)) > LONGEST or _SENTENCE.search(text) or text.endswith(("。", ";", "；")):
        return 0
    return max(parts.level, 1)
