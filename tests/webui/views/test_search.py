"""`/search`: the numbers of the index, and a state that is in the URL."""

from __future__ import annotations

import functools
import re
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
from tests.webui.model_reports import PAGE, SHOWN
from webui.data_access import MOST_OFFERED
from webui.params.search_params import SENTENCES, SORTS, UNITS
from webui.render.labels import full_width

soup = functools.partial(html.soup, follow_redirects=True)


def _totals(page: BeautifulSoup) -> list[int]:
    names = ("sections", "reports", "occurrences")
    return [int(number.get_text()) for name in names for number in page.select(f".totals b[data-of={name}]")]


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
    points = open_index(home).series(Request("保密审查", filters={"section": ("overview",)})).points
    bars = {text(bar, ".year"): text(bar, ".count") for bar in page.select(".bars button")}
    assert bars == {str(point.year): str(point.reports) for point in points if point.year and point.reports}
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
        of_reports = button.find_parent(class_="bars") is not None
        assert _totals(after)[int(of_reports)] == int(count.get_text()), pressed(button)
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
    assert len(buttons) == len(SORTS) + len(UNITS) + len(SENTENCES)
    for button in buttons:
        after = soup(client, pressed(button))
        kept = {str(each["name"]): str(each["value"]) for each in after.select("form#ask input[type=hidden]")}
        name, value = str(button["name"]), str(button["value"])
        usual = {"sort": SORTS[0], "group": UNITS[0]}
        assert kept.get(name, usual.get(name)) == value and "page" not in kept


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
    assert [chip.get_text(" ", strip=True) for chip in page.select(".chips li")] == [f"移除 年份 {value}"]
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


@pytest.mark.parametrize("query", ["「公开」", "甲 乙 丙", "year:2016", "公开 -微博", "无此一说"])
def test_readings_that_make_no_difference_are_not_offered(client: FlaskClient, query: str) -> None:
    assert not soup(client, f"/search?q={query}").select(".readings")


@pytest.mark.parametrize(
    ("query", "links", "reason"),
    [
        ("公开", 1, "prefaces and other sections"),
        ("公开 OR 微博", 1, "alternatives stay together"),
        ("公开 section:preface", 0, "prefaces only"),
        ("公开 -section:preface", 0, "no preface"),
        ("公开 unit:report", 0, "whole reports, of which each has a preface"),
    ],
)
def test_prefaces_are_left_out_with_one_click(client: FlaskClient, query: str, links: int, reason: str) -> None:
    """Most reports begin with the same sentences."""
    page = soup(client, f"/search?{urlencode({'q': query})}")
    found = page.select(".narrower a")
    assert len(found) == links, reason
    for link in found:
        left = soup(client, str(link["href"]))
        counted = text(page, ".narrower .count").split()[0]
        assert _totals(left)[0] == int(counted.replace(",", "")) < _totals(page)[0]
        assert not left.select(".narrower"), "no preface is left"


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
    assert "只显示到这里" in text(soup(client, f"{address}&page=2"), ".hits .gloss")
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
    monkeypatch.setattr("indexer.answers.hints.named_agencies.MOST_LISTED", 2)
    card = soup(alike, "/search?q=haidian&sort=year").select_one(".named")
    assert card is not None and len(card.select("li")) == 2
    link = card.select_one("p a")
    assert link is not None and text(card, "p a") == "全部 3 个机关"
    assert len(soup(alike, str(link["href"])).select(".agencies li")) == 3


