"""Measures OCR on generated forms: cells right, unreadable and wrong, by resolution, format, turn and face.

python -m bench.ocr [--seeds 1,2] [--dpi 96,150,200]
python -m bench.ocr --kinds [--seeds 1,2]
"""

from __future__ import annotations

import argparse
import io
import itertools
import time
from collections.abc import Sequence
from decimal import Decimal

from PIL import Image

from archive.extract.pipeline import parse_source
from archive.model import Source
from bench.form_pictures import FACES, FormReport, form_report, pages
from bench.scan_kinds import KINDS

FORMATS = ("PNG", "JPEG", "PDF")
TURNS = (0.0, 1.0, -4.0)


def rendered(report: FormReport, dpi: int, kind: str, turn: float, face: str) -> bytes:
    """The report as one picture, or as a PDF of pictures of pages."""
    drawn = pages(report, dpi, face, whole=kind != "PDF")
    if turn:
        drawn = [page.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255) for page in drawn]
    file = io.BytesIO()
    if kind == "PDF":
        drawn[0].save(file, "PDF", resolution=dpi, save_all=True, append_images=drawn[1:])
    else:
        drawn[0].save(file, kind, **({"quality": 75} if kind == "JPEG" else {}))
    return file.getvalue()


def score(data: bytes, report: FormReport) -> tuple[int, int, list[str]]:
    """How many cells are right and unreadable, and which are wrong."""
    reading = parse_source(data, Source("form", "0" * 64, ""))
    read = {figure.name: figure for each in reading.reports for figure in each.figures if figure.table != "prose"}
    right, wrong = 0, [name for name, figure in read.items() if name not in report.values and figure.value is not None]
    for name, value in report.values.items():
        figure = read.get(name)
        if figure is None or figure.value is None:
            continue
        if figure.value == Decimal(value):
            right += 1
        else:
            wrong.append(f"{name} {value} as {figure.printed}")
    return right, len(report.values) - right - len(wrong), wrong


def measure_kinds(seeds: Sequence[int]) -> None:
    print("| kind | right | unreadable | wrong |")
    print("|---|--:|--:|--:|")
    for name, kind in KINDS.items():
        cells = right = unreadable = 0
        wrong: list[str] = []
        for report in map(form_report, seeds):
            found = score(kind(report), report)
            cells, right, unreadable = cells + len(report.values), right + found[0], unreadable + found[1]
            wrong += found[2]
        print(f"| {name} | {right / cells:.3f} | {unreadable / cells:.3f} | {len(wrong)} |", *wrong, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--dpi", default="96,150,200")
    parser.add_argument("--kinds", action="store_true", help="scans and pictures of each kind of bench.scan_kinds")
    asked = parser.parse_args()
    if asked.kinds:
        measure_kinds([int(each) for each in asked.seeds.split(",")])
        return
    print("| dpi | format | turned | face | cells | right | unreadable | wrong | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|")
    seeds = [int(each) for each in asked.seeds.split(",")]
    resolutions = [int(each) for each in asked.dpi.split(",")]
    for dpi, kind, turn, face in itertools.product(resolutions, FORMATS, TURNS, FACES):
        cells = right = unreadable = 0
        wrong: list[str] = []
        began = time.process_time()
        for seed in seeds:
            report = form_report(seed)
            found = score(rendered(report, dpi, kind, turn, face), report)
            cells, right, unreadable = cells + len(report.values), right + found[0], unreadable + found[1]
            wrong += found[2]
        seconds = (time.process_time() - began) / len(seeds)
        print(
            f"| {dpi} | {kind} | {turn:g}° | {face.split()[1]} | {cells} | {right / cells:.3f} | "
            f"{unreadable / cells:.3f} | {len(wrong)} | {seconds:.1f} |",
            *wrong,
            flush=True,
        )


if __name__ == "__main__":
    main()
