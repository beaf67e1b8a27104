"""What only an eye would notice: what is there in the page and cannot be seen, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.reader import Reader, reading

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