@pytest.mark.parametrize(
    ("prefix", "proposed"),
    [
        ("", "机关:北京市海淀区水务局 年:2018 保密审查"),
        ("/en", "agency:北京市海淀区水务局 year:2018 保密审查"),
    ],
)
def test_an_agency_beside_a_topic_is_listed_and_proposed_as_a_field(
    alike: FlaskClient, prefix: str, proposed: str
) -> None:
    page = soup(alike, f"{prefix}/search?q=海淀区水务局 2018 保密审查")
    assert _totals(page)[0] == 0 and text(page, ".named .asked") == "2018"
    link = page.select_one(".meant a")
    assert link is not None and link.get_text() == proposed, "fields have the names of the language"
    assert _totals(soup(alike, str(link["href"])))[0] > 0


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


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("保密审查", "a query"),
        ("保密审查&section=overview&section=problems", "filters that leave few years"),
        ("保密审查&year=2016", "a year: the others can still be chosen"),
        ("没有人这样写过", "no hit"),
    ],
)
def test_the_bars_have_every_year_of_the_archive(client: FlaskClient, home: Path, query: str, reason: str) -> None:
    engine = open_index(home)
    present = [point.year for point in engine.series(Request()).points if point.year]
    page = soup(client, f"/search?q={query}")
    bars = page.select(".bars li")
    assert [int(str(bar["data-year"])) for bar in bars] == [*range(min(present), max(present) + 1)]
    asked = Request(
        query.partition("&")[0], filters={"section": ("overview", "problems")} if "section" in query else {}
    )
    points = {point.year: point for point in engine.series(asked).points}
    most = max(point.all_reports for point in points.values() if point.year)
    for bar in bars:
        point = points.get(int(str(bar["data-year"])))
        held, reports = (point.all_reports, point.reports) if point else (0, 0)
        assert (bar["data-held"], bar["data-count"]) == (str(held), str(reports))
        light, dark = (float(str(rect["height"])) for rect in bar.select("rect"))
        assert light == pytest.approx(100 * held / most, abs=0.1)
        assert dark <= light and bool(dark) == bool(reports) == bool(bar.select("button"))


def test_two_boxes_limit_the_years(client: FlaskClient) -> None:
    page = soup(client, "/search?q=公开&section=overview&sort=year&year=2010&year=2016")
    form = page.select_one(".between")
    assert form is not None and form["action"] == "/search"
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert sent == {"q": "公开", "section": "overview", "sort": "year", "from": "", "to": ""}
    answer = client.get("/search", query_string=sent | {"from": "2014", "to": "2016"})
    assert unquote(answer.headers["Location"]) == "/search?q=公开&year=2014..2016&section=overview&sort=year"
    page = soup(client, answer.headers["Location"])
    assert [field["value"] for field in page.select(".between [inputmode]")] == ["2014", "2016"]


SPANS = [
    ("from=2014", "2014..", "an open end"),
    ("to=2014", "..2014", "an open beginning"),
    ("from=&to=", None, "no years: the filter is lifted"),
]


@pytest.mark.parametrize(("boxes", "year", "reason"), SPANS, ids=[row[2] for row in SPANS])
def test_a_box_may_be_empty(client: FlaskClient, boxes: str, year: str | None, reason: str) -> None:
    address = client.get(f"/search?q=公开&year=2016&{boxes}").headers["Location"]
    assert parse_qs(urlsplit(address).query).get("year") == (year and [year])


@pytest.mark.parametrize("boxes", ["from=14", "from=2018&to=2014", "to=soon", "from=0999"])
def test_wrong_years_are_refused(client: FlaskClient, boxes: str) -> None:
    assert client.get(f"/search?q=公开&{boxes}").status_code == 400


def test_identical_sentences_are_listed_once_where_most_hits_have_them(crowd: FlaskClient, crowded: Path) -> None:
    query = "保密审查"
    engine, address = open_index(crowded), f"/search?q={query}"
    page, every = soup(crowd, address), soup(crowd, f"{address}&sentences=all")
    assert engine.is_repetitive(Request(query)) and _totals(page) == _totals(every)
    assert [text(each, "button[aria-current]") for each in page.select(".order[aria-label=相同句子]")] == [
        "相同句子只列一次"
    ]
    entries = engine.collapsed(Request(query, limit=100)).entries
    shown: list[str] = []
    following: str | None = address
    while following:
        page = soup(crowd, following)
        shown += [str(link["href"]).partition("?")[0] for link in page.select(".hit h2 a")]
        button = page.select_one(".paging .next")
        following = pressed(button) if button else None
    assert shown == [entry.hit.url.partition("#")[0] for entry in entries]
    assert 0 < len(shown) < _totals(page)[0]
    assert len(every.select(".hit")) == 10 and not every.select(".same")


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("", "同句见于 60 份报告，最早 2016 年"), ("/en", "Same sentence in 60 reports, first in 2016")],
)
def test_an_entry_says_in_how_many_reports_it_is_and_since_when(crowd: FlaskClient, prefix: str, told: str) -> None:
    page = soup(crowd, f"{prefix}/search?q=保密审查&year=2016&sentences=once")
    entries = page.select(".hit")
    assert entries
    for entry in entries:
        assert text(entry, ".same summary") == told
        links = entry.select(".same a")
        assert len(links) == 20
        assert crowd.get(str(links[0]["href"])).status_code == 200
    more = page.select_one(".same button")
    assert more is not None and _totals(soup(crowd, pressed(more))) == _totals(page)


