"""`/compare/AGENCY/YEAR/YEAR`: two reports and their changes."""

from __future__ import annotations

import msgspec
import pytest
from flask.testing import FlaskClient

from archive.analysis.compare import compare
from archive.export.json import comparison_json
from tests.webui.html import soup
from tests.webui.model_reports import SHOWN

WATER = "yunxi-shui-wu-ju"


def test_the_page_has_the_counts_of_the_comparison(client: FlaskClient) -> None:
    before, after = (next(r for r in SHOWN if (r.agency, r.key) == (WATER, key)) for key in ("2016", "2017"))
    comparison = compare(before, after)
    page = soup(client, f"/compare/{WATER}/2016/2017")
    counts = dict(zip(comparison.counts, (int(b.get_text()) for b in page.select(".verdict .legend b")), strict=True))
    assert counts == comparison.counts
    lines = page.select(".lines li")
    assert len(lines) == sum(counts.values())
    assert page.select_one(".share b").get_text() == f"{comparison.share:.0%}"  # type: ignore[union-attr]
    assert [section["id"] for section in page.select("section.part")] == [
        pair.section.anchor for pair in comparison.sections if pair.lines or not (pair.before and pair.after)
    ]


def test_a_change_is_marked_where_it_is(client: FlaskClient) -> None:
    page = soup(client, f"/compare/{WATER}/2016/2017")
    (line,) = [li for li in page.select(".lines .changed") if "收到政府信息公开申请" in li.get_text()]
    assert [mark.get_text() for mark in line.select("del")] == ["2016", "3"]
    assert [mark.get_text() for mark in line.select("ins")] == ["2017", "4"]
    assert "numbers" in str(line["class"]), "only its numbers changed"


def test_every_line_leads_to_its_paragraph(client: FlaskClient) -> None:
    page = soup(client, f"/compare/{WATER}/2016/2017")
    for link in page.select(".lines a.sign"):
        address, _, anchor = str(link["href"]).partition("#")
        assert soup(client, address).find(id=anchor), link["href"]


def test_unchanged_paragraphs_can_be_hidden_and_shown(client: FlaskClient) -> None:
    page = soup(client, f"/compare/{WATER}/2016/2017")
    toggle = page.select_one(".toggle")
    assert page.select(".lines .kept") and toggle is not None
    without = soup(client, str(toggle["href"]))
    assert without.select(".lines .changed") and not without.select(".lines .kept")
    back = without.select_one(".toggle")
    assert back is not None and soup(client, str(back["href"])).select(".lines .kept")


def test_figures_are_not_subtracted_across_a_break(client: FlaskClient) -> None:
    page = soup(client, f"/compare/{WATER}/2019/2022")
    assert "报告格式不同" in page.select_one(".broken").get_text()  # type: ignore[union-attr]
    rows = page.select(".pairs tbody tr")
    assert rows and {row.find_all("td")[-1].get_text() for row in rows} == {"—"}
    assert page.select(".pairs td.break")


def test_within_a_form_figures_are_subtracted(client: FlaskClient) -> None:
    page = soup(client, "/compare/yunxi-jiao-yu-ju/2019/2020")
    rows = {row.th.get_text(): row for row in page.select(".pairs tbody tr") if row.th}
    new = rows["一、本年新收政府信息公开申请数量 · 总计"]
    assert [cell.get_text(strip=True) for cell in new.find_all("td")] == ["11", "12", "+1"]
    every = soup(client, "/compare/yunxi-jiao-yu-ju/2019/2020?figures=all").select(".pairs tbody tr")
    assert len(every) > len(rows)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        (f"/compare/{WATER}/2017/2016?kept=no", f"/compare/{WATER}/2016/2017?kept=no"),
        (f"/en/compare/{WATER}/2017/2016", f"/en/compare/{WATER}/2016/2017"),
        (f"/compare/{WATER}?before=2016&after=2017", f"/compare/{WATER}/2016/2017"),
        (f"/compare/{WATER}", f"/compare/{WATER}/2019/2022"),
    ],
    ids=["the later year first", "in English", "chosen in the form", "the last two"],
)
def test_a_pair_has_one_url(client: FlaskClient, address: str, leads_to: str) -> None:
    response = client.get(address)
    assert response.status_code in (301, 302)
    assert response.location == leads_to


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/compare/{WATER}?before=2016&after=2016", 400),
        (f"/compare/{WATER}/2016/2016", 400),
        (f"/compare/{WATER}/2016/1999", 404),
        (f"/compare/{WATER}?before=2016&after=1999", 404),
        ("/compare/nobody/2016/2017", 404),
    ],
)
def test_mistakes(client: FlaskClient, address: str, status: int) -> None:
    for prefix in ("", "/en"):
        assert client.get(prefix + address).status_code == status


def test_the_report_links_to_the_comparison_with_the_share_carried_over(client: FlaskClient) -> None:
    since = soup(client, f"/reports/{WATER}/2017").select_one(".since")
    assert since is not None and "%" in since.get_text()
    links = [str(link["href"]) for link in since.find_all("a")]
    assert links == [f"/reports/{WATER}/2017?since=2016", f"/compare/{WATER}/2016/2017"]
    assert not soup(client, f"/reports/{WATER}/2008").select(".since"), "the first one has none before it"


def test_the_years_around(client: FlaskClient) -> None:
    page = soup(client, f"/compare/{WATER}/2009/2010")
    assert [str(link["href"]) for link in page.select(".neighbours a")] == [
        f"/compare/{WATER}/2008/2009",
        f"/compare/{WATER}/2010/2011",
    ]


def test_the_api_gives_the_same(client: FlaskClient) -> None:
    before, after = (next(r for r in SHOWN if (r.agency, r.key) == (WATER, key)) for key in ("2019", "2022"))
    given = client.get(f"/en/api/compare/{WATER}/2019/2022").json
    assert given == msgspec.json.decode(msgspec.json.encode(comparison_json(compare(before, after), "en")))
