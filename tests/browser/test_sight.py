"""What only an eye would notice: what is there in the page and cannot be seen, on the screen and on paper."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from pypdfium2 import PdfDocument

from archive.errors import Language
from tests.browser.reader import NARROW, WIDE, Reader, reading
from tests.browser.serving import HAIDIAN

ONE_GRID = (
    *("/search?q=公开", "/concordance?q=公开", "/trends?q=公开", "/matrix?q=公开", "/distinctive?q=公开&year=2016"),
    *("/figures?table=requests&row=new", "/aggregates", "/figures/ranking", "/help", "/about", "/notices", "/coverage"),
    *("/agencies", f"/agencies/{HAIDIAN}", f"/reports/{HAIDIAN}/2022", f"/reports/{HAIDIAN}/2022/cite"),
    *(f"/reports/{HAIDIAN}/2016/original/lines", "/reports/yunxi-shui-wu-ju/2016/original/view"),
    *(f"/compare/{HAIDIAN}/2017/2018", "/nowhere", '/search?q="'),
)
# 'none', 'rgba(0, 0, 0, 0) 0px 0px 0px 0px inset'
NO_SHADE = re.compile(r"^none$| 0px 0px 0px 0px ")
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


def test_paper_is_light_whatever_the_screen_is(reader: Reader) -> None:
    reader.open("/search?q=微博")
    colours = {}
    for scheme in ("light", "dark"):
        reader.page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
        mark = reader.page.locator(".hit mark").first
        colours[scheme] = [mark.evaluate(STYLE, each) for each in ("color", "backgroundImage", "colorScheme")]
    assert colours["dark"] == colours["light"]


def test_paper_tells_a_report_held_from_one_of_tables_alone(reader: Reader) -> None:
    reader.open("/coverage")
    reader.page.emulate_media(media="print")
    held, tables = (reader.page.locator(f".picture .cell.{kind}").first for kind in ("held", "tables_only"))
    assert held.evaluate(STYLE, "background") != tables.evaluate(STYLE, "background")


@pytest.mark.parametrize("address", ["/trends?q=公开&q=微博", f"/agencies/{HAIDIAN}", "/matrix?q=公开"])
def test_paper_has_room_for_every_year(reader: Reader, address: str) -> None:
    reader.open(address)
    for last in reader.page.locator("thead tr > :last-child").all_inner_texts():
        assert last.strip() in paper(reader), "a column that goes over the edge is lost"


def paper(reader: Reader) -> set[str]:
    """The words that stand on the sheets of the page when it is printed, wholly inside their edges."""
    with PdfDocument(reader.page.pdf(prefer_css_page_size=True)) as document:
        return {word for sheet in document for word in sheet.get_textpage().get_text_bounded().split()}


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


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_contents_are_folded_on_a_phone_alone(browser: Browser, site: str, *, scripts: bool) -> None:
    with reading(browser, site, scripts=scripts) as somebody:
        somebody.open(f"/reports/{HAIDIAN}/2022")
        page = somebody.page
        fold, links = page.locator(".contents summary"), page.locator(".contents a")
        expect(fold).to_be_hidden()
        assert links.count() > 3 and all(link.is_visible() for link in links.all()), "at the side all is seen"
        somebody.resize(NARROW)
        expect(links.first).to_be_hidden()
        fold.press("Enter")
        expect(links.first).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        anchor = links.nth(1).get_attribute("href")
        assert anchor and page.url.endswith(anchor)
        expect(page.locator(f"{anchor} h2")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_table_that_goes_on_sideways_has_a_shade_until_its_end(browser: Browser, site: str, *, scripts: bool) -> None:
    with reading(browser, site, width=NARROW, scripts=scripts) as somebody:
        somebody.open(f"/reports/{HAIDIAN}/2022")
        tables = {
            table: table.evaluate("box => box.scrollWidth > box.clientWidth")
            for table in somebody.page.locator(".statutory .scroll").all()
        }
        assert set(tables.values()) == {True, False}, "some fit, or nothing is tested"
        for table, goes_on in tables.items():
            assert (NO_SHADE.search(table.evaluate(STYLE, "boxShadow")) is None) == goes_on
            table.evaluate("box => { box.scrollLeft = box.scrollWidth }")
            expect(table).to_have_css("box-shadow", NO_SHADE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_totals_are_the_first_column_on_a_phone_and_the_last_one_elsewhere(
    browser: Browser, site: str, language: Language, *, scripts: bool
) -> None:
    """The form prints them last, where a phone has no room. Screen readers follow the order of the page."""
    with reading(browser, site, language, scripts=scripts) as somebody:
        somebody.open(f"/reports/{HAIDIAN}/2022")
        for kind, columns in (("requests", 7), ("review", 5)):
            table = somebody.page.locator(f".statutory.{kind} .scroll")
            somebody.resize(WIDE)
            printed = _read(table)
            somebody.resize(NARROW)
            turned = _read(table)
            assert {len(row) for row in printed} == {columns}
            assert turned == [[row[-1], *row[:-1]] for row in printed], kind
            heads = table.locator("thead tr").first.get_by_role("columnheader")
            assert heads.nth(1).inner_text().strip() == somebody.says("总计"), kind
            assert heads.count() == (4 if kind == "requests" else 6), "no column twice"
            for row in table.locator("tbody tr:not(.title)").all():
                boxes = [row.get_by_role(role).first.bounding_box() for role in ("rowheader", "cell")]
                assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= NARROW for box in boxes), kind
        requests = somebody.page.locator(".statutory.requests .scroll")
        requests.evaluate("box => { box.scrollLeft = 80 }")
        label = requests.locator("tbody th[scope=row]").first.bounding_box()
        assert label is not None and label["x"] >= 0, "a number without its label tells nothing"


def _read(table: Locator) -> list[list[str]]:
    """The cells of each row that are read aloud, in their order."""
    rows = table.locator("tbody tr:not(.title)").all()
    return [[cell.inner_text() for cell in row.get_by_role("cell").all()] for row in rows]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_all_pages_have_one_left_edge_and_a_search_box(browser: Browser, site: str, width: int) -> None:
    """Reading on from page to page, nothing jumps; on a wide screen no quarter of the page stays empty."""
    edges = {}
    with reading(browser, site, width=width, scripts=False) as somebody:
        for address in ONE_GRID:
            somebody.open(address)
            assert somebody.page.locator(".top form[role=search] input[name=q]").is_visible(), address
            boxes = [
                somebody.page.locator(each).first.bounding_box()
                for each in (".brand", "main h1:not(.unseen), main > *")
            ]
            edges[address] = {round(box["x"]) for box in boxes if box}
            main = somebody.page.locator("main").bounding_box()
            assert main is not None and main["width"] > 0.9 * (width - 20), address
    assert len(set().union(*edges.values())) == 1, edges


def _late(route: Route) -> None:
    """A script on a slow line: the page is there before it."""
    time.sleep(0.2)
    route.continue_()
