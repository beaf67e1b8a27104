"""Lays out lines over years as a chart: coordinates of points and labels of axes. Colours are in the style sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a chart, its margins for the axes, and the number of labels of each axis."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    most_ticks: int
    most_years: int
    """Labels of years; more would overlap."""
    digit: int
    """The width of a digit in the largest size of the labels, which is that on a phone."""
    inset: int
    """The space between the axes and the first and last year."""


WIDE = Frame(960, 380, left=64, right=20, top=16, bottom=44, most_ticks=5, most_years=20, digit=16, inset=16)
SMALL = Frame(320, 150, left=44, right=12, top=12, bottom=30, most_ticks=3, most_years=6, digit=7, inset=6)


@dataclass(frozen=True, slots=True)
class Dot:
    """One year of one line: its coordinates, value and link."""

    x: float
    y: float
    year: int
    value: float
    address: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line, cut at years without a value and, in series of figures, at breaks. `number` counts from 0."""

    number: int
    name: str
    pieces: tuple[tuple[Dot, ...], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A break in series before a year, and its reason."""

    at: float
    year: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with at least one value."""

    frame: Frame
    years: tuple[Tick, ...]
    values: tuple[Tick, ...]
    strokes: tuple[Stroke, ...]
    breaks: tuple[Gap, ...]
    lowest: float
    highest: float
    step: float
    """The distance of the axis labels from `lowest` to `highest`."""


def plot(
    lines: Mapping[str, Mapping[int, float]],
    address: Callable[[str, int], str],
    breaks: Mapping[int, str] = MappingProxyType({}),
    frame: Frame = WIDE,
    names: Mapping[str, str] = MappingProxyType({}),
    *,
    unit: str = "",
    cut: bool = True,
) -> Plot | None:
    """Lays out a chart.

    Args:
        lines: the values by year of each line; a line may be empty.
        address: gives the link of a line's key and a year.
        breaks: the years before which the series breaks, with the reason.
        frame: the size; the left margin becomes wider where labels need it.
        names: the names of lines whose key is not their name.
        unit: what stands behind the labels of values.
        cut: whether breaks cut the lines.

    Returns:
        None if no line has a value.
    """
    years = sorted({year for line in lines.values() for year in line})
    if not years:
        return None
    first, last = years[0], years[-1]
    values = [value for line in lines.values() for value in line.values()]
    axis = _value_axis(values, frame.most_ticks)
    labels = [spelled(axis.step * n) for n in range(-axis.under, axis.up + 1)]
    widest = max(_digits(each + unit) for each in labels)
    area = _Area(replace(frame, left=max(frame.left, 14 + round(frame.digit * widest))), first, last, axis)
    cuts = sorted(breaks) if cut else []
    every = max(1, -(-(last - first + 1) // frame.most_years))
    return Plot(
        area.frame,
        years=tuple(Tick(area.x(year), str(year)) for year in range(first, last + 1, every)),
        values=tuple(Tick(area.y(axis.step * n), label) for n, label in enumerate(labels, -axis.under)),
        strokes=tuple(
            Stroke(number, names.get(key, key), _pieces(_dots(line, partial(address, key), area), cuts))
            for number, (key, line) in enumerate(lines.items())
        ),
        breaks=tuple(Gap(area.x(year - 0.5), year, breaks[year]) for year in sorted(breaks) if first < year <= last),
        lowest=round(-axis.under * axis.step, 9),
        highest=round(axis.up * axis.step, 9),
        step=axis.step,
    )


@dataclass(frozen=True, slots=True)
class _ValueAxis:
    """The value axis: `under` steps below 0 and `up` steps above it."""

    step: float
    up: int
    under: int


def _value_axis(values: Sequence[float], most_ticks: int) -> _ValueAxis:
    """The axis that holds all values and 0. Whole values have a whole step."""
    highest, lowest = max(*values, 0.0), min(*values, 0.0)
    step = nice_step(highest - lowest, most_ticks, whole=all(value == round(value) for value in values))
    up, under = (math.ceil(round(reach / step, 9)) for reach in (highest, -lowest))
    return _ValueAxis(step, max(up, 1 - under), under)  # a line of zeros has space above it, too


@dataclass(frozen=True, slots=True)
class _Area:
    """Maps years and values to coordinates inside the margins of a frame."""

    frame: Frame
    first: int
    last: int
    axis: _ValueAxis

    def x(self, year: float) -> float:
        share = (year - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        width = self.frame.width - self.frame.left - self.frame.right - 2 * self.frame.inset
        return round(self.frame.left + self.frame.inset + share * width, 1)

    def y(self, value: float) -> float:
        share = (self.axis.up - value / self.axis.step) / (self.axis.up + self.axis.under)
        return round(self.frame.top + share * (self.frame.height - self.frame.top - self.frame.bottom), 1)


def _dots(line: Mapping[int, float], address: Callable[[int], str], area: _Area) -> list[Dot]:
    return [Dot(area.x(year), area.y(line[year]), year, line[year], address(year)) for year in sorted(line)]


def _pieces(dots: Sequence[Dot], cuts: Sequence[int]) -> tuple[tuple[Dot, ...], ...]:
    """Cuts a line where a year is missing and before the years of `cuts`."""

    def piece(numbered: tuple[int, Dot]) -> tuple[int, int]:
        """Consecutive years have a constant difference to their position in the list."""
        number, dot = numbered
        return dot.year - number, sum(year <= dot.year for year in cuts)

    return tuple(tuple(dot for _, dot in run) for _, run in groupby(enumerate(dots), key=piece))


def _digits(label: str) -> float:
    """The width of a label in digits; separators are half as wide, and a unit is wider."""
    return sum(0.5 if character in ",." else 1 if character.isdecimal() else 1.4 for character in label)


def nice_step(most: float, ticks: int, *, whole: bool = False) -> float:
    """The step of 1, 2 or 5 times a power of ten that takes at most `ticks` to reach a value; a whole one if asked."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most / ticks))
    step = next(times * power for times in (1, 2, 5, 10) if times * power * ticks >= most * (1 - 1e-9))
    return max(1.0, step) if whole else step


def spelled(value: float) -> str:
    """A value as an axis label, without trailing zeros."""
    return f"{round(value, 6):,.10g}" if value < 1e6 else f"{value:,.0f}"
