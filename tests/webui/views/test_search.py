"""`/search`: the numbers of the index, and a state that is in the URL."""

from __future__ import annotations

import functools
from dataclasses import asdict, astuple
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer.index import open_index
from indexer.query.fields import UNDATED
from indexer.query.request import Request
from tests.webui import html
from tests.webui.html import leads_to, pressed, text
from webui.params.search_params import SORTS, UNITS
from webui.render.labels import full_width

soup = functools.partial(html.soup, follow_redirects=True)


def _totals(page: BeautifulSoup) -> list[int]:
    return [int(number.get_text()) for number in page.select(".totals b")]


def test_totals_and_facets_are_those_of_the_index(client: FlaskClient, home: Path) -> None:
    answer = open_index(home).search(Request("保密审查", filters={"section": ("overview",)}))
    page = soup(client, "/search?q=保密审查&section=overview")
    total = answer.total
    assert _totals(page) == [total.sections, total.reports, total.occurrences]
    assert total.sections > 0
    shown = {text(link, ".value"): int(text(link, ".count")) for link in page.select(".facets li button")}
    told = {
        full_width(value.label, "zh"): value.count
        for name in ("section", "agency", "form")
        for value in answer.facets[name]
    }
    assert told.items() <= shown.items()
    bars = {text(bar, ".year"): text(bar, ".count") for bar in page.select(".bars button")}
    assert bars == {value.label: str(value.count) for value in answer.facets["year"] if value.value is not None}
    assert answer.reading in text(page, ".reading")
    assert str(answer.as_of.reports) in text(page, ".as-of")


def test_a_facet_gives_its_count_and_its_chip_removes_it(client: FlaskClient) -> None:
    before = soup(client, "/search?q=保密审查")
    buttons = before.select(".facets li button, .bars button")
    assert len(buttons) > 20
    for button in buttons:
        count = button.select_one(".count")
        assert count is not None
        after = soup(client, pressed(button))
        assert _totals(after)[0] == int(count.get_text()), pressed(button)
        (chip,) = after.select(".chips button")
        assert _totals(soup(client, pressed(chip))) == _totals(before)
        again = after.select(f".facets [value='{chip['value']}'], .bars [value='{chip['value']}']")
        assert [each["aria-pressed"] for each in again] == ["true"], "the button itself takes it away, too"


def test_a_removed_filter_redirects_to_the_url_without_it(client: FlaskClient) -> None:
    response = client.get("/search?q=公开&year=2015&year=2016&group=report&without=year:2015&without=agency:nobody")
    assert (response.status_code, unquote(response.headers["Location"])) == (
        302,
        "/search?q=公开&year=2016&group=report",
    )


def test_the_later_of_two_orders_counts(client: FlaskClient) -> None:
    page = soup(client, "/search?q=公开&sort=year&page=2")
    buttons = page.select(".orders button")
    assert len(buttons) == len(SORTS) + len(UNITS)
    for button in buttons:
        after = soup(client, pressed(button))
        kept = {str(each["name"]): str(each["value"]) for each in after.select("form#ask input[type=hidden]")}
        name, value = str(button["name"]), str(button["value"])
        usual = {"sort": SORTS[0], "group": UNITS[0]}
        assert kept.get(name, usual[name]) == value and "page" not in kept


def test_several_values_of_one_facet_are_alternatives(client: FlaskClient) -> None:
    one, other = soup(client, "/search?q=审查&year=2015"), soup(client, "/search?q=审查&year=2016")
    both = soup(client, "/search?q=审查&year=2015&year=2016")
    assert _totals(both)[0] == _totals(one)[0] + _totals(other)[0]
    assert [text(bar, ".year") for bar in both.select(".bars [aria-pressed=true]")] == ["2015", "2016"]
    assert len(both.select(".chips li")) == 3, "one each, and one for all"


