"""Draws charts: lines over years, columns, bars and grids. Each is drawn down from (0, 0)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from webui.render.line_chart import Dot, Plot, Stroke
from webui.render.pictures.canvas import (
    ACCENT,
    DASHES,
    HELD,
    INK,
    LINE,
    ON_ACCENT,
    PAPER,
    SHADES,
    STROKES,
    cut,
    element,
    width_of,
    write,
)

WIDTH = 960
"""The width of every chart in pixels."""
MOST_PANELS = 30
MOST_ROWS = 100
"""Rows of bars or of a grid."""
MOST_COLUMNS = 60
_NAMES = 240
_ROW = 24
_PANELS_A_ROW = 3


@dataclass(frozen=True, slots=True)
class PictureChart:
    """A chart that is drawn into an element when its file is asked for; a page needs only its height in pixels."""

    height: float
    draw: Callable[[Element], None]


@dataclass(frozen=True, slots=True)
class PicturePanel:
    """A small chart under its name."""

    name: str
    plot: Plot
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PictureBar:
    """A named value and its share of the longest bar, from 0 to 1."""

    name: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A cell of a grid: its text, its shade as a place in `SHADES`, and whether it has a border."""

    text: str = ""
    depth: int = 0
    border: bool = True
    dark: bool = False
    """Whether it is filled with the colour of what the archive has."""


def line_chart(plot: Plot, unit: str) -> PictureChart:
    """One wide chart over its key."""
    top = plot.frame.height + 6

    def draw(parent: Element) -> None:
        _draw_plot(parent, plot, unit, 15)
        _draw_key(parent, plot, top)

    return PictureChart(top + _key_height(plot), draw)


def panel_chart(panels: Sequence[PicturePanel], *, with_key: bool) -> PictureChart:
    """Small charts side by side, over one key if they have several lines."""
    shown = panels[:MOST_PANELS]
    each = panels[0].plot.frame.height + 30
    top = each * -(-len(shown) // _PANELS_A_ROW) + 6

    def draw(parent: Element) -> None:
        for number, panel in enumerate(shown):
            row, column = divmod(number, _PANELS_A_ROW)
            group = element(parent, "g", transform=f"translate({column * WIDTH / _PANELS_A_ROW:g} {row * each:g})")
            write(group, 8, 16, cut(panel.name, 13, panel.plot.frame.width - 16), 13, INK)
            _draw_plot(element(group, "g", transform="translate(0 22)"), panel.plot, panel.unit, 12)
        if with_key:
            _draw_key(parent, panels[0].plot, top)

    return PictureChart(top + (_key_height(panels[0].plot) if with_key else 0), draw)


def column_chart(bars: Sequence[PictureBar]) -> PictureChart:
    """Columns side by side, such as the years of a search."""
    shown = bars[:MOST_COLUMNS]
    step = min(80.0, WIDTH / max(1, len(shown)))

    def draw(parent: Element) -> None:
        for number, bar in enumerate(shown):
            middle, height = step * (number + 0.5), 200 * bar.share
            wide = step * 0.6
            element(
                parent, "rect", x=round(middle - wide / 2, 1), y=round(224 - height, 1), width=round(wide, 1),
                height=round(height, 1), fill=HELD,
            )  # fmt: skip
            size = max(8, min(13, step / 3.2))
            write(parent, middle, 218 - height, bar.value, size, text_anchor="middle")
            write(parent, middle, 244, bar.name, size, INK, text_anchor="middle")
        element(parent, "path", d=f"M0 224H{step * len(shown):g}", stroke=HELD, fill="none")

    return PictureChart(256, draw)


def bar_chart(bars: Sequence[PictureBar]) -> PictureChart:
    """Bars below one another, each with its name and value."""
    shown, longest = bars[:MOST_ROWS], WIDTH - _NAMES - 130

    def draw(parent: Element) -> None:
        for number, bar in enumerate(shown):
            y = number * _ROW
            _write_name(parent, bar.name, y)
            element(parent, "rect", x=_NAMES, y=y + 5, width=round(longest * bar.share, 1), height=14, fill=HELD)
            write(parent, _NAMES + longest * bar.share + 8, y + 17, bar.value)

    return PictureChart(len(shown) * _ROW, draw)


def grid_chart(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[PictureCell | None]]]) -> PictureChart:
    """Cells in rows and columns; None leaves a cell empty. The last `MOST_COLUMNS` columns are drawn."""
    head, top = columns[-MOST_COLUMNS:], 22
    step = min(42.0, (WIDTH - _NAMES) / max(1, len(head)))

    def draw(parent: Element) -> None:
        every = math.ceil((width_of("2020", 11) + 6) / step)
        for place, column in enumerate(head):
            if place % every == 0:
                write(parent, _NAMES + step * (place + 0.5), 14, column, 11, text_anchor="middle")
        for number, (name, cells) in enumerate(rows[:MOST_ROWS]):
            y = top + number * _ROW
            _write_name(parent, name, y)
            for place, cell in enumerate(cells[-MOST_COLUMNS:]):
                if cell is not None:
                    _draw_cell(parent, cell, _NAMES + step * place, y, step)

    return PictureChart(top + min(len(rows), MOST_ROWS) * _ROW, draw)


