"""Lines over the years as a picture: where each point stands, and what the axes say. No colour, no size on a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, HEIGHT = 960, 380
"""Of the picture, in its own units."""
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 16, 44
"""Room for the axes, in the same units."""
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """One year of one line: its place, its value, and where it leads."""

    x: float
    y: float
    year: int
    value: float
    address: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line, in pieces: a year without a value, or without any report, breaks it. `number` counts from 0."""

    number: int
    pieces: tuple[tuple[Dot, ...], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The whole picture; without a value there is none."""

    years: tuple[Tick, ...]
    values: tuple[Tick, ...]
    strokes: tuple[Stroke, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def plot(lines: Sequence[dict[int, float]], address: Callable[[int, int], str]) -> Plot | None:
    """The picture of lines, each from years to values; `address` says where a line's year leads.

    None where no line has a value: nothing to see is said in words.
    """
    years = sorted({year for line in lines for year in line})
    if not years:
        return None
    first, last = years[0], years[-1]
    step = nice_step(max(value for line in lines for value in line.values()))
    top = step * max(1, math.ceil(round(max(value for line in lines for value in line.values()) / step, 9)))

    def across(year: int) -> float:
        share = (year - first) / (last - first) if last > first else 0.5
        return round(LEFT + 16 + share * (WIDTH - LEFT - RIGHT - 32), 1)

    def down(value: float) -> float:
        return round(TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM), 1)

    def stroke(number: int, line: dict[int, float]) -> Stroke:
        dots = [Dot(across(year), down(line[year]), year, line[year], address(number, year)) for year in sorted(line)]
        # Years that follow one another keep the same distance to their place in the row.
        runs = groupby(enumerate(dots), key=lambda placed: placed[1].year - placed[0])
        return Stroke(number, tuple(tuple(dot for _, dot in run) for _, run in runs))

    every = max(1, -(-(last - first + 1) // 20))  # more names of years than these would touch
    return Plot(
        years=tuple(Tick(across(year), str(year)) for year in range(first, last + 1, every)),
        values=tuple(Tick(down(step * n), spelled(step * n)) for n in range(round(top / step) + 1)),
        strokes=tuple(stroke(number, line) for number, line in enumerate(lines)),
    )


def nice_step(most: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that takes at most `MOST_TICKS` to reach a value."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most / MOST_TICKS))
    return next(times * power for times in (1, 2, 5, 10) if times * power * MOST_TICKS >= most * (1 - 1e-9))


def spelled(value: float) -> str:
    """A value as an axis names it: no digits that say nothing."""
    return f"{round(value, 6):,.10g}" if value < 1e6 else f"{value:,.0f}"
