"""Reads the numbers of headings, 一、 (一) 1. (1) ① 第一, and their levels."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from archive.limits import bounded_cache
from archive.text.numerals import han_number
from archive.text.pinyin_annotations import printed_offset, strip_annotations

# A numeral, no longer than any heading's.
_HAN = "〇○零一二两三四五六七八九十百壹贰叁肆伍"
_NUMERAL = rf"[{_HAN}]{{1,12}}"

# The styles from the top level down, each below examples of it. Level 0 is that of the report's sections.
_STYLES: tuple[tuple[int, re.Pattern[str]], ...] = (
    # '一、概述', '一 、概述', '一.概述'; not '一概 述'
    (0, re.compile(rf"(?P<n>{_NUMERAL}) ?[、.．,,:：] ?")),
    # '第一部分 概述'
    (0, re.compile(rf"第(?P<n>{_NUMERAL})(部分|章) ?[、:：]? ?")),
    # '(一)组织领导', '（四）、加强督查', '㈠建立'
    (1, re.compile(rf"[(（] ?(?P<n>{_NUMERAL}) ?[)）] ?[、.．]? ?")),
    (1, re.compile(r"(?P<sign>[㈠-㈩]) ?[、.]? ?")),
    # '1.健全', '1、全员', '1．加强'; not '1.5万条', not '2018.3.1'
    (2, re.compile(r"(?P<n>\d{1,2}) ?[、.．](?!\d) ?")),
    # '一是加强学习', '第一,'
    (3, re.compile(rf"(?P<n>[{_HAN}]{{1,2}})是(?=\S)")),
    (3, re.compile(rf"第(?P<n>[{_HAN}]{{1,3}})[,，、] ?")),
    # '(1)政府工作', '①'
    (3, re.compile(r"[(（] ?(?P<n>\d{1,2}) ?[)）] ?[、.]? ?")),
    (3, re.compile(r"(?P<sign>[①-⑳⑴-⒇]) ?")),
)
# '一(yī)、總體(tǐ)情況', '(一(yī))持續': a pinyin annotation inside the number
_ANNOTATED = re.compile(r"[(（]?[一-鿿]+[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line divided into its number and the rest; `level` and `number` are None without a number."""

    level: int | None
    number: int | None
    rest: str

    @property
    def is_top(self) -> bool:
        """Whether the number has the style of a report's sections."""
        return self.level == 0


@bounded_cache(1 << 16)
def numbered(line: str) -> Numbered:
    """Separates the number in front of a line of cleaned text.

    >>> numbered("三、依申请公开情况")
    Numbered(level=0, number=3, rest='依申请公开情况')
    """
    annotated = _ANNOTATED.match(line)
    text = strip_annotations(line)[0] if annotated else line
    for level, pattern in _STYLES:
        if match := pattern.match(text):
            groups = match.groupdict()
            sign = groups.get("sign")
            number = int(unicodedata.numeric(sign)) if sign else han_number(groups["n"])
            if number is not None:
                return Numbered(level, number, line[printed_offset(line, match.end()) if annotated else match.end() :])
    return Numbered(None, None, line)
