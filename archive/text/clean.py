"""Text as the agency wrote it, without what layout put into it.

Layout pads: it writes 引 言 so that a heading fills its line, 科研 机构 because a cell was narrow, 2024 年 because a
word processor spaces digits. Search and rules would stumble over each of them, so they go here, once.
The bytes as captured stay in the store.
"""

from __future__ import annotations

import re
import unicodedata

# CJK punctuation counts as Han here: a space beside 、 or 《 is layout's as much as one between two characters.
_HAN = r"\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff1f"
_HAN += r"\U00020000-\U0003ffff"

# 'zero\u200bwidth', 'soft\xadhyphen', a byte order mark inside the text; control characters, which XML cannot hold and
# terminals obey (those that are white space are left to the next rule)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
# 'a\u3000b', 'a\xa0\tb'
_SPACES = re.compile(r"[^\S\n]+")
# '引 言', '科研 机构'
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
# '2024 年', '共 5 件'
_HAN_DIGIT = re.compile(rf"(?<=[{_HAN}]) (?=[0-9０-９])|(?<=[0-9０-９]) (?=[{_HAN}])")
# '????一、总体情况', '? ?(二)公开的形式': what a converter made of the spaces that indent a paragraph
_LOST_INDENT = re.compile(r"(?m)^\?[ ?]*(?=[\u4e00-\u9fff(（])")
# '⼀⼆⾏⼈': radicals that PDF fonts give in place of the characters they look like
_RADICAL = re.compile(r"[\u2e80-\u2fdf]")
# Of these Unicode has no NFKC form; it names the characters in EquivalentUnifiedIdeograph.txt.
_LOOK_ALIKES = str.maketrans(
    "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
    "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
)


def clean(text: str) -> str:
    """The text without zero-width and control characters and layout spaces; line feeds stay, each line is stripped.

    White space goes between two Han characters and between Han and a digit, and elsewhere becomes one space.
    Kangxi radicals become the characters that they stand for. Cleaning cleaned text changes nothing.
    """
    return _LOST_INDENT.sub("", clean_part(text))


def clean_part(text: str) -> str:
    """The same for a part of a paragraph, which may begin anywhere: what is in front of it is no indent."""
    text = _INVISIBLE.sub("", text)
    text = _RADICAL.sub(lambda match: unicodedata.normalize("NFKC", match[0]).translate(_LOOK_ALIKES), text)
    text = _HAN_DIGIT.sub("", _BETWEEN_HAN.sub("", _SPACES.sub(" ", text)))
    return "\n".join(line.strip() for line in text.split("\n"))
