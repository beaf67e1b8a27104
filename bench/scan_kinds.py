"""Draws generated reports as scans and pictures of many kinds, each with a name."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Image as Picture
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bench.form_pictures import FACES, FormReport, pages
from bench.scan_files import TITLE, docx_file, html, jbig2_pdf, mhtml, ofd, pdf, rotated_pdf, rtf, saved, with_exif

Kind = Callable[[FormReport], bytes]


def whole(report: FormReport, dpi: int = 150, face: str = FACES[0]) -> Picture:
    """The report as one picture."""
    (picture,) = pages(report, dpi, face, whole=True)
    return picture


def sheets(report: FormReport, dpi: int = 150, face: str = FACES[0]) -> list[Picture]:
    """The report as sheets of A4; a table continues on the next sheet."""
    return pages(report, dpi, face)


def noisy(picture: Picture, strength: float = 14) -> Picture:
    """Grey paper, blurred print, the noise of a sensor, and specks."""
    dice = np.random.default_rng(1)
    grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.float32) * 0.82 + 25
    grey += dice.normal(0, strength, grey.shape)
    specks = dice.random(grey.shape) < 0.0003
    return Image.fromarray(np.where(specks, 40, grey).clip(0, 255).astype(np.uint8))


def folded(picture: Picture) -> Picture:
    """The shadow at the fold of a book, and light that falls off to the other side."""
    grey = np.asarray(picture, np.float32)
    across = np.linspace(0, 1, grey.shape[1], dtype=np.float32)
    light = (0.35 + 0.65 * (1 - np.exp(-across * 9))) * (1 - 0.25 * across)
    return Image.fromarray((grey * light).astype(np.uint8))


def sealed(picture: Picture, place: float = 0.62) -> Picture:
    """A red seal over the last columns of a table."""
    colour = picture.convert("RGB")
    layer = Image.new("RGB", colour.size, "white")
    draw = ImageDraw.Draw(layer)
    radius = colour.width // 8
    x, y = round(colour.width * 0.78), round(colour.height * place)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(215, 40, 45), width=radius // 12)
    points = [
        (x + radius * r * math.sin(math.pi * n / 5), y - radius * r * math.cos(math.pi * n / 5))
        for n, r in zip(range(10), (0.45, 0.18) * 5, strict=True)
    ]
    draw.polygon(points, fill=(215, 40, 45))
    return Image.fromarray(np.minimum(np.asarray(colour), np.asarray(layer)))


def photographed(picture: Picture, share: float = 0.015) -> Picture:
    """The picture as a camera sees it from slightly below."""
    width, height = picture.size
    inset = share * width
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    seen = ((inset, inset), (width - inset, 0), (width, height), (0, height - inset))
    rows = []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    found = np.linalg.solve(np.array(rows, float), np.array(corners, float).ravel())
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, found.tolist(), Image.Resampling.BICUBIC, fillcolor=255
    )


def tilted(picture: Picture, degrees: float) -> Picture:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def beside(report: FormReport) -> Picture:
    """Two sheets beside each other on one picture."""
    left, *others = sheets(report)
    picture = Image.new("L", (left.width * 2, left.height), 255)
    for place, each in enumerate((left, *others[:1])):
        picture.paste(each, (place * left.width, 0))
    return picture


def relined(report: FormReport, grey: int) -> Picture:
    """The report with lighter lines; 255 leaves them out."""
    (picture,) = pages(report, 150, FACES[0], whole=True, lines=grey)
    return picture


def cropped(picture: Picture, share: float) -> Picture:
    """A picture without its right part."""
    return picture.crop((0, 0, round(picture.width * share), picture.height))


def striped(picture: Picture, share: float = 0.66) -> Picture:
    """A stripe without print from top to bottom, of a fold or a dirty drum."""
    grey, left = np.array(picture), round(picture.width * share)
    grey[:, left : left + round(picture.width * 0.008)] = 255
    return Image.fromarray(grey)


def streaked(picture: Picture) -> Picture:
    """Dark lines from top to bottom, of dust on a scanner."""
    grey = np.array(picture)
    for share in (0.58, 0.63, 0.71, 0.8):
        left = round(picture.width * share)
        grey[:, left : left + 2] = np.minimum(grey[:, left : left + 2], 60)
    return Image.fromarray(grey)


def without_row(picture: Picture) -> Picture:
    """A strip as high as half a line lost in the feed of a scanner."""
    top = round(picture.height * 0.55)
    return Image.fromarray(np.delete(np.array(picture), slice(top, top + round(picture.height * 0.009)), axis=0))


def pdf_with_text(report: FormReport) -> bytes:
    """A PDF whose title is text, with a picture of the rest below it."""
    picture = whole(replace(report, parts=report.parts[1:]))
    width, height = (side * 72 / 150 for side in picture.size)
    file = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(file, pagesize=(width, height + 60))
    canvas.setFont("STSong-Light", 14)
    canvas.drawString(60, height + 25, TITLE)
    canvas.drawImage(ImageReader(picture), 0, 0, width, height)
    canvas.save()
    return file.getvalue()


def transparent(picture: Picture) -> Picture:
    """Black print on nothing."""
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    layer.putalpha(Image.eval(picture, lambda value: 255 - value))
    return layer


def sixteen_bits(picture: Picture) -> Picture:
    return Image.fromarray(np.asarray(picture, np.uint16) * 257)


KINDS: dict[str, Kind] = {
    "straight, 150 dpi": lambda report: saved(whole(report)),
    "straight, 96 dpi": lambda report: saved(whole(report, 96, FACES[1])),
    "straight, 72 dpi": lambda report: saved(whole(report, 72)),
    "turned by 90": lambda report: saved(whole(report).rotate(90, expand=True)),
    "turned by 180": lambda report: saved(whole(report).rotate(180)),
    "turned by 270": lambda report: saved(whole(report).rotate(270, expand=True)),
    "PDF, sheets turned by 90": lambda report: pdf([each.rotate(90, expand=True) for each in sheets(report)]),
    "PDF, /Rotate 90": lambda report: rotated_pdf(sheets(report), 90),
    "PDF, /Rotate 180": lambda report: rotated_pdf(sheets(report), 180),
    "PDF, /Rotate 270": lambda report: rotated_pdf(sheets(report), 270),
    "PDF, CCITT G4, 200 dpi": lambda report: pdf(
        [each.point(lambda value: 255 if value > 140 else 0).convert("1") for each in sheets(report, 200, FACES[1])],
        200,
    ),
    "PDF, CCITT G4, 150 dpi, turned by 2": lambda report: pdf(
        [tilted(each, 2).convert("1", dither=Image.Dither.NONE) for each in sheets(report)]
    ),
    "PDF, JBIG2": lambda report: jbig2_pdf(sheets(report)),
    "PDF, JPEG 40, noise": lambda report: pdf(
        [Image.open(io.BytesIO(saved(noisy(each), "JPEG", quality=40))) for each in sheets(report, 150, FACES[1])]
    ),
    "JPEG 40": lambda report: saved(whole(report), "JPEG", quality=40),
    "JPEG 50, turned by 3": lambda report: saved(tilted(whole(report, 150, FACES[1]), 3), "JPEG", quality=50),
    "JPEG 60, 96 dpi, turned by 1": lambda report: saved(tilted(whole(report, 96), 1), "JPEG", quality=60),
    "JPEG 40, 96 dpi": lambda report: saved(whole(report, 96), "JPEG", quality=40),
    "noise": lambda report: saved(noisy(whole(report))),
    "noise, 200 dpi, strong": lambda report: saved(noisy(whole(report, 200, FACES[1]), 28)),
    "noise, 96 dpi": lambda report: saved(noisy(whole(report, 96))),
    "noise, 110 dpi, JPEG 50, turned by 1": lambda report: saved(
        tilted(noisy(whole(report, 110, FACES[1])), 1), "JPEG", quality=50
    ),
    "faint noise, 100 dpi": lambda report: saved(noisy(whole(report, 100), 3), "JPEG", quality=60),
    "shadow at the fold": lambda report: saved(folded(whole(report)), "JPEG", quality=75),
    "red seal": lambda report: saved(sealed(whole(report)), "JPEG", quality=85),
    "red seal, grey": lambda report: saved(sealed(whole(report)).convert("L"), "JPEG", quality=85),
    "perspective": lambda report: saved(photographed(whole(report)), "JPEG", quality=75),
    "light lines": lambda report: saved(relined(report, 205)),
    "very light lines": lambda report: saved(relined(report, 235)),
    "no lines": lambda report: saved(relined(report, 255)),
    "PDF, tables over two sheets": lambda report: pdf(sheets(report, 150, FACES[1])),
    "two sheets beside each other": lambda report: saved(beside(report)),
    "long screenshot, 300 dpi": lambda report: saved(whole(report, 300)),
    "EXIF orientation 3": lambda report: with_exif(whole(report), 3),
    "EXIF orientation 6": lambda report: with_exif(whole(report), 6),
    "EXIF orientation 8": lambda report: with_exif(whole(report), 8),
    "transparent PNG": lambda report: saved(transparent(whole(report))),
    "16-bit PNG": lambda report: saved(sixteen_bits(whole(report))),
    "CMYK JPEG": lambda report: saved(whole(report).convert("RGB").convert("CMYK"), "JPEG", quality=85),
    "WebP": lambda report: saved(whole(report), "WEBP", quality=75),
    "GIF": lambda report: saved(whole(report), "GIF"),
    "BMP": lambda report: saved(whole(report), "BMP"),
    "TIFF, several sheets": lambda report: saved(
        sheets(report)[0].convert("1"),
        "TIFF",
        save_all=True,
        append_images=[each.convert("1") for each in sheets(report)[1:]],
        compression="group4",
    ),
    "HTML": lambda report: html(saved(whole(report))),
    "HTML, WebP": lambda report: html(saved(whole(report), "WEBP"), "webp"),
    "MHTML": lambda report: mhtml(saved(whole(report))),
    "DOCX": lambda report: docx_file(saved(whole(report))),
    "RTF, PNG": lambda report: rtf(saved(whole(report))),
    "RTF, JPEG": lambda report: rtf(saved(whole(report), "JPEG"), "jpegblip"),
    "OFD": lambda report: ofd(sheets(report)),
    "OFD, turned by its matrix": lambda report: ofd([each.rotate(180) for each in sheets(report)], 180),
    "PDF, picture on a page with text": pdf_with_text,
    "cut inside the last columns": lambda report: saved(cropped(whole(report), 0.65)),
    "a white stripe": lambda report: saved(striped(whole(report))),
    "dark streaks": lambda report: saved(streaked(whole(report))),
    "strong perspective": lambda report: saved(photographed(whole(report), 0.04), "JPEG", quality=75),
    "one row lost": lambda report: saved(without_row(whole(report))),
    "blurred": lambda report: saved(whole(report).filter(ImageFilter.GaussianBlur(2.2))),
    "faint print": lambda report: saved(whole(report).point(lambda value: 165 + value * 90 // 255)),
}
