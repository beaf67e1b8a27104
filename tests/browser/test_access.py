"""Every page for everybody: WCAG 2.2 AA by axe, in each language, width and scheme; the keyboard alone; 320 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.reader import NARROW, WIDE, Reader, reading
from tests.browser.serving import HAIDIAN
from webui.app import create_app

Scheme = Literal["light", "dark"]

PAGES = (
    "/",
    "/search",
    "/search?q=公开&section=overview&year=2016",
    "/search?q=没有人这样写过",
    "/search?q=公开 审查",
    "/search/advanced?all=公开&row=requests.new&number=3&section=problems",
    "/search/advanced?exact=保密审查&from=2018&to=2016",
    "/search/agency?q=公开",
    "/search/keyword?q=公开&year=2016&find=没有这样的词",
    "/concordance",
    "/concordance?q=保密审查&sort=right",
    "/trends",
    "/trends?q=公开&q=微博&q=应公开尽公开&by=share",
    "/matrix",
    "/collocates",
    "/collocates?q=公开",
    "/collocates?q=公开&by=year",
    "/concordance?q=公开&collocate=信息",
    "/distinctive",
    "/distinctive?q=公开&year=2016",
    f"/reports/{HAIDIAN}/2016/similar?section=problems",
    "/matrix?q=微博",
    f"/reports/{HAIDIAN}/2016?q=公开",
    f"/reports/{HAIDIAN}/2022",
    "/reports/yunxi-shui-wu-ju/2019?q=审核",
    f"/reports/{HAIDIAN}/2022/versions",
    f"/reports/{HAIDIAN}/2022/cite",
    "/agencies",
    "/agencies?place=北京&level=county",
    "/divisions",
    "/divisions?place=北京",
    f"/agencies/{HAIDIAN}",
    "/agencies/bai-shi-zhen",
    f"/compare/{HAIDIAN}/2017/2018",
    f"/compare/{HAIDIAN}/2019/2022?kept=no",
    "/coverage",
    "/basket",
    f"/basket?item={HAIDIAN}/2016&item={HAIDIAN}/2016/problems",
    "/history",
    "/notices",
    "/figures?table=measures",
    "/aggregates",
    "/search/cite?q=公开",
    f"/reports/{HAIDIAN}/2016/original/lines?section=problems",
    "/reports/yunxi-shui-wu-ju/2016/original/view?section=problems",
    "/figures?table=requests&row=new",
    "/figures/ranking?table=requests&row=new&year=2019",
    "/search?q=公开&group=report",
    f"/reports/{HAIDIAN}/2016?since=2015&q=公开",
    f"/reports/{HAIDIAN}/2022?since=2021",
    "/help",
    "/help/api",
    "/about",
    "/status",
)
MISTAKES = ('/search?q="', "/nowhere", "/reports/yunxi-jiao-yu-ju/1999")
NO_PAGES = {
    "machines.opensearch": "for browsers",
    "pages.api_root": "leads to the reference",
    "export.file": "a file",
    "export.feed": "a feed",
    "collocates.csv_file": "a file",
    "concordance.csv_file": "a file",
    "trends.csv_file": "a file",
    "matrix.csv_file": "a file",
    "figures.csv_file": "a file",
    "figures.codebook": "a file",
    "aggregates.csv_file": "a file",
    "divisions.csv_file": "a file",
    "agencies.csv_file": "a file",
    "coverage.csv_file": "a file",
    "coverage.notices_file": "a file",
    "citing.file": "a file",
    "counting.file": "a file",
    "counting.snapshot": "a file",
    "reports.original": "a file",
    "originals.rendering": "a frame of its page",
    "reports.text": "plain text",
    "trends.picture": "a file",
    "matrix.picture": "a file",
    "figures.picture": "a file",
    "ranking.picture": "a file",
    "aggregates.picture": "a file",
    "coverage.picture": "a file",
    "search.picture": "a file",
    "basket.file": "a file",
    "compare.choose": "leads on to a comparison",
}
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN = """options => axe.run(options).then(found => found.violations.map(each =>
    `${each.id}: ${each.help}; ` + each.nodes.slice(0, 3).map(node => node.html).join(" | ")))"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS: dict[Scheme, dict[str, object]] = {
    "light": {
        "runOnly": {"type": "tag", "values": WCAG},
        "rules": {"target-size": {"enabled": True}},  # WCAG 2.2, 2.5.8; axe leaves it off unless asked
        "resultTypes": ["violations"],
    },
    # colours are all that differs there
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}

