"""What a reader keeps in the browser: a basket and the history of searches, which no request contains."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.reader import Reader, reading
from tests.browser.serving import HAIDIAN

REPORT = f"/reports/{HAIDIAN}/2016"


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site) as somebody:
        yield somebody


def test_items_are_kept_listed_and_exported(reader: Reader, site: str) -> None:
    reader.open(REPORT)
    add = reader.page.locator(".facts .keep")
    add.click()
    expect(add).to_have_attribute("aria-pressed", "true")
    reader.page.locator(".alike .keep").first.click()
    reader.page.locator(".key-figures .keep").first.click()
    reader.open("/basket")
    lines = reader.page.locator(".own-basket li")
    expect(lines).to_have_count(3)
    expect(reader.page.locator(".needs-script")).to_have_count(0)
    links = {
        name: str(reader.page.locator(".own-basket a[data-export]", has_text=name).get_attribute("href"))
        for name in ("CSV", "RIS", "网址")
    }
    with urlopen(f"{site}{links['CSV']}") as file:  # noqa: S310 (our own site)
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))
    assert [row["kind"] for row in rows] == ["report", "section", "figure"]
    assert {row["held"] for row in rows} == {"yes"}
    reader.open(links["网址"])
    expect(reader.page.locator(".kept-list li")).to_have_count(3)
    reader.open("/basket")
    lines.first.get_by_role("button").click()
    expect(lines).to_have_count(2)
    reader.page.locator(".clear").click()
    expect(reader.page.locator(".no-items")).to_be_visible()
    reader.open(REPORT)
    expect(add).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("address", "figures", "title"),
    [
        (
            f"/reports/{HAIDIAN}/2022",
            ".requests",
            r"2022年政府信息公开工作年度报告 · 一、本年新收政府信息公开申请数量 · 自然人$",
        ),
        ("/figures?table=series", ".series", r"^.+ · 收到申请 · \d{4}$"),
    ],
)
def test_figures_of_a_table_are_picked(reader: Reader, address: str, figures: str, title: str) -> None:
    reader.open(address)
    table = reader.page.locator(figures)
    cells = table.locator("td .keep:visible")
    expect(cells).to_have_count(0)
    pick = table.locator(".pick-cells button")
    pick.click()
    cells.first.click()
    expect(cells.first).to_have_attribute("aria-pressed", "true")
    pick.click()
    expect(cells).to_have_count(0)
    reader.open("/basket")
    line = reader.page.locator(".own-basket li a")
    expect(line).to_have_text(re.compile(title))
    expect(line).to_have_attribute("href", re.compile(rf"^/reports/{HAIDIAN}/\d{{4}}#"))
    reader.open(address)
    pick.click()
    expect(cells.first).to_have_attribute("aria-pressed", "true")


def test_a_shared_basket_is_taken_over(reader: Reader) -> None:
    reader.open(f"/basket?item={HAIDIAN}/2016&item={HAIDIAN}/2017")
    with reader.going():
        reader.page.locator("[data-basket-all]").click()
    expect(reader.page.locator(".own-basket li")).to_have_count(2)


@pytest.mark.parametrize(
    "stored",
    ["no JSON", '"text"', '[{"item": "a/1", "title": "x", "href": "javascript:alert(1)"}]', '[null, {"item": 1}]'],
)
def test_a_damaged_basket_is_empty(reader: Reader, stored: str) -> None:
    reader.open("/basket")
    reader.page.evaluate("text => localStorage.setItem('gongkai.basket', text)", stored)
    reader.open("/basket")
    expect(reader.page.locator(".no-items")).to_be_visible()


def test_searches_are_remembered_and_deleted(reader: Reader) -> None:
    for path in ("/search?q=微博", "/trends?q=公开&q=微博", "/search?q=微博&page=2", REPORT):
        reader.open(path)
    reader.open("/history")
    lines = reader.page.locator(".own-history li")
    expect(lines).to_have_count(2)
    expect(lines.locator("a")).to_have_text(["微博", "公开 · 微博"])
    expect(lines.first.locator("a")).to_have_attribute("href", re.compile(r"^/search\?q=[^&]+$"))
    lines.first.get_by_role("button").click()
    expect(lines).to_have_count(1)
    reader.page.locator(".own-history input").uncheck()
    reader.open("/search?q=舆情")
    reader.open("/history")
    expect(lines).to_have_count(1)
    expect(reader.page.locator(".own-history input")).not_to_be_checked()
    reader.page.locator(".clear").click()
    expect(reader.page.locator(".no-items")).to_be_visible()


def test_only_a_picture_is_shown_in_the_frame_of_another_site(browser: Browser, site: str) -> None:
    page = browser.new_page()
    try:
        shown, refused = f"{site}/trends.svg?q=a", f"{site}/trends?q=a"
        page.set_content(f'<iframe src="{shown}"></iframe><iframe src="{refused}"></iframe>', wait_until="load")
        addresses = [frame.url for frame in page.frames[1:]]
        assert addresses == [shown, "chrome-error://chromewebdata/"]
    finally:
        page.close()
