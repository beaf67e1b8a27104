"""Headings that a page numbers otherwise than its other sections, or not at all.

Each kind is believed only where the page as a whole shows it: several names in a row, numbers that follow each other,
a number that is missing just there.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.model import Block
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum
from archive.text.numerals import han_number

LONGEST = 60
"""A heading has so many characters at most."""
_LONGEST_NAME = 36
# So many names of sections make a page whose headings have no numbers.
_SEVERAL = 3
# '一概述', '二主动公开情况': the stop behind the numeral lost; not '一是', '一般'
_STOPLESS = re.compile("(?P<n>[一二三四五六七八九十]{1,2}) ?(?P<name>[^是般些方系部个下、.一二三四五六七八九十].*)")
# '附件1:某局2011年政府信息公开情况统计表', '政府信息公开情况统计表(2014年度)'
_ANNEX = re.compile(r"(附[件表录]?.{0,4}[::])?[^。;]{0,40}(统计表|附表)(\([^()]*\))?")
_BEGINS_TABLE = re.compile("指标(名称)?(计量)?单位|统计指标")


class HeadingLine(NamedTuple):
    """A heading found: the block it stands in, its text, its number, its codes."""

    block: int
    text: str
    number: int | None
    codes: tuple[str, ...]


def odd_headings(lines: Sequence[tuple[int, str]], top: int) -> Iterator[HeadingLine]:
    """The headings among the lines that are numbered unlike the level `top`.

    Args:
        lines: paragraphs with the blocks that they stand in.
        top: the level of numbers that the page's sections have.
    """
    regular = [place for place, (_, text) in enumerate(lines) if _is_regular(text, top)]
    if regular:
        yield from _other_numbers(lines, top, regular)
        return
    stopless = list(_stopless(lines))
    yield from stopless or _names(lines)


def heads_annex(blocks: Sequence[Block]) -> bool:
    """Whether the first of two blocks is the title of the annexed table that the second one is, or begins."""
    if len(blocks) < 2 or blocks[0].table or not _ANNEX.fullmatch(fold(blocks[0].text)):
        return False
    return blocks[1].table is not None or _BEGINS_TABLE.match(fold_alnum(blocks[1].text)) is not None


def _is_regular(text: str, top: int) -> bool:
    return len(fold(text)) <= LONGEST and numbered(text).level == top and bool(classify(text))


def _other_numbers(lines: Sequence[tuple[int, str]], top: int, regular: Sequence[int]) -> Iterator[HeadingLine]:
    """'4.行政复议情况' between 三、 and 五、: the number that is missing just there, and no list around it."""
    for before, after in pairwise(regular):
        first, last = (numbered(lines[place][1]).number or 0 for place in (before, after))
        if last - first != 2:
            continue
        between = [(place, numbered(lines[place][1])) for place in range(before + 1, after)]
        listed = [parts.number for _, parts in between if parts.level not in (None, top)]
        for place, parts in between:
            index, text = lines[place]
            alone = listed.count(first + 1) == 1 and first + 2 not in listed and first not in listed
            if parts.level not in (None, top) and parts.number == first + 1 and alone and _is_name(parts.rest):
                yield HeadingLine(index, text, first + 1, classify(text))


def _stopless(lines: Sequence[tuple[int, str]]) -> Iterator[HeadingLine]:
    """'一概述', '二主动公开情况', …: at least two in a row, counted from one."""
    found: list[HeadingLine] = []
    for index, text in lines:
        match = _STOPLESS.fullmatch(text)
        if match and han_number(match["n"]) == len(found) + 1 and _is_name(match["name"]):
            found.append(HeadingLine(index, text, len(found) + 1, classify(match["name"])))
    if len(found) > 1:
        yield from found


def _names(lines: Sequence[tuple[int, str]]) -> Iterator[HeadingLine]:
    """Names of sections, each alone on its line, on a page that numbers nothing."""
    found = [HeadingLine(index, text, None, classify(text)) for index, text in lines if _is_name(text)]
    if len({line.codes[0] for line in found}) >= _SEVERAL:
        yield from found


def _is_name(text: str) -> bool:
    """Whether a line is the name of a section and nothing else: known, short, and ending as names of sections do."""
    name = text.rstrip(":：")
    return (
        len(fold(name)) <= _LONGEST_NAME
        and numbered(name).level is None
        and re.search(r"[。;；,，:：!！?？\d]", name) is None
        and name.endswith(_endings())
        and bool(classify(name))
        and read_title(name) is None
    )


@functools.cache
def _endings() -> tuple[str, ...]:
    return tuple(rulebook("resegment.toml")["endings"])
