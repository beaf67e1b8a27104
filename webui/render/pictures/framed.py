"""Puts a chart under its title and query and over its data version, date and address, as one SVG file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from webui.render.pictures.canvas import FONT, INK, PAPER, SOFT, clean, element, wrapped, write
from webui.render.pictures.charts import WIDTH, PictureChart

MARGIN = 24
_GAP = 12
_LEADING = 1.4
_TextLine = tuple[str, int, str, str | None]
"""A line with its size, colour and weight."""


@dataclass(frozen=True, slots=True)
class PictureCaption:
    """The text that a picture states besides its data. `note` explains the marks and may be empty."""

    title: str
    query: str
    version: str
    date: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in its frame: its size in pixels at once, its SVG when it is asked for."""

    caption: PictureCaption
    chart: PictureChart
    language: str
    width: int = WIDTH + 2 * MARGIN

    @property
    def height(self) -> int:
        texts = sum(size * _LEADING for _, size, *_ in (*self._above(), *self._below()))
        return math.ceil(2 * MARGIN + texts + self.chart.height + 2 * _GAP)

    def svg(self) -> str:
        """The file as text. It has no script and loads nothing; its only link is its own address."""
        caption = self.caption
        root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT, "xml:lang": self.language})
        for name, value in (("role", "img"), ("width", self.width), ("height", self.height)):
            root.set(name, str(value))
        root.set("viewBox", f"0 0 {self.width} {self.height}")
        element(root, "title").text = clean(": ".join(filter(None, (caption.title, caption.query))))
        element(root, "desc").text = clean(f"{caption.version}. {caption.date}. {caption.address}")
        element(root, "rect", width=self.width, height=self.height, fill=PAPER)
        y = _write(root, self._above(), MARGIN) + _GAP
        self.chart.draw(element(root, "g", transform=f"translate({MARGIN} {y:g})"))
        source = element(root, "a", href=caption.address, target="_blank", rel="noopener")
        _write(source, self._below(), y + self.chart.height + _GAP)
        return tostring(root, "unicode")

    def _above(self) -> list[_TextLine]:
        return [*_lines(self.caption.title, 22, INK, 2, "bold"), *_lines(self.caption.query, 16, INK, 3)]

    def _below(self) -> list[_TextLine]:
        version = f"{self.caption.version} · {self.caption.date}"
        texts = ((self.caption.note, 3), (version, 3), (self.caption.address, 4))
        return [line for text, most in texts for line in _lines(text, 12, SOFT, most)]


def _lines(text: str, size: int, fill: str, most: int, weight: str | None = None) -> list[_TextLine]:
    """A longer text ends in an ellipsis, so that the size of a picture is bounded."""
    return [(line, size, fill, weight) for line in wrapped(text, size, WIDTH, most)]


def _write(parent: Element, lines: list[_TextLine], y: float) -> float:
    """Writes lines from `y` down; the position below them."""
    for line, size, fill, weight in lines:
        y += size * _LEADING
        write(parent, MARGIN, y, line, size, fill, font_weight=weight)
    return y
