"""Removes and restores pinyin annotations of converters, 改進(jìn)情況, which are shown but not compared."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from msgspec.structs import replace

from archive.model import Block
from archive.text.normalize import normal_form

# '改進(jìn)情況', '政(zheng)(zheng)府', in the normal form
_ANNOTATION = re.compile(r"(?<=[\u3400-\u9fff])(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]+\))+")


class _Annotations(NamedTuple):
    """The spans of a text's annotations, and their offsets in the text without them.

    `lengths` has the total length of the first 0, 1, 2 … annotations.
    """

    spans: tuple[tuple[int, int], ...]
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]


def strip_annotations(text: str) -> tuple[str, dict[int, str]]:
    """The text without its annotations, and each of them by the number of letters and digits before it."""
    rest, annotations, done, letters = [], {}, 0, 0
    for start, end in _annotations(text).spans:
        rest.append(text[done:start])
        letters += sum(character.isalnum() for character in rest[-1])
        annotations[letters] = text[start:end]
        done = end
    return "".join((*rest, text[done:])), annotations


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
    annotations = _annotations(text)
    return offset + annotations.lengths[bisect_right(annotations.offsets, offset)]


def printed(text: str, start: int, end: int) -> str:
    """The part of a text between two offsets in the text without annotations."""
    return text[printed_offset(text, start) : printed_offset(text, end)]


@lru_cache(maxsize=4)  # a long paragraph is converted offset by offset
def _annotations(text: str) -> _Annotations:
    if "(" not in text and "（" not in text:
        return _Annotations((), (), (0,))
    spans = tuple(
        span
        for annotation in _ANNOTATION.finditer(normal_form(text))
        if text[slice(*(span := annotation.span()))].islower()
    )
    lengths = tuple(accumulate((end - start for start, end in spans), initial=0))
    offsets = tuple(start - before for (start, _), before in zip(spans, lengths, strict=False))
    return _Annotations(spans, offsets, lengths)