# Each element that takes the focus: has it a ring, or what it lies in (a form around its field), and is it in sight?
WATCH = """() => { window.walked = []; document.addEventListener('focusin', ({target}) => {
    const box = target.getBoundingClientRect();
    const ringed = each => !!each && (getComputedStyle(each).outlineStyle !== 'none'
        || getComputedStyle(each).boxShadow !== 'none' || ringed(each.parentElement?.closest('form')));
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    const there = document.elementsFromPoint(...middle)[0];
    const seen = !!there && (target.contains(there) || there.contains(target));
    target.dataset.walked = 'yes';
    window.walked.push([target.outerHTML.slice(0, 120), ringed(target), seen]);
}); }"""
# What can be used at all: not hidden, not folded away, not taken out on purpose (its like stands elsewhere).
USABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex]')]
    .filter(each => each.tabIndex >= 0 && !each.disabled && each.type !== 'hidden' && each.checkVisibility())"""


@pytest.fixture(scope="module", params=["zh", "en"])
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Reader]:
    """A reader whose window has axe loaded for every page: sending it again takes longer than running it."""
    with reading(browser, site, request.param) as somebody:
        somebody.page.add_init_script(AXE)
        yield somebody


@pytest.fixture(scope="module")
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site) as somebody:
        yield somebody


def violations(page: Page, scheme: Scheme) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    found: list[str] = page.evaluate(RUN, OPTIONS[scheme])
    return found


def test_every_kind_of_page_is_looked_at(tmp_path: Path) -> None:
    routes = create_app(tmp_path).url_map
    kinds = {
        rule.endpoint.removeprefix("zh.")
        for rule in routes.iter_rules()
        if rule.endpoint.startswith("zh.") and not rule.endpoint.startswith("zh.api.")
    }
    addresses = routes.bind("localhost")
    looked_at = {addresses.match(urlsplit(page).path)[0].removeprefix("zh.") for page in PAGES}
    assert looked_at | set(NO_PAGES) == kinds and not looked_at & set(NO_PAGES)


@pytest.mark.parametrize("address", [*PAGES, *MISTAKES])
def test_wcag(visitor: Reader, address: str) -> None:
    """Each page is loaded once: narrowing the window lays it out again."""
    visitor.faults.clear()
    visitor.resize(WIDE)
    visitor.open(address)
    assert visitor.faults == []
    for width in (WIDE, NARROW):
        visitor.resize(width)
        assert {scheme: violations(visitor.page, scheme) for scheme in OPTIONS} == {scheme: [] for scheme in OPTIONS}, (
            width
        )
    # Narrowing the window moves everything; Chromium leaves that out only if it is quick about it.
    assert [fault for fault in visitor.faults if " moved by " not in fault] == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", list(OPTIONS))
def test_axe_would_say_so(visitor: Reader, scheme: Scheme, width: int) -> None:
    visitor.open("/about")
    visitor.resize(width)
    heading = visitor.page.locator("h1")
    heading.evaluate("heading => { heading.style.color = 'rgb(128 128 128 / 0.4)' }")
    assert [found.partition(":")[0] for found in violations(visitor.page, scheme)] == ["color-contrast"]


@pytest.mark.parametrize("address", [*PAGES, *MISTAKES])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(reader: Reader, address: str) -> None:
    reader.open(address)
    page = reader.page
    page.evaluate(WATCH)
    usable = page.evaluate(f"({USABLE})().length")
    for _ in range(usable + 10):  # Chromium also stops at boxes that scroll; how many do depends on the fonts
        page.keyboard.press("Tab")
    walked: list[tuple[str, bool, bool]] = page.evaluate("walked")
    missed = page.evaluate(f"({USABLE})().filter(each => !each.dataset.walked).map(each => each.outerHTML)")
    assert missed == []
    assert [html for html, ring, _ in walked if not ring] == [], "the focus has to be visible"
    assert [html for html, _, seen in walked if not seen] == [], "and nothing may lie over it"


def test_the_first_key_skips_to_the_text(reader: Reader) -> None:
    reader.open(f"/reports/{HAIDIAN}/2016")
    page = reader.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == reader.says("跳到正文")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("address", [*PAGES, *MISTAKES])
def test_a_window_of_320_pixels_need_not_be_scrolled_sideways(reader: Reader, address: str) -> None:
    """WCAG 2.1, 1.4.10: a page enlarged four times in a window of 1280 pixels."""
    reader.faults.clear()  # each page answers for itself
    reader.resize(320)
    try:
        reader.open(address)
        assert reader.faults == []
    finally:
        reader.faults.clear()
        reader.resize(WIDE)
