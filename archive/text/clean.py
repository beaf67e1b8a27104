"""Removes from text what layout adds to it.

Layout pads: 引 言 fills the line of a heading, 科研 机构 is broken in a narrow cell, and word processors write 2024 年
and 手机 APP. Fonts and old encodings put radicals and compatibility ideographs in the place of ideographs.
Search and rules compare cleaned text; the store keeps the bytes as captured.
"""

from __future__ import annotations

import re
import unicodedata

from archive.text.normalize import normal_form

# Includes CJK punctuation: a space beside 、 or 《 comes from layout too.
_HAN = r"\u2e80-\u2fdf\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = r"\uff01-\uff0f\uff1a-\uff1f"

# Control characters, which are invalid in XML and obeyed by terminals (white space among them is left to the next rule)
_HIDDEN = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt: 'zero\u200bwidth', 'soft\xadhyphen', byte order
# marks, variation selectors, fillers, tags
_HIDDEN += r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
_HIDDEN += r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
# 'a\u3000b', 'a\xa0\tb'
_SPACES = re.compile(r"[^\S\n]+")
# A blank is decided by the characters beside it, so that a part of a text has the blanks of the whole, and alike
# for characters with one normal form, so that （ and ( have the same blanks.
_PERCENT = "%‰‱℃°"
_QUOTES = "“”‘’\"'"
_POINTS = r"!&(),.:;?\[\]"
_BESIDE_HAN = rf"\w{_WIDE}{_PERCENT}{_QUOTES}{_POINTS}"
_LAYOUT_BLANK = re.compile(
    rf" (?:(?<=[{_HAN}] )(?=[{_HAN}{_BESIDE_HAN}])|(?<=[{_BESIDE_HAN}] )(?=[{_HAN}])"  # '引 言', '手机 APP', '甲 ('
    rf"|(?<=[{_WIDE}{_POINTS}] )(?=[{_WIDE}{_POINTS}])"  # '） （'
    rf"|(?<=[{_WIDE}] )(?=[0-9０-９])|(?<=[0-9０-９] )(?=[{_WIDE}])"  # '： 5'
    rf"|(?=[{_PERCENT}])"  # '99.5 %'
    rf"|(?<=[{_QUOTES}] )(?![A-Za-z])|(?<![A-Za-z] )(?=[{_QUOTES}]))"  # '“ 5 ”'
)
# 'APP “虚河发布”': between a Latin letter and a quotation of Han; in 'the “Open data” plan' blanks divide words.
_QUOTED_HAN = re.compile(rf" (?:(?<=[A-Za-z] )(?=[{_QUOTES}][{_HAN}])|(?<=[{_HAN}][{_QUOTES}] )(?=[A-Za-z]))")
# '????一、总体情况', '? ?(二)公开的形式': indentation as a converter writes it
_LOST_INDENT = re.compile(r"(?m)^\?[ ?]*(?=[\u4e00-\u9fff(（])")
# '⼀⼆⾏⼈': radicals in place of the characters that they look like, from PDF fonts
_RADICALS = r"\u2e80-\u2fdf"
_RADICAL = re.compile(f"[{_RADICALS}]")
# Radicals without an NFKC form; the characters are those of Unicode's EquivalentUnifiedIdeograph.txt.
_LOOK_ALIKES = str.maketrans(
    "⺁⺊⺎⺐⺒⺓⺜⺝⺠⺩⺪⺬⺮⺶⺻⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱",
    "厂卜兀尢巳幺日月民王疋示竹羊聿臼虎覀西见角角贝足车長长门阜雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齿龙龜",
)
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")
# '\uf9dc', '\U0002f800': ideographs that other encodings have twice; their canonical form is the unified ideograph.
_COMPATIBILITY = re.compile(r"[\uf900-\ufaff\U0002f800-\U0002fa1f]")


# What one of these rules may change: most cells of a table have nothing of it.
_UNCLEAN = re.compile(rf"[\s?{_HIDDEN}{_RADICALS}\uf900-\ufaff\U0002f800-\U0002fa1f]")


def clean(text: str) -> str:
    """Removes zero-width and control characters and layout spaces; keeps line feeds and strips each line.

    Removes white space between two Han characters, between Han and a letter, digit or punctuation mark, before a
    percent sign and beside quotation marks; makes it one space elsewhere. Replaces compatibility ideographs by unified
    ones, and radicals by characters in the script of their line. Idempotent.
    """
    return _LOST_INDENT.sub("", clean_part(text)) if _UNCLEAN.search(text) else text


def clean_part(text: str) -> str:
    """Cleans a part of a paragraph, which can begin anywhere and so has no indentation."""
    text = _INVISIBLE.sub("", text)
    if _RADICAL.search(text):
        text = "\n".join(map(_without_radicals, text.split("\n")))
    text = _COMPATIBILITY.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    text = _QUOTED_HAN.sub("", _LAYOUT_BLANK.sub("", _SPACES.sub(" ", text)))
    return "\n".join(line.strip() for line in text.split("\n"))


def footnote(before: str, raised: str) -> str:
    """Raised text, with brackets around digits behind a digit: 12[1], since 121 would be another number."""
    return f"[{raised.strip()}]" if before[-1:].isdecimal() and raised.strip().isdecimal() else raised


def _without_radicals(line: str) -> str:
    """The line with ideographs for radicals: ⼾ is 户, and 戶 in a line of traditional script."""
    others = "".join(_IDEOGRAPHS.findall(line))
    is_traditional = normal_form(others) != others

    def ideograph(match: re.Match[str]) -> str:
        character = unicodedata.normalize("NFKC", match[0]).translate(_LOOK_ALIKES)
        return character if is_traditional else normal_form(character)

    return _RADICAL.sub(ideograph, line)
