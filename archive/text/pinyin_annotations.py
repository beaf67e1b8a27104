"""Reading aids that converters leave, 改進(jìn)情況: printed as they stand, left out where text is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from archive.model import Block
from archive.text.normalize import normal_form

# '改進(jìn)情況', '政(zheng)(zheng)府', in the normal form
_AID = re.compile(r"(?<=[\u3400-\u9fff])(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]+\))+")


def without_aids(text: str) -> tuple[str, dict[int, str]]:
    """The text without its reading aids, and each of them by the number of letters and digits before it."""
    rest, aids, done = "", {}, 0
    for start, end in _spans(text):
        rest += text[done:start]
        aids[_letters(rest)] = text[start:end]
        done = end
    return rest + text[done:], aids


def with_aids(blocks: Iterable[Block], aids: Mapping[int, str]) -> Iterator[Block]:
    """The blocks that a text without its aids was cut into, with the aids where they stood."""
    letters = 0

    def restored(text: str) -> str:
        nonlocal letters
        spelled = ""
        for character in text:
            letters += character.isalnum()
            spelled += character + (aids.get(letters, "") if character.isalnum() else "")
        return spelled

    for block in blocks:
        text, table = restored(block.text), block.table
        if table:
            rows = (tuple(replace(cell, text=restored(cell.text)) for cell in row) for row in table.rows)
            table = replace(table, rows=tuple(rows))
        yield replace(block, text=text, table=table)


def at(text: str, offset: int) -> int:
    """Where in a text the character stands that has this offset without the aids; an aid belongs to what it reads."""
    for start, end in _spans(text):
        if start > offset:
            break
        offset += end - start
    return offset


def _spans(text: str) -> list[tuple[int, int]]:
    if "(" not in text and "（" not in text:
        return []
    return [span for aid in _AID.finditer(normal_form(text)) if text[slice(*(span := aid.span()))].islower()]


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
