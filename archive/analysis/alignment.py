"""Aligns the paragraphs of two texts, and finds the changes inside a paragraph.

Equal paragraphs are found by lookup. Each other paragraph is compared with a limited number of paragraphs near it, so
that time grows linearly with the text.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from archive.text.match import fold_alnum
from archive.text.normalize import normal_form

PieceKind = Literal["same", "dropped", "added"]

ALIKE = 55.0
"""Least similarity in percent of a changed paragraph in paired sections."""
ALIKE_ELSEWHERE = 80.0
"""Least similarity in percent of a changed paragraph in other sections: that text moved needs more evidence."""
NEAR = 40
"""Greatest distance in paragraphs, among the unpaired ones, of a pair."""
RUN = 12
"""Characters of a run that is carried over; shorter runs are idioms."""
# Tokens of an unchanged piece between two changes that is part of the change.
_ISLAND = 2

# '2018年', '1,234.5', '82510861'
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# '二〇一八年', '二○一九年', '一九九八年'
_HAN_YEAR = re.compile("[〇○零一二三四五六七八九]{4}(?=年)")
# a number, a Latin word, a Han character or a mark is one token
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of characters that is the same, dropped or added."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class _AlignedText:
    """A paragraph with its number, the index of its section, its normal form and its skeleton."""

    number: int
    section: int
    form: str
    skeleton: str


# What equal paragraphs have in common, in the order in which they are paired.
_KEYS: tuple[Callable[[_AlignedText], Hashable], ...] = (
    lambda paragraph: (paragraph.section, paragraph.form),
    lambda paragraph: (paragraph.section, paragraph.skeleton),
    lambda paragraph: paragraph.form,
    lambda paragraph: paragraph.skeleton,
)


def skeleton(text: str) -> str:
    """The folded text with 0 for each number and year, equal for the same words in reports of two years."""
    return fold_alnum(_HAN_YEAR.sub("0", _NUMBER.sub("0", normal_form(text))))


def partners(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Mapping[int, int]:
    """Pairs paragraphs of the later text (keys) with those of the earlier one (values), numbered from 0.

    Both texts are sequences of paired sections; a missing section is empty.
    """
    left, right = _paragraphs(before), _paragraphs(after)
    found: dict[int, int] = {}
    for key in _KEYS:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for paragraph in _unpaired(left, found.values()):
            waiting[key(paragraph)].append(paragraph.number)
        for paragraph in _unpaired(right, found):
            if numbers := waiting.get(key(paragraph)):
                found[paragraph.number] = numbers.popleft()
    for section in range(len(after)):
        old = [paragraph for paragraph in _unpaired(left, found.values()) if paragraph.section == section]
        new = [paragraph for paragraph in _unpaired(right, found) if paragraph.section == section]
        found |= _alike(old, new, ALIKE)
    return found | _alike(_unpaired(left, found.values()), _unpaired(right, found), ALIKE_ELSEWHERE)


def pieces(before: str, after: str) -> tuple[DiffPiece, ...]:
    """The changes between two versions of a paragraph, in reading order, dropped text before added text."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    steps = Indel.opcodes([normal_form(token) for token in old], [normal_form(token) for token in new])
    last = len(steps) - 1
    dropped = added = ""
    found: list[DiffPiece] = []
    for number, step in enumerate(steps):
        earlier, later = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        is_island = 0 < number < last and step.dest_end - step.dest_start <= _ISLAND
        if step.tag == "equal" and not is_island:
            found += [DiffPiece("dropped", dropped), DiffPiece("added", added), DiffPiece("same", later)]
            dropped = added = ""
        else:
            dropped, added = dropped + earlier, added + later
    found += [DiffPiece("dropped", dropped), DiffPiece("added", added)]
    return tuple(piece for piece in found if piece.text)


def carried_over(before: Iterable[str], after: Iterable[str]) -> tuple[int, int]:
    """The number of characters of the later paragraphs that are in the earlier ones, and the number of all.

    Both are counted in the skeleton. A character is carried over if it is in a run of `RUN` characters that an earlier
    paragraph has; a paragraph shorter than a run, if an earlier one is equal.
    """
    earlier = {run for text in before for run in _runs(skeleton(text))}
    carried = total = 0
    for text in map(skeleton, after):
        total += len(text)
        covered = 0
        for start, run in enumerate(_runs(text)):
            if run in earlier:
                carried += start + len(run) - max(start, covered)
                covered = start + len(run)
    return carried, total


def _runs(text: str) -> Iterator[str]:
    """All runs of `RUN` characters; a shorter text is one run."""
    return (text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1)))


def _paragraphs(sections: Sequence[Sequence[str]]) -> list[_AlignedText]:
    texts = [(section, text) for section, paragraphs in enumerate(sections) for text in paragraphs]
    return [
        _AlignedText(number, section, normal_form(text), skeleton(text)) for number, (section, text) in enumerate(texts)
    ]


def _unpaired(paragraphs: Iterable[_AlignedText], paired: Iterable[int]) -> list[_AlignedText]:
    numbers = set(paired)
    return [paragraph for paragraph in paragraphs if paragraph.number not in numbers]


def _alike(old: Sequence[_AlignedText], new: Sequence[_AlignedText], least: float) -> dict[int, int]:
    """The pairs of similar paragraphs, the most similar ones first; a paragraph is in one pair."""
    scored: list[tuple[float, int, int]] = []
    for index, paragraph in enumerate(new):
        for other in old[max(0, index - NEAR) : index + NEAR + 1]:
            score = fuzz.ratio(other.skeleton, paragraph.skeleton, score_cutoff=least)
            if score >= least:
                scored.append((score, paragraph.number, other.number))
    found: dict[int, int] = {}
    # the sort is stable: of equally similar pairs the first in both texts
    for _, number, other_number in sorted(scored, key=itemgetter(0), reverse=True):
        if number not in found and other_number not in found.values():
            found[number] = other_number
    return found