def _write_name(parent: Element, name: str, y: float) -> None:
    write(parent, _NAMES - 10, y + 17, cut(name, 13, _NAMES - 14), 13, INK, text_anchor="end")


def _draw_cell(parent: Element, cell: PictureCell, x: float, y: float, step: float) -> None:
    deepest = cell.depth == len(SHADES) - 1
    if cell.border or cell.depth:
        element(
            parent, "rect", x=round(x + 1, 1), y=y + 1, width=round(step - 2, 1), height=_ROW - 2, rx=2,
            fill=HELD if cell.dark else SHADES[cell.depth], stroke=ACCENT if cell.depth else LINE,
        )  # fmt: skip
    if cell.text:
        size = max(6, min(12, (step - 4) / max(1, len(cell.text)) / 0.58))
        fill = ON_ACCENT if deepest or cell.dark else INK
        write(parent, x + step / 2, y + 16, cell.text, round(size, 1), fill, text_anchor="middle")


def _draw_plot(parent: Element, plot: Plot, unit: str, size: int) -> None:
    frame = plot.frame
    floor, end = frame.height - frame.bottom, frame.width - frame.right
    for tick in plot.values:
        element(parent, "path", d=f"M{frame.left} {tick.at:g}H{end}", stroke=LINE, fill="none")
        write(parent, frame.left - 8, tick.at + size / 3, tick.label + unit, size, text_anchor="end")
    for tick in plot.years:
        write(parent, tick.at, floor + size * 1.6, tick.label, size, text_anchor="middle")
    for gap in plot.breaks:
        d = f"M{gap.at:g} {frame.top}V{floor}"
        element(parent, "path", d=d, stroke=ACCENT, stroke_width=1.5, stroke_dasharray="5 4", fill="none")
    for stroke in plot.strokes:
        for piece in stroke.pieces:
            d = "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in piece)
            _draw_line(parent, stroke, d)
            for dot in piece:
                _draw_dot(parent, stroke, dot, 0.75 if size < 15 else 1)


def _draw_line(parent: Element, stroke: Stroke, d: str) -> None:
    element(
        parent, "path", d=d, stroke=STROKES[stroke.number % len(STROKES)], stroke_width=2.5, stroke_linejoin="round",
        stroke_linecap="round", stroke_dasharray=DASHES[stroke.number % len(DASHES)], fill="none",
    )  # fmt: skip


def _draw_dot(parent: Element, stroke: Stroke, dot: Dot, scale: float) -> None:
    """A circle, square or triangle by the number of the line, as on the page; hollow from the fourth line on."""
    colour, hollow = STROKES[stroke.number % len(STROKES)], stroke.number > 2
    look = {"fill": PAPER if hollow else colour, "stroke": colour if hollow else PAPER, "stroke_width": 1.5}
    if stroke.number % 3 == 0:
        element(parent, "circle", cx=dot.x, cy=dot.y, r=5 * scale, **look)
    elif stroke.number % 3 == 1:
        side = 9 * scale
        element(
            parent, "rect", x=round(dot.x - side / 2, 1), y=round(dot.y - side / 2, 1), width=side, height=side, **look
        )
    else:
        d = f"M{dot.x:g} {dot.y - 6 * scale:g}l{6 * scale:g} {10.5 * scale:g}h{-12 * scale:g}z"
        element(parent, "path", d=d, **look)


def _draw_key(parent: Element, plot: Plot, top: float) -> None:
    for stroke, (x, y) in zip(plot.strokes, _key_places(plot), strict=True):
        middle = top + y - 5
        _draw_line(parent, stroke, f"M{x:g} {middle:g}H{x + 36:g}")
        _draw_dot(parent, stroke, Dot(x + 18, middle, 0, 0, ""), 1)
        write(parent, x + 46, top + y, _key_name(stroke), 14, INK)


def _key_height(plot: Plot) -> float:
    return _key_places(plot)[-1][1] + 12


def _key_places(plot: Plot) -> list[tuple[float, float]]:
    """The positions of the names of the lines, in as many rows as they need."""
    x, y = 8.0, 14.0
    places = []
    for stroke in plot.strokes:
        wide = 72 + width_of(_key_name(stroke), 14)
        if x > 8 and x + wide > WIDTH:
            x, y = 8.0, y + _ROW
        places.append((x, y))
        x += wide
    return places


def _key_name(stroke: Stroke) -> str:
    return cut(stroke.name, 14, WIDTH - 80)
