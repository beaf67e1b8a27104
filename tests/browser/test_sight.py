"""What only an eye would notice: what is there in the page and cannot be seen, on the screen and on paper."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.reader import NARROW, WIDE, Reader, reading
from tests.browser.serving import HAIDIAN

STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site) as somebody:
        yield somebody


def test_the_place_of_a_mistake_is_seen(reader: Reader) -> None:
    reader.open("/search?q=(公开")
    place = reader.page.locator(".pointed mark")
    assert place.inner_text() == "("
    assert place.evaluate(STYLE, "opacity") == "1"


@pytest.mark.parametrize(
    ("address", "elements", "reason"),
    [
        ("/coverage", ".cell.held", "held and missing differ by their ground alone"),
        ("/search?q=微博", ".hit mark", "so do a hit and the text around it"),
    ],
    ids=["coverage", "hits"],
)
def test_paper_keeps_the_grounds_that_say_something(reader: Reader, address: str, elements: str, reason: str) -> None:
    reader.open(address)
    reader.page.emulate_media(media="print")
    element = reader.page.locator(elements).first
    assert element.evaluate(STYLE, "printColorAdjust") == "exact", reason


def test_paper_tells_a_report_held_from_one_of_tables_alone(reader: Reader) -> None:
    reader.open("/coverage")
    reader.page.emulate_media(media="print")
    held, tables = (reader.page.locator(f".picture .cell.{kind}").first for kind in ("held", "tables_only"))
    assert held.evaluate(STYLE, "background") != tables.evaluate(STYLE, "background")


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    "address",
    [
        "/search?q=微博",
        "/trends?q=公开&q=微博",
        "/figures?table=requests&row=new",
        f"/agencies/{HAIDIAN}",
        f"/reports/{HAIDIAN}/2016?q=公开",
        f"/reports/{HAIDIAN}/2022/cite",
    ],
)
def test_comforts_that_come_late_move_nothing(browser: Browser, site: str, address: str, width: int) -> None:
    with reading(browser, site, width=width) as somebody:
        somebody.page.route("**/static/*.js", _late)
        somebody.open(address)
        somebody.page.wait_for_timeout(500)  # milliseconds; what is drawn when nothing else is to do


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_button_to_copy_takes_no_room_from_the_text(browser: Browser, site: str, width: int) -> None:
    with reading(browser, site, width=width) as somebody:
        somebody.open(f"/reports/{HAIDIAN}/2022/cite")
        line = (
            "() => [...document.querySelectorAll('.reference')].map(each => { const range = document.createRange();"
            " range.selectNodeContents(each.lastChild); return range.getBoundingClientRect().toJSON(); })"
        )
        assert somebody.page.locator(".copy").count() > 1
        beside = somebody.page.evaluate(line)
        somebody.page.evaluate("document.querySelectorAll('.copy').forEach(each => each.remove())")
        assert somebody.page.evaluate(line) == beside


def _late(route: Route) -> None:
    """A script on a slow line: the page is there before it."""
    time.sleep(0.2)
    route.continue_()