@pytest.mark.parametrize(
    ("value", "chosen"),
    [("2014..2016", ["2014", "2015", "2016"]), ("..2009", ["2008", "2009"]), ("2022..", ["2022"])],
)
def test_a_range_of_years_is_one_chip(client: FlaskClient, value: str, chosen: list[str]) -> None:
    page = soup(client, f"/search?q=公开&year={value}")
    assert [chip.get_text(" ", strip=True) for chip in page.select(".chips li")] == [f"去掉 年份 {value}"]
    assert [bar.get_text(strip=True)[-4:] for bar in page.select(".bars [aria-pressed=true]")] == chosen


def test_reports_without_a_year_are_a_choice_too(client: FlaskClient) -> None:
    page = soup(client, "/search?q=照样保存")
    button = page.select_one(".undated button")
    assert button is not None and f"year={UNDATED}" in pressed(button)
    assert _totals(soup(client, pressed(button))) == _totals(page)


def test_a_hit_is_marked_and_links_to_its_section(client: FlaskClient) -> None:
    page = soup(client, "/search?q=保密审查&year=2016&section=problems")
    (hit,) = page.select(".hit")
    assert [mark.get_text() for mark in hit.select(".snippet mark")] == ["保密审查"]
    link = hit.select_one("h2 a")
    assert link is not None and str(link["href"]).endswith("#problems")
    report = soup(client, str(link["href"]))
    assert "保密审查" in {mark.get_text() for mark in report.select("#problems mark")}


def test_a_heading_that_matches_is_marked_and_not_repeated(client: FlaskClient) -> None:
    page = soup(client, "/search?q=主动公开&section=proactive")
    hits = page.select(".hit")
    assert hits
    for hit in hits:
        heading = hit.select_one("h2")
        assert heading is not None and [mark.get_text() for mark in heading.select("mark")] == ["主动公开"]
        assert heading.get_text(strip=True) not in [each.get_text(strip=True) for each in hit.select(".snippet")]


def test_a_query_of_five_hundred_terms_is_answered(client: FlaskClient, home: Path) -> None:
    query = " OR ".join([f"词{number}" for number in range(499)] + ["保密审查"])
    total = open_index(home).search(Request(query)).total
    assert total.sections
    assert _totals(soup(client, f"/search?{urlencode({'q': query})}")) == [*astuple(total)[:3]]
    assert client.get("/api/search", query_string={"q": query}).json["total"] == asdict(total)  # type: ignore[index]


def test_other_readings_are_links(client: FlaskClient, home: Path) -> None:
    answer = open_index(home).search(Request("公开 审查", filters={"year": ("2016",)}))
    page = soup(client, "/search?q=公开 审查&year=2016&sort=year")
    links = page.select(".readings a")
    assert [link.select_one("q").get_text() for link in links] == [other.query for other in answer.readings[1:]]  # type: ignore[union-attr]
    assert len(links) == 2
    for link, other in zip(links, answer.readings[1:], strict=True):
        after = soup(client, str(link["href"]))
        assert _totals(after) == [other.total.sections, other.total.reports, other.total.occurrences]
        assert other.reading.rstrip("。") in text(after, ".reading") and len(after.select(".chips li")) == 1
        assert "sort=year" in str(link["href"])


@pytest.mark.parametrize("query", ["「公开」", "甲 乙 丙", "year:2016", "公开 -微博"])
def test_a_query_with_one_reading_offers_no_other(client: FlaskClient, query: str) -> None:
    assert not soup(client, f"/search?q={query}").select(".readings")


def test_the_form_keeps_filters_and_order(client: FlaskClient) -> None:
    page = soup(client, "/search?q=公开&year=2016&section=overview&sort=year&page=2")
    form = page.select_one("form[role=search]")
    assert form is not None
    kept = [(field["name"], field["value"]) for field in form.select("input")]
    assert kept == [("q", "公开"), ("year", "2016"), ("section", "overview"), ("sort", "year")]


