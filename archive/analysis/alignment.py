"""Two texts side by side: which paragraph became which, and what changed inside it.

Paragraphs that are the same are found by look-up. Only what is left is compared letter by letter, each paragraph with
no more than a few dozen near its own place, so that time grows with the text and not with its square.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from archive.text.match import fold_alnum
from archive.text.normalize import normal_form

PieceKind = Literal["same", "dropped", "added"]

ALIKE = 55.0
"""Percent of letters that two paragraphs of answering sections share, in order, to be one that changed."""
ALIKE_ELSEWHERE = 80.0
"""The same for two paragraphs of sections that do not answer each other: moved text is a stronger claim."""
NEAR = 40
"""How many paragraphs away, among those left over, a partner is looked for."""
RUN = 12
"""Characters in a row that must have stood in the earlier text to be carried over; shorter runs are idiom."""
_ISLAND = 2
"""Tokens. What stayed between two changes and is no longer than this is read as part of the change."""

# '2018年', '1,234.5', '82510861'
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# '二〇一八年', '二○一九年', '一九九八年'
_HAN_YEAR = re.compile("[〇○零一二三四五六七八九]{4}(?=年)")
# a number or a Latin word is one token; a Han character or a mark is one
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of characters that stayed, went or came."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class _AlignedText:
    number: int
    home: int
    form: str
    wording: str


# Who is asked first: the same letters in the answering section, the same wording there, then either of them anywhere.
_SAME: tuple[Callable[[_AlignedText], Hashable], ...] = (
    lambda paragraph: (paragraph.home, paragraph.form),
    lambda paragraph: (paragraph.home, paragraph.wording),
    lambda paragraph: paragraph.form,
    lambda paragraph: paragraph.wording,
)


def skeleton(text: str) -> str:
    """The wording alone: bare, each number and year a 0, so that another year's report reads the same."""
    return fold_alnum(_HAN_YEAR.sub("0", _NUMBER.sub("0", normal_form(text))))


def partners(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Mapping[int, int]:
    """Which paragraph of the later text (key) continues which of the earlier one (value), both counted from 0.

    The texts come as sections that answer each other in order, a missing one empty.
    """
    left, right = _paragraphs(before), _paragraphs(after)
    found: dict[int, int] = {}
    for same in _SAME:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for paragraph in _unpaired(left, found.values()):
            waiting[same(paragraph)].append(paragraph.number)
        for paragraph in _unpaired(right, found):
            if numbers := waiting.get(same(paragraph)):
                found[paragraph.number] = numbers.popleft()
    for home in range(len(after)):
        old = [paragraph for paragraph in _unpaired(left, found.values()) if paragraph.home == home]
        new = [paragraph for paragraph in _unpaired(right, found) if paragraph.home == home]
        found |= _alike(old, new, ALIKE)
    return found | _alike(_unpaired(left, found.values()), _unpaired(right, found), ALIKE_ELSEWHERE)


def pieces(before: str, after: str) -> tuple[DiffPiece, ...]:
    """What stayed, went and came between two wordings of a paragraph, in reading order; a loss before its gain."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    steps = Indel.opcodes([normal_form(token) for token in old], [normal_form(token) for token in new])
    last = len(steps) - 1
    gone = come = ""
    found: list[DiffPiece] = []
    for number, step in enumerate(steps):
        went, came = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        island = 0 < number < last and step.dest_end - step.dest_start <= _ISLAND
        if step.tag == "equal" and not island:
            found += [*_change(gone, come), DiffPiece("same", came)]
            gone = come = ""
        else:
            gone, come = gone + went, come + came
    return (*found, *_change(gone, come))


def carried_over(before: Iterable[str], after: Iterable[str]) -> tuple[int, int]:
    """How many characters of the later paragraphs stood in the earlier ones too, and how many there are.

    Counted in the skeleton, so numbers and years do not matter. A character is carried over when it lies in a run of
    `RUN` characters that an earlier paragraph holds; a shorter paragraph, when an earlier one is the same.
    """
    held: set[str] = set()
    for text in map(skeleton, before):
        held.update(_runs(text))
    carried = total = 0
    for text in map(skeleton, after):
        total += len(text)
        covered = 0
        for start, run in enumerate(_runs(text)):
            if run in held:
                carried += start + len(run) - max(start, covered)
                covered = start + len(run)
    return carried, total


def _runs(text: str) -> Iterator[str]:
    """Every run of `RUN` characters; a shorter text is one run."""
    return (text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1)))


def _paragraphs(sections: Sequence[Sequence[str]]) -> list[_AlignedText]:
    texts = [(home, text) for home, paragraphs in enumerate(sections) for text in paragraphs]
    return [_AlignedText(number, home, normal_form(text), skeleton(text)) for number, (home, text) in enumerate(texts)]


def _unpaired(paragraphs: Iterable[_AlignedText], paired: Iterable[int]) -> list[_AlignedText]:
    numbers = set(paired)
    return [paragraph for paragraph in paragraphs if paragraph.number not in numbers]


def _alike(old: Sequence[_AlignedText], new: Sequence[_AlignedText], least: float) -> dict[int, int]:
    """Returns the similar pairs, most similar first; a paragraph has one partner."""
    scored: list[tuple[float, int, int]] = []
    for place, paragraph in enumerate(new):
        first = max(0, place - NEAR)
        for other in old[first : place + NEAR + 1]:
            score = fuzz.ratio(other.wording, paragraph.wording, score_cutoff=least)
            if score >= least:
                scored.append((-score, paragraph.number, other.number))
    found: dict[int, int] = {}
    for _, number, other_number in sorted(scored):
        if number not in found and other_number not in found.values():
            found[number] = other_number
    return found


def _change(gone: str, come: str) -> Iterator[DiffPiece]:
    if gone:
        yield DiffPiece("dropped", gone)
    if come:
        yield DiffPiece("added", come)