UNCOLLAPSED = [
    ("q=保密审查&group=report", "reports are groups already"),
    ("q=保密审查&sample=20", "a sample is of hits"),
    ("section=overview", "no text is searched"),
]


@pytest.mark.parametrize(("query", "reason"), UNCOLLAPSED, ids=[row[1] for row in UNCOLLAPSED])
def test_what_has_no_sentences_to_compare(crowd: FlaskClient, query: str, reason: str) -> None:
    page = soup(crowd, f"/search?{query}&sentences=once")
    assert page.select(".hit") and not page.select(".same, .order[aria-label=相同句子]")


def test_files_and_the_api_have_every_hit(crowd: FlaskClient) -> None:
    page = soup(crowd, "/search?q=保密审查&year=2016&sentences=once&page=1")
    total = _totals(page)[0]
    (csv,) = [button for button in page.select(".exports button") if button.get_text() == "CSV"]
    assert len(crowd.get(pressed(csv)).text.strip().splitlines()) == total + 1
    (api,) = page.select(".as-of a")
    answer = crowd.get(str(api["href"]))
    assert answer.json is not None and answer.json["total"]["sections"] == total and len(answer.json["hits"]) == 10


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("/en", "Reports are in Chinese: search for Chinese words. Try"),
        ("", "报告都是中文的，请用中文词检索。 可以试试："),
    ],
)
def test_an_english_query_without_hits_leads_to_the_chinese_word(client: FlaskClient, prefix: str, told: str) -> None:
    page = soup(client, f"{prefix}/search?q=confidentiality review&sort=year")
    assert _totals(page)[0] == 0
    terms = page.select_one(".terms")
    assert terms is not None and told in " ".join(terms.get_text().split())
    link, count = terms.a, terms.select_one(".count")
    assert link is not None and count is not None and link.get_text() == "保密审查" and "sort=year" in str(link["href"])
    assert _totals(soup(client, str(link["href"])))[0] == int(re.findall(r"\d+", count.get_text())[0]) > 0


NO_TERMS = [
    ("gibberish", "Reports are in Chinese", "no word is known"),
    ("没有人这样写过", None, "Chinese without hits"),
    ("公开", None, "hits"),
]


@pytest.mark.parametrize(("query", "told", "reason"), NO_TERMS, ids=[row[2] for row in NO_TERMS])
def test_when_no_term_is_proposed(client: FlaskClient, query: str, told: str | None, reason: str) -> None:
    terms = soup(client, f"/en/search?q={query}").select(".terms")
    assert [each.get_text(" ", strip=True).startswith(told or "") for each in terms] == ([True] if told else [])
    assert not any(each.select("a") for each in terms)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_file_name_offers_the_reports_of_the_page(client: FlaskClient, prefix: str) -> None:
    page = soup(client, f"{prefix}/search?q={PAGE.path}")
    (card,) = page.select(".named")
    assert PAGE.path in card.get_text()
    links = [str(a["href"]) for a in card.select(".reports a")]
    held = {f"{prefix}/reports/{report.agency}/{report.key}" for report in SHOWN}
    assert 0 < len(links) == min(len(held), MOST_OFFERED) and {*links} <= held
    assert page.select(".totals"), "never instead of the results"
    for address in [*links, *(str(a["href"]) for a in card.select("a.agency"))]:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_address_offers_them_beside_the_sentence(client: FlaskClient, prefix: str) -> None:
    response = client.get(f"{prefix}/search", query_string={"q": PAGE.url})
    page = BeautifulSoup(response.text, "lxml")
    assert response.status_code == 400 and page.select(".lead"), "it is no query"
    assert page.select(".named .reports a")


@pytest.mark.parametrize("query", ["公开", "nothing-of-this-name.txt", "http://www.example.cn/", "year:2016..2018"])
def test_another_query_offers_no_page(client: FlaskClient, query: str) -> None:
    response = client.get("/search", query_string={"q": query})
    assert not BeautifulSoup(response.text, "lxml").select(".named[aria-label=收录的网页]")
