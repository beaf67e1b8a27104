"""A picture of every kind of page, over the shipped corpus or a generated archive; `make pictures` keeps them."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from bench.archives import fill
from tests.browser.reader import NARROW, WIDE
from tests.browser.serving import CORPUS, HAIDIAN, gongkai, serving

FOLDER = "GONGKAI_PICTURES"
"""The variable that says where pictures are kept; without it they are only looked at."""
REPORT = f"/reports/{HAIDIAN}"
PAGES = {
    "home": "/",
    "search": '/search?q="保密审查"',
    "facet": "/search/keyword?q=公开",
    "report": f"{REPORT}/2016?q=保密审查",
    "compare": f"/compare/{HAIDIAN}/2016/2017",
    "agencies": "/agencies",
    "agency": f"/agencies/{HAIDIAN}",
    "concordance": "/concordance?q=应公开尽公开&sort=right",
    "trends": "/trends?q=微博&q=微信",
    "matrix": "/matrix?q=微博",
    "distinctive": "/distinctive?section=problems",
    "similar": f"{REPORT}/2016/similar?section=problems",
    "figures": "/aggregates",
    "ranking": "/figures/ranking",
    "coverage": "/coverage",
    "notices": "/notices",
    "cite": f"{REPORT}/2016/cite",
    "collocates": "/collocates?q=申请",
    "advanced": "/search/advanced?exact=保密审查&from=2014&to=2018",
    "original": f"{REPORT}/2016/original/lines?section=problems",
    "help": "/help",
    "about": "/about",
}
LARGE = {
    "large-home": "/",
    "large-divisions": "/divisions",
    "large-figures": "/aggregates?by=division",
}
"""Pages of a generated archive of many agencies."""
ENGLISH = ("home", "search", "report", "compare", "trends", "figures", *LARGE)
"""Pages of which the README has a picture in English, too."""
Scheme = Literal["light", "dark"]
WINDOWS: list[tuple[str, str, int, int, Scheme]] = [
    *((name, name, WIDE, 800, "light") for name in (*PAGES, *LARGE)),  # type: ignore[misc]
    ("report-dark", "report", WIDE, 800, "dark"),
    ("report-phone", "report", NARROW, 720, "light"),
    # the pages in English are looked at by the other tests of this folder
    *((f"{name}-en", name, WIDE, 800, "light") for name in ENGLISH if FOLDER in os.environ),  # type: ignore[misc]
]
# An archive of 1,600 reports takes minutes to generate.
pytestmark = [pytest.mark.timeout(1_800)] if FOLDER in os.environ else []
COLOURS = 64
"""Text on paper has few: a palette makes a picture four times smaller, and nobody sees it."""
FEWEST = 24
"""Colours of any page that shows something: letters have soft edges."""


@pytest.fixture(scope="module")
def shipped(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site over the corpus that ships, and nothing else."""
    home = tmp_path_factory.mktemp("shipped")
    for command in (("add", CORPUS), ("index",)):
        subprocess.run(gongkai(home, *command), check=True, capture_output=True)  # noqa: S603
    with serving(home) as address:
        yield address


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site over a generated archive, which is large where pictures are kept."""
    reports, agencies = (1600, 300) if FOLDER in os.environ else (300, 60)
    with serving(fill(tmp_path_factory.mktemp("large"), reports, agencies)) as address:
        yield address


@pytest.mark.parametrize(("name", "page", "width", "height", "scheme"), WINDOWS, ids=[each[0] for each in WINDOWS])
def test_every_kind_of_page_has_its_picture(
    browser: Browser, request: pytest.FixtureRequest, name: str, page: str, width: int, height: int, scheme: Scheme
) -> None:
    site: str = request.getfixturevalue("large" if page in LARGE else "shipped")
    size: ViewportSize = {"width": width, "height": height}
    window = browser.new_page(viewport=size, reduced_motion="reduce", color_scheme=scheme, locale="zh-CN")
    language = "/en" if name.endswith("-en") else ""
    answer = window.goto(site + language + (PAGES | LARGE)[page], wait_until="networkidle")
    assert answer is not None and answer.ok
    picture = Image.open(io.BytesIO(window.screenshot())).convert("RGB")
    window.close()
    assert picture.size == (width, height)
    assert len(picture.getcolors(1 << 24) or ()) > FEWEST, "something is shown"
    if folder := os.environ.get(FOLDER):
        palette = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        palette.save(Path(folder) / f"{name}.png", optimize=True)
