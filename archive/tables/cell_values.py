"""Reads the values of table cells: numbers, dashes and blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from archive.limits import bounded_cache
from archive.model import Cell, CellState
from archive.text.numerals import han_number

# '1,234', '-35', '82.3658', '24252.311082'; minus signs come in several shapes
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# '82.3658万元', '3件'
_WITH_UNIT = re.compile(rf"(?P<number>{_NUMBER.pattern})(?P<unit>亿元|万元|元|万件|件|条|个|项|宗|人次|人|次|起|份)")
# '减4', '增72', '增加3': a word as the sign
_CHANGE = re.compile(rf"(?P<sign>[增减])[加少]?(?P<number>{_NUMBER.pattern.removeprefix('[-+]?')})")
# '3(含上年结转1件)', '0(无)': a note in brackets behind a number
_NOTE = re.compile(r"(?<=[\d件条个项次元])\((?=[^()\u4e00-\u9fff]*+[\u4e00-\u9fff])[^()]*+\)$")
# '12①', '12²', '12*': the mark of a footnote, which NFKC would convert to a digit; '12[1]', '12[注1]', '12注2'
_FOOTNOTE = re.compile(r"(?<=[0-9])(?:[①-⑳⁰¹²³⁴-⁹*※]+|\[注?[0-9]{1,2}\]|[（(]?注[0-9]{1,2}[)）]?)$")
# The mark of Excel for a number that is kept as text: '12
_AS_TEXT = re.compile(r"^['‘’`](?=[-+\d])")
# '共3件'
_IN_ALL = re.compile(r"^[共计](?=\d)")
# '十二', '两', '一百零二件'
# 一二 is no number, 二〇二一 a year, and 一百二 is 120 or 102.
_D = "[一二三四五六七八九两]"
_TENS = f"{_D}?十{_D}?"
_HUNDREDS = f"{_D}百(?:零{_D}|{_D}十{_D}?)?"
_THOUSANDS = f"{_D}千(?:零(?:{_D}十{_D}?|{_D})|{_HUNDREDS})?"
_HAN = re.compile(rf"(?:[零〇○]|{_D}|{_TENS}|{_HUNDREDS}|{_THOUSANDS})(?P<unit>[件条个项宗人次份起]?)")
# '? 0': the no-break space before a number that a wrong encoding made a question mark
_LOST_SPACE = re.compile(r"^\?\s+(?=[-+\d])")
# '10余', '约10', '12*', '1,23', '0/0' in a column of 增/减, '1□3' as OCR reads it: neither a number nor a label
_INEXACT = re.compile(r"约?[-+]?[\d□][\d□,]*(?:\.[\d□]+)?(?:余|多|左右|[*※①-⑳])*(?:/[-+]?\d+)?")
# A longer cell is no number with a note.
_LONGEST = 200
# Words in place of a number.
_WORDS = frozenset(
    {
        *("增", "减", "增加", "减少", "持平", "不变", "无变化", "若干", "不详", "见附件", "详见附件"),
        *("没有", "暂无", "无数据", "未统计", "不适用", "N/A", "n/a", "X", "XX", "×", "××", "*", "**", "…", "……", "O"),
    }
)
# '64 0', '1 110'
_SEVERAL = re.compile(r"\d\s+\d")
_DASHES = frozenset({"/", "\\", "-", "--", "—", "——", "–", "―", "无", "─", "／", "－", "//", "---", "———"})
# Other Chinese numerals number rows and headings.
_ZEROS = frozenset({"零", "〇", "○"})
_MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-", "，": ","})

# Units of money in 元.
_SCALE = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


class _Categories(dict[str, str]):
    """The general category of each character that a cell had so far."""

    def __missing__(self, character: str) -> str:
        self[character] = category = unicodedata.category(character)
        return category


_CATEGORIES = _Categories()


@dataclass(frozen=True, slots=True)
class CellValue:
    """The value of a cell, None unless `state` is `number`, and the unit printed in the cell, if any."""

    value: Decimal | None
    state: CellState
    unit: str | None = None


@bounded_cache(1 << 14)  # every table has the same few cells, such as 0 and 1
def read_value(printed: str, column_unit: str | None = None) -> CellValue:
    """The value of a cell; a printed unit of money is converted to the unit of the column.

    A blank, a dash (`/`, `—`, `无`) and 0 are three different states. Other text without a number is `unreadable`.
    """
    printed = _FOOTNOTE.sub("", printed.strip())
    if not printed.isascii() and "No" in map(_CATEGORIES.__getitem__, printed):
        return CellValue(None, "unreadable")  # '①', '1½'
    text = _LOST_SPACE.sub("", unicodedata.normalize("NFKC", printed).strip())
    if _SEVERAL.search(text):
        return CellValue(None, "unreadable")  # '64 0' can be two numbers or one
    text = _NOTE.sub("", _AS_TEXT.sub("", _IN_ALL.sub("", re.sub(r"\s", "", text))))
    if not text:
        return CellValue(None, "blank")
    if text in _DASHES:
        return CellValue(None, "dash")
    if text in _ZEROS:
        return CellValue(Decimal(0), "number")
    text = text.translate(_MINUS)
    if _NUMBER.fullmatch(text):
        return CellValue(Decimal(text.replace(",", "")), "number")
    if match := _WITH_UNIT.fullmatch(text):
        value, unit = Decimal(match["number"].replace(",", "")), match["unit"]
        if column_unit in _SCALE and unit in _SCALE:
            value = value * _SCALE[unit] / _SCALE[column_unit]
        return CellValue(value, "number", unit)
    if match := _CHANGE.fullmatch(text):
        value = Decimal(match["number"].replace(",", ""))
        return CellValue(-value if match["sign"] == "减" else value, "number")
    return _han_value(text) or CellValue(None, "unreadable")


def _han_value(text: str) -> CellValue | None:
    match = _HAN.fullmatch(text)
    number = han_number(text.removesuffix(match["unit"])) if match else None
    return CellValue(Decimal(number), "number", match["unit"] or None) if match and number is not None else None


def row_values(row: Sequence[Cell]) -> list[bool]:
    """Whether each cell of a row is a value. A Chinese numeral is one at the end of a row, behind a label or a value.

    In front of a label it is the number of a row.
    """
    values = [is_value(cell.text) for cell in row]
    for index in range(len(row) - 1, 0, -1):
        if not values[index]:
            if not is_han_number(row[index].text):
                return values
            values[index] = True
    if len(row) > 1 and not values[0] and is_han_number(row[0].text):
        values[0] = True  # a row of values only
    return values


def is_han_number(text: str) -> bool:
    return not text.isascii() and _HAN.fullmatch(text) is not None and read_value(text).state == "number"


@bounded_cache(1 << 14)
def is_value(printed: str) -> bool:
    """Whether a cell is a value, readable or not, and no label."""
    if len(printed) > _LONGEST:
        return False
    is_readable = read_value(printed).state != "unreadable" and (printed in _ZEROS or not is_han_number(printed))
    return is_readable or printed in _WORDS or all(_INEXACT.fullmatch(part) for part in printed.split())
