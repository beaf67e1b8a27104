"""Pictures of the pages for the README: `make pictures`, looked at and committed by whoever changed a page."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.reader import NARROW, WIDE
from tests.browser.serving import CORPUS, HAIDIAN, SWITCHES, chromium, gongkai, serving

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
REPORT = f"/reports/{HAIDIAN}"
PAGES = {
    "home": "/",
    "search": '/search?q="保密审查"',
    "concordance": "/concordance?q=应公开尽公开&sort=right",
    "trends": "/trends?q=微博&q=微信",
    "report": f"{REPORT}/2016?q=保密审查",
    "compare": f"/compare/{HAIDIAN}/2016/2017",
    "figures": "/figures",
    "coverage": "/coverage",
}
WINDOWS: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "": (WIDE, 800, "light"),
    "-dark": (WIDE, 800, "dark"),
    "-phone": (NARROW, 720, "light"),
}
IN_EVERY_WINDOW = ("report",)
COLOURS = 64
"""Text on paper has few: a palette makes a picture four times smaller, and nobody sees it."""


def main() -> None:
    """Serves the corpus that ships and writes a picture of each page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for command in (("add", CORPUS), ("index",)):
            subprocess.run(gongkai(home, *command), check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with serving(home) as site:
            _take(site)


def _take(site: str) -> None:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=SWITCHES) as browser,
    ):
        for suffix, (width, height, scheme) in WINDOWS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.emulate_media(color_scheme=scheme)
            for name in IN_EVERY_WINDOW if suffix else PAGES:
                page.goto(site + PAGES[name], wait_until="networkidle")
                _write(FOLDER / f"{name}{suffix}.png", page.screenshot())


def _write(path: Path, screenshot: bytes) -> None:
    Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(f"{path.stat().st_size / 1000:5.0f} kB  {path.name}")


if __name__ == "__main__":
    main()
