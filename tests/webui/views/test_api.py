"""`/api/…`: keys as the description has them, the numbers of the pages, and mistakes as problem+json."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.export.json import report_json
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.model_reports import PAGE, SHOWN


def test_search_is_the_page_as_json(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/search?q=保密审查&year=2016&year=2017&sort=-year").text, "lxml")
    link = page.select_one(".as-of a[type='application/json']")
    assert link is not None
    answer = client.get(str(link["href"])).json
    assert answer is not None
    assert list(answer)[:7] == ["query", "reading", "as_of", "total", "facets", "sample", "hits"]
    totals = [int(number.get_text()) for number in page.select(".totals b")]
    assert [answer["total"][name] for name in ("occurrences", "sections", "reports")] == totals
    assert set(answer["as_of"]) == {"generation", "reports", "sections", "content", "dictionary", "version"}
    hit = answer["hits"][0]
    assert set(hit) >= {"report", "agency", "year", "section", "heading", "url", "title", "score", "occurrences"}
    assert (hit["year"], hit["url"].split("#")[0]) == (2017, "/reports/yunxi-shui-wu-ju/2017")
    for snippet in hit["snippets"]:
        assert {snippet["text"][start:end] for start, end in snippet["marks"]} == {"保密审查"}


def test_paging_reaches_every_hit(client: FlaskClient) -> None:
    first = client.get("/api/search?q=公开&limit=30").json
    second = client.get("/api/search?q=公开&limit=30&page=2").json
    assert first is not None and second is not None
    urls = [hit["url"] for hit in first["hits"] + second["hits"]]
    assert len(urls) == len(set(urls)) == min(60, first["total"]["sections"])


def test_a_sample_is_the_same_in_pages_files_and_the_index(client: FlaskClient, home: Path) -> None:
    asked = "q=公开&sample=7&seed=3"
    answer, again, other = (client.get(f"/api/search?{each}&limit=100").json for each in (asked, asked, asked + "1"))
    assert answer is not None and again is not None and other is not None
    urls = [hit["url"] for hit in answer["hits"]]
    assert len(urls) == 7 and answer["total"]["sections"] > 7 and answer["sample"] == {"size": 7, "seed": 3}
    assert urls == [hit["url"] for hit in again["hits"]] != [hit["url"] for hit in other["hits"]]
    assert urls == [hit.url for hit in open_index(home).search(Request("公开", sample=7, seed=3, limit=100)).hits]
    rows = [*csv.DictReader(io.StringIO(client.get(f"/search.csv?{asked}").text.removeprefix("\ufeff")))]
    assert [row["url"].removeprefix("http://localhost") for row in rows] == urls
    found = answer["total"]["sections"]
    said = f"; 7 of {found} sections drawn at random, seed 3"
    assert all(row["as_of"].endswith(f"；从 {found} 个章节中随机抽取 7 个，种子数 3") for row in rows)
    assert client.get(f"/en/search.csv?{asked}").text.count(said) == 7
    assert client.get(f"/search.ris?{asked}").text.count(said) == 7
    pages = [BeautifulSoup(client.get(f"/search?{asked}&limit=5&page={page}").text, "lxml") for page in (1, 2)]
    links = [unquote(str(link["href"])) for page in pages for link in page.select(".hit h2 a")]
    assert [link.replace("?q=公开", "") for link in links] == urls
    assert "随机抽样" in pages[0].get_text()
    assert not pages[0].select("a[href*='page=3']")


def test_a_report_is_what_show_prints(client: FlaskClient) -> None:
    report = next(report for report in SHOWN if report.key == "2022")
    for prefix, language in (("", "zh"), ("/en", "en")):
        printed = msgspec.json.decode(msgspec.json.encode(report_json(report, language)))
        assert client.get(f"{prefix}/api/reports/yunxi-shui-wu-ju/2022").json == printed


def test_versions_name_their_sources(client: FlaskClient) -> None:
    given = client.get("/api/reports/yunxi-shui-wu-ju/2019/versions").json
    assert given is not None and given["report"] == "yunxi-shui-wu-ju/2019"
    assert [each["source"]["sha256"] for each in given["versions"]] == [PAGE.sha256]


def test_coverage_cells(client: FlaskClient) -> None:
    cells = client.get("/api/coverage").json
    assert cells is not None
    water = {cell["year"]: cell for cell in cells["cells"] if cell["agency"] == "yunxi-shui-wu-ju"}
    assert water[2008] == {"agency": "yunxi-shui-wu-ju", "year": 2008, "state": "held"}
    assert water[2011] == {"agency": "yunxi-shui-wu-ju", "year": 2011, "state": "held", "duplicate": True}
    assert water[2012]["state"] == "missing"
    assert water[2010]["state"] == "image_only"


def test_agencies_and_notices(client: FlaskClient) -> None:
    agencies = client.get("/api/agencies").json
    assert agencies is not None
    schools = next(agency for agency in agencies["agencies"] if agency["agency"] == "yunxi-jiao-yu-ju")
    assert client.get("/api/agencies/yunxi-jiao-yu-ju").json == schools
    assert schools["reports"] == [f"yunxi-jiao-yu-ju/{year}" for year in (2019, 2020, 2021)]
    notices = client.get("/en/api/notices").json
    assert notices is not None
    failed = next(notice for notice in notices["notices"] if notice["code"] == "check_failed")
    assert failed["report"] == "yunxi-shui-wu-ju/2019"
    assert failed["place"] == {"first_line": 88, "last_line": 88}
    assert "9 ≠ 12" in failed["message"]


@pytest.mark.parametrize(
    ("typed", "first", "reason"),
    [
        ("水务", ("agency", "机关", "云溪市水务局"), "characters"),
        ("yxs", ("agency", "机关", "云溪市教育局"), "initials"),
        ("jiaoyu", ("agency", "机关", "云溪市教育局"), "pinyin"),
        ("问题", ("section", "章节", "问题及改进"), "a section"),
        ("tongyigk", ("phrase", "原文", "同意公开"), "pinyin, then initials"),
    ],
)
def test_suggestions_find_what_they_say(
    client: FlaskClient, typed: str, first: tuple[str, str, str], reason: str
) -> None:
    answer = client.get("/api/suggest", query_string={"q": typed}).json
    assert answer is not None
    found = answer["suggestions"]
    assert (found[0]["kind"], found[0]["kind_name"], found[0]["text"]) == first, reason
    for each in found:
        assert client.get("/search", query_string={"q": each["query"]}).status_code == 200


def test_nothing_typed_suggests_nothing(client: FlaskClient) -> None:
    for typed in (" ", "水" * 300):
        given = client.get("/api/suggest", query_string={"q": typed}).json
        assert given is not None and given["suggestions"] == [] and given["as_of"]["generation"] == 1


def test_agencies_are_looked_up_as_on_their_page(client: FlaskClient) -> None:
    for typed in ("云溪水务", "shuili", "yxs", "月球"):
        answer = client.get("/api/agencies", query_string={"q": typed}).json
        page = BeautifulSoup(client.get("/agencies", query_string={"q": typed}).text, "lxml")
        assert answer is not None
        assert [agency["name"] for agency in answer["agencies"]] == [
            link.get_text() for link in page.select(".agencies > li > a")
        ]


@pytest.mark.parametrize(
    ("address", "status", "more"),
    [
        ('/api/search?q=甲"', 400, {"position": 1}),
        ("/api/search?q=a&page=x", 400, {}),
        ("/api/search?q=a&section=nowhere", 400, {}),
        ("/api/reports/yunxi-jiao-yu-ju/1999", 404, {"held": ["2019", "2020", "2021"]}),
        ("/api/reports/nobody/1999", 404, {}),
        ("/api/nowhere", 404, {}),
    ],
)
def test_mistakes_are_problem_json(client: FlaskClient, address: str, status: int, more: dict[str, object]) -> None:
    for prefix in ("", "/en"):
        response = client.get(prefix + address)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        problem = response.get_json(force=True)
        assert problem["status"] == status and problem["title"] and problem["detail"]
        assert {k: v for k, v in problem.items() if k not in ("type", "title", "status", "detail")} == more


def test_health(client: FlaskClient) -> None:
    health = client.get("/healthz").json
    assert health is not None and health["status"] == "ok" and health["revision"] > 0


def test_identical_sentences_are_listed_once_if_asked(crowd: FlaskClient) -> None:
    every = crowd.get("/api/search?q=保密审查&limit=100").get_json()
    once = crowd.get("/api/search?q=保密审查&limit=100&sentences=once").get_json()
    assert every == crowd.get("/api/search?q=保密审查&limit=100&sentences=all").get_json()
    assert (once["total"], once["facets"]) == (every["total"], every["facets"])
    assert once["entries"] == len(once["hits"]) < len(every["hits"]) and "entries" not in every
    for hit in once["hits"]:
        same = hit.pop("same")
        assert hit.keys() == every["hits"][0].keys()
        assert same["reports"] >= 1 and len(same["others"]) + same["more"] >= same["reports"] - 1
    second = crowd.get("/api/search?q=保密审查&limit=2&page=2&sentences=once").get_json()
    assert [hit["url"] for hit in second["hits"]] == [hit["url"] for hit in once["hits"][2:4]]
    assert crowd.get("/api/search?q=保密审查&sentences=once&sample=3").status_code == 400
