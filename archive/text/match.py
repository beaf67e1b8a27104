"""Folds text for comparison without regard to width, script, spaces or punctuation."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.limits import bounded_cache
from archive.text.normalize import normal_form
from archive.text.pinyin_annotations import strip_annotations

_NOT_WORD = re.compile(r"[\W_]+")
# '规章(本机关无权制定)', '规范性文件 (有正式文号的)': an agency's note behind a label, also without its end
_NOTE = re.compile(r"(?<=[^(\s])\s*\([^()]*(?:\([^()]*\)[^()]*)*\)?$")


# Each stage folds the paragraphs of a page; on a page without lines that is the whole page.
_PARAGRAPHS, _LONGEST_PARAGRAPH = 1 << 11, 1 << 11


@bounded_cache(1 << 16)
@bounded_cache(_PARAGRAPHS, _LONGEST_PARAGRAPH)
@lru_cache(maxsize=4)
def fold(text: str) -> str:
    """The normal form without pinyin annotations: the form that rules are matched against."""
    return normal_form(strip_annotations(text)[0])


@bounded_cache(1 << 16)
def fold_alnum(text: str) -> str:
    """The folded text without spaces and punctuation: `(一) 予以公开` and `（一）予以公开` are both 一予以公开."""
    return _NOT_WORD.sub("", fold(text))


def fold_label(text: str) -> str:
    """A label without spaces, punctuation and the note in brackets behind it: `规章(无权制定)` is 规章."""
    return fold_alnum(_NOTE.sub("", fold(text)))
