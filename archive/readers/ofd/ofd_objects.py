"""The objects of an OFD page: runs of characters and ruled lines, in millimetres from the top left corner."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from archive.readers.line_joining import width_of

# In sizes of a character: a character farther from the one before it is on another line or in another cell.
_OTHER_LINE, _OTHER_CELL = 0.5, 3.0
# The middle of a character above its base line, in its sizes.
_MIDDLE = 0.38
# Millimetres: a line is ruled if it is this straight and this long.
_STRAIGHT, _SHORTEST = 0.3, 1.0
# The numbers after each command of a path, of which the last two are the point that it reaches.
_NUMBERS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_LARGEST = 1e6


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of characters: its edges, the middle of its height, the size of its characters."""

    text: str
    left: float
    right: float
    middle: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Placement:
    """Places the coordinates of an object on the page: its Boundary `x y width height` and its CTM `a b c d e f`."""

    left: float
    top: float
    height: float
    matrix: tuple[float, ...]

    @classmethod
    def of(cls, element: etree._Element) -> _Placement | None:
        box, matrix = numbers(element.get("Boundary", "")), numbers(element.get("CTM", ""))
        if len(box) != 4:
            return None
        return cls(box[0], box[1], box[3], tuple(matrix) if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))

    def point(self, across: float, down: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.matrix
        return self.left + a * across + c * down + e, self.top + b * across + d * down + f

    @property
    def scale(self) -> tuple[float, float]:
        a, b, c, d, _, _ = self.matrix
        return math.hypot(a, b) or 1.0, math.hypot(c, d) or 1.0


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    base: float
    width: float


def text_runs(element: etree._Element) -> Iterator[TextRun]:
    """The runs of a TextObject; one TextCode can have several lines, or cells of a row with gaps between them."""
    placement = _Placement.of(element)
    if placement is None:
        return
    across, down = placement.scale
    size = next(iter(numbers(element.get("Size", ""))), 0.0) or placement.height or 1.0
    run: list[_Character] = []
    for character in _characters(element, placement, size):
        is_blank = not character.text.strip()
        if run and _is_apart(run, character, size * across, size * down):
            yield _run(run, size, across, down)
            run = []
        if run or not is_blank:
            run.append(character)
    if run:
        yield _run(run, size, across, down)


def _characters(element: etree._Element, placement: _Placement, size: float) -> Iterator[_Character]:
    scale = next(iter(numbers(element.get("HScale", ""))), 1.0) or 1.0
    left, base = 0.0, placement.height / 2 + _MIDDLE * size
    for code in element.iter("{*}TextCode"):
        text = "".join(code.itertext()).strip("\r\n")
        left, base = (next(iter(numbers(code.get(name, ""))), now) for name, now in (("X", left), ("Y", base)))
        steps, falls = (_steps(code.get(name, ""), len(text) - 1) for name in ("DeltaX", "DeltaY"))
        at, line = left, base
        for index, character in enumerate(text):
            width = size * scale * (width_of(character) or 1) / 2
            yield _Character(character, *placement.point(at, line), width * placement.scale[0])
            # characters below each other have no DeltaX
            at += steps[index] if index < len(steps) else 0.0 if falls else width
            line += falls[index] if index < len(falls) else 0.0


def _is_apart(run: list[_Character], character: _Character, width: float, height: float) -> bool:
    """Whether a character is on another line than the run, before it, or behind a gap."""
    if abs(character.base - run[-1].base) > _OTHER_LINE * height or character.left < run[-1].left - _OTHER_LINE * width:
        return True
    last = next(each for each in reversed(run) if each.text.strip())
    return bool(character.text.strip()) and character.left - last.left - last.width > _OTHER_CELL * width


def _run(run: list[_Character], size: float, across: float, down: float) -> TextRun:
    while not run[-1].text.strip():
        run.pop()
    text = "".join(each.text for each in run)
    middle = run[0].base - _MIDDLE * size * down
    return TextRun(text, run[0].left, run[-1].left + run[-1].width, middle, size * across)


def rules(element: etree._Element) -> Iterator[Rule]:
    """The straight lines of a PathObject, those around a thin box included."""
    placement = _Placement.of(element)
    if placement is None:
        return
    paths = (each.text or "" for each in element.iter("{*}AbbreviatedData"))
    for before, after in _segments(" ".join(paths)):
        (left, right), (top, bottom) = map(sorted, zip(placement.point(*before), placement.point(*after), strict=True))
        if min(right - left, bottom - top) <= _STRAIGHT and max(right - left, bottom - top) >= _SHORTEST:
            yield Rule(left, top, right, bottom)


def _segments(path: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of a path: 'M 0 0 L 170 0 L 170 8 C'."""
    start = now = (0.0, 0.0)
    parts = iter(path.split())
    for command in parts:
        count = _NUMBERS.get(command)
        if count is None:
            continue
        values = numbers(" ".join(next(parts, "") for _ in range(count)))
        if len(values) != count:
            return
        point = (values[-2], values[-1]) if values else start
        if command in "LC":
            yield now, point
        elif command in "SM":
            start = point
        now = point


def _steps(delta: str, count: int) -> list[float]:
    """The distances between characters: '4.2 4.2', or short 'g 2 4.2'."""
    parts, steps = iter(delta.split()), list[float]()
    for part in parts:
        times = "1"
        if part == "g":
            times, part = next(parts, ""), next(parts, "")
        repeat, step = numbers(times), numbers(part)
        if not repeat or not step or len(steps) >= count:
            break
        steps += step * min(int(repeat[0]), count)
    return steps[: max(count, 0)]


def numbers(text: str) -> list[float]:
    """The numbers of a list, empty if a part is no number or too large."""
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        return []
    return values if all(abs(value) < _LARGEST for value in values) else []
