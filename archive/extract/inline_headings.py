"""Separates headings from the text on their line: 一、概述2009年,我局…, 二、依申请公开情况。全年…"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, section_name
from archive.extract.heading_variants import LONGEST
from archive.model import Block
from archive.rulebook import coded_pattern
from archive.tables.label_stream import is_top_row
from archive.text.match import fold, fold_alnum
from archive.text.pinyin_annotations import printed_offset

# The number of a heading is at most this much higher than the last one: one section may be lost.
_FARTHEST = 2
_LONGEST_NAME = 40
# Characters of the shortest text behind a heading.
_SHORTEST_TEXT = 6
# '一、加强组织领导。全局…': a short sentence
_SENTENCE = re.compile(r"[^。;:,?!]{2,30}[。:]")


def split_inline_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with each heading at the beginning of a paragraph in a block of its own if its number is due."""
    last = 0
    for block in blocks:
        parts = numbered(block.text)
        if block.table or not parts.is_top or parts.number is None or is_top_row(fold_alnum(parts.rest)):
            yield block
            continue
        if _is_heading_alone(fold(block.text)):
            last = parts.number if classify(block.text) else last
            yield block
            continue
        end = _name_end(block.text, parts.rest)
        due = parts.number == 1 or last < parts.number <= last + _FARTHEST
        if not end or not due:
            yield block
            continue
        last = parts.number
        yield replace(block, text=block.text[:end])
        yield replace(block, text=block.text[end:].strip())


def _nothing() -> re.Pattern[str]:
    return coded_pattern("lines.toml", "line", "nothing")


def _is_heading_alone(line: str) -> bool:
    """Whether a short line is a heading only, not one with a sentence behind it: 六、其他事项:没有收取费用。"""
    if len(line) > LONGEST or "," in line or _nothing().search(line):
        return False
    return "。" not in line[:-1] and not (line.endswith("。") and ":" in line[:-1])


def _name_end(text: str, rest: str) -> int | None:
    """The end of the heading in a paragraph, None without one; `rest` is the paragraph without its number."""
    continuation = coded_pattern("lines.toml", "line", "continuation")
    normal = fold(text)
    start = len(normal) - len(fold(rest))
    name = section_name().match(normal, start, start + _LONGEST_NAME)
    sentence = _SENTENCE.match(normal, start)
    for match in (sentence, name):
        if match is None or not classify(normal[: match.end()]):
            continue
        behind = normal[match.end() :].strip()
        if match is name and normal[match.end() : match.end() + 1] in ("。", ":"):
            continue
        if _nothing().search(normal, match.end()) or (len(behind) >= _SHORTEST_TEXT and not continuation.match(behind)):
            return printed_offset(text, match.end())
    return None
