"""Writes SVG elements with inlined colours and a generic font: the file has no style sheet and no script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

FONT = "sans-serif"
# The light colours of site.css.
PAPER, INK, SOFT, LINE, ACCENT, ON_ACCENT, HELD = (
    *("#fbfaf6", "#201e1a", "#5f5a51", "#dfd9cc", "#9c3421", "#fffaf2", "#3b3730"),
)
STROKES = (ACCENT, "#2f5a8c", "#2f6b4f", "#86620c", "#74478f", HELD)
DASHES = (None, "9 5", "2 6", None, "9 5", "2 6")
SHADES = (PAPER, "#f4eee5", "#e8cfc6", "#dbb5aa", ACCENT)
"""Fills of a cell by depth; the last one needs `ON_ACCENT` for its text."""

# XML 1.0 allows no other control characters, no lone surrogates and no non-characters.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW_EM = 0.58
"""The width of a character that is not Chinese, measured on sans-serif fonts; capitals are wider, most are narrower."""


def clean(text: str) -> str:
    """The text without characters that no XML document may contain."""
    return _NOT_XML.sub("�", text)


def element(parent: Element, tag: str, **attributes: object) -> Element:
    """Adds an element; `font_size=12` becomes `font-size="12"`."""
    spelled = {name.replace("_", "-"): clean(str(value)) for name, value in attributes.items() if value is not None}
    return SubElement(parent, tag, spelled)


def write(
    parent: Element, x: float, y: float, text: str, size: float = 13, fill: str = SOFT, **attributes: object
) -> Element:
    """Adds a text whose baseline is at `y`."""
    written = element(parent, "text", x=round(x, 1), y=round(y, 1), font_size=size, fill=fill, **attributes)
    written.text = clean(text)
    return written


def width_of(text: str, size: float) -> float:
    """An estimate of the width of a text in pixels: no font is known where the file is made."""
    return size * sum(1.0 if unicodedata.east_asian_width(each) in "WF" else _NARROW_EM for each in text)


def cut(text: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis, within a width."""
    return next(iter(wrapped(text, size, width, 1)), "")


def wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in up to `most` lines; the last one ends in an ellipsis if there is more."""
    lines = list(_lines(" ".join(text.split()), size, width))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(last + "…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


def _lines(text: str, size: float, width: float) -> Iterator[str]:
    """Breaks at any character, since neither Chinese nor an address has spaces to break at."""
    start, used = 0, 0.0
    for place, each in enumerate(text):
        advance = width_of(each, size)
        if used + advance > width and place > start:
            yield text[start:place]
            start, used = place, 0.0
        used += advance
    if text[start:]:
        yield text[start:]
