"""Every page, in both languages: it answers, its links lead somewhere, it needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from tests.webui.forms import pressed
from tests.webui.model_reports import ORIGINAL, READING, SCHOOLS, TOWN, WATER
from webui.app import create_app

PAGES = (
    "/",
    "/search",
    "/search?q=保密审查",
    "/search?q=保密审查&year=2016&year=2017&section=overview&sort=-year",
    "/search?q=没有人这样写过",
    "/search?q=公开 审查",
    "/search/agency?q=公开&year=2016",
    "/search/keyword?find=gongk",
    "/concordance",
    "/concordance?q=公开&sort=right&year=2016",
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
    "/agencies/yunxi-shui-wu-ju",
    "/agencies/bai-shi-zhen",
    "/compare/yunxi-shui-wu-ju/2016/2017",
    "/compare/yunxi-shui-wu-ju/2019/2022?kept=no&figures=all",
    "/reports/yunxi-shui-wu-ju/2019/cite",
    "/reports/yunxi-shui-wu-ju/2019/cite?section=problems",
    "/coverage",
    "/notices",
    "/notices?severity=warning&code=check_failed",
    "/figures",
    "/figures?table=requests&row=new&column=total",
    "/figures?table=prose&from=2008&to=2012",
    "/figures/ranking",
    "/figures/ranking?table=requests&row=new&column=total&year=2019",
    "/search?q=公开&group=report",
    "/reports/yunxi-shui-wu-ju/2016?since=2015&q=公开",
    "/help",
    "/about",
)


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.text, "lxml")


def _links(page: BeautifulSoup, base: str) -> Iterator[str]:
    for tag, attribute in (("a", "href"), ("link", "href"), ("form", "action")):
        for element in page.select(f"{tag}[{attribute}]"):
            address = urlsplit(urljoin(f"http://localhost{base}", str(element[attribute])))
            if address.netloc == "localhost":
                yield address._replace(scheme="", netloc="", fragment="").geturl()
    yield from map(pressed, page.select("button[form]"))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_stands_alone(client: FlaskClient, address: str, prefix: str) -> None:
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
def test_the_other_language_is_one_link_away_and_back(client: FlaskClient, address: str) -> None:
    there = soup(client, address).select_one(".tongue a")
    assert there is not None
    back = soup(client, str(there["href"])).select_one(".tongue a")
    assert there["hreflang"] == "en" and str(there["href"]).startswith("/en/")
    assert back is not None and back["hreflang"] == "zh-Hans"
    again = soup(client, str(back["href"]))
    assert again.find("h1") == soup(client, address).find("h1")


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


def test_the_picture_says_what_is_held(client: FlaskClient) -> None:
    page = soup(client, "/coverage")
    rows = {row.th.get_text(strip=True): row for row in page.select(".picture tbody tr") if row.th}
    water = rows["云溪市水务局"]
    said = [cell.get_text(strip=True) for cell in water.find_all("td")]
    assert said[:5] == ["2008 已收录", "2009 已收录", "2010 只有图片", "2011 已收录，同页印了两次", "2012 缺"]
    assert water.select_one("a[href='/reports/yunxi-shui-wu-ju/2008']")
    assert not water.find_all("td")[4].find("a"), "what is missing cannot be opened"
    assert rows["云溪市教育局"].find_all("td")[0].get_text(strip=True) == "不在起止年份之内"


def test_an_agency_shows_names_gaps_and_figures(client: FlaskClient) -> None:
    page = soup(client, "/agencies/yunxi-shui-wu-ju")
    assert [name.get_text(" ", strip=True) for name in page.select(".names li")] == [
        "2008–2013 云溪市水利局",
        "2014–2022 云溪市水务局",
    ]
    assert "2012、2018、2020、2021" in page.select_one(".lacks").get_text()  # type: ignore[union-attr]
    heads = [head.get_text(strip=True) for head in page.select(".series thead th")][1:]
    lines = {row.th.get_text(strip=True): row for row in page.select(".series tbody tr:not(.title)") if row.th}
    received = dict(zip(heads, (cell.get_text(strip=True) for cell in lines["收到申请数"].find_all("td")), strict=True))
    assert received["2017"] == "4" and received["2019"] == "·"
    cells = zip(heads, lines["收到申请数"].find_all("td"), strict=True)
    breaks = [head for head, cell in cells if "break" in cell.get("class", [])]
    assert breaks == ["2019", "2022"], "where the form changes"


@pytest.mark.parametrize(
    ("asked", "found", "reason"),
    [
        ("水务", ["云溪市水务局"], "part of a name"),
        ("水利局", ["云溪市水务局"], "a name it had"),
        ("yunxi", ["云溪市教育局", "云溪市水务局"], "pinyin"),
        ("火星", [], "nobody"),
    ],
)
def test_agencies_are_looked_up(client: FlaskClient, asked: str, found: list[str], reason: str) -> None:
    page = soup(client, f"/agencies?q={asked}")
    assert [link.get_text() for link in page.select(".agencies > li > a")] == found, reason
    assert bool(page.select(".nothing")) is not bool(found)


@pytest.mark.parametrize(
    "address",
    [
        *(
            f"{page}?q=a%26b&q=c&endpoint=x&_external=1"
            for page in ("/agencies/{}", "/reports/{}/2019", "/en/reports/{}/2019/text")
        ),
        "/api/reports/{}/2020",
    ],
)
def test_an_id_that_was_given_up_leads_on(tmp_path: Path, address: str) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        catalogue.join(WATER, SCHOOLS, 2023)
    client = create_app(tmp_path).test_client()
    response = client.get(address.format(SCHOOLS.id))
    assert response.status_code == 301
    assert response.location == address.format(WATER.id)
    assert client.get("/reports/yunxi-jiao-yu-ju/1999").status_code == 301, "even where that year is missing"


def test_notices_can_be_narrowed(client: FlaskClient) -> None:
    every = soup(client, "/notices").select(".notices li")
    failed = soup(client, "/notices?code=check_failed").select(".notices li")
    assert len(every) > len(failed) == 1
    assert every[0]["class"] == ["error"], "the severe first"


def test_a_hostile_name_stays_text(client: FlaskClient) -> None:
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
