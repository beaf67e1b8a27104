from decimal import Decimal

import pytest

from archive.text.numerals import han_number, han_year, quantity

DIGITS = "零一二三四五六七八九"


def han(number: int) -> str:
    """The numerals 一 to 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


@pytest.mark.parametrize("number", range(1, 100))
def test_every_numeral_from_1_to_99(number: int) -> None:
    assert han_number(han(number)) == number


@pytest.mark.parametrize("year", range(2000, 2100))
def test_every_year_in_every_script(year: int) -> None:
    plain = "".join(DIGITS[int(digit)] for digit in str(year))
    for written in (str(year), plain, plain.replace("零", "〇"), plain.replace("零", "○")):
        assert han_year(written) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百零二", 102),
        ("九百九十九", 999),
        ("一千零三十", 1030),
        ("廿", None),
        ("千", None),
        ("²", None),
        ("１２", 12),
    ],
)
def test_other_numerals(text: str, value: int | None) -> None:
    assert han_number(text) == value


@pytest.mark.parametrize("text", ["1999", "2100", "二一〇〇", "21010", "201", "二〇一", "20一一年", ""])
def test_no_year_outside_the_century_or_mistyped(text: str) -> None:
    assert han_year(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", "1234"), ("12.5", "12.5"), ("1.2万", "12000"), ("5500余", "5500"), ("4万余", "40000"),
        ("三十六", "36"), ("两", "2"), ("三万", "30000"), ("零", "0"),
        ("千", None), ("若干", None), ("", None), ("余", None),
    ],
)  # fmt: skip
def test_quantities(text: str, value: str | None) -> None:
    assert quantity(text) == (value and Decimal(value))
