"""Removes and restores pinyin annotations of converters, 改進(jìn)情況, which are shown but not compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from archive.model import Block
from archive.text.normalize import normal_form

# '改進(jìn)情況', '政(zheng)(zheng)府', in the normal form
_ANNOTATION = re.compile(r"(?<=[\u3400-\u9fff])(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]+\))+")


def strip_annotations(text: str) -> tuple[str, dict[int, str]]:
    """The text without its annotations, and each of them by the number of letters and digits before it."""
    rest, annotations, done = "", {}, 0
    for start, end in _spans(text):
        rest += text[done:start]
        annotations[_letters(rest)] = text[start:end]
        done = end
    return rest + text[done:], annotations


def restore_annotations(blocks: Iterable[Block], annotations: Mapping[int, str]) -> Iterator[Block]:
    """The blocks of a text without annotations, with the annotations restored."""
    letters = 0

    def restored(text: str) -> str:
        nonlocal letters
        spelled = ""
        for character in text:
            letters += character.isalnum()
            spelled += character + (annotations.get(letters, "") if character.isalnum() else "")
        return spelled

    for block in blocks:
        text, table = restored(block.text), block.table
        if table:
            rows = (tuple(replace(cell, text=restored(cell.text)) for cell in row) for row in table.rows)
            table = replace(table, rows=tuple(rows))
        yield replace(block, text=text, table=table)


def printed_offset(text: str, offset: int) -> int:
    """Converts an offset in the text without annotations to one in the text; an annotation belongs to its character."""
    for start, end in _spans(text):
        if start > offset:
            break
        offset += end - start
    return offset


def printed(text: str, start: int, end: int) -> str:
    """The part of a text between two offsets in the text without annotations."""
    return text[printed_offset(text, start) : printed_offset(text, end)]


def _spans(text: str) -> list[tuple[int, int]]:
    if "(" not in text and "（" not in text:
        return []
    return [
        span
        for annotation in _ANNOTATION.finditer(normal_form(text))
        if text[slice(*(span := annotation.span()))].islower()
    ]


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