def test_pages_hold_every_hit_once(client: FlaskClient) -> None:
    address: str | None = "/search?q=公开&sort=year"
    seen: list[str] = []
    total = _totals(soup(client, address or ""))[0]
    while address:
        page = soup(client, address)
        seen += [str(link["href"]) for link in page.select(".hit h2 a")]
        following = page.select_one(".paging .next")
        address = pressed(following) if following else None
    assert len(seen) == len(set(seen)) == total > 20


def test_a_page_after_the_last_is_explained(client: FlaskClient) -> None:
    page = soup(client, "/search?q=保密审查&page=99")
    assert text(page, ".nothing h2") == "没有第 99 页"


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    page = soup(client, "/search?q=没有人这样写过&year=2016")
    assert "清除筛选条件" in text(page, ".nothing")
    assert page.select_one("#q")["value"] == "没有人这样写过"  # type: ignore[index]


def test_urls_omit_defaults(client: FlaskClient) -> None:
    button = soup(client, "/search?q=公开").select_one(".facets button")
    assert button is not None
    assert set(parse_qs(urlsplit(pressed(button)).query)) == {"q", "section"}, "what is as always is not spelled"


def _reports(home: Path, query: str) -> list[str]:
    """Every report that a query finds, in the order of its best section."""
    hits = open_index(home).search(Request(query, limit=1000)).hits
    return list(dict.fromkeys(hit.report for hit in hits))


