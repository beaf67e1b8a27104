"""Corrects labels of the statutory tables in which OCR read a character wrongly: 2.重复中请, 行攻处罚."""

from __future__ import annotations

import functools

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from archive.tables.label_stream import printed_labels
from archive.text.match import fold_alnum
from archive.vocabulary import TABLES

# Characters for each that can be wrong, added or lost, and how many can be; a shorter label is too like another one.
_CHARACTERS, _MOST = 4, 3


def printed_label(text: str) -> str:
    """The label that a text is but for misread characters; the text itself if it is none, or as near to several."""
    folded = fold_alnum(text)
    most = min(len(folded) // _CHARACTERS, _MOST)
    labels = _labels()
    if not most or folded in labels:
        return text
    near = process.extract(folded, labels, scorer=Levenshtein.distance, score_cutoff=most, limit=2)
    if not near or (len(near) > 1 and near[0][1] == near[1][1]):
        return text
    return _corrected(text, near[0][0])


def _corrected(text: str, label: str) -> str:
    """The text with the characters of the label, and its own punctuation if none was lost or added."""
    places = [place for place, character in enumerate(text) if fold_alnum(character)]
    if len(places) != len(label):
        return label
    characters = list(text)
    for place, character in zip(places, label, strict=True):
        if fold_alnum(characters[place]) != character:
            characters[place] = character
    return "".join(characters)


@functools.cache
def _labels() -> tuple[str, ...]:
    return tuple(sorted({label for kind in TABLES for label in printed_labels(kind)}))
