"""What a cell or a sentence states: numbers as Decimals, and the marks that stand for none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from archive.limits import bounded_cache
from archive.model import CellState

# '1,234', '-35', '82.3658', '24252.311082'; minus signs come in several shapes
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# '82.3658万元', '3件'
_WITH_UNIT = re.compile(rf"(?P<number>{_NUMBER.pattern})(?P<unit>亿元|万元|元|万件|件|条|个|项|宗|人次|人|次|起|份)")
# '减4', '增72', '增加3': a change with a word for its sign
_CHANGE = re.compile(rf"(?P<sign>[增减])[加少]?(?P<number>{_NUMBER.pattern.removeprefix('[-+]?')})")
# '3(含上年结转1件)', '0(无)': a note in brackets behind a number
_NOTE = re.compile(r"(?<=[\d件条个项次元])\([^()]*[\u4e00-\u9fff][^()]*\)$")
# '? 0': the no-break space before a number that a wrong encoding made a question mark
_LOST_SPACE = re.compile(r"^\?\s+(?=[-+\d])")
# '10余', '约10', '12*', '1,23', '0/0' in a column of 增/减: no number, and no label either
_INEXACT = re.compile(r"约?[-+]?\d[\d,]*(?:\.\d+)?(?:余|多|左右|[*※①-⑳])*(?:/[-+]?\d+)?")
# A cell that is longer is no number, with whatever note.
_LONGEST = 200
# What agencies write where a number belongs.
_WORDS = frozenset({"增", "减", "增加", "减少", "持平", "不变", "无变化", "若干", "不详", "见附件", "详见附件"})
# '64 0', '1 110'
_SEVERAL = re.compile(r"\d\s+\d")
_DASHES = frozenset({"/", "\\", "-", "--", "—", "——", "–", "―", "无", "─", "／", "－"})
_MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-", "，": ","})

# What one unit is of another: a 元 typed into a column of 万元 is a ten-thousandth.
_SCALE = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell read: `value` is None unless `state` is `number`; `unit` is what was typed into the cell, if anything."""

    value: Decimal | None
    state: CellState
    unit: str | None = None


@bounded_cache(1 << 14)  # the same few cells, 0 and 1, stand in every table
def read_value(printed: str, column_unit: str | None = None) -> CellValue:
    """The value of a cell as printed; a typed unit of money is converted to the unit of the column.

    A blank, a dash (`/`, `—`, `无`) and 0 are three different things. What is no number is `unreadable`.
    """
    if any(unicodedata.category(character) == "No" for character in printed):
        return CellValue(None, "unreadable")  # '12①', '12²': the mark of a footnote, which NFKC would make a digit
    text = _LOST_SPACE.sub("", unicodedata.normalize("NFKC", printed).strip())
    if _SEVERAL.search(text):
        return CellValue(None, "unreadable")  # '64 0' is two numbers in one cell, or one torn apart: no one can say
    text = _NOTE.sub("", re.sub(r"\s", "", text))
    if not text:
        return CellValue(None, "blank")
    if text in _DASHES:
        return CellValue(None, "dash")
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
    return CellValue(None, "unreadable")


def is_value(printed: str) -> bool:
    """Whether a cell holds numbers, a dash or nothing, and so is no label; a number that cannot be read is none."""
    return len(printed) <= _LONGEST and _is_value(printed)


@bounded_cache(1 << 14)
def _is_value(printed: str) -> bool:
    if read_value(printed).state != "unreadable":
        return True
    return printed in _WORDS or all(_INEXACT.fullmatch(part) for part in printed.split())
