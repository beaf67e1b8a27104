"""What scripts add, each in a real browser: suggestions, steps, contents, copying, pictures, spans of years."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.reader import Reader, reading
from tests.browser.serving import HAIDIAN

REPORT = f"/reports/{HAIDIAN}/2016"


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    with reading(browser, site) as somebody:
        yield somebody


def test_a_suggestion_is_taken_by_keys_alone(reader: Reader) -> None:
    reader.open("/")
    box, options = reader.page.get_by_role("combobox").first, reader.page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("微信 baomi")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    with reader.going():
        box.press("Enter")
    assert reader.page.locator("#q").input_value().startswith("微信 "), "what stood before it is kept"
    assert "保密" in reader.page.locator("#q").input_value()


def test_an_agency_and_a_year_open_the_report(reader: Reader) -> None:
    reader.open("/en/")
    box, options = reader.page.get_by_role("combobox").first, reader.page.get_by_role("option")
    box.press_sequentially("海淀区城市管理 2016")
    expect(options.first).to_contain_text("2016")
    box.press("ArrowDown")
    with reader.going():
        box.press("Enter")
    assert reader.page.url.endswith(f"/en{REPORT}")


@pytest.mark.parametrize(
    ("number", "path", "reason"),
    [(0, f"/agencies/{HAIDIAN}", "an agency opens its page"), (1, "/search?q=agency", "the second line searches it")],
)
def test_an_agency_opens_its_page_or_is_searched(reader: Reader, number: int, path: str, reason: str) -> None:
    reader.open("/")
    box, options = reader.page.get_by_role("combobox").first, reader.page.get_by_role("option")
    box.press_sequentially("海淀区城市管理")
    expect(options.nth(1)).to_have_text("在该机关的报告中检索")
    with reader.going():
        options.nth(number).click()
    assert path in reader.page.url


def test_suggestions_go_away_and_the_text_stays(reader: Reader) -> None:
    reader.open("/")
    box = reader.page.get_by_role("combobox").first
    box.press_sequentially("baomi")
    expect(reader.page.get_by_role("listbox").first).to_be_visible()
    box.press("Escape")
    expect(reader.page.get_by_role("listbox").first).to_be_hidden()
    assert box.input_value() == "baomi"


def test_moving_the_caret_closes_the_suggestions_of_another_word(reader: Reader) -> None:
    reader.open("/")
    box = reader.page.get_by_role("combobox").first
    box.press_sequentially("baomi")
    expect(reader.page.get_by_role("listbox").first).to_be_visible()
    box.press("ArrowLeft")
    expect(reader.page.get_by_role("listbox").first).to_be_hidden()


@pytest.mark.parametrize(
    ("typed", "back", "becomes", "reason"),
    [
        ("微信 “baomi", 0, '微信 "保密审查"', "a quotation that is open is closed"),
        ('"baomi" 微信', 4, '"保密审查" 微信', "one that is closed already is not closed twice"),
        ("-baomishencha", 0, '-"保密审查"', "a sign before the word is kept"),
        ("baoms", 0, '"保密审查"', "a word becomes exactly these characters"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_what_is_taken_is_what_was_offered(reader: Reader, typed: str, back: int, becomes: str, reason: str) -> None:
    reader.open("/")
    box, options = reader.page.get_by_role("combobox").first, reader.page.get_by_role("option")
    box.press_sequentially(typed[:-back] if back else typed)
    if back:
        box.press_sequentially(typed[-back:])
        for _ in range(back):
            box.press("ArrowLeft")
        box.press("ArrowDown")  # asks, where nothing is typed
    wanted = options.filter(has_text="原文").filter(has_text=re.compile("^保密审查原文"))
    expect(wanted).to_be_visible()
    if "“" in typed or typed.startswith('"'):
        # Only phrases fit inside a quotation; the list of the query before may still be there for a moment.
        expect(options.filter(has_not_text=re.compile("原文 *·"))).to_have_count(0)
    promised = int("".join(filter(str.isdigit, wanted.inner_text())))
    with reader.going():
        wanted.click()
    assert reader.page.locator("#q").input_value() == becomes, reason
    if becomes == '"保密审查"':
        assert reader.numbers(".totals b[data-of=sections]")[0] == promised, "what is offered counts what it finds"


def test_an_agency_is_looked_up_as_one_types(reader: Reader) -> None:
    reader.open("/agencies")
    box = reader.page.get_by_label("机关名称")
    with reader.page.expect_response(lambda response: "haidian" in response.url):  # the answer to the last letter
        box.press_sequentially("haidian")
    expect(reader.page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    with reader.going():
        box.press("Enter")
    assert reader.page.url.endswith(f"/agencies/{HAIDIAN}")


def test_hits_are_stepped_through_and_the_contents_follow(reader: Reader) -> None:
    reader.open(f"{REPORT}?q=公开")
    page, last = reader.page, reader.page.locator("mark[id]").count()
    for key, number in (("n", 1), ("n", 2), ("p", 1), ("p", last)):
        page.keyboard.press(key)
        assert page.url.endswith(f"#hit-{number}")
        expect(page.locator(f"#hit-{number}")).to_be_in_viewport()
        expect(page.locator(".stepper output")).to_have_text(f"{number} / {last}")
    section = page.locator(".part").filter(has=page.locator(f"#hit-{last}")).get_attribute("id")
    expect(page.locator(f".contents a[href='#{section}']")).to_have_attribute("aria-current", "location")
    page.locator("#q").focus()
    page.keyboard.press("n")
    assert page.url.endswith(f"#hit-{last}"), "a letter typed into a field is a letter"


def test_a_reference_and_the_address_of_a_paragraph_are_copied(reader: Reader) -> None:
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.open(REPORT)
    page = reader.page
    reference = page.locator(".reference").first.inner_text().removeprefix("复制").strip()
    page.get_by_role("button", name="复制", exact=True).first.click()
    expect(page.get_by_role("button", name="已复制", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == reference
    page.locator("#preface .prose a.here").first.click(force=True)
    assert page.evaluate("navigator.clipboard.readText()") == page.url and "#p1-" in page.url


def test_lines_are_drawn_over_their_svg_and_a_point_opens_its_hits(reader: Reader) -> None:
    reader.open("/trends?q=政务公开&q=微信")
    page = reader.page
    expect(page.locator(".chart.drawn canvas")).to_be_visible()
    place, over = (page.locator(selector).bounding_box() for selector in (".chart svg", ".chart canvas"))
    assert place and over and abs(place["width"] - over["width"]) <= 1 and abs(place["y"] - over["y"]) <= 1
    point = page.locator(".plot a[data-year='2018'] .dot").first
    point.scroll_into_view_if_needed()
    dot = point.bounding_box()
    assert dot is not None
    with reader.going():
        page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    assert "year=2018" in page.url and page.locator(".hit").count() > 0


def test_years_dragged_over_are_a_span(reader: Reader) -> None:
    reader.open("/search?q=政务公开")
    page = reader.page
    expect(page.locator(".bars.drawn canvas")).to_be_visible()
    first, last = (page.locator(f".bars li[data-year='{year}'] button") for year in (2014, 2016))
    first.hover()
    page.mouse.down()
    last.hover()
    with reader.going():
        page.mouse.up()
    assert page.url.endswith("year=2014..2016") and "without" not in page.url
    assert [bar.get_attribute("data-year") for bar in page.locator(".bars li:has([aria-pressed=true])").all()] == [
        "2014",
        "2015",
        "2016",
    ]


def test_the_advanced_form_writes_its_query_as_it_is_filled_in(reader: Reader) -> None:
    reader.open("/search/advanced")
    page = reader.page
    query = page.locator("#written code")
    page.locator("#exact").fill("保密审查")
    expect(query).to_have_text('"保密审查"')
    page.locator("#from").fill("14")
    expect(page.locator("#from-mistake")).to_be_visible()
    assert not query.count()
    page.locator("#from").fill("2014")
    expect(query).to_contain_text("2014..")
    expect(page.locator(".mistake")).to_have_count(0)
    assert "from=2014" in page.url, "the address holds the fields"
    page.locator("#row").select_option("requests.new")
    offered = page.locator("#column optgroup:not([disabled])")
    expect(offered).to_have_count(1)
    page.locator("#row").select_option("")
    expect(page.locator("#written button")).to_be_visible()
    with reader.going():
        page.locator("#written button").click()
    asked = page.locator("#q").input_value()
    assert asked.startswith('"保密审查" ') and asked.endswith(":2014..")
    assert page.locator(".hit").count() > 0


@pytest.mark.parametrize("scripts", [True, False])
def test_the_offer_of_english_is_dismissed(browser: Browser, site: str, scripts: bool) -> None:  # noqa: FBT001
    context = browser.new_context(locale="en-US", java_script_enabled=scripts)
    try:
        page = context.new_page()
        page.goto(f"{site}/")
        offer = page.locator(".offer")
        expect(offer).to_be_visible()
        offer.get_by_text("Dismiss").click()
        expect(offer).to_be_hidden()
        page.goto(f"{site}/help")
        expect(offer).to_have_count(0 if scripts else 1)
    finally:
        context.close()


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("history", {"href": "/search?q=公开", "query": "公开", "at": "2026-01-01T00:00:00Z"}),
        ("basket", {"item": f"{HAIDIAN}/2016", "href": REPORT, "title": "海淀", "on": "2026-01-01"}),
    ],
)
def test_a_list_of_what_the_browser_keeps_does_not_move_the_page(
    reader: Reader, name: str, entry: dict[str, str]
) -> None:
    """The page is first shown with the list, however late its script comes."""

    def late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    reader.page.add_init_script(f"localStorage.setItem('gongkai.{name}', JSON.stringify({[entry] * 30}))")
    reader.page.route(f"**/{name}.js", late)
    reader.open(f"/{name}")
    expect(reader.page.locator(f".own-{name} li")).to_have_count(30)
    reader.page.wait_for_timeout(300)  # a shift is reported after the frame that shows it
    assert reader.faults == []
