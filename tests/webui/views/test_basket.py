"""`/basket` and `/history`: the items of an address as a page, CSV and RIS; what the pages say without scripts."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from indexer.index import open_index
from tests.webui.html import soup, text
from webui.params.basket_params import MOST_KEPT

REPORT = "yunxi-shui-wu-ju/2016"
SECTION = f"{REPORT}/overview"
FIGURE = f"{REPORT}/series.received"
ITEMS = f"item={REPORT}&item={SECTION}&item={FIGURE}&item=yunxi-shui-wu-ju/1999"


def rows(client: FlaskClient, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/basket.csv?{query}").text.removeprefix("\ufeff"))))


def test_a_shared_basket_needs_no_script(client: FlaskClient) -> None:
    page = soup(client, f"/basket?{ITEMS}")
    lines = page.select(".kept-list li")
    assert [line.select_one(".kind").get_text() for line in lines] == ["报告", "章节", "统计数据", "报告"]  # type: ignore[union-attr]
    links = [str(link["href"]) for line in lines for link in line.select("a")]
    assert links == [f"/reports/{REPORT}", f"/reports/{REPORT}#overview", f"/reports/{REPORT}"]
    assert all(client.get(link.partition("#")[0]).status_code == 200 for link in links)
    assert "没有收录" in lines[-1].get_text(), "an item that another archive has"
    exports = {link.get_text(): str(link["href"]) for link in page.select(".exports a")}
    assert client.get(exports["CSV"]).mimetype == "text/csv"
    assert client.get(exports["RIS"]).mimetype == "application/x-research-info-systems"


def test_csv_has_a_row_for_each_item(client: FlaskClient) -> None:
    found = rows(client, ITEMS)
    assert [(row["item"], row["kind"], row["held"]) for row in found] == [
        (REPORT, "report", "yes"),
        (SECTION, "section", "yes"),
        (FIGURE, "figure", "yes"),
        ("yunxi-shui-wu-ju/1999", "report", "no"),
    ]
    assert found[1]["section"] == "overview" and found[1]["url"].endswith("#overview")
    assert found[2]["figure"] and found[2]["value"]
    assert {row["sha256"] for row in found[:3]} == {found[0]["sha256"]} != {""}


def test_ris_cites_each_report_and_section_once(client: FlaskClient) -> None:
    both = client.get(f"/basket.ris?item={REPORT}&item={FIGURE}&item={SECTION}&item=yunxi-shui-wu-ju/1999").text
    assert both.count("TY  -") == both.count("ER  -") == 2, "a figure is cited by its report"
    one = client.get(f"/reports/{REPORT}/cite.ris").text
    assert one.strip() in both


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/basket.csv", 400, "nothing to export"),
        ("/basket?item=nothing", 400, "no report"),
        (f"/basket?item={REPORT}/a/b", 400, "too many parts"),
        (f"/basket?item={REPORT}/requests.nosuch.total", 400, "no such figure"),
        (f"/basket?item={REPORT}/nosuch", 200, "a section of another version"),
        ("/basket?item=%3Cscript%3E/1", 200, "shown as text"),
        ("/basket?" + "&".join(f"item=a/{n}" for n in range(MOST_KEPT + 1)), 400, "bounded"),
        (f"/basket?item={'a' * 300}/1", 400, "bounded"),
        ("/basket.json", 404, "no such format"),
    ],
)
def test_items_are_checked(client: FlaskClient, path: str, status: int, reason: str) -> None:
    response = client.get(path)
    assert response.status_code == status, reason
    assert "<script>/1" not in response.text


@pytest.mark.parametrize("path", ["/basket", "/history", "/en/basket", "/en/history"])
def test_without_scripts_the_pages_say_so(client: FlaskClient, path: str) -> None:
    page = soup(client, path)
    assert text(page, ".needs-script")
    assert all(each.has_attr("hidden") for each in page.select(".own-basket, .own-history, .no-items"))


def test_reports_and_hits_name_their_items(client: FlaskClient, home: Path) -> None:
    page = soup(client, f"/reports/{REPORT}")
    items = {str(each["data-basket"]) for each in page.select("[data-basket]")}
    assert {REPORT, SECTION, FIGURE} <= items
    assert {row["held"] for row in rows(client, "&".join(f"item={item}" for item in items))} == {"yes"}
    found = soup(client, "/search?q=公开").select(".hit [data-basket]")
    assert len(found) == len(soup(client, "/search?q=公开").select(".hit"))
    assert rows(client, f"item={found[0]['data-basket']}")[0]["kind"] == "section"
    assert page.select_one("#basket-names")["data-most"] == str(MOST_KEPT)  # type: ignore[index]
    assert f"最近 {MOST_KEPT} 次检索" in soup(client, "/history").get_text()
    assert soup(client, "/search?q=公开").select_one("[data-asked]")["data-most"] == str(MOST_KEPT)  # type: ignore[index]


def test_a_search_can_be_followed(client: FlaskClient, home: Path) -> None:
    page = soup(client, "/search?q=公开&year=2016&page=2")
    address = text(page, ".follow pre").removeprefix("http://localhost")
    assert address == "/feed.atom?q=公开&year=2016"
    assert client.get(address).mimetype == "application/atom+xml"
    assert str(page.select_one(".follow a")["href"]) == address  # type: ignore[index]
    assert open_index(home).as_of.reports


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            "/reports/yunxi-shui-wu-ju/2022",
            ["requests.new.total", "review.reconsideration.upheld", "requests.refused.total"],
        ),
        ("/figures?table=requests&agency=yunxi-shui-wu-ju", ["requests.new.total", "requests.refused.total"]),
        ("/figures?table=series&agency=yunxi-shui-wu-ju", ["series.received", "series.lawsuits"]),
        ("/figures?table=prose&agency=yunxi-shui-wu-ju", ["prose.requests_received"]),
    ],
)
def test_cells_of_tables_name_their_figures(client: FlaskClient, path: str, names: list[str]) -> None:
    page = soup(client, path)
    items: dict[str, str] = {}
    for table in page.select("[data-basket-cells]"):
        for cell in table.select("td[data-figure]"):
            item = f"{table['data-basket-cells']}{cell['data-figure']}"
            shown = next(cell.stripped_strings)
            assert items.setdefault(item, shown) == shown, "a total that is twice in the table is one item"
    assert set(names) <= {item.split("/")[2] for item in items}
    asked = [*items]
    found = [
        row
        for start in range(0, len(asked), 100)
        for row in rows(client, urlencode([("item", each) for each in asked[start : start + 100]]))
    ]
    assert {(row["kind"], row["held"]) for row in found} == {("figure", "yes")}
    for row in found:
        if row["value"].isdecimal():
            assert items[row["item"]].replace(",", "") == row["value"], row["item"]
    assert page.select_one("#basket-names[data-pick]") and page.select(".pick-cells")


def test_measures_are_no_figures_of_a_report(client: FlaskClient) -> None:
    assert not soup(client, "/figures?table=measures").select("td[data-figure]")
