"""Generated pages and small archives to attack."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.report_pages import ReportWriter, page_data

CITIES = ("青河市", "白山市", "红桥市", "绿川市")
OFFICES = ("教育局", "民政局", "水务局", "财政局")
YEARS = range(2013, 2023, 3)
AGENCY, YEAR, EARLIER = "青河市教育局", 2022, 2013


def page(agency: str, year: int, chance: random.Random) -> bytes:
    """A report: prose until 2018, the form of three statutory tables later."""
    return page_data(ReportWriter(agency, chance).draft(year).lines())


def pages(count: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """File names and pages; every fourth is HTML. Another `chance` gives other versions of them."""
    known = [(city + office, year) for city in CITIES for office in OFFICES for year in YEARS]
    for number, (agency, year) in enumerate(known[:count]):
        data = page(agency, year, chance)
        if number % 4 == 3:
            body = "".join(f"<p>{line}</p>" for line in data.decode().splitlines())
            yield f"{number:03}.html", f"<!DOCTYPE html><meta charset=utf-8><body>{body}</body>".encode()
        else:
            yield f"{number:03}.txt", data


def write_pages(folder: Path, count: int, chance: random.Random) -> Path:
    """Writes pages into a new folder."""
    folder.mkdir(parents=True)
    for name, data in pages(count, chance):
        (folder / name).write_bytes(data)
    return folder
