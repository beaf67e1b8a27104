"""Several readings of a number are one, or all that it can be."""

from __future__ import annotations

import pytest

from archive.readers.ocr.number_readings import number_readings
from archive.readers.ocr.recognise import Glyph, Line, as_number, text_of


def line(text: str, share: float = 0.99, **others: float) -> Line:
    """A reading; `others` are what its last character can be: `d8=0.1` is an 8."""
    *first, last = (Glyph(character, share) for character in text)
    changed = tuple((name[1:], likely) for name, likely in others.items())
    return (*first, Glyph(last.text, last.share, changed))


CASES = [
    ([line("19")] * 3, 2, ("19",), "three readings agree"),
    ([line("19"), line("19"), line("16")], 2, ("19", "16"), "one differs"),
    ([line("19"), line("19"), line("19", 0.6, d6=0.3)], 2, ("19", "16"), "one is not certain, with another digit"),
    ([line("19", 0.6)] * 3, 2, ("19", "19"), "not certain, without another digit: still no single reading"),
    ([line("10")] * 3, 3, ("10", "100", "110"), "more marks of ink than characters: one may be doubled"),
    ([line("100")] * 3, 2, ("100",), "characters that touch"),
    ([(), (), ()], 1, ("□", "□"), "no character at all"),
]


@pytest.mark.parametrize(("lines", "blobs", "readings", "reason"), CASES, ids=[case[3] for case in CASES])
def test_readings(lines: list[Line], blobs: int, readings: tuple[str, ...], reason: str) -> None:
    found, confidence = number_readings(lines, blobs)
    assert found[0] == readings[0] and sorted(found) == sorted(readings)
    assert 0 <= confidence <= 1


ALIKE = [("O", "0"), ("l", "1"), ("一", "—"), ("3 5", "35"), ("1,O35", "1,035"), ("件", None), ("3件", None)]
THIN_ZEROS = [("()", "0"), ("(0)", "0"), ("0)", "0"), ("(O", "0"), ("(5)", None), ("(10)", None)]


@pytest.mark.parametrize(("text", "number"), [*ALIKE, *THIN_ZEROS])
def test_characters_alike_digits_are_digits_in_numbers_only(text: str, number: str | None) -> None:
    found = as_number(line(text))
    assert (found and text_of(found)) == number
