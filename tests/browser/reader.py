"""Somebody at a screen: one window on the site, what can be done in it, and what went wrong in it."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

import webui
from archive.errors import Language

WIDE, NARROW = 1280, 360
"""Widths of a window, in CSS pixels: a desk, a small telephone."""
HEIGHT = 800
SHIFT = 0.05
"""The smallest layout shift that counts. Web Vitals calls 0.1 of a page good; a busy machine paints in more steps."""
# Layout shifts after the first paint, without those within half a second of an action.
SHIFTS = """new PerformanceObserver(list => list.getEntries()
    .filter(each => !each.hadRecentInput && matchMedia('screen').matches)
    .forEach(each => shifted(each.value,
        each.sources.map(({node}) => (node?.outerHTML ?? node?.data ?? '').slice(0, 99))))
).observe({ type: 'layout-shift', buffered: true })"""
ENGLISH = gettext.translation("messages", Path(webui.__file__).parent / "translations", ["en"])


@dataclass
class Reader:
    """One window. `faults` gathers what no page may do: speak to another host, complain, scroll sideways, move."""

    page: Page
    site: str
    language: Language = "zh"
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._complained)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.expose_function("shifted", self._shifted)
        self.page.add_init_script(SHIFTS)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"{self.page.url} asks {request.url}")

    def _complained(self, message: ConsoleMessage) -> None:
        # A page that says what went wrong has the status of what went wrong, and the browser repeats it.
        about_itself = message.location["url"] == self.page.url and "the server responded with a status" in message.text
        if message.type in ("error", "warning") and not about_itself:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _shifted(self, much: float, nodes: list[str]) -> None:
        if much >= SHIFT:
            self.faults.append(f"{self.page.url} moved by {much:.4f}: {' | '.join(nodes)}")

    def says(self, text: str, **values: object) -> str:
        """A text of the interface, in this reader's language."""
        said = text if self.language == "zh" else ENGLISH.gettext(text)
        return said % values if values else said

    def open(self, address: str) -> None:
        """Goes to an address of the site, in this reader's language."""
        self.page.goto(f"{self.site}{'' if self.language == 'zh' else '/en'}{address}")
        self._look()

    def resize(self, width: int) -> None:
        """Makes the window that wide, in CSS pixels, with the page that is in it."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self._look()

    def follow(self, link: str | Locator) -> None:
        """Goes where a link leads: the first one of that very text, or the one given."""
        found = self.page.get_by_role("link", name=link, exact=True).first if isinstance(link, str) else link
        with self.going():
            found.click()

    @contextmanager
    def going(self) -> Iterator[None]:
        """What is done here leads to another page."""
        with self.page.expect_navigation():
            yield
        self._look()

    def save(self, link: str | Locator) -> bytes:
        """The file that a link saves."""
        found = self._named(link) if isinstance(link, str) else link
        with self.page.expect_download() as saved:
            found.click()
        return Path(saved.value.path()).read_bytes()

    def _named(self, name: str) -> Locator:
        """The first link or button of that very name."""
        link, button = (self.page.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        return link.or_(button).first

    def numbers(self, selector: str) -> list[int]:
        """The numbers that stand there; blanks and thousands separators are no part of them."""
        texts = self.page.locator(selector).all_inner_texts()
        return [int(digits) for text in texts if (digits := text.replace(",", "").strip()).isdecimal()]

    def _look(self) -> None:
        """Compares the page with the window: text that is wider has to be scrolled at every line."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        needed = self.page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            self.faults.append(f"{self.page.url} needs {needed} pixels, the window has {width}")


@contextmanager
def reading(
    browser: Browser, site: str, language: Language = "zh", width: int = WIDE, *, scripts: bool = True
) -> Iterator[Reader]:
    """A reader with a window, closed again afterwards; whoever has faults at its end fails."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        is_mobile=width == NARROW,
        has_touch=width == NARROW,
        java_script_enabled=scripts,
        reduced_motion="reduce",
        locale={"zh": "zh-CN", "en": "en"}[language],
    )
    context.set_default_timeout(30_000)  # milliseconds
    try:
        reader = Reader(context.new_page(), site, language)
        yield reader
        assert not reader.faults, "\n".join(reader.faults)
    finally:
        context.close()
