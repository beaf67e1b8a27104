"""Headings found, and each top-level section given its canonical code (`rules/sections.toml`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.cues.heading_numbers import Numbered, numbered
from archive.cues.section_codes import classify, unnumbered
from archive.extract.heading_variants import LONGEST, heads_annex, odd_headings
from archive.model import Block, Notice, Paragraph, Section, SourceSpan, Table
from archive.notices import notice
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum, pattern
from archive.vocabulary import table_rules

# '概述。' is a heading with a stray full stop; '概述,今年…' is none
_SENTENCE = re.compile(r"[。;；!！?？](?=.)|[,，].*[。;；]$")
_FARTHEST_GAP = 3
# '(一)测评对象4', '一、总体情况……1'
_PAGE = re.compile(r"[^\d\W](?:[ .·…]*)(\d{1,3})$")
_FEWEST_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """A top-level heading: the block it stands in, its number (None without one), and its codes, the first its own."""

    index: int
    text: str
    number: int | None
    codes: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether a rule knows it."""
        return bool(self.codes)


def find_headings(blocks: Sequence[Block]) -> tuple[SectionHeading, ...]:
    """The top-level headings among some blocks, in order; a list of contents before the text is none."""
    lines = [(index, block.text) for index, block in enumerate(blocks) if block.table is None]
    top = _top_level([text for _, text in lines])
    odd = {line.block: SectionHeading(*line) for line in odd_headings(lines, top)}
    found: list[SectionHeading] = []
    for index, text in lines:
        heading = odd.get(index) or _heading(index, text, top, found[-1] if found else None)
        if heading is None and heads_annex(blocks[index : index + 2]) and not (found and "appendix" in found[-1].codes):
            heading = SectionHeading(index, text, None, ("appendix",))
        if heading:
            found.append(heading)
    return tuple(_without_contents(_without_page_numbers(found)))


def split(blocks: Sequence[Block]) -> tuple[tuple[Section, ...], tuple[Notice, ...]]:
    """The blocks of one report as sections, with notices on headings that no rule knows and on gaps in their numbers.

    Text before the first heading is the preface; a statutory table without a heading is a section of its own.
    """
    headings = {heading.index: heading for heading in find_headings(blocks)}
    drafts: list[_Draft] = []
    for index, block in enumerate(blocks):
        heading = headings.get(index)
        if heading:
            drafts.append(_Draft(heading.codes or ("unclassified",), heading.text, block.place))
            continue
        kind = block.table.kind if block.table else None
        stray = kind and table_rules(kind)["section"]
        # tables alone: each statutory table stands for the section that the form gives it
        if (
            stray
            and stray in _FORM_SECTIONS
            and (not drafts or (drafts[-1].heading is None and stray not in drafts[-1].codes))
        ):
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


_FORM_SECTIONS = ("proactive", "requests", "review")


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
        self.place = SourceSpan(self.place.first_line, block.place.last_line)


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
    if parts.level != top or not parts.rest or _is_table_row(parts):
        return None
    heading = SectionHeading(index, text, parts.number, classify(text))
    if heading.known:
        return heading
    before = next((number for number in [last.number if last else None] if number is not None), 0)
    # an unknown name is a heading where its number is due; elsewhere it is a list inside a section
    due = parts.number is not None and before < parts.number <= before + _FARTHEST_GAP
    return heading if due and not text.endswith(("。", "；", ";")) else None


def _is_table_row(parts: Numbered) -> bool:
    """Whether a line is a row of the requests table that looks like a heading: 一、本年新收…, 四、结转…."""
    rules = table_rules("requests")
    text = fold_alnum(parts.rest)
    return any(pattern(row["match"]).match(text) for row in (*rules["row"], *rules["group"]) if row.get("top"))


def _top_level(lines: Iterable[str]) -> int:
    """The level of numbering that the page's own sections have: the highest with two known names, else 一、二、.

    A first section that no rule knows, 一、加大力度 above (一)主动公开情况, shows it as well.
    """
    known: Counter[int] = Counter()
    named: dict[int, set[str]] = {}
    for line in lines:
        parts = numbered(line)
        if parts.level is None or len(fold(line)) > LONGEST:
            continue
        if (
            parts.level == 0
            and parts.number == 1
            and not known
            and not _SENTENCE.search(line)
            and not _is_table_row(parts)
        ):
            return 0
        if codes := classify(line):
            known[parts.level] += 1
            named.setdefault(parts.level, set()).add(codes[0])
    if known[0]:
        return 0
    own = {code for row in rulebook("headings.toml")["own_section"] for code in row["codes"]}
    return next((level for level in sorted(known) if known[level] > 1 and own & named[level]), 0)


def _without_page_numbers(headings: Sequence[SectionHeading]) -> Sequence[SectionHeading]:
    """Headings that end in page numbers, 一、总体情况……1, are a list of contents, whatever follows it."""
    pages = {heading.index: int(match[1]) for heading in headings if (match := _PAGE.search(heading.text))}
    if len(pages) < _FEWEST_ENTRIES or list(pages.values()) != sorted(pages.values()):
        return headings
    return [heading for heading in headings if heading.index not in pages]


def _without_contents(headings: Sequence[SectionHeading]) -> Iterator[SectionHeading]:
    """Headings one right under the other, after which the first of them comes again, are a list of contents.

    Sections whose tables are images have nothing below them either; what comes next is not their first again.
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
    """The level of a sub-heading inside its section; sentences are running text, whatever number they begin with."""
    parts = numbered(text)
    if parts.level is None or len(fold(text)) > LONGEST or _SENTENCE.search(text) or text.endswith(("。", ";", "；")):
        return 0
    return max(parts.level, 1)
