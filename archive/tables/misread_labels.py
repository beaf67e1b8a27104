"""Corrects labels of the statutory tables and headings in which OCR read a character wrongly: 2.重复中请, 行攻处罚."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection

from msgspec.structs import replace
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, section_rules
from archive.model import Cell, RecognisedCell, Table
from archive.tables.label_stream import printed_labels
from archive.tables.rows import rows_of
from archive.text.match import fold_alnum
from archive.vocabulary import TABLES, row_label, statutory_layout

# Characters for each that can be wrong, added or lost, and how many can be; a shorter label is too like another one.
_CHARACTERS, _MOST = 4, 3
_LONGEST_HEADING = 45
# 'fi、', 'T、': no number, which would be of Han characters or digits
_MISREAD_NUMBER = re.compile(r"[^\u4e00-\u9fff\d]{1,3}[、．.]")


def printed_label(text: str) -> str:
    """The label that a text is but for misread characters; the text itself if it is none, or as near to several."""
    return _nearest(text, _labels())


def printed_heading(text: str) -> str:
    """The same of the numbered heading of a section: 三、收到和处理政府信息公开中请情况.

    A number that was misread is left out: fi、存在的主要问题及改进情况.
    """
    if (match := _MISREAD_NUMBER.match(text)) and fold_alnum(heading := text[match.end() :]) in _headings():
        return heading
    parts = numbered(text)
    if not parts.is_top or len(text) > _LONGEST_HEADING or not text.endswith(parts.rest) or classify(text):
        return text
    return text.removesuffix(parts.rest) + _nearest(parts.rest, _headings())


def _nearest(text: str, labels: Collection[str]) -> str:
    folded = fold_alnum(text)
    most = min(len(folded) // _CHARACTERS, _MOST)
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


@functools.cache
def _headings() -> tuple[str, ...]:
    rules = (rule for section in section_rules() for rule in (*section.get("strong", ()), *section.get("patterns", ())))
    return tuple(sorted({fold_alnum(heading) for rule in rules for heading in rule["reads"]}))


def with_row_labels(table: Table, form: str | None) -> Table:
    """The table with the label of each row that can be one row of the form only: the row between its neighbours."""
    layout = statutory_layout(form, table.kind or "")
    if layout is None:
        return table
    places = {code: place for place, code in enumerate(layout.rows)}
    rows = [*rows_of(table)]
    misread: dict[str, str] = {}
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if not row.known and before.code in places and places.get(after.code) == places[before.code] + 2:
            misread[row.label] = row_label(form, table.kind or "", layout.rows[places[before.code] + 1], "zh")
    return replace(table, rows=tuple(tuple(_labelled(cell, misread) for cell in row) for row in table.rows))


def _labelled(cell: Cell, misread: dict[str, str]) -> Cell:
    is_label = isinstance(cell, RecognisedCell) and not cell.readings
    return replace(cell, text=misread.pop(cell.text)) if is_label and cell.text in misread else cell
