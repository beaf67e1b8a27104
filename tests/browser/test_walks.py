"""Two readers walk through the site, in each language, with and without scripts, at a desk and on a telephone."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from itertools import product
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from archive.errors import Language
from tests.browser.reader import NARROW, WIDE, Reader, reading
from tests.browser.serving import HAIDIAN
from webui.views.concordance import PAGE_SIZE

PHRASE = '"保密审查"'
WAYS = list(product(("zh", "en"), (True, False), (WIDE, NARROW)))
# What a journalist may type for one report: one of them on each way through the site.
TYPED = dict(
    zip(
        WAYS,
        (
            "海淀 2022",
            "2022 海淀城管",
            "海淀区城市管理指挥中心2022年报告",
            "haidian 2022",
            "《海淀区城市管理指挥中心2022年政府信息公开工作年度报告》",
            "海淀城市管理指挥中心 ２０２２年",
            "Haidian 2022 annual report",
            "海淀区城市管理指挥中心二〇二二年年报",
        ),
        strict=True,
    )
)


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{'scripts' if way[1] else 'plain'}-{way[2]}")
def reader(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Reader]:
    language: Language
    language, scripts, width = request.param
    with reading(browser, site, language, width, scripts=scripts) as somebody:
        yield somebody


def rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def test_a_researcher_counts_a_phrase_and_cites_a_report(reader: Reader) -> None:
    page = reader.page
    reader.open("/")
    page.locator("form[role=search] input[name=q]").first.fill(PHRASE)
    with reader.going():
        page.keyboard.press("Enter")
    occurrences, sections, reports = reader.numbers(".totals b")[:3]
    assert sections >= reports > 0 and occurrences >= sections, "a section has the phrase once at least"

    facet = page.locator("#facets button").first
    promised = int(facet.locator(".count").inner_text())
    reader.follow(facet)
    assert reader.numbers(".totals b[data-of=sections]")[0] == promised, "a facet counts what it leads to"
    reader.follow(page.locator(".chips button").first)
    assert reader.numbers(".totals b")[:3] == [occurrences, sections, reports], "lifted again"
    assert len(rows(reader.save("CSV"))) == sections

    bar = page.locator(".bars button").last
    promised = int(bar.locator(".count").inner_text())
    reader.follow(bar)
    assert reader.numbers(".totals b[data-of=reports]")[0] == promised, "a bar counts the reports that it leads to"
    reader.follow(page.locator(".chips button").first)

    reader.follow(reader.says("逐条语境"))
    assert page.locator(".kwic tbody tr").count() == min(occurrences, PAGE_SIZE)
    lines = rows(reader.save("CSV"))
    assert len(lines) == occurrences and {line["hit"] for line in lines} == {"保密审查"}

    reader.follow(reader.says("历年趋势"))
    reader.follow(reader.says("列出全部指标"))
    counted = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=reader.says("频次"), exact=True))
    assert sum(int(text) for text in counted.get_by_role("cell").all_inner_texts() if text.isdecimal()) == occurrences

    for _ in range(3):
        page.go_back()
    reader.follow(page.locator(".cite-count"))
    stated = page.locator(".provenance dd b").inner_text()
    for count in (sections, reports, occurrences):
        assert str(count) in re.findall(r"\d+", stated), "the citation states what the search counted"
    reference = page.locator("pre.reference").first.inner_text()
    address = page.locator(".provenance a").first.inner_text()
    assert "保密审查" in reference and address.startswith("http")
    assert reader.save(page.locator("a.save").first).strip(), "the reference is a file, too"
    with ZipFile(io.BytesIO(reader.save(reader.says("下载 ZIP")))) as snapshot:
        deposited = [len(rows(snapshot.read(name))) for name in sorted(snapshot.namelist()) if name.endswith(".csv")]
    assert deposited == [occurrences, sections], "concordance.csv and hits.csv have what the search counted"
    cited = re.sub(r"^https?://[^/]+(/en)?", "", address)
    reader.open(re.sub(r"cited=\w+:\d+", f"cited={'0' * 12}:{occurrences - 3}", cited))
    expect(page.locator(".cited tbody tr").first.get_by_role("cell")).to_have_text(
        [f"{occurrences - 3}", f"{occurrences}", "+3"]
    )
    reader.open(cited)
    assert reader.numbers(".totals b")[:3] == [occurrences, sections, reports]
    expect(page.locator(".cited")).to_be_visible()
    expect(page.locator(".cited table")).to_have_count(0)

    reader.follow(page.locator(".hit h2 a").first)
    expect(page.locator("main mark").first).to_have_text("保密审查")
    title = page.get_by_role("heading", level=1).inner_text()
    reference = reader.save("RIS").decode()
    assert title in reference and reference.startswith("TY  - "), "what is cited is what is read"


def test_a_journalist_types_an_agency_and_a_year(reader: Reader, request: pytest.FixtureRequest) -> None:
    """The report, its five numbers, what changed, the original, and what can be shown of its origin."""
    page = reader.page
    reader.open("/")
    page.locator("form[role=search] input[name=q]").first.fill(TYPED[request.node.callspec.params["reader"]])
    with reader.going():
        page.keyboard.press("Enter")
    reader.follow(page.locator(".named .asked").first)
    assert page.url.endswith(f"/{HAIDIAN}/2022")

    numbers = page.locator(".key-figures dd")
    expect(numbers).to_have_count(5)
    received = int(numbers.first.locator("a").inner_text().replace(",", ""))
    cells = page.locator(".statutory.requests tbody tr").first.get_by_role("cell")
    narrow = page.viewport_size is not None and page.viewport_size["width"] == NARROW
    total = cells.first if narrow else cells.last
    assert int(total.inner_text()) == received, "the strip states what the table states"
    expect(total).to_be_visible()

    reader.follow(page.locator("p.since a").first)
    assert "since=2021" in page.url
    expect(page.locator(".legend").first).to_be_visible()

    reader.follow(reader.says("查看原件"))
    expect(page.locator(".source-lines .in").first).to_be_in_viewport()
    reader.follow(page.locator(".title .where a"))
    part = page.locator(".part").last
    heading = part.locator("h2").inner_text()
    reader.follow(part.locator(".alike a").first)
    marked = page.locator(".source-lines .in").first
    expect(marked).to_be_in_viewport()
    assert marked.inner_text().strip() == heading.strip(), "the section is marked from its heading on"

    sha256 = page.locator(".provenance .code").inner_text()
    command = page.locator("pre.reference").inner_text()
    original = reader.save(reader.says("下载原件"))
    assert hashlib.sha256(original).hexdigest() == sha256 and sha256 in command, "what is checked is what was read"
    expect(page.locator(".provenance dt").get_by_text(reader.says("抓取日期"), exact=True)).to_be_visible()


def test_an_original_page_is_beside_its_text(browser: Browser, original_site: str) -> None:
    """A frame that runs nothing, with the section in sight; without scripts, the same by a link."""
    for scripts, width in product((True, False), (WIDE, NARROW)):
        with reading(browser, original_site, width=width, scripts=scripts) as reader:
            page = reader.page
            reader.open(f"/reports/{HAIDIAN}/2014")
            reader.follow(page.locator("#review .alike a").first)
            expect(page.frame_locator("iframe.original").locator("mark")).to_have_text("六、行政复议和行政诉讼情况")
            assert page.frame_locator("iframe.original").locator("script, a, img").count() == 0
            if not scripts:
                reader.follow(reader.says("单独打开，并定位到标记处"))
                expect(page.locator("mark")).to_be_in_viewport()
            else:
                expect(page.frame_locator("iframe.original").locator("mark")).to_be_in_viewport()


def test_a_journalist_finds_an_agency_a_year_a_figure(reader: Reader) -> None:
    page = reader.page
    reader.open("/")
    reader.follow(reader.says("机关名录"))
    page.get_by_label(reader.says("机关名称")).fill("haidian")
    with reader.going():
        page.get_by_role("button", name=reader.says("查找"), exact=True).click()
    name = page.locator(f"main a[href$='{HAIDIAN}']").inner_text()
    reader.follow(name)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    reader.follow(page.locator("main li a").filter(has_text=re.compile("2021年")).first)
    assert "2021" in page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#requests table").first).to_be_visible()
    original = reader.save(reader.says("下载原件"))
    assert hashlib.sha256(original).hexdigest() == page.locator("#provenance .code").inner_text(), "the very bytes"

    reader.follow(reader.says("两年对照"))
    assert page.url.endswith("/2020/2021")
    expect(page.locator("#figures table").first).to_be_visible()
    page.get_by_label(reader.says("较早的年份")).select_option("2016")
    page.get_by_label(reader.says("较晚的年份")).select_option("2017")
    with reader.going():
        page.get_by_role("button", name=reader.says("对照"), exact=True).click()
    assert page.url.endswith("/2016/2017")
    expect(page.locator(".share")).to_contain_text(re.compile(r"\d+\s*%"))

    reader.follow(reader.says("统计数据"))
    reader.open(f"/figures?table=requests&row=new&column=total&agency={HAIDIAN}")
    shown = [int(text) for text in page.locator("tbody tr td a").all_inner_texts() if text.isdecimal()]
    saved = [int(row["value"]) for row in rows(reader.save("CSV"))]
    assert shown == saved and shown, "the page and the file say the same"
