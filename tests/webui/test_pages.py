"""Every page in both languages: status, links, and no request to another site."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.webui.html import pressed, soup
from tests.webui.model_reports import TOWN

PAGES = (
    "/",
    "/search",
    "/search?q=保密审查",
    "/search/advanced",
    "/search/advanced?exact=保密审查&from=2018&to=2016",
    "/search/advanced?all=公开&row=requests.new&number=3&section=problems",
    "/search?q=保密审查&year=2016&year=2017&section=overview&sort=-year",
    "/search?q=没有人这样写过",
    "/search?q=公开 审查",
    "/search/agency?q=公开&year=2016",
    "/search/keyword?find=gongk",
    "/search/cite?q=保密审查&year=2016",
    "/search?q=公开&cited=000000000000:1:2:3:2024-05-06",
    "/search?q=公开&cited=x",
    "/concordance",
    "/concordance?q=公开&sort=right&year=2016",
    "/concordance?q=公开&collocate=信息&window=3&side=left",
    "/collocates",
    "/collocates?q=公开",
    "/collocates?q=公开&year=2016&window=3&side=left&order=count&by=year",
    "/trends",
    "/trends?q=公开&q=微博&by=share&section=overview",
    "/matrix",
    "/distinctive",
    "/distinctive?year=2016",
    "/reports/yunxi-shui-wu-ju/2016/similar?section=problems",
    "/matrix?q=微博&agency=yunxi-shui-wu-ju",
    "/reports/yunxi-shui-wu-ju/2019?q=保密审查",
    "/reports/yunxi-shui-wu-ju/2016",
    "/reports/yunxi-jiao-yu-ju/2020",
    "/agencies",
    "/agencies?q=水务",
    "/agencies?place=none&letter=B",
    "/divisions",
    "/divisions?place=unknown",
    "/divisions?place=河北&level=county",
    "/agencies/yunxi-shui-wu-ju",
    "/agencies/bai-shi-zhen",
    "/compare/yunxi-shui-wu-ju/2016/2017",
    "/compare/yunxi-shui-wu-ju/2019/2022?kept=no&figures=all",
    "/reports/yunxi-shui-wu-ju/2019/cite",
    "/reports/yunxi-shui-wu-ju/2019/cite?section=problems",
    "/coverage",
    "/coverage?place=none&level=city",
    "/notices",
    "/notices?severity=warning&code=check_failed",
    "/figures?table=measures",
    "/aggregates",
    "/figures?table=requests&row=new&column=total",
    "/figures?table=prose&from=2008&to=2012",
    "/figures/ranking",
    "/figures/ranking?table=requests&row=new&column=total&year=2019",
    "/search?q=公开&group=report",
    "/reports/yunxi-shui-wu-ju/2016?since=2015&q=公开",
    "/help",
    "/help/api",
    "/about",
    "/status",
)


def _links(page: BeautifulSoup, base: str) -> Iterator[str]:
    for tag, attribute in (("a", "href"), ("link", "href"), ("form", "action")):
        for element in page.select(f"{tag}[{attribute}]"):
            address = urlsplit(urljoin(f"http://localhost{base}", str(element[attribute])))
            if address.netloc == "localhost":
                yield address._replace(scheme="", netloc="", fragment="").geturl()
    yield from map(pressed, page.select("button[form]"))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_complete_without_other_sites(client: FlaskClient, address: str, prefix: str) -> None:
    page = soup(client, prefix + address)
    assert page.html is not None and page.html["lang"] == ("en" if prefix else "zh-Hans")
    assert len(page.find_all("h1")) == 1, "one heading says what the page is"
    assert page.select_one("a.skip[href='#main']") and page.select_one("main#main")
    assert not page.find_all(["style", "iframe", "object"])
    assert all(str(script["src"]).startswith("/static/") for script in page.find_all("script")), (
        "comfort, none of it inline"
    )
    assert not page.select("[style], [onclick], [onload], [onerror]"), "the style policy would refuse these"
    assert not page.select("img[src^=http], link[rel=stylesheet][href^=http]"), "no request leaves the site"
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for field in page.select("input:not([type=hidden])"):
        assert page.select(f"label[for='{field['id']}']"), "every field has its label"
    for form in page.find_all("form"):
        assert form["method"] == "get"
    for table in page.find_all("table"):
        assert table.caption is not None or table.find_parent("figure", class_="printed")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_links_to_itself_in_the_other_language(client: FlaskClient, address: str) -> None:
    there = soup(client, address).select_one(".tongue a")
    assert there is not None
    back = soup(client, str(there["href"])).select_one(".tongue a")
    assert there["hreflang"] == "en" and str(there["href"]).startswith("/en/")
    assert back is not None and back["hreflang"] == "zh-Hans"
    again = soup(client, str(back["href"]))
    assert again.find("h1") == soup(client, address).find("h1")


@pytest.mark.slow
def test_every_link_on_the_site_leads_somewhere(client: FlaskClient) -> None:
    waiting, seen = ["/", "/en/"], {"/", "/en/"}
    while waiting:
        address = waiting.pop()
        response = client.get(address, buffered=True, follow_redirects=True)
        assert response.status_code == 200, f"{response.status} {address}"
        if response.mimetype != "text/html" or len(seen) > 400:  # searches link to searches without end
            continue
        for found in _links(BeautifulSoup(response.text, "lxml"), address):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    assert len(seen) > 150


def test_anchors_within_a_page_exist(client: FlaskClient) -> None:
    page = soup(client, "/reports/yunxi-shui-wu-ju/2016?q=保密审查")
    wanted = {str(a["href"])[1:] for a in page.select("a[href^='#']")}
    assert {"overview", "figures", "provenance", "hit-1"} <= wanted
    assert wanted <= {str(element["id"]) for element in page.select("[id]")}


def test_names_are_escaped(client: FlaskClient) -> None:
    for address in (
        "/agencies",
        "/agencies/bai-shi-zhen",
        "/search?q=照样保存",
        "/notices",
        "/matrix?q=公开",
        "/concordance?q=照样保存",
    ):
        assert "<b>人民政府" not in client.get(address).text, address
    assert soup(client, "/agencies/bai-shi-zhen").h1.get_text() == TOWN.name  # type: ignore[union-attr]


VIEWS = ("/search", "/concordance", "/collocates", "/trends", "/matrix", "/distinctive")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_views_keep_the_question(client: FlaskClient, prefix: str) -> None:
    """By links, but from a page of hits to the last one by the form, which has the state already."""
    for address in VIEWS:
        page = soup(client, f"{prefix}{address}?q=公开&year=2016&section=overview")
        tabs = page.select(".tabs :is(a, button)")
        leads = [str(tab.get("href", tab.get("formaction", f"{prefix}{address}"))) for tab in tabs]
        assert [lead.partition("?")[0] for lead in leads] == [f"{prefix}{path}" for path in VIEWS]
        asked = {lead.partition("?")[2] for tab, lead in zip(tabs, leads, strict=True) if tab.get("href")}
        assert asked == {"q=公开&year=2016&section=overview"}
        assert all(page.select_one(f"form#{tab['form']}") for tab in tabs if tab.name == "button")
        (here,) = [tab for tab in tabs if tab.get("aria-current")]
        assert not here.get("href"), "the current view is no link"
