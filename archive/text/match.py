"""Wording compared as a person compares it: width, script, spaces and punctuation do not count."""

from __future__ import annotations

import functools
import re

from archive.text.normalize import normal_form
from archive.text.pinyin_annotations import without_aids

_NOT_WORD = re.compile(r"[\W_]+")
# '规章(本机关无权制定)', '规范性文件 (有正式文号的)': what an agency explains behind a label, also broken off
_NOTE = re.compile(r"(?<=[^(\s])\s*\([^()]*(?:\([^()]*\)[^()]*)*\)?$")


def fold(text: str) -> str:
    """The normal form without the reading aids that converters leave in brackets: what rules are matched against."""
    return normal_form(without_aids(text)[0])


def fold_alnum(text: str) -> str:
    """The plain form without spaces and punctuation: `(一) 予以公开` and `（一）予以公开` are both 一予以公开."""
    return _NOT_WORD.sub("", fold(text))


def fold_label(text: str) -> str:
    """The bare form of a label without the note in brackets behind it: `规章(无权制定)` is 规章."""
    return fold_alnum(_NOTE.sub("", fold(text)))


@functools.cache
def pattern(source: str) -> re.Pattern[str]:
    """A rule's regular expression, compiled once."""
    return re.compile(source)
