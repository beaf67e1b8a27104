"""Decodes pictures within the limits and turns them upright."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image, ImageOps

from archive.errors import LimitExceeded
from archive.limits import LIMITS
from archive.model import Source
from archive.readers.containers import damaged
from archive.readers.ocr.recognise import Pixels

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
# Degrees that a page may be turned by, the first and the last step of the search, and the pixels that it looks at.
_MOST_TURNED, _COARSE, _FINE = 10.0, 0.5, 0.02
_SEARCHED = 1000
_UPRIGHT = 0.04
# Modes without colour.
_GREY = ("1", "L")
# By how much red exceeds the other colours in the print of a seal, and the share of a picture that seals cover at most.
_RED, _MOST_RED = 50, 0.1
# The share of the width of a picture that the side of a seal has at least.
_SEAL = 0.06


def decode_picture(data: bytes, source: Source) -> Pixels:
    """The picture in grey, the first one of a file with several.

    Raises:
        GongkaiError: for a damaged picture, and one of more pixels than the limit, which is not unpacked.
    """
    return next(decode_pictures(data, source))


def decode_pictures(data: bytes, source: Source) -> Iterator[Pixels]:
    """The sheets of a TIFF in grey, the first picture of any other file; on white where it is transparent.

    Raises:
        GongkaiError: for a damaged picture, and one of more pixels than the limit, which is not unpacked.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
            for number in range(frames):
                picture.seek(number)
                check_pixels(picture.width, picture.height, source)
                yield _in_grey(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as error:
        raise _too_large(source) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise damaged(source) from error


def _in_grey(picture: Image.Image) -> Pixels:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.new("RGBA", layer.size, "white")
        picture.alpha_composite(layer)
    if picture.mode.startswith("I"):  # 16 bits, which a conversion would cut off at 255
        return np.asarray(np.asarray(picture, np.int32).clip(0, 65535) >> 8, np.uint8)
    if picture.mode in _GREY:
        return np.asarray(picture.convert("L"), np.uint8)
    return without_seals(np.asarray(picture.convert("RGB"), np.uint8))


def without_seals(colour: Pixels) -> Pixels:
    """A picture in colour as grey, in which red over print is as light as the paper, so that the print is seen."""
    grey = np.array(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
    red, others = colour[:, :, 0], np.maximum(colour[:, :, 1], colour[:, :, 2])
    is_red = (red > others) & (red - others > _RED)
    if not 0 < float(is_red.mean()) <= _MOST_RED:
        return grey
    near = cv2.dilate(is_red.astype(np.uint8), np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for left, top, width, height, _ in stats[1:].tolist():
        # a seal is round or square and larger than a character; a red title and red digits are print
        if min(width, height) < _SEAL * grey.shape[1] or max(width, height) > 2 * min(width, height):
            continue
        place = np.s_[top : top + height, left : left + width]
        seal = near[place] > 0
        grey[place] = np.where(seal, np.maximum(red[place], grey[place]), grey[place])
    return grey


def check_pixels(width: float, height: float, source: Source) -> None:
    """Raises `LimitExceeded` for a picture of more pixels than one may have."""
    if width * height > LIMITS.pixels:
        raise _too_large(source)


def _too_large(source: Source) -> LimitExceeded:
    most = LIMITS.pixels // 1_000_000
    return LimitExceeded(
        f"{source.path} 中的图片超过 {most} 百万像素，没有识别。可设 GONGKAI_READ_PIXELS（百万）放宽。",
        f"A picture in {source.path} has more than {most} million pixels and was not read. "
        "Set GONGKAI_READ_PIXELS (in millions) to allow more.",
    )


def upright(grey: Pixels) -> Pixels:
    """The picture turned so that its lines are level, by up to ten degrees."""
    angle = _angle(grey)
    return grey if abs(angle) < _UPRIGHT else _turned(grey, angle, 255)


def _angle(grey: Pixels) -> float:
    """The degrees by which the picture must be turned: those at which its rows differ most from each other."""
    scale = min(1.0, _SEARCHED / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    best, reach, step = 0.0, _MOST_TURNED, _COARSE
    while step >= _FINE:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: (_sharpness(np.asarray(ink, np.uint8), angle), -abs(angle))))
        reach, step = step, step / 5
    return best


def _sharpness(ink: Pixels, angle: float) -> float:
    rows = _turned(ink, angle, 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _turned(grey: Pixels, angle: float, background: int) -> Pixels:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    sine, cosine = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
    across, down = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[:, 2] += ((across - width) / 2, (down - height) / 2)
    turned = cv2.warpAffine(
        grey, matrix, (across, down), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=background
    )
    return np.asarray(turned, np.uint8)