def test_by_report_each_is_listed_once_with_all_its_sections(
    client: FlaskClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.render.report_groups._BATCH", 4)  # several rounds to the index for one page
    wanted = _reports(home, "公开")
    every = open_index(home).search(Request("公开", limit=1000)).hits
    shown: list[str] = []
    for number in (1, 2, 3):
        page = soup(client, f"/search?q=公开&group=report&limit=6&page={number}")
        assert _totals(page)[1] == len(wanted)
        for group in page.select(".hit"):
            agency, key = urlsplit(str(group.h2.a["href"])).path.split("/")[2:]  # type: ignore[union-attr, index]
            report = f"{agency}/{key}"
            shown.append(report)
            counted = [hit for hit in every if hit.report == report]
            assert text(group, ":scope > .count").startswith(f"{len(counted)} 个章节")
            assert len(group.select(".within > li")) == min(3, len(counted))
            assert {hit.title for hit in counted} == {group.h2.get_text()}  # type: ignore[union-attr]
    assert shown == wanted[:18]


def test_the_last_page_of_reports_is_explained(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.views.search.MOST_PAGES", 2)
    address = "/search?q=公开&group=report&limit=1"
    assert "只翻到这里" in text(soup(client, f"{address}&page=2"), ".hits .gloss")
    assert not soup(client, f"{address}&page=1").select(".hits .gloss")
    beyond = soup(client, f"{address}&page=3")
    assert "没有第 3 页" in text(beyond, ".nothing") and not beyond.select(".hit")


def test_files_and_the_api_have_sections_in_every_grouping(client: FlaskClient) -> None:
    page = soup(client, "/search?q=公开&group=report&page=2&limit=5")
    found = page.select(".as-of a, .as-of button")
    assert len(found) == 7
    for each in found:
        assert client.get(leads_to(each)).status_code == 200, leads_to(each)


CARDS = [
    ("西湖区教育局2018年报告", ["hz-xihu-jyj"], ["2018", "2017", "2019"], "one agency, the year asked for first"),
    ("haidian", ["bj-haidian-jw", "bj-haidian-swj", "bj-haidian-tyj"], ["2018", "2019"] * 3, "several agencies"),
    ("海定区水务局", ["bj-haidian-swj"], ["2018", "2019"], "a similar name"),
    ("微博", [], [], "a word of the texts"),
]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("query", "agencies", "years", "reason"), CARDS, ids=[case[3] for case in CARDS])
def test_the_agencies_that_words_name_are_a_card(
    alike: FlaskClient, prefix: str, query: str, agencies: list[str], years: list[str], reason: str
) -> None:
    page = soup(alike, f"{prefix}/search?q={query}")
    assert [link["href"] for link in page.select(".named .agency")] == [
        f"{prefix}/agencies/{each}" for each in agencies
    ]
    reports = page.select(".named .reports a")
    assert [link.get_text(strip=True) for link in reports] == years
    for link in reports:
        assert alike.get(str(link["href"])).status_code == 200
    answer = alike.get(f"{prefix}/api/search", query_string={"q": query}).json
    assert answer is not None
    assert [each["agency"] for each in (answer["agencies"] or {"listed": []})["listed"]] == agencies


@pytest.mark.parametrize(
    ("prefix", "missing", "similar"),
    [
        ("", "2018 年未收录", "没有叫“海定区水务局”的机关"),
        ("/en", "2018 not held", "No agency is called “海定区水务局”"),
    ],
)
def test_a_card_says_what_is_not_held_and_what_is_only_similar(
    alike: FlaskClient, prefix: str, missing: str, similar: str
) -> None:
    card = soup(alike, f"{prefix}/search?q=朝阳区教育局 2018").select_one(".named")
    assert card is not None and missing in card.get_text()
    assert [link.get_text(strip=True) for link in card.select(".asked")] == ["2018"], "of the other agency"
    card = soup(alike, f"{prefix}/search?q=海定区水务局").select_one(".named")
    assert card is not None and similar in card.get_text() and card.select(".tolerance")


def test_more_agencies_than_a_card_lists_are_one_link(alike: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.answers.named_agencies.MOST_LISTED", 2)
    card = soup(alike, "/search?q=haidian&sort=year").select_one(".named")
    assert card is not None and len(card.select("li")) == 2
    link = card.select_one("p a")
    assert link is not None and text(card, "p a") == "全部 3 个机关"
    assert len(soup(alike, str(link["href"])).select(".agencies li")) == 3


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_correction_is_a_link_and_not_applied(alike: FlaskClient, prefix: str) -> None:
    page = soup(alike, f"{prefix}/search?q=信息公幵&year=2018")
    assert _totals(page)[0] == 0
    link = page.select_one(".meant a")
    assert link is not None and link.get_text() == "信息公开"
    assert "year=2018" in str(link["href"]) and _totals(soup(alike, str(link["href"])))[0] > 0
    answer = alike.get("/api/search", query_string={"q": "信息公幵"}).json
    assert answer is not None and answer["did_you_mean"][0]["query"] == "信息公开" and not answer["hits"]


def test_a_misspelt_field_has_its_correction_on_the_page_and_in_the_api(alike: FlaskClient) -> None:
    page = soup(alike, "/search?q=yaer:2018", 400)
    assert text(page, ".meant a") == "year:2018"
    problem = alike.get("/api/search", query_string={"q": "yaer:2018"})
    assert problem.status_code == 400 and problem.json is not None and problem.json["did_you_mean"] == "year:2018"
    other = alike.get("/api/search", query_string={"q": "("})
    assert other.json is not None and "did_you_mean" not in other.json


def test_a_suggestion_of_the_api_opens_the_report(alike: FlaskClient) -> None:
    answer = alike.get("/api/suggest", query_string={"q": "2018", "line": "西湖区教育局 2018"}).json
    assert answer is not None
    first, second = answer["suggestions"][:2]
    assert (first["kind"], first["url"]) == ("report", "/reports/hz-xihu-jyj/2018")
    assert (second["kind"], second["url"], second["query"]) == (
        "agency", "/agencies/hz-xihu-jyj", "agency:杭州市西湖区教育局",
    )  # fmt: skip


def test_similar_names_are_marked_in_the_list_of_agencies(alike: FlaskClient) -> None:
    page = soup(alike, "/agencies?q=海定区水务局")
    assert text(page, ".agencies .tolerance") == "一字之差"
    answer = alike.get("/api/agencies", query_string={"q": "海定区水务局"}).json
    assert answer is not None and [each["tolerance"] for each in answer["agencies"]] == ["character"]
    exact = alike.get("/api/agencies", query_string={"q": "海淀区水务局"}).json
    assert exact is not None and all("tolerance" not in each for each in exact["agencies"])
