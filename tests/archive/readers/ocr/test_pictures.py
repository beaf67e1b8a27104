"""Pictures of every mode and format are decoded to the same grey."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.limits import LIMITS
from archive.readers import scans
from archive.readers.registry import is_picture
from bench.scan_files import saved, with_exif
from bench.scan_kinds import sixteen_bits, transparent
from tests.archive.readers.documents import source

pytestmark = pytest.mark.skipif(not scans.ocr_is_installed(), reason="needs the extra `ocr`")

Picture = Image.Image


def drawn() -> Picture:
    """A bar near the top and a stroke on the left of it."""
    picture = Image.new("L", (120, 80), 255)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 10, 100, 20), fill=0)
    draw.rectangle((8, 40, 12, 70), fill=0)
    return picture


def of_modes(mode: str, kind: str = "PNG") -> Callable[[Picture], bytes]:
    return lambda picture: saved(picture.convert("RGB").convert(mode), kind)


DECODED: list[tuple[Callable[[Picture], bytes], str]] = [
    (of_modes("L"), "grey"),
    (of_modes("1"), "bitonal"),
    (of_modes("P"), "a palette"),
    (of_modes("RGBA"), "with transparency"),
    (lambda picture: saved(transparent(picture)), "print on nothing"),
    (lambda picture: saved(sixteen_bits(picture)), "16 bits"),
    (of_modes("CMYK", "JPEG"), "inks of a press"),
    (lambda picture: saved(picture, "WEBP", lossless=True), "WebP"),
    (lambda picture: saved(picture, "BMP"), "BMP"),
    (lambda picture: saved(picture, "GIF"), "GIF"),
    (lambda picture: saved(picture.convert("1"), "TIFF", compression="group4"), "fax"),
    *((lambda picture, turn=turn: with_exif(picture, turn), f"EXIF orientation {turn}") for turn in (3, 6, 8)),
]


@pytest.mark.parametrize(("encoded", "reason"), DECODED, ids=[case[1] for case in DECODED])
def test_pictures_are_decoded_to_grey(encoded: Callable[[Picture], bytes], reason: str) -> None:
    from archive.readers.ocr.pictures import decode_picture  # noqa: PLC0415 (needs the extra)

    data = encoded(drawn())
    assert is_picture(data)
    grey = decode_picture(data, source())
    expected = np.asarray(drawn())
    assert grey.shape == expected.shape
    assert np.abs(grey.astype(int) - expected).max() < 60


def test_all_sheets_of_a_tiff_are_decoded() -> None:
    from archive.readers.ocr.pictures import decode_pictures  # noqa: PLC0415

    file = io.BytesIO()
    drawn().save(file, "TIFF", save_all=True, append_images=[drawn().rotate(180)])
    first, second = decode_pictures(file.getvalue(), source())
    assert np.array_equal(first, np.rot90(second, 2))


def test_red_over_print_is_paper() -> None:
    from archive.readers.ocr.pictures import decode_picture  # noqa: PLC0415

    colour = drawn().convert("RGB")
    sealed = Image.new("RGB", colour.size, "white")
    ImageDraw.Draw(sealed).ellipse((20, 5, 40, 25), fill=(215, 40, 45))
    both = Image.fromarray(np.minimum(np.asarray(colour), np.asarray(sealed)))
    grey = decode_picture(saved(both), source()).astype(int)
    assert grey[8, 28] > 200, "red alone"
    assert grey[15, 35] < 60, "print below red"


def test_a_text_that_begins_with_the_letters_of_a_picture_is_none() -> None:
    assert not is_picture("BM局2012年政府信息公开工作年度报告".encode())
    assert not is_picture(b"RIFF is a word")


def test_light_lines_divide_cells() -> None:
    from archive.readers.ocr.ruled_cells import ruled_tables  # noqa: PLC0415

    def boxes(lines: int) -> list[int]:
        picture = Image.new("L", (400, 160), 255)
        draw = ImageDraw.Draw(picture)
        for left in (20, 140, 260):
            for top in (20, 60, 100):
                draw.rectangle((left, top, left + 120, top + 40), outline=lines)
                draw.rectangle((left + 50, top + 12, left + 60, top + 28), outline=0, width=3)
        return [len(table) for table in ruled_tables(np.asarray(picture)).tables]

    assert boxes(0) == boxes(200) == boxes(236) == [9]
    assert boxes(255) == []


def test_noise_is_smoothed_and_small_print_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.readers.ocr import cleaned  # noqa: PLC0415

    def print_of_height(height: int) -> np.ndarray:
        picture = Image.new("L", (600, 300), 255)
        for left in range(10, 580, 2 * height):
            ImageDraw.Draw(picture).rectangle((left, 100, left + height - 2, 100 + height - 1), outline=0, width=2)
        return np.asarray(picture)

    large, small = print_of_height(30), print_of_height(12)
    noise = (large * 0.8 + 20 + np.random.default_rng(1).normal(0, 10, large.shape)).clip(0, 255).astype(np.uint8)
    assert not cleaned.is_noisy(large) and not cleaned.is_noisy(small) and cleaned.is_noisy(noise)
    same, factor = cleaned.cleaned(large)
    assert factor == 1 and np.array_equal(same, large)
    smooth, factor = cleaned.cleaned(noise)
    assert factor == 1 and smooth[:80].std() < noise[:80].std() / 2
    enlarged, factor = cleaned.cleaned(small)
    assert factor > 1 and enlarged.shape[1] == round(600 * factor)
    monkeypatch.setattr(cleaned, "LIMITS", replace(LIMITS, pixels=small.size + 1))
    assert cleaned.cleaned(small)[1] == 1, "a picture at the limit stays as it is"
