"""Reads Chinese numerals and years."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "O": 0, "o": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def han_number(text: str) -> int | None:
    """The value of a Chinese or Arabic numeral up to 9999, None for any other text: 十九 is 19, 一百零二 is 102."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in _POWERS:
            if not digit and character != "十":
                return None  # 上千 is no number
            total += (digit or 1) * _POWERS[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + digit


_SCALES = {"万": 10_000, "亿": 100_000_000}
_QUANTITY = re.compile(r"(?P<number>[0-9][0-9, ]*(?:\.[0-9]+)?|[^0-9万亿余多]+)(?P<scale>[万亿]?)[余多]?")


def quantity(text: str) -> Decimal | None:
    """The value of a number as sentences state it, None for any other text: 1,234, 1 234, 1.2万, 三十六, 5500余."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    number = match["number"]
    value = Decimal(re.sub("[, ]", "", number)) if number[0] in "0123456789" else han_number(number)
    if value is None:
        return None
    scaled = Decimal(value) * _SCALES.get(match["scale"], 1)
    return Decimal(int(scaled)) if scaled == int(scaled) else scaled


def han_year(text: str) -> int | None:
    """A year from 2000 to 2099 in Arabic or Chinese digits, None for any other text: 二〇〇九, 二○一二, 2018."""
    digits = "".join(str(_DIGITS.get(character, character)) for character in text)
    return int(digits) if re.fullmatch(r"20\d\d", digits, re.ASCII) else None
