"""Collects the times of each archive size and draws them as SVG."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

Times = dict[str, float]

_WIDTH, _HEIGHT, _LEFT, _TOP, _LEGEND = 300, 200, 52, 40, 24
_COLOURS = ("#b5362c", "#2b6cb0", "#6b8e23", "#8a5a9e", "#c98a1b", "#777777")
"""One per engine in the order of measurement; Gongkai is first."""


def keep(path: Path, sections: int, built: Times, asked: Mapping[str, tuple[Times, Times]]) -> None:
    """Adds the times of one size to a JSON file and draws all its sizes as `path.svg`."""
    measured = json.loads(path.read_text("utf-8")) if path.exists() else {}
    rows = {"building": built}
    for meaning, (first, again) in asked.items():
        rows |= {f"{meaning}: first time": first, f"{meaning}: again": again}
    measured[str(sections)] = rows
    path.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    path.with_suffix(".svg").write_text("\n".join(_svg(measured)) + "\n", "utf-8")


def _svg(measured: Mapping[str, Mapping[str, Times]]) -> Iterator[str]:
    """One panel per query: seconds by sections, both on logarithmic scales."""
    sizes = sorted(map(int, measured))
    titles = [title for title in measured[str(sizes[-1])] if not title.endswith("again")]
    engines = list(dict.fromkeys(name for rows in measured.values() for times in rows.values() for name in times))
    columns = 2
    lines = -(-len(titles) // columns)
    width = columns * (_WIDTH + _LEFT + 20) + 40  # the longest title
    height = lines * (_HEIGHT + _TOP + 20) + _LEGEND
    font = 'font-family="sans-serif" font-size="11"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {font}>'
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for place, name in enumerate(engines):
        yield f'<text x="{10 + place * 115}" y="16" fill="{_COLOURS[place]}">● {escape(name)}</text>'
    for place, title in enumerate(titles):
        x, y = (
            (place % columns) * (_WIDTH + _LEFT + 20) + _LEFT,
            place // columns * (_HEIGHT + _TOP + 20) + _TOP + _LEGEND,
        )
        yield f'<g transform="translate({x} {y})">'
        yield from _panel(title, sizes, {name: _line(measured, title, name) for name in engines})
        yield "</g>"
    yield "</svg>"


def _line(measured: Mapping[str, Mapping[str, Times]], title: str, name: str) -> list[tuple[int, float]]:
    """Size and seconds of one engine for one query."""
    rows = sorted((int(size), rows.get(title, {})) for size, rows in measured.items())
    return [(size, times[name]) for size, times in rows if name in times]


def _panel(title: str, sizes: list[int], lines: Mapping[str, list[tuple[int, float]]]) -> Iterator[str]:
    seconds = [time for line in lines.values() for _, time in line]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def across(size: int) -> float:
        return round((math.log10(size) - first) / ((last - first) or 1) * _WIDTH, 1)

    def down(time: float) -> float:
        return round(_HEIGHT - (math.log10(time) - low) / ((high - low) or 1) * _HEIGHT, 1)

    yield f'<text y="-8" font-weight="bold">{escape(title)}</text>'
    for power in range(low, high + 1):
        y = down(10.0**power)
        yield f'<path d="M0 {y}H{_WIDTH}" stroke="#ddd"/>'
        yield f'<text x="-6" y="{y + 4}" text-anchor="end">{_label(power)}</text>'
    for size in sizes:
        yield f'<text x="{across(size)}" y="{_HEIGHT + 15}" text-anchor="middle">{size:,}</text>'
    for place, line in enumerate(lines.values()):
        if line:
            points = " ".join(f"{across(size)},{down(time)}" for size, time in line)
            colour = _COLOURS[place]
            yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            yield from (f'<circle cx="{across(size)}" cy="{down(time)}" r="3" fill="{colour}"/>' for size, time in line)


def _label(power: int) -> str:
    """A power of ten of seconds with its unit."""
    return f"{10**power:,} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
