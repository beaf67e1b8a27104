"""Reads Chinese numerals and years."""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "O": 0, "o": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}


def han_number(text: str) -> int | None:
    """The value of a Chinese or Arabic numeral up to 999, None for any other text: 十九 is 19, 一百零二 is 102."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + digit


def han_year(text: str) -> int | None:
    """A year from 2000 to 2099 in Arabic or Chinese digits, None for any other text: 二〇〇九, 二○一二, 2018."""
    digits = "".join(str(_DIGITS.get(character, character)) for character in text)
    return int(digits) if re.fullmatch(r"20\d\d", digits, re.ASCII) else None
