"""Generated pages and small archives to attack."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tests.archive.pages import balanced, form_report, prose_report

CITIES = ("青河市", "白山市", "红桥市", "绿川市")
OFFICES = ("教育局", "民政局", "水务局", "财政局")
YEARS = range(2013, 2023, 3)
AGENCY, YEAR, EARLIER = "青河市教育局", 2022, 2013
_TOPICS = ("政务微博", "保密审查", "乡村振兴", "义务教育", "环境监测", "预算决算", "应急管理")


def page(agency: str, year: int, chance: random.Random) -> bytes:
    """A report: prose until 2018, the form of three statutory tables later."""
    if year >= 2021:
        cells = balanced(chance.randrange(1, 90), chance.randrange(9), chance.randrange(9))
        lines = form_report(f"{agency}{year}年政府信息公开工作年度报告", cells=cells)
    else:
        topics = "、".join(chance.sample(_TOPICS, 3))
        lines = prose_report(
            agency, year, body=f"公开{topics}等信息，收到政府信息公开申请{chance.randrange(1, 500)}件。"
        )
    return "\n".join(lines).encode()


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
