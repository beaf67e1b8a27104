"""Finds headings without a number, or with another kind of number than the other sections of the page.

Each kind needs evidence from the whole page: several names in a row, consecutive numbers, or a number that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, ends_section_name
from archive.cues.titles import read_title
from archive.model import Block
from archive.rulebook import coded_pattern
from archive.text.match import fold, fold_alnum
from archive.text.numerals import han_number

# Characters of the longest heading, and of the longest one without a number.
LONGEST = 60
_LONGEST_NAME = 36
# Different sections that a page without numbered headings names at least.
_SEVERAL = 3
_TABLE_HEADS = ("指标单位", "指标名称单位", "指标计量单位", "指标名称计量单位", "统计指标")
# '一概述', '二主动公开情况': the mark behind the numeral is lost; not '一是', '一般'
_STOPLESS = re.compile("(?P<n>[一二三四五六七八九十]{1,2}) ?(?P<name>[^是般些方系部个下、.一二三四五六七八九十].*)")


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """A top-level heading: the index of its block, its number (None without one), and its codes, its own first."""

    index: int
    text: str
    number: int | None
    codes: tuple[str, ...]


def heading_variants(lines: Sequence[tuple[int, str]], top: int) -> Iterator[SectionHeading]:
    """The headings without a number of the level `top`, among lines with the indexes of their blocks."""
    regular = [position for position, (_, text) in enumerate(lines) if _is_regular(text, top)]
    if regular:
        yield from _other_numbers(lines, top, regular)
        return
    stopless = list(_stopless(lines))
    yield from stopless or _names(lines)


def heads_annex(blocks: Sequence[Block]) -> bool:
    """Whether the first of two blocks is the title of an annexed table that is, or begins in, the second."""
    title = coded_pattern("lines.toml", "line", "appendix_title")
    if len(blocks) < 2 or blocks[0].table or not title.fullmatch(fold(blocks[0].text)):
        return False
    return blocks[1].table is not None or fold_alnum(blocks[1].text).startswith(_TABLE_HEADS)


def _is_regular(text: str, top: int) -> bool:
    return len(fold(text)) <= LONGEST and numbered(text).level == top and bool(classify(text))


def _other_numbers(lines: Sequence[tuple[int, str]], top: int, regular: Sequence[int]) -> Iterator[SectionHeading]:
    """'4.行政复议情况' between 三、 and 五、: the missing number, unless it is an item of a list."""
    for before, after in pairwise(regular):
        first, last = (numbered(lines[position][1]).number or 0 for position in (before, after))
        if last - first != 2:
            continue
        between = [(position, numbered(lines[position][1])) for position in range(before + 1, after)]
        listed = [parts.number for _, parts in between if parts.level not in (None, top)]
        for position, parts in between:
            index, text = lines[position]
            alone = listed.count(first + 1) == 1 and first + 2 not in listed and first not in listed
            if parts.level not in (None, top) and parts.number == first + 1 and alone and _is_name(parts.rest):
                yield SectionHeading(index, text, first + 1, classify(text))


def _stopless(lines: Sequence[tuple[int, str]]) -> Iterator[SectionHeading]:
    """'一概述', '二主动公开情况': counted from one, at least two, or the overview alone."""
    headings: list[SectionHeading] = []
    for index, text in lines:
        match, due = _STOPLESS.fullmatch(text), len(headings) + 1
        if match and han_number(match["n"]) == due and _is_name(match["name"]):
            headings.append(SectionHeading(index, text, due, classify(match["name"])))
    if len(headings) > 1 or any("overview" in heading.codes for heading in headings):
        yield from headings


def _names(lines: Sequence[tuple[int, str]]) -> Iterator[SectionHeading]:
    """Names of sections, each on a line of its own, on a page without numbers."""
    headings = [SectionHeading(index, text, None, classify(text)) for index, text in lines if _is_name(text)]
    if len({heading.codes[0] for heading in headings}) >= _SEVERAL:
        yield from headings


def _is_name(text: str) -> bool:
    """Whether a line is the name of a section only: known, short, and ending as names of sections do."""
    name = text.rstrip(":：")
    return (
        len(fold(name)) <= _LONGEST_NAME
        and numbered(name).level is None
        and re.search(r"[。;；,，:：!！?？\d]", name) is None
        and ends_section_name(name)
        and bool(classify(name))
        and read_title(name) is None
    )
