"""Renders an SVG picture as PNG by resvg, with the fonts of the system."""

from __future__ import annotations

import functools

from resvg_py import svg_to_bytes

from archive.errors import MissingSupport
from webui.render.pictures.framed import Picture

SCALE = 2.0
"""Pixels of the PNG for one of the SVG: print needs about twice as many as a screen."""
MOST_PIXELS = 6_000_000
"""A larger picture is scaled down: 6 million pixels take 24 MB and up to a second."""
# The first family is asked for Chinese; resvg takes another font of the system for characters that it lacks.
CHINESE = "Noto Sans CJK SC"
_SAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="16">{}</text></svg>'


class MissingFontError(MissingSupport):
    """No font of the system has Chinese characters, so a PNG would lack its text."""

    def __init__(self) -> None:
        super().__init__(
            "服务器没有中文字体，PNG 中的文字画不出来。请改用 SVG；管理者可以安装中文字体，例如 fonts-noto-cjk，"
            "再重新启动。",
            "The server has no Chinese font, so a PNG would lack its text. Download the SVG instead; the operator can "
            "install a Chinese font, such as fonts-noto-cjk, and restart.",
        )


def png(picture: Picture) -> bytes:
    """The picture as PNG.

    Raises:
        MissingFontError: without a font for its text.
    """
    if not has_font():
        raise MissingFontError
    return render(picture.svg(), zoom(picture))


def zoom(picture: Picture) -> float:
    """The scale of the PNG, `SCALE` unless the picture is very high."""
    return float(min(SCALE, (MOST_PIXELS / (picture.width * picture.height)) ** 0.5))


@functools.cache
def has_font() -> bool:
    """Whether Chinese characters are drawn: without a font, all of them are blank or the same box."""
    return render(_SAMPLE.format("中文")) != render(_SAMPLE.format("文中"))


def render(svg: str, scale: float = 1.0) -> bytes:
    return svg_to_bytes(svg_string=svg, zoom=scale, sans_serif_family=CHINESE)
