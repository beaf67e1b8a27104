"""`/reports/AGENCY/KEY`: the text as printed, the tables as tables, and where all of it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.errors import Language
from archive.model import Check, CheckResult, Figure, Report
from tests.webui.model_reports import ORIGINAL, PAGE, SHOWN
from webui.render.report_layout import lay_out, paragraph_anchor
from webui.render.statutory_grid import grid

WATER = "/reports/yunxi-shui-wu-ju"


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


@pytest.mark.parametrize("report", SHOWN, ids=lambda report: f"{report.agency}-{report.key}")
def test_the_text_is_there_whole_and_once(client: FlaskClient, report: Report) -> None:
    page = soup(client, f"/reports/{report.agency}/{report.key}")
    for section in report.sections:
        part = page.find(id=section.anchor)
        assert part is not None
        shown = [line.get_text(strip=True) for line in part.select("h2:not(.given), .prose > *")]
        assert "\n".join(shown) == section.text


def test_paragraphs_have_lasting_anchors(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016")
    report = next(r for r in SHOWN if r.key == "2016")
    texts = [paragraph.text for section in report.sections for paragraph in section.paragraphs]
    for number, text in enumerate(texts, 1):
        anchor = paragraph_anchor(number, text)
        assert anchor == f"p{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
        assert page.find(id=anchor).get_text(strip=True) == text  # type: ignore[union-attr]


def test_the_statutory_table_is_a_table(client: FlaskClient) -> None:
    table = soup(client, f"{WATER}/2022").select_one(".statutory.requests table")
    assert table is not None and table.caption is not None
    group = table.select_one("thead th[scope=colgroup]")
    assert group is not None and (group["colspan"], group.get_text()) == ("5", "法人或其他组织")
    assert len(table.select("tbody th[scope=row]")) == 25, "the rows of the 2021 form"
    assert all(len(row.find_all("td")) == 7 for row in table.select("tbody tr:not(.title)"))
    titles = [title.get_text() for title in table.select("th[scope=rowgroup]")]
    assert titles == ["三、本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"]
    new = table.find("th", string="一、本年新收政府信息公开申请数量").find_parent("tr")  # type: ignore[union-attr]
    assert [cell.get_text(strip=True) for cell in new.find_all("td")] == ["14", "0", "0", "0", "0", "0", "14"]  # type: ignore[union-attr]


def test_each_item_of_article_20_has_its_own_columns(client: FlaskClient) -> None:
    table = soup(client, f"{WATER}/2019").select_one(".statutory.proactive table")
    assert table is not None
    parts = {
        body.select_one(".title th").get_text(): [head.get_text() for head in body.select(".heads th")][1:]  # type: ignore[union-attr]
        for body in table.find_all("tbody")
    }
    assert parts["第二十条第（一）项"] == ["本年新制作数量", "本年新公开数量", "对外公开总数量"]
    assert parts["第二十条第（九）项"] == ["采购项目数量", "金额"]
    licences = [row.th.get_text() for row in table.find_all("tbody")[1].select("tr:not(.title, .heads)")]  # type: ignore[union-attr]
    assert licences == ["行政许可", "行政奖励"], "a row that no rule knows stands with its kin"


def test_a_failed_check_is_marked_and_nothing_is_mended(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2019")
    (failed,) = page.select("td.failed")
    assert failed.get_text(" ", strip=True).startswith("12 ≠")
    assert not soup(client, f"{WATER}/2022").select("td.failed")


def test_a_table_says_how_many_of_its_identities_hold() -> None:
    report = next(each for each in SHOWN if each.key == "2022" and any(f.table == "requests" for f in each.figures))
    results: tuple[CheckResult, ...] = ("passed", "passed_with_blanks", "failed", "not_checked")
    checks = [Check("requests", "balance", "total", (), (), Decimal(0), Decimal(0), result) for result in results]
    layout = lay_out(replace(report, checks=tuple(checks)), "zh", lambda _: ())
    holding = {table.kind: table.holding for part in layout.parts for table in part.grids}
    assert holding["requests"] == 2
    assert set(holding.values()) == {0, 2}


@pytest.mark.parametrize(
    ("table", "text", "reason"),
    [("review", "/", "a dash stays the dash that is printed"), ("proactive", "空", "a blank is not a 0")],
)
def test_dash_and_blank_are_not_zero(client: FlaskClient, table: str, text: str, reason: str) -> None:
    cells = soup(client, f"{WATER}/2019").select(f".statutory.{table} td")
    assert text in [cell.get_text(strip=True) for cell in cells], reason


def test_a_table_that_no_rule_knows_stands_as_printed(client: FlaskClient) -> None:
    first, second = soup(client, f"{WATER}/2016").select(".printed table")
    assert [cell.get_text() for cell in first.find_all("tr")[2].find_all("td")] == ["制作宣传折页", "份", "1,200"]
    assert second.td is not None and second.td["colspan"] == "2"


def test_a_figure_in_the_text_leads_to_its_sentence(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016")
    stated = {item.dt.get_text(): item for item in page.select(".stated > div") if item.dt}
    figure = stated["主动公开政府信息数"]
    assert figure.b is not None and figure.b.get_text() == "336"
    link = figure.select_one("a")
    assert link is not None
    sentence = page.find(id=str(link["href"])[1:])
    assert sentence is not None and "主动公开政府信息336条" in sentence.get_text()


def test_where_it_comes_from(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2019")
    said = {item.dt.get_text(): item.dd.get_text(strip=True) for item in page.select(".provenance > div")}  # type: ignore[union-attr]
    assert said["SHA-256"] == PAGE.sha256
    assert said["网址"] == PAGE.url
    assert said["抓取日期"] == "2023-02-14"
    assert said["原件中的行"] == "3-344"
    assert said["年份的依据"] == "原文印明"
    notices = [notice.get_text(" ", strip=True) for notice in page.select("#notices li")]
    assert "2019年试行格式" in notices[0] and "原件第 88 行" in notices[1]


def test_an_address_that_is_no_web_address_is_no_link(client: FlaskClient) -> None:
    links = [str(a["href"]) for a in soup(client, f"{WATER}/2019").select(".provenance a")]
    assert links == [PAGE.url]


@pytest.mark.parametrize(
    ("key", "earlier", "later"), [("2008", None, "2009"), ("2011", "2010", "2013"), ("2022", "2019", None)]
)
def test_the_years_before_and_after(client: FlaskClient, key: str, earlier: str | None, later: str | None) -> None:
    page = soup(client, f"{WATER}/{key}")
    for rel, expected in (("prev", earlier), ("next", later)):
        link = page.select_one(f".neighbours [rel={rel}]")
        assert (link and str(link["href"])) == (expected and f"{WATER}/{expected}")


def test_the_words_of_the_query_are_marked(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?q=保密审查")
    marks = page.select("article mark")
    assert [mark.get_text() for mark in marks] == ["保密审查", "保密审查"]
    assert [mark["id"] for mark in marks] == ["hit-1", "hit-2"]
    assert "2 处" in page.select_one(".marked-for").get_text()  # type: ignore[union-attr]
    assert not soup(client, f"{WATER}/2016").select("article mark")


def test_a_query_that_cannot_be_read_does_not_hide_the_report(client: FlaskClient) -> None:
    page = soup(client, f'{WATER}/2016?q="保密')
    assert "没有读懂" in page.select_one(".marked-for").get_text()  # type: ignore[union-attr]
    assert page.find(id="overview")


def test_the_original_is_saved_and_never_shown(client: FlaskClient) -> None:
    response = client.get(f"{WATER}/2019/original")
    assert response.data == ORIGINAL
    assert response.headers["Content-Disposition"] == "attachment; filename=yunxi-shui-wu-ju-2019.html"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_text_alone(client: FlaskClient) -> None:
    response = client.get(f"{WATER}/2016/text")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text.startswith("云溪市水务局2016年政府信息公开工作年度报告\n\n引言\n")
    assert response.text.endswith(f"{PAGE.url}\nSHA-256 {PAGE.sha256}\nL3-344\n")


def test_a_table_without_layout_stands_in_the_order_printed() -> None:
    figures = [
        Figure("indicators", row, column, None, "1", "number", label=label)
        for row, label in (("制作宣传折页", "制作宣传折页"), ("disclosed", None))
        for column in ("this_year", "cumulative")
    ]
    table = grid("indicators", figures, "prose-2008", "zh")
    assert [row.label for part in table.parts for row in part.rows] == ["制作宣传折页", "主动公开信息数"]
    assert [[heading.text for heading in line] for line in table.head] == [["本年", "历年累计"]]


def test_hits_lead_from_one_to_the_next_and_back_to_the_first(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?q=公开")
    marks = page.select("article mark")
    assert len(marks) > 2
    steps = [str(mark.a["href"]) for mark in marks if mark.a]
    assert steps == [*(f"#hit-{number}" for number in range(2, len(marks) + 1)), "#hit-1"]


def test_every_paragraph_and_section_has_its_link(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016")
    for element in page.select(".part, .prose > *"):
        links = [str(link["href"]) for link in element.select("a.here")]
        assert f"#{element['id']}" in links
    assert not page.select("a.here")[0].get_text(), "what is copied from the page is the report's text alone"


@pytest.mark.parametrize(
    ("units", "language", "expected", "reason"),
    [
        (("万元", "万元"), "zh", "金额（万元）", "the unit that the page prints"),
        (("万元", "万元"), "en", "Amount (万元)", "is the page's own word in every language"),
        (("万元", "元"), "zh", "金额", "two units are no unit of the column"),
        ((None, None), "zh", "金额", "none printed: never assumed"),
    ],
)
def test_a_column_of_money_shows_its_unit(
    units: tuple[str | None, str | None], language: Language, expected: str, reason: str
) -> None:
    figures = [
        Figure("proactive", row, "amount", None, "1", "number", unit=unit)
        for row, unit in zip(("charges", "charges.fines"), units, strict=True)
    ]
    table = grid("proactive", figures, "form-2021", language)
    assert table.parts[0].columns == (expected,), reason


def test_a_row_of_a_list_shows_its_unit() -> None:
    figures = [Figure("indicators", "disclosed", "this_year", None, "336", "number", unit="条")]
    assert grid("indicators", figures, "prose-2008", "zh").parts[0].rows[0].label == "主动公开信息数（条）"
